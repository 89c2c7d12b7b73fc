/* incident_match: what belongs together, decided without a database.
 *
 * A node is a detection or an open incident. It leaves marks: that it had to do with a thing (a process, a file, a
 * computer …) during a span of time. Two nodes whose marks of the same thing overlap are of one story, and so is what
 * either is of one story with. Spans are half a window wider on each side than what happened, so "overlap" means "not
 * further apart than a window"; a story's marks are the union of those of its detections. That is why it makes no
 * difference in which order detections arrive, nor whether some of them are an incident already.
 *
 * Whether a story is an incident is asked of rules. Their conditions only become truer as a story grows.
 */
#ifndef YAGURA_WORKFLOWS_INCIDENT_MATCH_H
#define YAGURA_WORKFLOWS_INCIDENT_MATCH_H

#include "core/base/arena.h"
#include "core/base/instant.h"
#include "core/base/str.h"
#include "core/base/uuid.h"

enum match_kind { MATCH_NONE, MATCH_COMPUTER, MATCH_USER, MATCH_PROCESS, MATCH_EXECUTABLE, MATCH_ADDRESS, MATCH_DOMAIN,
                  MATCH_FILE, MATCH_RULE, MATCH_KIND_COUNT };
const char *match_kind_word(enum match_kind kind); /* as incident_object.kind spells it */
bool match_kind_of(struct str word, enum match_kind *out);

struct match_mark {
    size_t node;
    enum match_kind kind;
    struct str value;
    struct instant from, to;
};

/* What is known of one detection. */
struct match_detection {
    struct uuid id;
    struct str computer, user, process, parent, hash, path, rule, title; /* folded; absent: not told */
    struct strs addresses, tactics;
    int64_t score;
    bool correlation;
    bool common; /* the file is on so many computers that sharing it says nothing */
    struct instant first_at, last_at;
};

/* story[node] is the same number for all nodes of one story, the lowest of them. Marks are put in order in place. */
void match_stories(struct match_mark *marks, size_t mark_count, size_t node_count, size_t *story);

/* The things a detection has to do with. `joins`: by this, others belong to it. */
struct match_thing {
    enum match_kind kind;
    struct str value, label;
    bool joins;
};
enum { MATCH_THINGS_MAX = 24, MATCH_THREAT = 70 }; /* the same rule joins from a threat on: an outbreak is one story */
size_t match_things(struct arena *a, const struct match_detection *d, unsigned gather_by, struct match_thing *out);
#define MATCH_BIT(kind) (1u << (kind))
unsigned match_gather_by(const struct strs *words);

struct match_rule {
    struct uuid id;
    struct str name, name_ja, severity;
    bool enabled;
    int64_t min_score, sum_score, min_detections, min_tactics, min_computers; /* INT64_MIN: not asked */
    bool correlation;
    struct strs tactic_order, rule_keys, gather_by;
    int64_t window_minutes;
};
bool match_rule_holds(const struct match_rule *r, const struct match_detection *const *story, size_t count);

#endif
