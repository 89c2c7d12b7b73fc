/* service_contact: a person of a customer who is registered to ask for premium support (HUB-16, SLA-09). */
#ifndef YAGURA_MODEL_SERVICE_CONTACT_H
#define YAGURA_MODEL_SERVICE_CONTACT_H

#include "core/db/query.h"

struct service_contact {
    struct uuid id, tenant_id, person_id;
    struct str tenant_name, name, email;
    struct instant registered_at;
    struct str registered_by;
};
extern const struct shape service_contact_shape;
extern const struct listing service_contact_listing;
extern const struct query service_contact_by_id, service_contact_of_person, service_contact_insert,
    service_contact_delete;

#endif
