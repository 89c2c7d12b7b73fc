/* lane: the rules that one kind of event can concern, and of which literals each of them needs one.
 *
 * Most kinds of events never come, so that a lane is made at the first event of its kind; what it is made of does not
 * depend on when. Once made it never changes.
 *
 * An event that says where it comes from is asked only of rules whose log source does not contradict. What it does
 * not say is open and contradicts nothing.
 */
#ifndef YAGURA_XDR_LANE_H
#define YAGURA_XDR_LANE_H

#include "xdr/keyword.h"
#include "xdr/litset.h"
#include "xdr/rule.h"
#include "xdr/taxonomy.h"

enum { ANY_EVENT_ID = -1 };

/* ---- witnesses ---- */

enum witness_kind { WITNESS_LITERAL, WITNESS_PRESENCE };

struct witness {
    enum witness_kind kind;
    enum literal_kind literal;
    uint16_t field;
    struct str text; /* folded */
    uint32_t run;    /* litset.h */
    uint32_t rank;   /* among all by field and literal; equal ones share it */
};

struct witnesses {
    struct witness *items;
    size_t count;
    bool none; /* the rule can match whatever the event holds */
    const struct expr *part; /* of an AND, the one they stand for */
    uint64_t cost;
};

/* ---- lanes ---- */

struct lane_field {
    uint16_t field;
    const struct litset *set; /* hits are numbers of lane.fired; NULL: only presence counts */
    uint32_t presence_first, presence_count; /* rules that want the field to be there, in lane.rules */
};

struct fired { /* the rules a literal makes candidates, in lane.rules */
    uint32_t first, count;
};

struct lane {
    const struct lane_field *fields;
    size_t field_count, field_room;
    const struct fired *fired;
    const uint32_t *rules;
    const uint32_t *always;
    size_t fired_count, always_count;
    const struct keywords *keywords; /* hits are numbers of keyword_fired; NULL: none, or among the fields */
    const struct fired *keyword_fired;
    const uint32_t *keyword_rules;
    size_t keyword_rule_count;
    size_t rule_count; /* that this lane asks at all */
    const uint32_t *members;
};

/* ---- origins ---- */

struct origin {
    struct str product, service;
    struct str categories[CATEGORIES_MAX];
    size_t category_count;
    bool product_open, category_open, service_open;
    enum shape shape;
    enum dialect dialect;
    int64_t event_id; /* ANY_EVENT_ID when unknown */
};

bool origin_allows(const struct origin *o, const struct logsource *source);

/* A kind of event. Its lane is made when the first such event comes, by whichever thread meets it. */
struct lane_key {
    uint32_t channel; /* number of the channel's name, or of the log source's for hints */
    int32_t event_id; /* or ANY_EVENT_ID */
    uint32_t variant;
    bool taken;         /* else a free place of the table */
    bool ids_are_split; /* events with an id some rule names have a lane of their own */
    _Atomic(const struct lane *) lane;
    struct origin origin;
};

#endif
