#include "model/incident_work.h"

static const struct shape name_shape = SHAPE(incident_name_args,
    FIELD(incident_name_args, tenant_id, ""), FIELD(incident_name_args, id, ""), FIELD(incident_name_args, title, ""));
const struct query incident_rename = {
    .name = "incident_rename",
    .sql = "UPDATE incident SET title = :title, title_ja = :title, titled = true"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &name_shape,
};
static const struct shape summary_shape = SHAPE(incident_summary_args,
    FIELD(incident_summary_args, tenant_id, ""), FIELD(incident_summary_args, id, ""),
    FIELD(incident_summary_args, summary, ""));
const struct query incident_summary_set = {
    .name = "incident_summary_set",
    .sql = "UPDATE incident SET summary = :summary WHERE tenant_id = :tenant_id AND id = :id",
    .args = &summary_shape,
};

static const struct shape reference_shape = SHAPE(incident_reference_args,
    FIELD(incident_reference_args, tenant_id, ""), FIELD(incident_reference_args, reference, ""));
const struct query incident_by_reference = {
    .name = "incident_by_reference",
    .sql = "SELECT i.id FROM incident i JOIN tenant t ON t.id = i.tenant_id WHERE i.tenant_id = :tenant_id"
           "   AND upper(:reference) IN (t.short_code || '-I' || i.number, 'I' || i.number, i.number::text)",
    .args = &reference_shape, .row = &id_args_shape,
};

static const struct shape resolve_shape = SHAPE(incident_resolve_args,
    FIELD(incident_resolve_args, tenant_id, ""), FIELD(incident_resolve_args, id, ""),
    FIELD(incident_resolve_args, verdict, "", .of = &incident_verdict_domain), FIELD(incident_resolve_args, reason, ""),
    FIELD(incident_resolve_args, by_name, ""), FIELD(incident_resolve_args, now, ""));
/* Their groups end, so that the next occurrence begins another detection. Rows are taken in the order of groups' keys,
 * as those do who add occurrences. */
const struct query incident_resolve = {
    .name = "incident_resolve",
    .sql = "WITH held AS MATERIALIZED ("
           "   SELECT g.key FROM detection_group g WHERE g.tenant_id = :tenant_id AND g.detection_id IN ("
           "       SELECT d.id FROM detection d WHERE d.tenant_id = :tenant_id AND d.incident_id = :id"
           "          AND d.status <> 'resolved') ORDER BY g.key FOR UPDATE),"
           " ended AS (DELETE FROM detection_group g USING held h WHERE g.tenant_id = :tenant_id AND g.key = h.key"
           "           RETURNING g.key),"
           " resolved AS ("
           "   UPDATE detection SET status = 'resolved', verdict = :verdict, reason = :reason,"
           "          resolved_by_name = :by_name, resolved_at = :now, updated_at = :now, version = version + 1"
           "    WHERE tenant_id = :tenant_id AND incident_id = :id AND status <> 'resolved'"
           "      AND (SELECT count(*) FROM ended) >= 0"
           "   RETURNING computer_id)"
           "SELECT DISTINCT computer_id AS id FROM resolved WHERE computer_id IS NOT NULL",
    .args = &resolve_shape, .row = &id_args_shape,
};

static const struct shape layout_shape = SHAPE(incident_layout_args,
    FIELD(incident_layout_args, id, ""), FIELD(incident_layout_args, layout, ""));
const struct query incident_layout_set = {
    .name = "incident_layout_set", .sql = "UPDATE incident SET layout = :layout WHERE id = :id",
    .args = &layout_shape,
};

static const struct shape ids_shape = SHAPE(gather_ids,
    FIELD(gather_ids, tenant_id, ""), FIELD(gather_ids, incident_id, ""), FIELD(gather_ids, ids, ""));
static const struct shape count_shape = SHAPE(incident_count_row, FIELD(incident_count_row, count, "How many"));
const struct query incident_count_of = {
    .name = "incident_count_of",
    .sql = "SELECT count(*) AS count FROM detection WHERE tenant_id = :tenant_id AND incident_id = :incident_id"
           "   AND id = ANY (:ids)",
    .args = &ids_shape, .row = &count_shape,
};
const struct query incidents_of_detections = {
    .name = "incidents_of_detections",
    .sql = "SELECT DISTINCT incident_id AS id FROM detection WHERE tenant_id = :tenant_id"
           "   AND id = ANY (coalesce(:ids, '{}')) AND incident_id IS DISTINCT FROM :incident_id"
           "   AND incident_id IS NOT NULL ORDER BY 1",
    .args = &ids_shape, .row = &id_args_shape,
};

static const struct shape label_shape = SHAPE(incident_label, FIELD(incident_label, label, "What people call it"));
const struct query incident_computer_names = {
    .name = "incident_computer_names",
    .sql = "SELECT label FROM incident_object WHERE incident_id = :id AND kind = 'computer' ORDER BY first_at, value",
    .args = &id_args_shape, .row = &label_shape,
};
const struct query incident_category = {
    .name = "incident_category", .sql = "SELECT id FROM ticket_category WHERE key = 'incident'",
    .row = &id_args_shape,
};

/* ---- levels ---- */

const struct shape incident_level_shape = SHAPE(incident_level,
    FIELD(incident_level, id, "Identity", .required = true),
    FIELD(incident_level, tenant_id, "Whose; the provider's hold for everybody without one", .filter = true,
          .required = true),
    FIELD(incident_level, tenant_name, "Their name"),
    FIELD(incident_level, level, "0 to 4", .sort = true, .filter = true),
    FIELD(incident_level, meaning_en, "When it is that level, in English", .required = true),
    FIELD(incident_level, meaning_ja, "The same in Japanese", .required = true),
    FIELD(incident_level, by_mail, "The customer is told by mail"),
    FIELD(incident_level, by_phone, "And called"),
    FIELD(incident_level, updated_at, "When it last changed", .required = true),
    FIELD(incident_level, version, "Grows with each change"),
    FIELD(incident_level, can, "Verbs the caller may use on it", .required = true));
#define LEVEL_SELECT                                                                                          \
    "SELECT l.id, l.tenant_id, (SELECT t.name FROM tenant t WHERE t.id = l.tenant_id) AS tenant_name, l.level," \
    "       l.meaning_en, l.meaning_ja, l.by_mail, l.by_phone, l.updated_at, l.version,"                      \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'calendars') < 3"                                  \
    "              OR l.tenant_id <> ALL ((SELECT yagura_tenants())::uuid[]) THEN '{}'"                       \
    "            WHEN l.tenant_id = '00000000-0000-7000-8000-000000000001' THEN ARRAY['update']"              \
    "            ELSE ARRAY['update', 'delete'] END::text[] AS can FROM incident_level l"
const struct listing incident_level_listing = {
    .name = "incident_levels", .from = LEVEL_SELECT, .row = &incident_level_shape, .key = "id", .sort = "-level",
};
const struct query incident_level_by_id = {
    .name = "incident_level_by_id", .sql = LEVEL_SELECT " WHERE l.id = :id", .args = &id_args_shape,
    .row = &incident_level_shape,
};
static const struct shape level_args = SHAPE(incident_level_args,
    FIELD(incident_level_args, tenant_id, ""), FIELD(incident_level_args, level, ""));
const struct query incident_level_of = {
    .name = "incident_level_of",
    .sql = LEVEL_SELECT " WHERE l.level = :level AND l.tenant_id IN (:tenant_id,"
           " '00000000-0000-7000-8000-000000000001')"
           " ORDER BY l.tenant_id = :tenant_id DESC LIMIT 1",
    .args = &level_args, .row = &incident_level_shape,
};
#define LEVEL_WORDS                                                                                           \
    FIELD(incident_level_write, tenant_id, "Whose", .required = true),                                        \
    FIELD(incident_level_write, level, "0 to 4", .min = 0, .max = 4, .required = true),                       \
    FIELD(incident_level_write, meaning_en, "When it is that level, in English", .max = 500, .required = true), \
    FIELD(incident_level_write, meaning_ja, "The same in Japanese", .max = 500, .required = true),            \
    FIELD(incident_level_write, by_mail, "The customer is told by mail"),                                     \
    FIELD(incident_level_write, by_phone, "And called")
const struct shape incident_level_write_shape = SHAPE(incident_level_write, LEVEL_WORDS);
static const struct shape level_write_args = SHAPE(incident_level_write,
    FIELD(incident_level_write, id, "If it is new"), FIELD(incident_level_write, at, "When"), LEVEL_WORDS);
const struct query incident_level_set = {
    .name = "incident_level_set",
    .sql = "INSERT INTO incident_level AS l (tenant_id, id, level, meaning_en, meaning_ja, by_mail,"
           " by_phone, updated_at)"
           " VALUES (:tenant_id, :id, :level, :meaning_en, :meaning_ja, :by_mail, :by_phone, :at)"
           " ON CONFLICT (tenant_id, level) DO UPDATE SET meaning_en = excluded.meaning_en,"
           "    meaning_ja = excluded.meaning_ja, by_mail = excluded.by_mail, by_phone = excluded.by_phone,"
           "    updated_at = excluded.updated_at, version = l.version + 1 RETURNING id",
    .args = &level_write_args, .row = &id_args_shape,
};
const struct query incident_level_delete = {
    .name = "incident_level_delete", .sql = "DELETE FROM incident_level WHERE id = :id", .args = &id_args_shape,
};
