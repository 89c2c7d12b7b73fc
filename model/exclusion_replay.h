/* exclusion_replay: stored detections, gone through as if an exclusion had been there. */
#ifndef YAGURA_MODEL_EXCLUSION_REPLAY_H
#define YAGURA_MODEL_EXCLUSION_REPLAY_H

#include "model/detection.h"
#include "model/exclusion.h"

struct replay_args {
    struct uuid tenant_id, rule_id, scope_id;
    enum exclusion_scope scope;
    bool everywhere; /* the provider's: at every customer the caller sees */
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
