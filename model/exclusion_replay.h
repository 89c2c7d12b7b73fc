/* exclusion_replay: stored detections, gone through as if an exclusion had been there. */
#ifndef YAGURA_MODEL_EXCLUSION_REPLAY_H
#define YAGURA_MODEL_EXCLUSION_REPLAY_H

#include "model/detection.h"
#include "model/exclusion.h"

struct replay_args {
    struct uuid tenant_id, rule_id;
    bool everyone; /* the provider's: at every customer the caller sees */
    bool everywhere;
    struct uuids computer_ids; /* unless everywhere */
    struct instant from;
    struct instant before; /* the page goes on behind this one */
    struct uuid before_id;
    int64_t limit;
};
struct replay_row {
    struct uuid id, tenant_id;
    struct str tenant_name, title, title_ja, computer_name, command_line, event;
    int64_t score, occurrences;
    enum detection_status status;
    enum detection_verdict verdict;
    struct instant last_at;
};
extern const struct query replay_page; /* the latest first */

/* Where the events of detections stand that were judged true positives; by segment and number in it. */
struct replay_true_args {
    struct uuids tenant_ids;
    struct uuid rule_id; /* none: of any */
    struct instant from;
    int64_t limit;
};
struct replay_true {
    struct uuid segment_id, detection_id;
    int64_t event_index;
};
extern const struct query replay_true_places;

/* What learning mode looks at: the same thing again and again, that nobody called a threat. */
struct learn_args {
    struct uuid tenant_id;
    struct instant from;
    int64_t least, limit;
};
struct learn_row {
    struct uuid detection_id; /* the latest */
    int64_t detections, occurrences, computers;
};
extern const struct query learn_candidates;

struct learning {
    struct uuid tenant_id;
    struct str tenant_name;
    struct instant learning_until;
};
struct learning_args {
    struct uuid id;
    struct instant learning_until;
};
extern const struct shape learning_shape, learning_put_shape;
extern const struct listing learning_listing;
extern const struct query learning_of, learning_set, learning_now;

#endif
