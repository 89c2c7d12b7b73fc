/* detection_settle: how what a batch found is written, a whole batch with each statement.
 *
 * The order is the same for everybody, so that batches and people wait for each other but never in a circle: groups by
 * their key, then detections by id. Counters are rows that are only added (match_count); a job adds them up.
 */
#ifndef YAGURA_MODEL_DETECTION_SETTLE_H
#define YAGURA_MODEL_DETECTION_SETTLE_H

#include "core/db/query.h"

enum { OCCURRENCES_KEPT = 1000 };

struct settle_args {
    struct uuid tenant_id;
    struct json rows; /* an array of objects; which members is said at each query */
    struct instant at;
    struct instant since; /* a group that is older begins anew */
};

struct settle_group {
    struct str key; /* hexadecimal */
    struct uuid detection_id;
};

struct settle_repeat {
    struct uuid detection_id;
    int64_t occurrences; /* before */
};

/* [{key, id}]: which detection gathers each, the given one where it is new. */
extern const struct query settle_groups;
/* [{id, …}]: every column of a new detection. */
extern const struct query settle_new;
/* [{id, occurrences, first_at, last_at}] of detections that are there. */
extern const struct query settle_repeats;
/* [{id, detection_id, batch_id, event_index, at, process_guid}] */
extern const struct query settle_occurrences;
/* [{id, rule_id, exclusion_id, matches}] */
extern const struct query settle_counts;
/* [{id, rule_id, at, computer_name, fields, batch_id, event_index, part}] */
extern const struct query settle_observations;
/* [{id, verb}]: what the change feed tells. */
extern const struct query settle_changes;

/* ---- what the job adds up ---- */
extern const struct query tally_counts; /* adds match_count of the tenant up and empties it */
struct tally_hit {
    struct uuid exclusion_id;
    int64_t hits;
    struct instant at;
};
extern const struct query tally_hits; /* of the exclusions named by [{exclusion_id, hits, at}] */
struct tally_skipped {
    int64_t skipped;
};
extern const struct query tally_computers; /* open detections and the worst score; counts those that others held */
extern const struct query tally_groups;    /* drops groups that can gather nothing any more */

#endif
