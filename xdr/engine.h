/* engine: a rule set made ready, and the matcher that asks it about events.
 *
 * An engine is compiled once from a finished rule set and answers the same ever after, so any number of threads ask it
 * and a new one takes its place by swapping a pointer. Each thread asks through a matcher of its own, which holds the
 * parsed event and all scratch memory; once its buffers have grown, an event costs no allocation.
 *
 *     line --parse--> fields --route--> lane --literals--> candidates --evaluate--> matches
 *
 * A lane is the set of rules that one kind of event (log source and event id) can concern, with the literals of
 * which each rule needs at least one, by field. Only rules whose literal was seen are evaluated; engine_oracle
 * evaluates every rule of the log source with a plain tree walk instead and must say the same.
 *
 * A match names the rule by its index in the rule set. Which rules a tenant has switched off is the caller's to
 * ask, on the few matches; exclusions and other conditions of one tenant are rules marked `on_demand`, which no
 * lane holds and matcher_holds evaluates against the event at hand.
 */
#ifndef YAGURA_XDR_ENGINE_H
#define YAGURA_XDR_ENGINE_H

#include "xdr/rule.h"

struct engine;
struct matcher;

struct engine_stats {
    size_t rules, lanes, witnesses, unwitnessed; /* lanes: one for each kind of event; unwitnessed: always evaluated */
    size_t fields, regexes, memory_bytes;
};

/* The set must outlive the engine. A regular expression that does not compile was refused by ruleset_finish. */
struct engine *engine_compile(const struct ruleset *set);
void engine_free(struct engine *e);
const struct ruleset *engine_rules(const struct engine *e);
struct engine_stats engine_stats(const struct engine *e);

struct matches {
    const uint32_t *rules; /* ascending, valid until the next event */
    size_t count;
    const char *problem; /* why the event could not be read; NULL when it could */
};

struct matcher *matcher_new(const struct engine *e);
void matcher_free(struct matcher *m);

/* One event: the text of a JSON object. */
struct matches matcher_run(struct matcher *m, struct str line);
/* The same by a plain walk over every rule: the oracle of the tests. */
struct matches matcher_run_plainly(struct matcher *m, struct str line);

/* Reads an event without asking any rule, as one that comes from where events are kept. NULL, or why it is no event. */
const char *matcher_read(struct matcher *m, struct str line);

/* About the event last run or read. Fields are taxonomy names; the text is valid until the next event. */
bool matcher_holds(struct matcher *m, uint32_t rule); /* a rule marked on_demand, or any other */
bool matcher_field(struct matcher *m, struct str name, size_t nth, struct str *out);
bool matcher_time(struct matcher *m, int64_t *unix_ms);
/* "process_creation", or the log's service, or the product; absent when it says none. As long as the engine. */
struct str matcher_kind(const struct matcher *m);

/* What of the event made a rule match: the field of each test that holds, each once, with the value that fits. Where a
 * word was sought anywhere the name is absent. Nothing when the rule does not hold. */
struct matched_field {
    struct str name, value;
};

size_t matcher_matched_fields(struct matcher *m, struct arena *a, uint32_t rule, const struct matched_field **out);

/* Why a rule matched the last event or did not: the condition's tree with the truth of each part. */
struct explanation {
    enum expr_kind kind;
    bool holds;
    struct str label;                     /* the author's name of this part, may be absent */
    struct str field, what, value;        /* tests: "Image", "ends with \cmd.exe", what the event has */
    bool value_present;
    const struct explanation *parts;
    size_t count;
};

const struct explanation *matcher_explain(struct matcher *m, struct arena *a, uint32_t rule);

#endif
