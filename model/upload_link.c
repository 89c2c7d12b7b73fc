#include "model/upload_link.h"

#define LINK_FIELDS                                                                                              \
    FIELD(upload_link, id, "Identity, never reused", .filter = true),                                            \
    FIELD(upload_link, tenant_id, "Whose case"),                                                                 \
    FIELD(upload_link, ticket_id, "Which case"),                                                                 \
    FIELD(upload_link, note, "What is asked for; the visitor reads it"),                                         \
    FIELD(upload_link, needs_sign_in, "Only for people of the customer who are signed in"),                      \
    FIELD(upload_link, max_files, "At most so many files"),                                                      \
    FIELD(upload_link, max_bytes, "At most so many bytes, all together"),                                        \
    FIELD(upload_link, files, "Files that came by it"),                                                          \
    FIELD(upload_link, bytes, "Bytes that came by it"),                                                          \
    FIELD(upload_link, expires_at, "Until when it can be used", .required = true, .sort = true),                 \
    FIELD(upload_link, opened_at, "When somebody last came by it"),                                              \
    FIELD(upload_link, revoked_at, "When it was revoked"),                                                       \
    FIELD(upload_link, revoked_by_name, "Who revoked it"),                                                       \
    FIELD(upload_link, created_by_id, "Who made it"),                                                            \
    FIELD(upload_link, created_by_name, "Who made it, by name", .required = true),                               \
    FIELD(upload_link, created_at, "When it was made", .sort = true),                                            \
    FIELD(upload_link, updated_at, "When it last changed"),                                                      \
    FIELD(upload_link, version, "Grows with each change"),                                                       \
    FIELD(upload_link, can, "Verbs the caller may use on it")

const struct shape upload_link_shape = SHAPE(upload_link, LINK_FIELDS);
const struct shape upload_link_made_shape = SHAPE(upload_link, LINK_FIELDS,
    FIELD(upload_link, url, "The address to hand on; it is shown only now", .required = true),
    FIELD(upload_link, qr_svg, "The same as a QR code", .required = true));

#define LINK_SELECT                                                                                                 \
    "SELECT l.id, l.tenant_id, l.ticket_id, l.note, l.needs_sign_in, l.max_files::bigint, l.max_bytes,"             \
    "       l.files::bigint, l.bytes, l.expires_at, l.opened_at, l.revoked_at, l.revoked_by_name, l.created_by_id," \
    "       l.created_by_name, l.created_at, l.updated_at, l.version,"                                              \
    "       CASE WHEN l.revoked_at IS NULL AND yagura_side() = 'provider'"                                          \
    "                 AND grant_rank(yagura_grants(), 'tickets') >= 2"                                              \
    "            THEN ARRAY['revoke'] ELSE '{}' END::text[] AS can"                                                 \
    "  FROM upload_link l"

const struct listing upload_link_listing = {
    .name = "upload_links", .from = LINK_SELECT " WHERE l.ticket_id = :id", .args = &id_args_shape,
    .row = &upload_link_shape, .key = "id", .sort = "-created_at",
};

const struct query upload_link_by_id = {
    .name = "upload_link_by_id", .sql = LINK_SELECT " WHERE l.id = :id",
    .args = &id_args_shape, .row = &upload_link_shape,
};

static const struct shape insert_shape = SHAPE(upload_link,
    FIELD(upload_link, id, ""), FIELD(upload_link, tenant_id, ""), FIELD(upload_link, ticket_id, ""),
    FIELD(upload_link, token_hash, ""), FIELD(upload_link, note, ""), FIELD(upload_link, needs_sign_in, ""),
    FIELD(upload_link, max_files, ""), FIELD(upload_link, max_bytes, ""), FIELD(upload_link, expires_at, ""),
    FIELD(upload_link, created_by_id, ""), FIELD(upload_link, created_by_name, ""),
    FIELD(upload_link, created_at, ""));

const struct query upload_link_insert = {
    .name = "upload_link_insert",
    .sql = "INSERT INTO upload_link (tenant_id, id, ticket_id, token_hash, note, needs_sign_in, max_files, max_bytes,"
           "    expires_at, created_by_id, created_by_name, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :ticket_id, :token_hash, :note, :needs_sign_in, :max_files, :max_bytes,"
           "    :expires_at, :created_by_id, :created_by_name, :created_at, :created_at)",
    .args = &insert_shape,
};

static const struct shape mark_shape = SHAPE(upload_link_mark,
    FIELD(upload_link_mark, id, "Which link"), FIELD(upload_link_mark, bytes, "What came"),
    FIELD(upload_link_mark, by_name, "Who"), FIELD(upload_link_mark, at, "When"));

const struct query upload_link_revoke = {
    .name = "upload_link_revoke",
    .sql = "UPDATE upload_link SET revoked_at = :at, revoked_by_name = :by_name, updated_at = :at,"
           "       version = version + 1"
           " WHERE id = :id AND revoked_at IS NULL RETURNING id",
    .args = &mark_shape, .row = &id_args_shape,
};

const struct query upload_link_note_open = {
    .name = "upload_link_note_open", .sql = "UPDATE upload_link SET opened_at = :at WHERE id = :id",
    .args = &mark_shape,
};

const struct query upload_link_add_file = {
    .name = "upload_link_add_file",
    .sql = "UPDATE upload_link SET files = files + 1, bytes = bytes + :bytes, updated_at = :at, version = version + 1"
           " WHERE id = :id AND revoked_at IS NULL AND files < max_files AND bytes + :bytes <= max_bytes RETURNING id",
    .args = &mark_shape, .row = &id_args_shape,
};

/* ---- visitors ---- */

const struct shape upload_visit_shape = SHAPE(upload_visit,
    FIELD(upload_visit, reference, "The case, as people say it on the phone", .required = true),
    FIELD(upload_visit, note, "What is asked for"),
    FIELD(upload_visit, created_by_name, "Who asks", .required = true),
    FIELD(upload_visit, hub_name, "Where the files go", .required = true),
    FIELD(upload_visit, max_files, "At most so many files"),
    FIELD(upload_visit, max_bytes, "At most so many bytes, all together"),
    FIELD(upload_visit, files, "Files that came already"),
    FIELD(upload_visit, bytes, "Bytes that came already"),
    FIELD(upload_visit, file_bytes_max, "At most so many bytes in one file"),
    FIELD(upload_visit, expires_at, "Until when", .required = true));

static const struct shape visit_args_shape =
    SHAPE(upload_visit_args, FIELD(upload_visit_args, token_hash, "Of the token"));
static const struct shape visit_row_shape = SHAPE(upload_visit,
    FIELD(upload_visit, id, ""), FIELD(upload_visit, tenant_id, ""), FIELD(upload_visit, ticket_id, ""),
    FIELD(upload_visit, reference, ""), FIELD(upload_visit, tenant_name, ""), FIELD(upload_visit, note, ""),
    FIELD(upload_visit, needs_sign_in, ""), FIELD(upload_visit, max_files, ""), FIELD(upload_visit, max_bytes, ""),
    FIELD(upload_visit, files, ""), FIELD(upload_visit, bytes, ""), FIELD(upload_visit, expires_at, ""),
    FIELD(upload_visit, revoked, ""), FIELD(upload_visit, over, ""), FIELD(upload_visit, created_by_name, ""));

const struct query upload_visit_open = {
    .name = "upload_visit_open", .sql = "SELECT * FROM upload_link_open(:token_hash)",
    .args = &visit_args_shape, .row = &visit_row_shape,
};

static const struct shape load_shape = SHAPE(upload_link_load,
    FIELD(upload_link_load, files, "Files"), FIELD(upload_link_load, bytes, "Bytes"));

const struct query upload_link_under_way = {
    .name = "upload_link_under_way",
    .sql = "SELECT count(*) AS files, coalesce(sum(length), 0)::bigint AS bytes FROM upload"
           " WHERE link_id = :id AND state = 'receiving'",
    .args = &id_args_shape, .row = &load_shape,
};
