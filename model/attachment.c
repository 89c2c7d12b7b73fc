#include "model/attachment.h"

const struct domain attachment_side_domain = DOMAIN(attachment_side, "provider", "customer", "link", "service");
const struct domain scan_state_domain =
    DOMAIN(scan_state, "not_scanned", "waiting", "clean", "infected", "too_large", "failed");
const struct domain preview_kind_domain = DOMAIN(preview_kind, "picture", "text");
const struct domain custody_event_domain =
    DOMAIN(custody_event, "received", "fetched", "fetched_archive", "previewed", "flagged", "unflagged", "sealed",
           "scanned", "published", "removed", "renamed");

const struct shape attachment_shape = SHAPE(attachment,
    FIELD(attachment, id, "Identity, never reused", .filter = true),
    FIELD(attachment, tenant_id, "Whose case"),
    FIELD(attachment, ticket_id, "Which case"),
    FIELD(attachment, post_id, "The message it came with", .filter = true),
    FIELD(attachment, name, "What it is called: as it was sent, without folders and control characters, or renamed",
        .required = true, .sort = true,
          .search = true),
    FIELD(attachment, size, "Bytes", .sort = true),
    FIELD(attachment, media_type, "By its content", .required = true, .filter = true),
    FIELD(attachment, sha256, "SHA-256 of the content", .required = true, .filter = true),
    FIELD(attachment, sha1, "SHA-1 of the content", .required = true, .filter = true),
    FIELD(attachment, md5, "MD5 of the content", .required = true, .filter = true),
    FIELD(attachment, internal, "For the provider alone", .filter = true),
    FIELD(attachment, malicious, "A sample: leaves only inside of an encrypted archive", .filter = true),
    FIELD(attachment, malicious_reason, "Why it is held to be one"),
    FIELD(attachment, sealed, "The content lies encrypted"),
    FIELD(attachment, preview, "What can be looked at without fetching it", .of = &preview_kind_domain),
    FIELD(attachment, scan_state, "What the virus scanner says", .of = &scan_state_domain, .filter = true),
    FIELD(attachment, scan_result, "The name of what it found"),
    FIELD(attachment, scanned_at, "When it looked"),
    FIELD(attachment, uploaded_by_id, "Who sent it; absent for a visitor of an upload link"),
    FIELD(attachment, uploaded_by_name, "Who sent it, by name"),
    FIELD(attachment, uploaded_by_side, "For which side, or by an upload link", .of = &attachment_side_domain,
          .required = true),
    FIELD(attachment, link_id, "By which upload link"),
    FIELD(attachment, removed_at, "When its content was removed"),
    FIELD(attachment, removed_by_name, "Who removed it"),
    FIELD(attachment, removed_reason, "Why it was removed"),
    FIELD(attachment, created_at, "When it was received", .sort = true, .filter = true),
    FIELD(attachment, updated_at, "When its record last changed"),
    FIELD(attachment, version, "Grows with each change"),
    FIELD(attachment, can, "Verbs the caller may use on it"));

/* What the server can show is small enough, and of a type that it decodes in a process of its own, or escapes. */
#define PREVIEW_OF                                                                                                 \
    "CASE WHEN a.removed_at IS NOT NULL OR a.malicious THEN NULL"                                                  \
    " WHEN a.media_type IN ('image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/x-ms-bmp')"  \
    "      AND a.size <= 33554432 THEN 'picture'"                                                                  \
    " WHEN a.media_type LIKE 'text/%' OR a.media_type IN ('application/json', 'application/xml',"                  \
    "      'application/javascript', 'application/x-ndjson', 'application/csv', 'image/svg+xml', 'message/rfc822'," \
    "      'application/x-wine-extension-ini') THEN 'text' END AS preview"

#define CAN_DO                                                                                                 \
    "ARRAY(SELECT v.verb FROM (SELECT grant_rank(yagura_grants(), 'tickets') AS rank,"                         \
    "          yagura_side() = 'provider' AS provider) w, LATERAL (VALUES"                                     \
    "     ('download', NOT a.malicious), ('archive', a.malicious AND w.rank >= 2),"                            \
    "     ('flag', NOT a.malicious AND w.rank >= 2), ('unflag', a.malicious AND w.provider AND w.rank >= 3),"  \
    "     ('rename', w.rank >= 2 AND (w.provider OR a.uploaded_by_id = yagura_person())),"                      \
    "     ('publish', a.internal AND w.provider AND w.rank >= 2),"                                             \
    "     ('remove', (w.provider AND w.rank >= 3) OR (w.rank >= 2 AND a.uploaded_by_id = yagura_person()))"    \
    "   ) v (verb, may) WHERE v.may AND a.removed_at IS NULL) AS can"

#define ATTACHMENT_ROW(can)                                                                                      \
    "SELECT a.id, a.tenant_id, a.ticket_id, a.post_id, a.name, a.size, a.media_type, a.sha256, a.sha1, a.md5,"   \
    "       a.internal, a.malicious, a.malicious_reason, a.sealed, " PREVIEW_OF ", a.scan_state, a.scan_result," \
    "       a.scanned_at, a.uploaded_by_id, a.uploaded_by_name, a.uploaded_by_side, a.link_id, a.removed_at,"    \
    "       a.removed_by_name, a.removed_reason, a.created_at, a.updated_at, a.version, " can                    \
    "  FROM attachment a"
#define ATTACHMENT_SELECT ATTACHMENT_ROW(CAN_DO)

/* Also those of cases that were merged into it, and those of messages that were split off into it. */
/* A file goes with its message when that is split off, and is seen where its case was merged into. */
#define CASES "ANY (ARRAY(SELECT :id::uuid UNION ALL SELECT m.id FROM ticket m WHERE m.merged_into_id = :id))"
#define POST_OF " p.tenant_id = x.tenant_id AND p.id = x.post_id AND p.ticket_id = " CASES

const struct listing attachment_listing = {
    .name = "attachments",
    .from = ATTACHMENT_SELECT " WHERE a.id = ANY (ARRAY("
            "     SELECT x.id FROM attachment x WHERE x.ticket_id = " CASES
            "        AND (x.post_id IS NULL OR EXISTS (SELECT FROM ticket_post p WHERE" POST_OF "))"
            "     UNION SELECT x.id FROM attachment x JOIN ticket_post p ON" POST_OF "))",
    .args = &id_args_shape, .row = &attachment_shape, .key = "id", .sort = "created_at", .limit_default = 200,
};

const struct query attachment_by_id = {
    .name = "attachment_by_id", .sql = ATTACHMENT_SELECT " WHERE a.id = :id",
    .args = &id_args_shape, .row = &attachment_shape,
};

const struct query attachment_lock = {
    .name = "attachment_lock", .sql = ATTACHMENT_SELECT " WHERE a.id = :id FOR UPDATE OF a",
    .args = &id_args_shape, .row = &attachment_shape,
};

const struct query attachment_for_work = {
    .name = "attachment_for_work", .sql = ATTACHMENT_ROW("'{}'::text[] AS can") " WHERE a.id = :id FOR UPDATE OF a",
    .args = &id_args_shape, .row = &attachment_shape,
};

const struct query attachment_insert = {
    .name = "attachment_insert",
    .sql = "INSERT INTO attachment (tenant_id, id, ticket_id, post_id, name, size, media_type, sha256, sha1, md5,"
           "    internal, malicious, malicious_reason, scan_state, uploaded_by_id, uploaded_by_name,"
           "    uploaded_by_side, link_id, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :ticket_id, :post_id, :name, :size, :media_type, :sha256, :sha1, :md5,"
           "    :internal, :malicious, :malicious_reason, :scan_state, :uploaded_by_id, :uploaded_by_name,"
           "    :uploaded_by_side, :link_id, :created_at, :created_at)",
    .args = &attachment_shape,
};

const struct query attachment_save = {
    .name = "attachment_save",
    .sql = "UPDATE attachment SET name = :name, post_id = :post_id, internal = :internal, malicious = :malicious,"
           "    malicious_reason = :malicious_reason, sealed = :sealed, scan_state = :scan_state,"
           "    scan_result = :scan_result, scanned_at = :scanned_at, removed_at = :removed_at,"
           "    removed_by_name = :removed_by_name, removed_reason = :removed_reason, updated_at = :updated_at,"
           "    version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &attachment_shape,
};

static const struct shape same_args_shape = SHAPE(attachment_same_args,
    FIELD(attachment_same_args, tenant_id, "Whose"), FIELD(attachment_same_args, id, "Other than this"),
    FIELD(attachment_same_args, sha256, "Which content"));
static const struct shape same_row_shape = SHAPE(attachment_same_row,
    FIELD(attachment_same_row, known_malicious, "It was flagged before"));

const struct query attachment_same = {
    .name = "attachment_same",
    .sql = "SELECT EXISTS (SELECT FROM attachment WHERE sha256 = :sha256 AND tenant_id = :tenant_id AND id <> :id"
           "    AND malicious) AS known_malicious",
    .args = &same_args_shape, .row = &same_row_shape,
};

static const struct shape content_args_shape =
    SHAPE(content_args, FIELD(content_args, sha256, "Which content"));
static const struct shape content_row_shape = SHAPE(content_row,
    FIELD(content_row, plain, "Rows that need it plain"), FIELD(content_row, sealed, "Rows that need it sealed"));

const struct query content_hold = {
    .name = "content_hold",
    .sql = "SELECT pg_advisory_xact_lock(hashtextextended('attachment ' || :sha256, 0))::text IS NULL"
           "       AS known_malicious",
    .args = &content_args_shape, .row = &same_row_shape,
};

const struct query content_users = {
    .name = "content_users",
    .sql = "SELECT count(*) FILTER (WHERE NOT sealed)"
           "       + (SELECT count(*) FROM mail WHERE files <> '[]'"
           "             AND files @> jsonb_build_array(jsonb_build_object('sha256', :sha256))) AS plain,"
           "       count(*) FILTER (WHERE sealed OR malicious) AS sealed"
           "  FROM attachment WHERE sha256 = :sha256 AND removed_at IS NULL",
    .args = &content_args_shape, .row = &content_row_shape,
};

/* ---- custody ---- */

const struct shape custody_shape = SHAPE(custody,
    FIELD(custody, id, "Identity", .filter = true),
    FIELD(custody, tenant_id, "Whose case"),
    FIELD(custody, attachment_id, "Which file"),
    FIELD(custody, event, "What happened to it", .of = &custody_event_domain, .required = true, .filter = true),
    FIELD(custody, at, "When", .sort = true, .filter = true, .required = true),
    FIELD(custody, actor_id, "Who"),
    FIELD(custody, actor_name, "Who, by name"),
    FIELD(custody, actor_side, "For which side", .of = &attachment_side_domain, .required = true),
    FIELD(custody, link_id, "By which upload link"),
    FIELD(custody, address, "From which address; that of the provider's people is shown to the provider alone"),
    FIELD(custody, detail, "In words"));

const struct listing custody_listing = {
    .name = "attachment_custody",
    .from = "SELECT id, tenant_id, attachment_id, event, at, actor_id, actor_name, actor_side, link_id,"
            "       CASE WHEN actor_side <> 'provider' OR yagura_side() = 'provider' THEN address END AS address,"
            "       detail"
            "  FROM attachment_custody WHERE attachment_id = :id",
    .args = &id_args_shape, .row = &custody_shape, .key = "id", .sort = "at", .limit_default = 200,
};

const struct query custody_insert = {
    .name = "custody_insert",
    .sql = "INSERT INTO attachment_custody (tenant_id, id, attachment_id, event, at, actor_id, actor_name, actor_side,"
           "    link_id, address, detail)"
           " VALUES (:tenant_id, :id, :attachment_id, :event, :at, :actor_id, :actor_name, :actor_side, :link_id,"
           "    :address, :detail)",
    .args = &custody_shape,
};
