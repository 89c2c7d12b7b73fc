#include "model/mail_arrival.h"

#include "model/principal.h"

const struct domain arrival_state_domain = DOMAIN(arrival_state, "reading", "posted", "opened", "quiet", "refused");
const struct domain arrival_reason_domain =
    DOMAIN(arrival_reason, "unreadable", "no_sender", "stranger", "own", "provider", "inactive", "may_not", "automatic",
           "no_case", "closed", "empty", "not_possible");

const struct shape mail_arrival_shape = SHAPE(mail_arrival,
    FIELD(mail_arrival, id, "Identity", .filter = true),
    FIELD(mail_arrival, tenant_id, "The customer who wrote; the provider when nobody knows the sender", .filter = true),
    FIELD(mail_arrival, tenant_name, "That customer's name"),
    FIELD(mail_arrival, message_id, "As the sender's system named it", .required = true, .filter = true),
    FIELD(mail_arrival, from_address, "The address it says it comes from; no proof of anything", .sort = true,
          .search = true),
    FIELD(mail_arrival, from_name, "The name it says it comes from", .search = true),
    FIELD(mail_arrival, subject, "In one line", .sort = true, .search = true),
    FIELD(mail_arrival, excerpt, "Of a refused one: the beginning of what it says"),
    FIELD(mail_arrival, state, "What became of it", .of = &arrival_state_domain, .filter = true, .required = true),
    FIELD(mail_arrival, reason, "Why it was refused", .of = &arrival_reason_domain, .filter = true),
    FIELD(mail_arrival, detail, "The same in more words, for engineers"),
    FIELD(mail_arrival, automatic, "What told that a program sent it"),
    FIELD(mail_arrival, person_id, "Whose address that is", .filter = true),
    FIELD(mail_arrival, ticket_id, "The case it went to", .filter = true),
    FIELD(mail_arrival, post_id, "The message it became"),
    FIELD(mail_arrival, attachment_id, "The mail itself, an internal file of the case"),
    FIELD(mail_arrival, reference, "The case's number"),
    FIELD(mail_arrival, bytes, "How long it is"),
    FIELD(mail_arrival, arrived_at, "When it came", .sort = true, .filter = true, .required = true));

#define ARRIVAL_SELECT                                                                                             \
    "SELECT a.id, a.tenant_id, (SELECT c.name FROM tenant c WHERE c.id = a.tenant_id AND a.person_id IS NOT NULL)" \
    "       AS tenant_name, a.message_id, a.from_address, a.from_name, a.subject, a.excerpt, a.state, a.reason,"   \
    "       a.detail, a.automatic, a.person_id, a.ticket_id, a.post_id, a.attachment_id,"                             \
    "       (SELECT c.short_code || '-' || t.number FROM ticket t JOIN tenant c ON c.id = t.tenant_id"             \
    "         WHERE t.tenant_id = a.tenant_id AND t.id = a.ticket_id) AS reference, a.bytes, a.arrived_at"         \
    "  FROM mail_arrival a"

const struct listing mail_arrival_listing = {
    .name = "mail_arrivals", .from = ARRIVAL_SELECT, .row = &mail_arrival_shape, .key = "id", .sort = "-arrived_at",
};
const struct query mail_arrival_by_id = {
    .name = "mail_arrival_by_id", .sql = ARRIVAL_SELECT " WHERE a.id = :id",
    .args = &id_args_shape, .row = &mail_arrival_shape,
};

/* Whoever brings the same mail at the same time waits here for the first, and then finds its row. */
const struct query mail_arrival_claim = {
    .name = "mail_arrival_claim",
    .sql = "INSERT INTO mail_arrival (tenant_id, id, message_id, from_address, from_name, subject, state, automatic,"
           "    person_id, bytes, arrived_at)"
           " VALUES (:tenant_id, :id, :message_id, :from_address, :from_name, :subject, 'reading', :automatic,"
           "    :person_id, :bytes, :arrived_at) ON CONFLICT (tenant_id, message_id) DO NOTHING RETURNING id",
    .args = &mail_arrival_shape, .row = &id_args_shape,
};
const struct query mail_arrival_save = {
    .name = "mail_arrival_save",
    .sql = "UPDATE mail_arrival SET state = :state, reason = :reason, detail = :detail, excerpt = :excerpt,"
           "    ticket_id = :ticket_id, post_id = :post_id, attachment_id = :attachment_id"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &mail_arrival_shape,
};

static const struct shape sender_args_shape =
    SHAPE(mail_sender_args, FIELD(mail_sender_args, email, "The address of the sender"));
static const struct shape sender_shape = SHAPE(mail_sender,
    FIELD(mail_sender, tenant_id, "Where the person belongs"), FIELD(mail_sender, person_id, "Who"),
    FIELD(mail_sender, side, "Provider or customer", .of = &principal_side_domain), FIELD(mail_sender, name, "Name"),
    FIELD(mail_sender, email, "Address"), FIELD(mail_sender, time_zone, "Time zone"),
    FIELD(mail_sender, language, "Language", .of = &language_domain), FIELD(mail_sender, grants, "Rights"),
    FIELD(mail_sender, active, "May sign in"));
const struct query mail_sender_find = {
    .name = "mail_sender_find",
    .sql = "SELECT tenant_id, person_id, side, name, email, time_zone, language, grants, active"
           "  FROM mail_in_sender(:email)",
    .args = &sender_args_shape, .row = &sender_shape,
};

static const struct shape act_shape = SHAPE(mail_act_args,
    FIELD(mail_act_args, tenants, "Whom it sees"), FIELD(mail_act_args, person_id, "Who acts"),
    FIELD(mail_act_args, home_id, "Where that person belongs"),
    FIELD(mail_act_args, side, "For which side", .of = &principal_side_domain),
    FIELD(mail_act_args, grants, "What that person may do"),
    FIELD(mail_act_args, language, "Language", .of = &language_domain), FIELD(mail_act_args, at, "When"));
const struct query mail_act = {
    .name = "mail_act",
    .sql = "SELECT set_config('yagura.tenants', (:tenants::uuid[])::text, true),"
           "    set_config('yagura.person', coalesce(:person_id::uuid::text, ''), true),"
           "    set_config('yagura.home', coalesce(:home_id::uuid::text, ''), true),"
           "    set_config('yagura.side', :side::text, true),"
           "    set_config('yagura.grants', coalesce(:grants::text[], '{}')::text, true),"
           "    set_config('yagura.language', coalesce(:language::text, 'ja'), true),"
           "    set_config('yagura.at', (:at::timestamptz)::text, true)",
    .args = &act_shape,
};

static const struct shape case_args_shape = SHAPE(mail_case_args,
    FIELD(mail_case_args, tenant_id, "Of which customer"), FIELD(mail_case_args, references, "What it follows"),
    FIELD(mail_case_args, subject, "Its subject"));
static const struct shape case_row_shape = SHAPE(mail_case_row, FIELD(mail_case_row, id, "The case"));

/* Mails of ours name their case as case.ID@domain in References; a mail of theirs that came in is found by its own
 * Message-ID. What was merged goes on elsewhere. */
#define CASE_OF "'^case\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@'"
const struct query mail_case_of = {
    .name = "mail_case_of",
    .sql = "SELECT coalesce(t.merged_into_id, t.id) AS id FROM ("
           "    SELECT r.n, f.ticket_id FROM unnest(:references::text[]) WITH ORDINALITY r (id, n), LATERAL ("
           "        SELECT substring(r.id FROM " CASE_OF ")::uuid AS ticket_id"
           "        UNION ALL SELECT substring(m.thread FROM " CASE_OF ")::uuid FROM mail m"
           "         WHERE m.tenant_id = :tenant_id AND m.message_id = r.id"
           "        UNION ALL SELECT a.ticket_id FROM mail_arrival a"
           "         WHERE a.tenant_id = :tenant_id AND a.message_id = r.id) f"
           "    UNION ALL SELECT 1000000, t.id FROM tenant c JOIN ticket t ON t.tenant_id = c.id"
           "         AND t.number = (regexp_match(:subject, '\\m' || c.short_code || '-(\\d{1,9})\\M', 'i'))[1]::bigint"
           "     WHERE c.id = :tenant_id"
           "  ) found JOIN ticket t ON t.tenant_id = :tenant_id AND t.id = found.ticket_id"
           " ORDER BY found.n LIMIT 1",
    .args = &case_args_shape, .row = &case_row_shape,
};

static const struct shape category_args_shape =
    SHAPE(mail_category_args, FIELD(mail_category_args, tenant_id, "Of which customer"));
const struct query mail_category_for = {
    .name = "mail_category_for",
    .sql = "SELECT k.id FROM tenant c JOIN ticket_category k ON k.active AND c.plan = ANY (k.plans)"
           "  JOIN LATERAL (SELECT n.mail_opens_cases, n.mail_category_id FROM notice_setting n"
           "       WHERE n.tenant_id IN (c.id, '00000000-0000-7000-8000-000000000001')"
           "       ORDER BY n.tenant_id = c.id DESC LIMIT 1) n ON n.mail_opens_cases"
           "  LEFT JOIN ticket_form f ON f.category_id = k.id"
           " WHERE c.id = :tenant_id"
           "   AND (k.id = n.mail_category_id OR k.service = 'inquiry' AND NOT k.registered_contacts_only"
           "        AND NOT jsonb_path_exists(coalesce(f.fields, '[]'), '$[*] ? (@.required == true)'))"
           " ORDER BY k.id IS NOT DISTINCT FROM n.mail_category_id DESC, k.position LIMIT 1",
    .args = &category_args_shape, .row = &id_args_shape,
};

static const struct shape sweep_shape = SHAPE(mail_sweep_args, FIELD(mail_sweep_args, at, "Now"));
const struct query mail_in_sweep = {
    .name = "mail_in_sweep", .sql = "SELECT mail_in_sweep(:at)", .args = &sweep_shape,
};
