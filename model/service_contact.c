#include "model/service_contact.h"

const struct shape service_contact_shape = SHAPE(service_contact,
    FIELD(service_contact, id, "Identity", .filter = true),
    FIELD(service_contact, tenant_id, "The customer", .filter = true),
    FIELD(service_contact, person_id, "The person", .filter = true),
    FIELD(service_contact, tenant_name, "The customer's name", .sort = true),
    FIELD(service_contact, name, "The person's name", .sort = true, .search = true),
    FIELD(service_contact, email, "Mail address", .search = true),
    FIELD(service_contact, registered_at, "Since when", .sort = true),
    FIELD(service_contact, registered_by, "Who registered the person"),
    FIELD(service_contact, phone, "Number to call first"),
    FIELD(service_contact, phone_second, "Number to call next"),
    FIELD(service_contact, languages, "Spoken, best first", .of = &language_domain),
    FIELD(service_contact, hours, "When the person can be reached, in words"),
    FIELD(service_contact, note, "What the caller should know"),
    FIELD(service_contact, call_order, "Place in the order of calls", .sort = true),
    FIELD(service_contact, updated_at, "When it last changed", .sort = true),
    FIELD(service_contact, version, "Grows with each change"),
    FIELD(service_contact, can, "Verbs the caller may use on it", .required = true));

#define CONTACT_SELECT                                                                                     \
    "SELECT c.id, c.tenant_id, c.person_id, t.name AS tenant_name, p.name, p.email, c.registered_at,"      \
    "       c.registered_by, c.phone, c.phone_second, c.languages, c.hours, c.note, c.call_order::bigint,"  \
    "       c.updated_at, c.version,"                                                                      \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'services') >= 3 AND (SELECT yagura_side()) = 'provider'" \
    "            THEN ARRAY['update', 'delete'] ELSE '{}' END::text[] AS can"                              \
    "  FROM service_contact c JOIN tenant t ON t.id = c.tenant_id"                                         \
    "  JOIN person p ON p.tenant_id = c.tenant_id AND p.id = c.person_id"

const struct listing service_contact_listing = {
    .name = "service_contacts", .from = CONTACT_SELECT, .row = &service_contact_shape, .key = "id", .sort = "name",
};

const struct query service_contact_by_id = {
    .name = "service_contact_by_id", .sql = CONTACT_SELECT " WHERE c.id = :id",
    .args = &id_args_shape, .row = &service_contact_shape,
};

const struct query service_contact_of_person = {
    .name = "service_contact_of_person", .sql = CONTACT_SELECT " WHERE c.person_id = :id",
    .args = &id_args_shape, .row = &service_contact_shape,
};

/* Whoever is new is called last. */
const struct query service_contact_insert = {
    .name = "service_contact_insert",
    .sql = "INSERT INTO service_contact (tenant_id, id, person_id, registered_at, registered_by, phone, phone_second,"
           "    languages, hours, note, updated_at, call_order)"
           " SELECT :tenant_id, :id, :person_id, :registered_at, :registered_by, :phone, :phone_second,"
           "    coalesce(:languages, '{}'), :hours, :note, :registered_at,"
           "    coalesce(max(call_order), 0) + 1 FROM service_contact WHERE tenant_id = :tenant_id"
           " ON CONFLICT DO NOTHING",
    .args = &service_contact_shape,
};

static const struct shape contact_write_args = SHAPE(contact_write,
    FIELD(contact_write, id, "Which"), FIELD(contact_write, version, "What the change is based on"),
    FIELD(contact_write, phone, "Number"), FIELD(contact_write, phone_second, "Number"),
    FIELD(contact_write, languages, "Spoken"), FIELD(contact_write, hours, "When"), FIELD(contact_write, note, "Note"),
    FIELD(contact_write, at, "When it was changed"));
const struct query service_contact_update = {
    .name = "service_contact_update",
    .sql = "UPDATE service_contact SET phone = :phone, phone_second = :phone_second,"
           "    languages = coalesce(:languages, '{}'), hours = :hours, note = :note, updated_at = :at,"
           "    version = version + 1 WHERE id = :id AND version = :version RETURNING id",
    .args = &contact_write_args, .row = &id_args_shape,
};

static const struct shape order_args = SHAPE(contact_order_args,
    FIELD(contact_order_args, tenant_id, "The customer"), FIELD(contact_order_args, ids, "First to last"),
    FIELD(contact_order_args, at, "When"));
const struct query service_contacts_order = {
    .name = "service_contacts_order",
    .sql = "UPDATE service_contact c SET call_order = o.place, updated_at = :at, version = version + 1"
           "  FROM unnest(:ids) WITH ORDINALITY AS o (id, place)"
           " WHERE c.tenant_id = :tenant_id AND c.id = o.id",
    .args = &order_args,
};
const struct query service_contacts_of_tenant = {
    .name = "service_contacts_of_tenant",
    .sql = CONTACT_SELECT " WHERE c.tenant_id = :id ORDER BY c.call_order, c.id",
    .args = &id_args_shape, .row = &service_contact_shape,
};

const struct query service_contact_delete = {
    .name = "service_contact_delete", .sql = "DELETE FROM service_contact WHERE id = :id",
    .args = &id_args_shape,
};
