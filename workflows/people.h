/* people: who belongs to the house, what they may do, and how that changes. Every verb asks the guards first (nobody
 * gives or administrates more than they hold), writes both logs of change, and answers with the row as it then is. */
#ifndef YAGURA_WORKFLOWS_PEOPLE_H
#define YAGURA_WORKFLOWS_PEOPLE_H

#include "core/db/db.h"
#include "model/person.h"

struct person_invite {
    struct uuid tenant_id;
    struct str email, name;
    enum language language;
    struct str time_zone;
    struct uuids permission_set_ids, tenant_ids;
    bool all_tenants;
};

struct service_account {
    struct uuid tenant_id;
    struct str name;
    struct uuids permission_set_ids, tenant_ids;
    bool all_tenants;
};

enum person_action { PERSON_ACTION_NONE, PERSON_DISABLE, PERSON_ENABLE, PERSON_RESEND, PERSON_RESET_FACTOR,
                     PERSON_UNLOCK };
extern const struct domain person_action_domain; /* as in the paths: disable, enable, resend-invitation, … */

/* Many at once: each item for itself, so that one refusal does not stop the rest; a dry run changes nothing. */
struct people_bulk {
    enum person_action action;
    struct uuids ids;
    bool dry_run;
};
struct bulk_item {
    struct uuid id;
    bool ok;
    struct str name, code, message; /* code and message: why not */
};
struct bulk_answer {
    bool dry_run;
    int64_t succeeded, failed;
    struct rows items;
};

extern const struct shape person_invite_shape, service_account_shape, people_bulk_shape, bulk_answer_shape;
extern const struct problem person_state_wrong; /* 409 */

must_check bool person_invite(struct scope *s, const struct person_invite *in, struct person *out);
must_check bool service_account_create(struct scope *s, const struct service_account *in, struct person *out);
must_check bool person_administrate(struct scope *s, const struct person_change *in, struct person *out);
must_check bool person_act(struct scope *s, struct uuid id, enum person_action action, struct person *out);
must_check bool people_bulk(struct scope *s, const struct people_bulk *in, struct bulk_answer *out);

/* Ends one session of somebody. */
must_check bool person_end_session(struct scope *s, struct uuid session_id);

#endif
