/* service_contacts: the list of those whose premium-support cases are accepted. The service side keeps it, from the
 * assessment form of the enrolment on; every change is in the audit log. */
#ifndef YAGURA_WORKFLOWS_SERVICE_CONTACTS_H
#define YAGURA_WORKFLOWS_SERVICE_CONTACTS_H

#include "model/service_contact.h"

extern const struct problem only_registered_contacts; /* 403 */

struct contact_register {
    struct uuid person_id;
    struct str phone, phone_second;
    struct strs languages;
    struct str hours, note;
};
extern const struct shape contact_register_shape, contact_change_shape, contact_order_shape;

must_check bool contact_register(struct scope *s, const struct contact_register *in, struct service_contact *out);
must_check bool contact_change(struct scope *s, const struct contact_write *in, struct service_contact *out);
/* Every contact of the customer, first to be called first. */
must_check bool contact_reorder(struct scope *s, const struct contact_order_args *in);
must_check bool contact_remove(struct scope *s, struct uuid contact_id);
must_check bool contact_is_registered(struct scope *s, struct uuid person_id); /* or fails only_registered_contacts */

#endif
