#include "model/service_contact.h"

const struct shape service_contact_shape = SHAPE(service_contact,
    FIELD(service_contact, id, "Identity", .filter = true),
    FIELD(service_contact, tenant_id, "The customer", .filter = true),
    FIELD(service_contact, person_id, "The person", .filter = true),
    FIELD(service_contact, tenant_name, "The customer's name", .sort = true),
    FIELD(service_contact, name, "The person's name", .sort = true, .search = true),
    FIELD(service_contact, email, "Mail address", .search = true),
    FIELD(service_contact, registered_at, "Since when", .sort = true),
    FIELD(service_contact, registered_by, "Who registered the person"));

#define CONTACT_SELECT                                                                                     \
    "SELECT c.id, c.tenant_id, c.person_id, t.name AS tenant_name, p.name, p.email, c.registered_at,"      \
    "       c.registered_by"                                                                               \
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

const struct query service_contact_insert = {
    .name = "service_contact_insert",
    .sql = "INSERT INTO service_contact VALUES (:tenant_id, :id, :person_id, :registered_at, :registered_by)"
           " ON CONFLICT DO NOTHING",
    .args = &service_contact_shape,
};

const struct query service_contact_delete = {
    .name = "service_contact_delete", .sql = "DELETE FROM service_contact WHERE id = :id",
    .args = &id_args_shape,
};
