/* exclusions: writing them, trying them on what is stored, and deciding about them.
 *
 * Before one is saved, put to the customer or activated it is replayed on the detections of the stored days, and on
 * the stored events as far as there is time. When it would have hidden what was judged a true positive, that is refused
 * until somebody says why it may
 * (acknowledgement). The customer decides what waits for them; what the provider activates itself it answers for.
 */
#ifndef YAGURA_WORKFLOWS_EXCLUSIONS_H
#define YAGURA_WORKFLOWS_EXCLUSIONS_H

#include "core/db/job.h"
#include "model/exclusion_replay.h"
#include "workflows/exclusion_text.h"

extern const struct problem exclusion_cannot;     /* 409: not where it stands */
extern const struct problem exclusion_hides_true; /* 409: an acknowledgement is needed */

struct exclusion_replay {
    struct uuid tenant_id, rule_id, scope_id;
    enum exclusion_scope scope;
    struct rows conditions;
    struct str body;
    enum detection_rule_language language;
    int64_t days; /* 0: 31 */
    int64_t budget_us; /* for stored events; 0: what somebody waits for who asked for it */
};
struct replayed {
    struct uuid id;
    struct str tenant_name, title, title_ja, computer_name, command_line;
    int64_t score, occurrences;
    enum detection_status status;
    enum detection_verdict verdict;
    struct instant last_at;
};
struct exclusion_replay_answer {
    struct str body; /* the text that was tried */
    int64_t days, examined, hidden, hidden_occurrences, true_positives, tenants;
    bool bounded;    /* there is more than was gone through */
    struct rows samples; /* struct replayed: true positives first */
    int64_t events_stored, events_looked, events_read, bytes_read, events_hidden, event_computers,
        event_true_positives;
    bool events_bounded;
    struct rows event_samples; /* struct event_replayed */
};
struct exclusion_decide {
    struct uuid id;
    struct str reason, acknowledgement;
};

extern const struct shape exclusion_replay_shape, exclusion_replay_answer_shape, exclusion_decide_shape;

must_check bool exclusion_proposal_for(struct scope *s, struct uuid detection_id, struct exclusion_proposal *out);
must_check bool exclusion_replay(struct scope *s, const struct exclusion_replay *in,
                                 struct exclusion_replay_answer *out);
must_check bool exclusion_create(struct scope *s, const struct exclusion *in, struct exclusion *out);
must_check bool exclusion_change(struct scope *s, const struct exclusion *in, struct exclusion *out);
must_check bool exclusion_discard(struct scope *s, struct uuid id);

enum exclusion_verb { EXCLUSION_SUBMIT, EXCLUSION_ACTIVATE, EXCLUSION_REJECT, EXCLUSION_END };
must_check bool exclusion_move(struct scope *s, enum exclusion_verb verb, const struct exclusion_decide *in,
                               struct exclusion *out);

/* ---- learning mode ---- */
must_check bool learning_put(struct scope *s, const struct learning_args *in, struct learning *out);
struct learnt {
    int64_t proposals;
};
extern const struct shape learnt_shape;
must_check bool exclusions_learn(struct scope *s, struct uuid tenant_id, struct learnt *out);

extern const struct job_kind exclusion_upkeep_job; /* ends what has expired, and proposes where learning is on */

#endif
