#include "model/reputation.h"

const struct domain reputation_source_kind_domain = DOMAIN(reputation_source_kind, "virustotal", "misp");
const struct domain reputation_thing_domain = DOMAIN(reputation_thing, "hash", "address", "domain");
const struct domain reputation_state_domain = DOMAIN(reputation_state, "waiting", "known", "unknown", "failed");

const struct shape reputation_source_shape = SHAPE(reputation_source,
    FIELD(reputation_source, id, "Identity", .required = true),
    FIELD(reputation_source, tenant_id, "Whose", .filter = true, .required = true),
    FIELD(reputation_source, tenant_name, "Their name", .sort = true),
    FIELD(reputation_source, name, "What it is called", .sort = true, .search = true, .required = true),
    FIELD(reputation_source, kind, "What it speaks", .of = &reputation_source_kind_domain, .filter = true,
          .required = true),
    FIELD(reputation_source, url, "Where it is", .required = true),
    FIELD(reputation_source, enabled, "It is asked", .filter = true),
    FIELD(reputation_source, per_minute, "Questions a minute at most"),
    FIELD(reputation_source, per_day, "Questions a day at most"),
    FIELD(reputation_source, keep_hours, "What was known there is kept for so many hours"),
    FIELD(reputation_source, unknown_hours, "What was not, for so many"),
    FIELD(reputation_source, day_count, "Questions of its last day"),
    FIELD(reputation_source, paused_until, "It said that it was too much: not asked until then"),
    FIELD(reputation_source, trouble, "Why it could not be asked last"),
    FIELD(reputation_source, trouble_at, "When that was"),
    FIELD(reputation_source, answered_at, "When it last answered"),
    FIELD(reputation_source, created_at, "When it was added", .required = true),
    FIELD(reputation_source, updated_at, "When it last changed", .required = true),
    FIELD(reputation_source, version, "Grows with each change"),
    FIELD(reputation_source, can, "Verbs the caller may use on it", .required = true));

#define SOURCE_WORDS(key_required)                                                                              \
    FIELD(reputation_source_write, name, "What it is called", .max = 100, .required = true),                    \
    FIELD(reputation_source_write, url, "Where it is: https", .max = 500, .format = FORMAT_URL, .required = true), \
    FIELD(reputation_source_write, api_key, "Its key; sealed, and never shown", .max = 500, .secret = true,     \
          .required = key_required),                                                                            \
    FIELD(reputation_source_write, enabled, "It is asked"),                                                     \
    FIELD(reputation_source_write, per_minute, "Questions a minute at most", .min = 1, .max = 10000,            \
          .required = true),                                                                                    \
    FIELD(reputation_source_write, per_day, "Questions a day at most", .min = 1, .max = 10000000, .required = true), \
    FIELD(reputation_source_write, keep_hours, "What was known there is kept for so many hours", .min = 1,      \
          .max = 8760, .required = true),                                                                       \
    FIELD(reputation_source_write, unknown_hours, "What was not, for so many", .min = 1, .max = 8760,           \
          .required = true)
const struct shape reputation_source_new_shape = SHAPE(reputation_source_write,
    FIELD(reputation_source_write, tenant_id, "Whose", .required = true),
    FIELD(reputation_source_write, kind, "What it speaks", .of = &reputation_source_kind_domain, .required = true),
    SOURCE_WORDS(true));
const struct shape reputation_source_update_shape = SHAPE(reputation_source_write,
    FIELD(reputation_source_write, id, "Which one", .read_only = true),
    FIELD(reputation_source_write, version, "What the change is based on", .read_only = true), SOURCE_WORDS(false));
static const struct shape source_args = SHAPE(reputation_source_write,
    FIELD(reputation_source_write, tenant_id, ""), FIELD(reputation_source_write, id, ""),
    FIELD(reputation_source_write, version, ""), FIELD(reputation_source_write, at, ""),
    FIELD(reputation_source_write, name, ""), FIELD(reputation_source_write, url, ""),
    FIELD(reputation_source_write, kind, "", .of = &reputation_source_kind_domain),
    FIELD(reputation_source_write, key_sealed, ""), FIELD(reputation_source_write, enabled, ""),
    FIELD(reputation_source_write, per_minute, ""), FIELD(reputation_source_write, per_day, ""),
    FIELD(reputation_source_write, keep_hours, ""), FIELD(reputation_source_write, unknown_hours, ""));

#define SOURCE_SELECT                                                                                          \
    "SELECT s.id, s.tenant_id, (SELECT t.name FROM tenant t WHERE t.id = s.tenant_id) AS tenant_name, s.name,"   \
    "       s.kind, s.url, s.enabled, s.per_minute, s.per_day, s.keep_hours, s.unknown_hours, s.day_count,"    \
    "       s.paused_until, s.trouble, s.trouble_at, s.answered_at, s.created_at, s.updated_at, s.version,"    \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'api_keys') >= 3 THEN ARRAY['update', 'delete']"    \
    "            || CASE WHEN s.enabled THEN '{test}'::text[] ELSE '{}' END"                                       \
    "            ELSE '{}' END::text[] AS can FROM reputation_source s"
const struct listing reputation_source_listing = {
    .name = "reputation_sources", .from = SOURCE_SELECT, .row = &reputation_source_shape, .key = "id", .sort = "name",
};
const struct query reputation_source_by_id = {
    .name = "reputation_source_by_id", .sql = SOURCE_SELECT " WHERE s.id = :id", .args = &id_args_shape,
    .row = &reputation_source_shape,
};
const struct query reputation_source_insert = {
    .name = "reputation_source_insert",
    .sql = "INSERT INTO reputation_source (tenant_id, id, name, kind, url, key_sealed, enabled, per_minute, per_day,"
           "    keep_hours, unknown_hours, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :name, :kind, :url, :key_sealed, :enabled, :per_minute, :per_day, :keep_hours,"
           "    :unknown_hours, :at, :at)",
    .args = &source_args,
};
static const struct shape source_change = SHAPE(reputation_source_write,
    FIELD(reputation_source_write, id, ""), FIELD(reputation_source_write, version, ""),
    FIELD(reputation_source_write, at, ""), FIELD(reputation_source_write, name, ""),
    FIELD(reputation_source_write, url, ""), FIELD(reputation_source_write, enabled, ""),
    FIELD(reputation_source_write, per_minute, ""), FIELD(reputation_source_write, per_day, ""),
    FIELD(reputation_source_write, keep_hours, ""), FIELD(reputation_source_write, unknown_hours, ""));
const struct query reputation_source_update = {
    .name = "reputation_source_update",
    .sql = "UPDATE reputation_source SET name = :name, url = :url, enabled = :enabled, per_minute = :per_minute,"
           "    per_day = :per_day, keep_hours = :keep_hours, unknown_hours = :unknown_hours, trouble = NULL,"
           "    paused_until = NULL, updated_at = :at, version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &source_change, .row = &id_args_shape,
};
static const struct shape key_args = SHAPE(reputation_source_write,
    FIELD(reputation_source_write, id, ""), FIELD(reputation_source_write, key_sealed, ""));
const struct query reputation_source_rekey = {
    .name = "reputation_source_rekey", .sql = "UPDATE reputation_source SET key_sealed = :key_sealed WHERE id = :id",
    .args = &key_args,
};
const struct query reputation_source_delete = {
    .name = "reputation_source_delete", .sql = "DELETE FROM reputation_source WHERE id = :id", .args = &id_args_shape,
};

/* ---- answers ---- */

const struct shape reputation_answer_shape = SHAPE(reputation_answer,
    FIELD(reputation_answer, id, "Identity", .required = true),
    FIELD(reputation_answer, tenant_id, "Whose", .filter = true, .required = true),
    FIELD(reputation_answer, source_id, "Who said it", .filter = true, .required = true),
    FIELD(reputation_answer, source_name, "Who said it, by name", .required = true),
    FIELD(reputation_answer, kind, "Of what", .of = &reputation_thing_domain, .filter = true, .required = true),
    FIELD(reputation_answer, value, "Of which", .filter = true, .required = true),
    FIELD(reputation_answer, state, "How far it is", .of = &reputation_state_domain, .filter = true, .required = true),
    FIELD(reputation_answer, verdict, "The judgement", .of = &reputation_domain, .filter = true),
    FIELD(reputation_answer, malicious, "So many say malicious", .optional = true),
    FIELD(reputation_answer, suspicious, "So many say suspicious", .optional = true),
    FIELD(reputation_answer, harmless, "So many found nothing", .optional = true),
    FIELD(reputation_answer, labels, "What they call it"),
    FIELD(reputation_answer, link, "Its page there"),
    FIELD(reputation_answer, trouble, "Why there is no answer"),
    FIELD(reputation_answer, asked_at, "When somebody wanted to know", .sort = true, .required = true),
    FIELD(reputation_answer, answered_at, "When it was answered", .sort = true),
    FIELD(reputation_answer, expires_at, "Until when the answer holds"));
const struct listing reputation_answer_listing = {
    .name = "reputation_answers",
    .from = "SELECT a.id, a.tenant_id, a.source_id, s.name AS source_name, a.kind, a.value, a.state, a.verdict,"
            "       a.malicious, a.suspicious, a.harmless, a.labels, a.link, a.trouble, a.asked_at, a.answered_at,"
            "       a.expires_at FROM reputation_answer a"
            "  JOIN reputation_source s ON s.tenant_id = a.tenant_id AND s.id = a.source_id",
    .row = &reputation_answer_shape, .key = "id", .sort = "-asked_at",
};

/* ---- links ---- */

const struct shape reputation_link_shape = SHAPE(reputation_link,
    FIELD(reputation_link, id, "Identity", .required = true),
    FIELD(reputation_link, tenant_id, "Whose; the provider's are there for everybody", .filter = true,
          .required = true),
    FIELD(reputation_link, tenant_name, "Their name"),
    FIELD(reputation_link, name, "What it is called", .sort = true, .required = true),
    FIELD(reputation_link, kind, "About what", .of = &reputation_thing_domain, .filter = true, .required = true),
    FIELD(reputation_link, url, "The page; {value} stands for the hash, the address or the name", .required = true),
    FIELD(reputation_link, created_at, "When it was added", .required = true),
    FIELD(reputation_link, updated_at, "When it last changed", .required = true),
    FIELD(reputation_link, version, "Grows with each change"),
    FIELD(reputation_link, can, "Verbs the caller may use on it", .required = true));
#define LINK_WORDS                                                                                             \
    FIELD(reputation_link_write, name, "What it is called", .max = 60, .required = true),                      \
    FIELD(reputation_link_write, kind, "About what", .of = &reputation_thing_domain, .required = true),        \
    FIELD(reputation_link_write, url, "The page; {value} stands for the hash, the address or the name", .max = 500, \
          .required = true)
const struct shape reputation_link_new_shape = SHAPE(reputation_link_write,
    FIELD(reputation_link_write, tenant_id, "Whose", .required = true), LINK_WORDS);
const struct shape reputation_link_update_shape = SHAPE(reputation_link_write,
    FIELD(reputation_link_write, id, "Which one", .read_only = true),
    FIELD(reputation_link_write, version, "What the change is based on", .read_only = true), LINK_WORDS);
static const struct shape link_args = SHAPE(reputation_link_write,
    FIELD(reputation_link_write, tenant_id, ""), FIELD(reputation_link_write, id, ""),
    FIELD(reputation_link_write, name, ""), FIELD(reputation_link_write, kind, "", .of = &reputation_thing_domain),
    FIELD(reputation_link_write, url, ""), FIELD(reputation_link_write, at, ""));
#define LINK_SELECT                                                                                            \
    "SELECT l.id, l.tenant_id, (SELECT t.name FROM tenant t WHERE t.id = l.tenant_id) AS tenant_name, l.name,"  \
    "       l.kind, l.url, l.created_at, l.updated_at, l.version,"                  \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'computers') >= 3"                                  \
    "             AND l.tenant_id = ANY ((SELECT yagura_tenants())::uuid[]) THEN '{update,delete}' ELSE '{}'" \
    "       END::text[] AS can FROM reputation_link l"
const struct listing reputation_link_listing = {
    .name = "reputation_links", .from = LINK_SELECT, .row = &reputation_link_shape, .key = "id", .sort = "name",
};
const struct query reputation_link_by_id = {
    .name = "reputation_link_by_id", .sql = LINK_SELECT " WHERE l.id = :id", .args = &id_args_shape,
    .row = &reputation_link_shape,
};
const struct query reputation_link_insert = {
    .name = "reputation_link_insert",
    .sql = "INSERT INTO reputation_link (tenant_id, id, name, kind, url, created_at, updated_at)"
           " VALUES (:tenant_id, :id, :name, :kind, :url, :at, :at)",
    .args = &link_args,
};
static const struct shape link_change = SHAPE(reputation_link_write,
    FIELD(reputation_link_write, id, ""), FIELD(reputation_link_write, version, ""),
    FIELD(reputation_link_write, name, ""), FIELD(reputation_link_write, kind, "", .of = &reputation_thing_domain),
    FIELD(reputation_link_write, url, ""), FIELD(reputation_link_write, at, ""));
const struct query reputation_link_update = {
    .name = "reputation_link_update",
    .sql = "UPDATE reputation_link SET name = :name, kind = :kind, url = :url, updated_at = :at, version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &link_change, .row = &id_args_shape,
};
const struct query reputation_link_delete = {
    .name = "reputation_link_delete", .sql = "DELETE FROM reputation_link WHERE id = :id", .args = &id_args_shape,
};

/* ---- asking ---- */

static const struct shape want_shape = SHAPE(reputation_want,
    FIELD(reputation_want, tenant_id, ""), FIELD(reputation_want, kind, "", .of = &reputation_thing_domain),
    FIELD(reputation_want, value, ""), FIELD(reputation_want, now, ""));
const struct query reputation_begin = {
    .name = "reputation_begin",
    .sql = "INSERT INTO reputation_answer AS a (tenant_id, id, source_id, kind, value, state, asked_at)"
           " SELECT s.tenant_id, gen_random_uuid(), s.id, :kind, :value, 'waiting', :now FROM reputation_source s"
           "  WHERE s.tenant_id = :tenant_id AND s.enabled"
           " ON CONFLICT (tenant_id, source_id, kind, value) DO UPDATE SET state = 'waiting', asked_at = :now,"
           "    trouble = NULL"
           "  WHERE a.state = 'failed' OR a.state <> 'waiting' AND a.expires_at <= :now"
           " RETURNING id",
    .args = &want_shape, .row = &id_args_shape,
};
static const struct shape try_shape = SHAPE(reputation_try,
    FIELD(reputation_try, source_id, ""), FIELD(reputation_try, kind, "", .of = &reputation_thing_domain),
    FIELD(reputation_try, value, ""), FIELD(reputation_try, now, ""));
const struct query reputation_begin_try = {
    .name = "reputation_begin_try",
    .sql = "INSERT INTO reputation_answer AS a (tenant_id, id, source_id, kind, value, state, asked_at)"
           " SELECT s.tenant_id, gen_random_uuid(), s.id, :kind, :value, 'waiting', :now FROM reputation_source s"
           "  WHERE s.id = :source_id"
           " ON CONFLICT (tenant_id, source_id, kind, value) DO UPDATE SET state = 'waiting', asked_at = :now,"
           "    trouble = NULL"
           "  WHERE a.state <> 'waiting'"
           " RETURNING id",
    .args = &try_shape, .row = &id_args_shape,
};
static const struct shape hold_shape = SHAPE(reputation_hold,
    FIELD(reputation_hold, answer_id, ""), FIELD(reputation_hold, source_id, ""), FIELD(reputation_hold, tenant_id, ""),
    FIELD(reputation_hold, source_kind, "", .of = &reputation_source_kind_domain),
    FIELD(reputation_hold, kind, "", .of = &reputation_thing_domain), FIELD(reputation_hold, value, ""),
    FIELD(reputation_hold, url, ""), FIELD(reputation_hold, key_sealed, ""), FIELD(reputation_hold, keep_hours, ""),
    FIELD(reputation_hold, unknown_hours, ""), FIELD(reputation_hold, paused_until, ""));
const struct query reputation_hold_by_id = {
    .name = "reputation_hold",
    .sql = "SELECT a.id AS answer_id, s.id AS source_id, s.tenant_id, s.kind AS source_kind, a.kind, a.value, s.url,"
           "       s.key_sealed, s.keep_hours, s.unknown_hours, s.paused_until"
           "  FROM reputation_answer a JOIN reputation_source s ON s.tenant_id = a.tenant_id AND s.id = a.source_id"
           " WHERE a.id = :id AND a.state = 'waiting' AND s.enabled",
    .args = &id_args_shape, .row = &hold_shape,
};
static const struct shape turn_shape = SHAPE(reputation_turn,
    FIELD(reputation_turn, source_id, ""), FIELD(reputation_turn, now, ""));
const struct query reputation_take_turn = {
    .name = "reputation_take_turn",
    .sql = "UPDATE reputation_source SET asked_minute = m.minute,"
           "    minute_count = CASE WHEN asked_minute = m.minute THEN minute_count + 1 ELSE 1 END, asked_day = m.day,"
           "    day_count = CASE WHEN asked_day = m.day THEN day_count + 1 ELSE 1 END"
           "  FROM (SELECT date_trunc('minute', :now) AS minute, (:now AT TIME ZONE 'UTC')::date AS day) m"
           " WHERE id = :source_id AND (paused_until IS NULL OR paused_until <= :now)"
           "   AND (asked_minute IS DISTINCT FROM m.minute OR minute_count < per_minute)"
           "   AND (asked_day IS DISTINCT FROM m.day OR day_count < per_day)",
    .args = &turn_shape,
};
static const struct shape keep_shape = SHAPE(reputation_found,
    FIELD(reputation_found, answer_id, ""), FIELD(reputation_found, state, "", .of = &reputation_state_domain),
    FIELD(reputation_found, verdict, "", .of = &reputation_domain),
    FIELD(reputation_found, malicious, "", .optional = true), FIELD(reputation_found, suspicious, "", .optional = true),
    FIELD(reputation_found, harmless, "", .optional = true), FIELD(reputation_found, labels, ""),
    FIELD(reputation_found, link, ""), FIELD(reputation_found, trouble, ""), FIELD(reputation_found, now, ""),
    FIELD(reputation_found, expires_at, ""));
const struct query reputation_keep = {
    .name = "reputation_keep",
    .sql = "UPDATE reputation_answer SET state = :state, verdict = :verdict, malicious = :malicious,"
           "    suspicious = :suspicious, harmless = :harmless, labels = coalesce(:labels, '{}'), link = :link,"
           "    trouble = :trouble, answered_at = :now, expires_at = :expires_at WHERE id = :answer_id",
    .args = &keep_shape,
};
static const struct shape tell_shape = SHAPE(reputation_found,
    FIELD(reputation_found, source_id, ""), FIELD(reputation_found, trouble, ""), FIELD(reputation_found, now, ""),
    FIELD(reputation_found, paused_until, ""));
const struct query reputation_source_tell = {
    .name = "reputation_source_tell",
    .sql = "UPDATE reputation_source SET trouble = :trouble, paused_until = :paused_until,"
           "    trouble_at = CASE WHEN :trouble IS NULL THEN trouble_at ELSE :now END,"
           "    answered_at = CASE WHEN :trouble IS NULL THEN :now ELSE answered_at END WHERE id = :source_id",
    .args = &tell_shape,
};
static const struct shape judge_shape = SHAPE(reputation_found,
    FIELD(reputation_found, tenant_id, ""), FIELD(reputation_found, value, ""), FIELD(reputation_found, now, ""));
/* The worst that a source says of the file is its verdict here. */
const struct query reputation_judge = {
    .name = "reputation_judge",
    .sql = "UPDATE executable e SET verdict = w.verdict, verdict_source = w.name, verdict_at = :now"
           "  FROM (SELECT a.verdict, s.name FROM reputation_answer a"
           "          JOIN reputation_source s ON s.tenant_id = a.tenant_id AND s.id = a.source_id"
           "         WHERE a.tenant_id = :tenant_id AND a.kind = 'hash' AND a.value = :value AND a.verdict IS NOT NULL"
           "         ORDER BY array_position(ARRAY['malicious', 'unwanted', 'clean'], a.verdict), a.answered_at DESC"
           "         LIMIT 1) w"
           " WHERE e.tenant_id = :tenant_id AND :value IN (e.hash, e.sha1, e.md5)",
    .args = &judge_shape,
};
