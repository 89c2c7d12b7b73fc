#include "model/ticket_chatter.h"

/* ---- corrections ---- */

const struct shape ticket_post_edit_row_shape = SHAPE(ticket_post_edit_row,
    FIELD(ticket_post_edit_row, tenant_id, "Whose case"),
    FIELD(ticket_post_edit_row, post_id, "Which message"),
    FIELD(ticket_post_edit_row, at, "When it was corrected", .sort = true, .required = true),
    FIELD(ticket_post_edit_row, by_name, "Who corrected it", .required = true),
    FIELD(ticket_post_edit_row, body, "The words before", .required = true, .format = FORMAT_MARKDOWN));

const struct listing ticket_post_edit_listing = {
    .name = "ticket_post_edits",
    .from = "SELECT tenant_id, post_id, at, by_name, body FROM ticket_post_edit WHERE post_id = :id",
    .args = &id_args_shape, .row = &ticket_post_edit_row_shape, .key = "at", .sort = "-at",
};

const struct query ticket_post_edit_insert = {
    .name = "ticket_post_edit_insert",
    .sql = "INSERT INTO ticket_post_edit (tenant_id, post_id, at, by_name, body)"
           " VALUES (:tenant_id, :post_id, :at, :by_name, :body)",
    .args = &ticket_post_edit_row_shape,
};

static const struct shape change_shape = SHAPE(ticket_post_change,
    FIELD(ticket_post_change, tenant_id, "Whose case"), FIELD(ticket_post_change, id, "Which message"),
    FIELD(ticket_post_change, version, "What the change is based on"), FIELD(ticket_post_change, body, "The new words"),
    FIELD(ticket_post_change, at, "When"), FIELD(ticket_post_change, revealed_as_id, "The message that shows it"));

const struct query ticket_post_change = {
    .name = "ticket_post_change",
    .sql = "UPDATE ticket_post SET body = :body, edited_at = :at, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id AND version = :version RETURNING id",
    .args = &change_shape, .row = &id_args_shape,
};

const struct query ticket_post_mark_revealed = {
    .name = "ticket_post_mark_revealed",
    .sql = "UPDATE ticket_post SET revealed_as_id = :revealed_as_id, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id AND revealed_as_id IS NULL RETURNING id",
    .args = &change_shape, .row = &id_args_shape,
};

/* ---- who is named ---- */

const struct shape mentionable_args_shape = SHAPE(mentionable_args,
    FIELD(mentionable_args, id, "Which case"),
    FIELD(mentionable_args, internal, "For an internal note: engineers only"));

const struct shape mentionable_shape = SHAPE(mentionable,
    FIELD(mentionable, person_id, "Who"),
    FIELD(mentionable, person_name, "Who, by name", .required = true, .sort = true, .search = true),
    FIELD(mentionable, side, "On which side", .of = &post_side_domain, .required = true));

const struct listing mentionable_listing = {
    .name = "ticket_mentionable",
    .from = "SELECT person_id, person_name, side FROM ticket_mentionable(:id, :internal)",
    .args = &mentionable_args_shape, .row = &mentionable_shape, .key = "person_id", .sort = "person_name",
};

static const struct shape mention_shape = SHAPE(mention_args,
    FIELD(mention_args, tenant_id, "Whose case"), FIELD(mention_args, ticket_id, "Which case"),
    FIELD(mention_args, post_id, "In which message"), FIELD(mention_args, people, "Who"),
    FIELD(mention_args, internal, "In a note"), FIELD(mention_args, at, "When"));
static const struct shape mention_row_shape = SHAPE(mention_row, FIELD(mention_row, person_id, "Who"));

const struct query ticket_mention_insert = {
    .name = "ticket_mention_insert",
    .sql = "INSERT INTO ticket_mention (tenant_id, id, ticket_id, post_id, person_id, person_name, internal,"
           "    created_at)"
           " SELECT :tenant_id, gen_random_uuid(), :ticket_id, :post_id, m.person_id, m.person_name, :internal, :at"
           "   FROM ticket_mentionable(:ticket_id, :internal) m WHERE m.person_id = ANY (:people)"
           " ON CONFLICT DO NOTHING RETURNING person_id",
    .args = &mention_shape, .row = &mention_row_shape,
};

/* ---- who is writing ---- */

const struct shape ticket_writer_shape = SHAPE(ticket_writer,
    FIELD(ticket_writer, tenant_id, "Whose case"),
    FIELD(ticket_writer, id, "Identity"),
    FIELD(ticket_writer, ticket_id, "Which case"),
    FIELD(ticket_writer, person_id, "Who"),
    FIELD(ticket_writer, person_name, "Who, by name", .required = true),
    FIELD(ticket_writer, side, "On which side", .of = &post_side_domain, .required = true),
    FIELD(ticket_writer, internal, "An internal note"),
    FIELD(ticket_writer, until_at, "Believe it until then", .required = true));
static const struct shape begun_shape = SHAPE(ticket_writer_begun,
    FIELD(ticket_writer_begun, news, "Nobody knew of it yet"));

const struct listing ticket_writer_listing = {
    .name = "ticket_writers",
    .from = "SELECT tenant_id, id, ticket_id, person_id, person_name, side, internal, until_at FROM ticket_writer"
            " WHERE ticket_id = :id AND until_at > yagura_at() AND person_id <> yagura_person()",
    .args = &id_args_shape, .row = &ticket_writer_shape, .key = "id", .sort = "id",
};

/* News when it was silent before, or has changed between note and message. */
const struct query ticket_writer_tell = {
    .name = "ticket_writer_tell",
    .sql = "WITH before AS (SELECT until_at, internal FROM ticket_writer WHERE tenant_id = :tenant_id"
           "    AND ticket_id = :ticket_id AND person_id = :person_id),"
           " told AS (INSERT INTO ticket_writer VALUES (:tenant_id, :id, :ticket_id, :person_id, :person_name, :side,"
           "        :internal, :until_at)"
           "    ON CONFLICT ON CONSTRAINT ticket_writer_person_key DO UPDATE SET until_at = :until_at,"
           "        internal = :internal, person_name = :person_name, side = :side RETURNING id)"
           " SELECT NOT EXISTS (SELECT FROM before WHERE until_at > yagura_at() AND internal = :internal) AS news"
           "   FROM told",
    .args = &ticket_writer_shape, .row = &begun_shape,
};

const struct query ticket_writer_end = {
    .name = "ticket_writer_end",
    .sql = "DELETE FROM ticket_writer WHERE ticket_id = :id AND (person_id = yagura_person()"
           "   OR until_at < yagura_at() - interval '1 hour')",
    .args = &id_args_shape,
};
