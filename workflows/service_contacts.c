#include "workflows/service_contacts.h"

#include "model/person.h"
#include "workflows/audit.h"

const struct problem only_registered_contacts = {
    403, "only-registered-contacts",
    { "Premium support takes cases from registered contacts only. Please ask one of them, or ask us to register you.",
      "プレミアムサポートは、登録済みのご担当者様からのみ受け付けています。登録をご希望の場合はお知らせください。" } };

#define CONTACT_WORDS(type)                                                                                   \
    FIELD(type, phone, "Number to call first", .max = 40),                                                    \
    FIELD(type, phone_second, "Number to call next", .max = 40),                                              \
    FIELD(type, languages, "Spoken, best first", .of = &language_domain, .max = 2),                           \
    FIELD(type, hours, "When the person can be reached, in words", .max = 200),                               \
    FIELD(type, note, "What the caller should know; the customer can read it", .max = 1000)

const struct shape contact_register_shape = SHAPE(contact_register,
    FIELD(contact_register, person_id, "Who: a person of a customer", .required = true),
    CONTACT_WORDS(contact_register));
const struct shape contact_change_shape = SHAPE(contact_write,
    FIELD(contact_write, id, "Which", .read_only = true),
    FIELD(contact_write, version, "What the change is based on", .read_only = true), CONTACT_WORDS(contact_write));
const struct shape contact_order_shape = SHAPE(contact_order_args,
    FIELD(contact_order_args, tenant_id, "The customer", .required = true),
    FIELD(contact_order_args, ids, "Every contact, first to be called first", .max = 200, .required = true));

static const struct shape logged = SHAPE(service_contact,
    FIELD(service_contact, phone, ""), FIELD(service_contact, phone_second, ""),
    FIELD(service_contact, languages, ""), FIELD(service_contact, hours, ""), FIELD(service_contact, note, ""));

static bool
record(struct scope *s, const char *action, const struct service_contact *before, const struct service_contact *after)
{
    const struct service_contact *c = after ? after : before;
    return audit_record(s, &(struct deed){ .tenant_id = c->tenant_id, .action = action, .noun = "service_contact",
                                           .object_id = c->id, .object_name = c->name,
                                           .change = shape_difference(s->arena, &logged, before, after) });
}

/* Digits and what people write between them: a number one can dial. */
static bool
can_be_dialled(struct scope *s, struct str phone, const char *pointer)
{
    size_t digits = 0;
    for (size_t i = 0; i < phone.len; i++) {
        char c = phone.at[i];
        digits += c >= '0' && c <= '9';
        if (!((c >= '0' && c <= '9') || c == '+' || c == '-' || c == ' ' || c == '(' || c == ')' || c == '#'
              || c == '*' || c == 'x'))
            return fail_field(s, pointer, FAULT_BAD_FORMAT, "+81 3-1234-5678");
    }
    return !phone.at || digits >= 3 || fail_field(s, pointer, FAULT_BAD_FORMAT, "+81 3-1234-5678");
}

bool
contact_register(struct scope *s, const struct contact_register *in, struct service_contact *out)
{
    struct person p;
    if (!can_be_dialled(s, in->phone, "/phone") || !can_be_dialled(s, in->phone_second, "/phone_second"))
        return false;
    if (!db_one(s, &person_by_id, &(struct id_args){ in->person_id }, &p) || p.side != SIDE_CUSTOMER
        || p.kind != PERSON_HUMAN) {
        scope_forgive(s);
        return fail_field(s, "/person_id", FAULT_NOT_FOUND, NULL);
    }
    struct service_contact row = { .id = uuid_new(s->now), .person_id = p.id, .tenant_id = p.tenant_id,
                                   .registered_at = s->now, .registered_by = s->who->name, .phone = in->phone,
                                   .phone_second = in->phone_second, .languages = in->languages, .hours = in->hours,
                                   .note = in->note };
    return db_run(s, &service_contact_insert, &row, NULL)
        && db_one(s, &service_contact_of_person, &(struct id_args){ p.id }, out)
        && record(s, "service_contact.registered", NULL, out);
}

bool
contact_change(struct scope *s, const struct contact_write *in, struct service_contact *out)
{
    struct service_contact before;
    struct contact_write row = *in;
    struct id_args changed, id = { in->id };
    row.at = s->now;
    return can_be_dialled(s, in->phone, "/phone") && can_be_dialled(s, in->phone_second, "/phone_second")
        && db_one(s, &service_contact_by_id, &id, &before)
        && db_update(s, &service_contact_update, &row, &changed, &service_contact_by_id, in->id)
        && db_one(s, &service_contact_by_id, &id, out)
        && record(s, "service_contact.updated", &before, out);
}

bool
contact_reorder(struct scope *s, const struct contact_order_args *in)
{
    struct rows all;
    struct contact_order_args row = *in;
    int64_t placed;
    row.at = s->now;
    if (!db_list(s, &service_contacts_of_tenant, &(struct id_args){ in->tenant_id }, &all)
        || !db_run(s, &service_contacts_order, &row, &placed))
        return false;
    if (all.count == 0 || (size_t)placed != all.count || in->ids.count != all.count)
        return fail_field(s, "/ids", FAULT_NOT_FOUND, NULL); /* the list has changed meanwhile */
    return audit_record(s, &(struct deed){ .tenant_id = in->tenant_id, .action = "service_contact.reordered",
                                           .noun = "tenant", .object_id = in->tenant_id });
}

bool
contact_remove(struct scope *s, struct uuid contact_id)
{
    struct service_contact c;
    struct id_args id = { contact_id };
    return db_one(s, &service_contact_by_id, &id, &c)
        && db_run(s, &service_contact_delete, &id, NULL)
        && record(s, "service_contact.removed", &c, NULL);
}

bool
contact_is_registered(struct scope *s, struct uuid person_id)
{
    struct service_contact c;
    bool found;
    return db_maybe(s, &service_contact_of_person, &(struct id_args){ person_id }, &c, &found)
        && (found || fail(s, &only_registered_contacts, "not on the list of registered contacts"));
}
