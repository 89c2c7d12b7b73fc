/* exclusion_events: the stored events that an exclusion would have hidden.
 *
 * Detections tell of one event each, however many they gather; so the segments of the kept days are searched, too,
 * the newest first, as long as there is time. An event counts when the exclusion's condition holds of it, its computer
 * is one of those where it holds, and the rule (of any: any active one) matches. That it stands in a detection which
 * was judged a true positive is looked up by its place. What was looked at is part of the answer.
 */
#ifndef YAGURA_WORKFLOWS_EXCLUSION_EVENTS_H
#define YAGURA_WORKFLOWS_EXCLUSION_EVENTS_H

#include "workflows/exclusion_place.h"
#include "xdr/rule.h"

struct event_replayed {
    struct uuid tenant_id, batch_id;
    int64_t event_index;
    struct instant at;
    struct str host, user_name, process_path, summary;
    struct uuid detection_id; /* that was judged a true positive */
    bool is_true;
};

struct event_replay {
    int64_t stored, looked, read, bytes; /* events of the days; passed, most by their filters; of those unpacked */
    int64_t hidden, computers, true_positives;
    bool bounded;        /* there was no time for all */
    struct rows samples; /* struct event_replayed: true positives first */
};
extern const struct shape event_replayed_shape;

struct event_replay_ask {
    const struct ruleset *set; /* of the exclusion, on demand */
    struct uuid tenant_id, rule_id;
    const struct exclusion_place *place;
    struct instant from;
    int64_t budget_us;
};

must_check bool exclusion_events_look(struct scope *s, const struct event_replay_ask *ask, struct event_replay *out);

#endif
