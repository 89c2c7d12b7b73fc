/* exclusion_text: the wizard's conditions as a text in the rule language, and the conditions proposed for a detection.
 *
 * A proposal is a list of conditions with the event's own values, each switched on or off, and a few steps of which the
 * first is the narrowest: exactly this command line by this user on this computer. Only what really holds of the event
 * is proposed.
 */
#ifndef YAGURA_WORKFLOWS_EXCLUSION_TEXT_H
#define YAGURA_WORKFLOWS_EXCLUSION_TEXT_H

#include "model/detection.h"
#include "model/exclusion.h"

/* Sigma, of the conditions that are switched on; STR_NONE when none is. */
struct str exclusion_text_write(struct arena *a, struct uuid id, struct str title, const struct rows *conditions);

struct exclusion_step {
    struct str name; /* exact, process, file, rule */
    enum exclusion_scope scope;
    struct strs fields; /* conditions that are on */
};
struct exclusion_proposal {
    struct uuid tenant_id, rule_id, detection_id, computer_id;
    struct str title, computer_name;
    struct rows conditions, steps; /* the first step's are switched on */
};
extern const struct shape exclusion_proposal_shape;

void exclusion_propose(struct arena *a, const struct detection *d, struct exclusion_proposal *out);

#endif
