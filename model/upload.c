#include "model/upload.h"

const struct domain upload_state_domain = DOMAIN(upload_state, "receiving", "complete");

const struct shape upload_shape = SHAPE(upload,
    FIELD(upload, id, "Identity", .filter = true),
    FIELD(upload, tenant_id, "Whose case"),
    FIELD(upload, ticket_id, "For which case", .filter = true),
    FIELD(upload, creator_id, "Who sends it"),
    FIELD(upload, link_id, "Through which link it is sent"),
    FIELD(upload, creator_name, "Who sends it, by name", .required = true),
    FIELD(upload, name, "What the file is called", .required = true),
    FIELD(upload, media_type, "What the sender says it is"),
    FIELD(upload, metadata, "What else the sender says of it"),
    FIELD(upload, metadata_sent, "The same as it was sent", .secret = true),
    FIELD(upload, length, "How many bytes it has"),
    FIELD(upload, received, "How many of them are safely here"),
    FIELD(upload, hash_state, "Where its hashes stand", .secret = true),
    FIELD(upload, state, "Whether all of it is here", .of = &upload_state_domain, .required = true, .filter = true),
    FIELD(upload, sha256, "Its SHA-256, when all of it is here"),
    FIELD(upload, attachment_id, "What it became"),
    FIELD(upload, created_at, "When it was begun", .sort = true),
    FIELD(upload, updated_at, "When it last got on"),
    FIELD(upload, expires_at, "Until when it can be gone on with"),
    FIELD(upload, completed_at, "When all of it was here"));

#define UPLOAD_SELECT                                                                                              \
    "SELECT id, tenant_id, ticket_id, creator_id, link_id, creator_name, name, media_type, metadata, metadata_sent," \
    "       length, received, hash_state, state, sha256, attachment_id, created_at, updated_at, expires_at,"       \
    "       completed_at FROM upload"

const struct listing upload_listing = {
    .name = "uploads", .from = UPLOAD_SELECT " WHERE creator_id = (SELECT yagura_person())", .row = &upload_shape,
    .key = "id", .sort = "-created_at",
};

static const struct shape upload_ask_shape = SHAPE(upload_ask,
    FIELD(upload_ask, id, "Which one"), FIELD(upload_ask, link_id, "Through which link"));

const struct query upload_find = {
    .name = "upload_find",
    .sql = UPLOAD_SELECT " WHERE id = :id AND (creator_id = yagura_person() OR link_id = :link_id)",
    .args = &upload_ask_shape, .row = &upload_shape,
};

const struct query upload_insert = {
    .name = "upload_insert",
    .sql = "INSERT INTO upload (tenant_id, id, ticket_id, creator_id, link_id, creator_name, name, media_type,"
           "    metadata, metadata_sent, length, received, state, sha256, attachment_id, created_at, updated_at,"
           "    expires_at, completed_at)"
           " VALUES (:tenant_id, :id, :ticket_id, :creator_id, :link_id, :creator_name, :name, :media_type,"
           "    :metadata, :metadata_sent, :length, :received, :state, :sha256, :attachment_id, :created_at,"
           "    :updated_at, :expires_at, :completed_at)",
    .args = &upload_shape,
};

static const struct shape upload_progress_shape = SHAPE(upload_progress,
    FIELD(upload_progress, tenant_id, "Whose case"),
    FIELD(upload_progress, id, "Which one"),
    FIELD(upload_progress, received, "How much of it is here"),
    FIELD(upload_progress, hash_state, "Where its hashes stand there"),
    FIELD(upload_progress, at, "When"),
    FIELD(upload_progress, expires_at, "Until when it can be gone on with"));

const struct query upload_mark = {
    .name = "upload_mark",
    .sql = "UPDATE upload SET received = :received, hash_state = :hash_state, updated_at = :at,"
           "    expires_at = :expires_at"
           " WHERE tenant_id = :tenant_id AND id = :id AND state = 'receiving' AND received <= :received",
    .args = &upload_progress_shape,
};

static const struct shape upload_end_shape = SHAPE(upload_end,
    FIELD(upload_end, tenant_id, "Whose case"),
    FIELD(upload_end, id, "Which one"),
    FIELD(upload_end, sha256, "Its SHA-256"),
    FIELD(upload_end, attachment_id, "What it became"),
    FIELD(upload_end, at, "When"));

const struct query upload_complete = {
    .name = "upload_complete",
    .sql = "UPDATE upload SET received = length, hash_state = NULL, state = 'complete', sha256 = :sha256,"
           "    attachment_id = :attachment_id, updated_at = :at, completed_at = :at"
           " WHERE tenant_id = :tenant_id AND id = :id AND state = 'receiving'",
    .args = &upload_end_shape,
};

const struct query upload_delete = {
    .name = "upload_delete", .sql = "DELETE FROM upload WHERE id = :id", .args = &id_args_shape,
};

static const struct shape upload_usage_ask_shape = SHAPE(upload_usage_ask,
    FIELD(upload_usage_ask, tenant_id, "Which customer"),
    FIELD(upload_usage_ask, creator_id, "Who"),
    FIELD(upload_usage_ask, link_id, "Through which link"),
    FIELD(upload_usage_ask, since, "From when on"));
static const struct shape upload_usage_shape = SHAPE(upload_usage,
    FIELD(upload_usage, bytes, "Of the customer"), FIELD(upload_usage, open, "Of the one who asks"));

/* Two at once would both fit. */
const struct query upload_usage_lock = {
    .name = "upload_usage_lock",
    .sql = "SELECT pg_advisory_xact_lock(hashtextextended('upload' || :tenant_id::text, 0))",
    .args = &upload_usage_ask_shape,
};

const struct query upload_usage_read = {
    .name = "upload_usage_read",
    .sql = "SELECT coalesce(sum(length), 0)::bigint AS bytes, count(*) FILTER (WHERE state = 'receiving'"
           "    AND (creator_id = :creator_id OR link_id = :link_id)) AS open"
           "  FROM upload WHERE tenant_id = :tenant_id AND (state = 'receiving' OR created_at >= :since)",
    .args = &upload_usage_ask_shape, .row = &upload_usage_shape,
};

static const struct shape upload_sweep_ask_shape = SHAPE(upload_sweep_ask,
    FIELD(upload_sweep_ask, at, "Now"), FIELD(upload_sweep_ask, ids, "Which ones", .max = 1000));
static const struct shape upload_sweep_row_shape = SHAPE(upload_sweep_row, FIELD(upload_sweep_row, id, "Which one"));

const struct query upload_expired = {
    .name = "upload_expired",
    .sql = "SELECT id FROM upload WHERE expires_at < :at ORDER BY expires_at LIMIT 500",
    .args = &upload_sweep_ask_shape, .row = &upload_sweep_row_shape,
};

const struct query upload_unknown = {
    .name = "upload_unknown",
    .sql = "SELECT i.id FROM unnest(:ids) AS i (id) WHERE NOT EXISTS (SELECT FROM upload u WHERE u.id = i.id)",
    .args = &upload_sweep_ask_shape, .row = &upload_sweep_row_shape,
};
