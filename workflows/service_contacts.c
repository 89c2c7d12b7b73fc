#include "workflows/service_contacts.h"

#include "model/person.h"
#include "workflows/audit.h"

const struct problem only_registered_contacts = {
    403, "only-registered-contacts",
    { "Premium support takes cases from registered contacts only. Please ask one of them, or ask us to register you.",
      "プレミアムサポートは、登録済みのご担当者様からのみ受け付けています。登録をご希望の場合はお知らせください。" } };

const struct shape contact_register_shape = SHAPE(contact_register,
    FIELD(contact_register, person_id, "Who: a person of a customer", .required = true));

static bool
record(struct scope *s, const char *action, const struct service_contact *c)
{
    return audit_record(s, &(struct deed){ .tenant_id = c->tenant_id, .action = action, .noun = "service_contact",
                                           .object_id = c->id, .object_name = c->name });
}

bool
contact_register(struct scope *s, const struct contact_register *in, struct service_contact *out)
{
    struct person p;
    if (!db_one(s, &person_by_id, &(struct id_args){ in->person_id }, &p) || p.side != SIDE_CUSTOMER
        || p.kind != PERSON_HUMAN) {
        scope_forgive(s);
        return fail_field(s, "/person_id", FAULT_NOT_FOUND, NULL);
    }
    struct service_contact row = { .id = uuid_new(s->now), .person_id = p.id, .tenant_id = p.tenant_id,
                                   .registered_at = s->now, .registered_by = s->who->name };
    return db_run(s, &service_contact_insert, &row, NULL)
        && db_one(s, &service_contact_of_person, &(struct id_args){ p.id }, out)
        && record(s, "service_contact.registered", out);
}

bool
contact_remove(struct scope *s, struct uuid contact_id)
{
    struct service_contact c;
    struct id_args id = { contact_id };
    return db_one(s, &service_contact_by_id, &id, &c)
        && db_run(s, &service_contact_delete, &id, NULL)
        && record(s, "service_contact.removed", &c);
}

bool
contact_is_registered(struct scope *s, struct uuid person_id)
{
    struct service_contact c;
    bool found;
    return db_maybe(s, &service_contact_of_person, &(struct id_args){ person_id }, &c, &found)
        && (found || fail(s, &only_registered_contacts, "not on the list of registered contacts"));
}
