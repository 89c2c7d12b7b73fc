/* service_contact: a person of a customer who is registered to ask for premium support, and how the desk reaches that
 * person: numbers, languages, hours, and the place in the order in which contacts are called (HUB-16, SLA-09,
 * SLA-10). */
#ifndef YAGURA_MODEL_SERVICE_CONTACT_H
#define YAGURA_MODEL_SERVICE_CONTACT_H

#include "core/db/query.h"

struct service_contact {
    struct uuid id, tenant_id, person_id;
    struct str tenant_name, name, email;
    struct instant registered_at;
    struct str registered_by;
    struct str phone, phone_second;
    struct strs languages;
    struct str hours, note; /* hours in words: "weekdays 9 to 18" */
    int64_t call_order;     /* who is called first has the lowest */
    struct instant updated_at;
    int64_t version;
    struct strs can;
};
extern const struct shape service_contact_shape;

struct contact_write {
    struct uuid id;
    int64_t version;
    struct str phone, phone_second;
    struct strs languages;
    struct str hours, note;
    struct instant at;
};
extern const struct query service_contact_update, service_contacts_order, service_contacts_of_tenant;

struct contact_order_args {
    struct uuid tenant_id;
    struct uuids ids;
    struct instant at;
};
extern const struct listing service_contact_listing;
extern const struct query service_contact_by_id, service_contact_of_person, service_contact_insert,
    service_contact_delete;

#endif
