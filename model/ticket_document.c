#include "model/ticket_document.h"

const struct domain document_kind_domain =
    DOMAIN(document_kind, "proposal", "plan", "completion", "report", "other");
const struct domain document_wants_domain = DOMAIN(document_wants, "confirm", "approve");
const struct domain document_asks_domain = DOMAIN(document_asks, "people", "administrators");
const struct domain document_state_domain = DOMAIN(document_state, "open", "accepted", "refused", "withdrawn");
const struct domain document_answer_domain = DOMAIN(document_answer, "confirmed", "approved", "refused");

static const struct shape person_shape_of_document = SHAPE(document_person,
    FIELD(document_person, tenant_id, "Whose"), FIELD(document_person, document_id, "Which document"),
    FIELD(document_person, person_id, "Who is asked"),
    FIELD(document_person, person_name, "Who is asked, by name", .required = true));

static const struct shape answer_shape = SHAPE(document_answer_row,
    FIELD(document_answer_row, id, "Identity"), FIELD(document_answer_row, tenant_id, "Whose"),
    FIELD(document_answer_row, document_id, "Which document"), FIELD(document_answer_row, person_id, "Who"),
    FIELD(document_answer_row, person_name, "Who, by name", .required = true),
    FIELD(document_answer_row, answer, "What was said", .of = &document_answer_domain, .required = true),
    FIELD(document_answer_row, reason, "Why it was refused"),
    FIELD(document_answer_row, address, "From where", .required = true),
    FIELD(document_answer_row, sha256, "Of what was seen, in hex", .required = true),
    FIELD(document_answer_row, at, "When"));

const struct shape ticket_document_shape = SHAPE(ticket_document,
    FIELD(ticket_document, id, "Identity", .filter = true),
    FIELD(ticket_document, tenant_id, "Whose case", .filter = true),
    FIELD(ticket_document, ticket_id, "Which case", .filter = true),
    FIELD(ticket_document, tenant_name, "The customer's name", .required = true, .sort = true, .search = true),
    FIELD(ticket_document, reference, "Which case, as people say it", .required = true, .search = true),
    FIELD(ticket_document, subject, "What the case is about", .required = true, .search = true),
    FIELD(ticket_document, kind, "What it is", .of = &document_kind_domain, .filter = true, .required = true),
    FIELD(ticket_document, title, "Its title", .required = true, .sort = true, .search = true),
    FIELD(ticket_document, body, "Its text, in Markdown; in lists absent", .format = FORMAT_MARKDOWN),
    FIELD(ticket_document, attachment_id, "Or the file that it is"),
    FIELD(ticket_document, attachment_name, "Name of the file"),
    FIELD(ticket_document, sha256, "Of its content, in hex", .required = true),
    FIELD(ticket_document, wants, "confirm: that it was read; approve", .of = &document_wants_domain,
          .required = true),
    FIELD(ticket_document, asks, "Everybody named, or one administrator", .of = &document_asks_domain,
          .required = true),
    FIELD(ticket_document, note, "What the engineer says to it"),
    FIELD(ticket_document, state, "Where it stands", .of = &document_state_domain, .filter = true, .sort = true,
          .required = true),
    FIELD(ticket_document, people, "Who is asked by name", .items = &person_shape_of_document, .required = true),
    FIELD(ticket_document, answers, "What was said", .items = &answer_shape, .required = true),
    FIELD(ticket_document, created_by_id, "Who asks"),
    FIELD(ticket_document, created_by_name, "Who asks, by name", .required = true),
    FIELD(ticket_document, created_at, "Since when", .sort = true, .filter = true),
    FIELD(ticket_document, ended_at, "When it was settled", .sort = true),
    FIELD(ticket_document, awaits_me, "The caller is asked and has not answered", .filter = true));

const struct shape ticket_documents_shape = SHAPE(ticket_documents_args,
    FIELD(ticket_documents_args, id, "Which case"));

#define OF_DOCUMENT(alias) alias ".tenant_id = d.tenant_id AND " alias ".document_id = d.id"
#define DOCUMENT_SELECT(body)                                                                                   \
    "SELECT d.id, d.tenant_id, d.ticket_id, c.name AS tenant_name, c.short_code || '-' || t.number AS reference," \
    "       t.subject, d.kind, d.title, " body " AS body, d.attachment_id, f.name AS attachment_name, d.sha256,"  \
    "       d.wants, d.asks, d.note, d.state, d.created_by_id, d.created_by_name, d.created_at, d.ended_at,"      \
    "       coalesce((SELECT jsonb_agg(to_jsonb(p) ORDER BY p.person_name) FROM ticket_document_person p"         \
    "           WHERE " OF_DOCUMENT("p") "), '[]') AS people,"                                                    \
    "       coalesce((SELECT jsonb_agg(to_jsonb(a) ORDER BY a.at) FROM ticket_document_answer a"                  \
    "           WHERE " OF_DOCUMENT("a") "), '[]') AS answers,"                                                   \
    "       d.state = 'open' AND yagura_side() = 'customer'"                                                      \
    "           AND NOT EXISTS (SELECT FROM ticket_document_answer a WHERE " OF_DOCUMENT("a")                     \
    "                           AND a.person_id = yagura_person())"                                              \
    "           AND CASE d.asks WHEN 'administrators' THEN grant_rank(yagura_grants(), 'people') >= 3"            \
    "                ELSE EXISTS (SELECT FROM ticket_document_person p WHERE " OF_DOCUMENT("p")                   \
    "                             AND p.person_id = yagura_person()) END AS awaits_me"                            \
    "  FROM ticket_document d JOIN tenant c ON c.id = d.tenant_id"                                                \
    "  JOIN ticket t ON t.tenant_id = d.tenant_id AND t.id = d.ticket_id"                                         \
    "  LEFT JOIN attachment f ON f.tenant_id = d.tenant_id AND f.id = d.attachment_id"

const struct listing ticket_document_listing = {
    .name = "ticket_documents", .from = DOCUMENT_SELECT("NULL::text"), .row = &ticket_document_shape, .key = "id",
    .sort = "-created_at",
};

const struct listing ticket_documents_of_case = {
    .name = "ticket_documents_of_case",
    .from = DOCUMENT_SELECT("NULL::text") " WHERE d.ticket_id = :id OR d.ticket_id IN ("
            "     SELECT m.id FROM ticket m WHERE m.merged_into_id = :id)",
    .args = &ticket_documents_shape, .row = &ticket_document_shape, .key = "id", .sort = "-created_at",
};

const struct query ticket_document_by_id = {
    .name = "ticket_document_by_id", .sql = DOCUMENT_SELECT("d.body") " WHERE d.id = :id", .args = &id_args_shape,
    .row = &ticket_document_shape,
};

const struct query ticket_document_lock = {
    .name = "ticket_document_lock", .sql = DOCUMENT_SELECT("d.body") " WHERE d.id = :id FOR UPDATE OF d",
    .args = &id_args_shape, .row = &ticket_document_shape,
};

const struct query ticket_document_insert = {
    .name = "ticket_document_insert",
    .sql = "INSERT INTO ticket_document (tenant_id, id, ticket_id, kind, title, body, attachment_id, sha256, wants,"
           "    asks, note, created_by_id, created_by_name, created_at)"
           " VALUES (:tenant_id, :id, :ticket_id, :kind, :title, :body, :attachment_id, :sha256, :wants, :asks, :note,"
           "    :created_by_id, :created_by_name, :created_at)",
    .args = &ticket_document_shape,
};

const struct query ticket_document_end = {
    .name = "ticket_document_end",
    .sql = "UPDATE ticket_document SET state = :state, ended_at = :ended_at"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &ticket_document_shape,
};

const struct query document_person_insert = {
    .name = "document_person_insert",
    .sql = "INSERT INTO ticket_document_person (tenant_id, document_id, person_id, person_name)"
           " VALUES (:tenant_id, :document_id, :person_id, :person_name) ON CONFLICT DO NOTHING",
    .args = &person_shape_of_document,
};

const struct query document_answer_insert = {
    .name = "document_answer_insert",
    .sql = "INSERT INTO ticket_document_answer (tenant_id, id, document_id, person_id, person_name, answer, reason,"
           "    address, sha256, at)"
           " VALUES (:tenant_id, :id, :document_id, :person_id, :person_name, :answer, :reason, :address, :sha256,"
           "         :at)",
    .args = &answer_shape,
};

const struct query customer_administrators = {
    .name = "customer_administrators",
    .sql = "SELECT DISTINCT p.id FROM person p"
           "  JOIN person_permission_set m ON m.tenant_id = p.tenant_id AND m.person_id = p.id"
           "  JOIN permission_set s ON s.tenant_id = m.tenant_id AND s.id = m.permission_set_id"
           " WHERE p.tenant_id = :id AND p.status = 'active' AND p.kind = 'person'"
           "   AND grants_cover(s.grants, ARRAY['people:write'])",
    .args = &id_args_shape, .row = &id_args_shape,
};

static const struct shape file_shape = SHAPE(document_file,
    FIELD(document_file, ticket_id, "Of which case"), FIELD(document_file, name, "Its name"),
    FIELD(document_file, sha256, "Of its content"));

const struct query document_file_by_id = {
    .name = "document_file_by_id",
    .sql = "SELECT ticket_id, name, sha256 FROM attachment"
           " WHERE id = :id AND NOT internal AND NOT malicious AND removed_at IS NULL",
    .args = &id_args_shape, .row = &file_shape,
};

static const struct shape completion_shape = SHAPE(document_completion_args,
    FIELD(document_completion_args, tenant_id, "Whose case"), FIELD(document_completion_args, ticket_id, "Which"));

const struct query document_completion = {
    .name = "document_completion",
    .sql = "SELECT id FROM ticket_document WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id"
           "   AND kind = 'completion' AND wants = 'approve' AND state = 'accepted' LIMIT 1",
    .args = &completion_shape, .row = &id_args_shape,
};
