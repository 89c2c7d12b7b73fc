#include "model/ticket_post.h"

const struct domain post_visibility_domain = DOMAIN(post_visibility, "customer", "internal");
const struct domain post_kind_domain = DOMAIN(post_kind, "message", "question", "answer", "automatic");
const struct domain post_side_domain = DOMAIN(post_side, "provider", "customer");

const struct shape ticket_post_shape = SHAPE(ticket_post,
    FIELD(ticket_post, id, "Identity", .filter = true),
    FIELD(ticket_post, tenant_id, "Whose case"),
    FIELD(ticket_post, ticket_id, "Which case"),
    FIELD(ticket_post, visibility, "Who can read it", .of = &post_visibility_domain, .filter = true),
    FIELD(ticket_post, kind, "What it is", .of = &post_kind_domain, .filter = true),
    FIELD(ticket_post, author_id, "Who wrote it"),
    FIELD(ticket_post, author_name, "Who wrote it, by name", .required = true),
    FIELD(ticket_post, author_side, "For which side", .of = &post_side_domain, .required = true),
    FIELD(ticket_post, body, "The text, in Markdown", .required = true, .format = FORMAT_MARKDOWN),
    FIELD(ticket_post, quotes_id, "The message it replies to"),
    FIELD(ticket_post, answered_at, "When the customer answered this question"),
    FIELD(ticket_post, edited_at, "When it was last edited"),
    FIELD(ticket_post, created_at, "When it was written", .sort = true, .filter = true),
    FIELD(ticket_post, version, "Grows with each edit"),
    FIELD(ticket_post, mine, "Written by the caller"),
    FIELD(ticket_post, origin, "The merged case in which it was written"),
    FIELD(ticket_post, revealed_as_id, "Of a note: the message that made it visible"),
    FIELD(ticket_post, mentions, "Who is named in it"),
    FIELD(ticket_post, by_mail, "It came by mail: a sender's address proves little"),
    FIELD(ticket_post, folded, "Of a mail: what it quoted and how it was signed, in Markdown",
        .format = FORMAT_MARKDOWN),
    FIELD(ticket_post, can, "Verbs the caller may use on it"));

const struct shape ticket_posts_shape = SHAPE(ticket_posts_args, FIELD(ticket_posts_args, id, "Which case"));

#define POST_SELECT                                                                                                 \
    "SELECT id, tenant_id, ticket_id, visibility, kind, author_id, author_name, author_side, body, quotes_id,"      \
    "       answered_at, edited_at, created_at, version, author_id IS NOT DISTINCT FROM yagura_person() AS mine,"   \
    "       (SELECT c.short_code || '-' || m.number FROM ticket m JOIN tenant c ON c.id = m.tenant_id"              \
    "         WHERE m.tenant_id = ticket_post.tenant_id AND m.id = ticket_post.ticket_id"                           \
    "           AND m.merged_into_id IS NOT NULL) AS origin,"                                                       \
    "       revealed_as_id, ARRAY(SELECT m.person_name FROM ticket_mention m"                                       \
    "         WHERE m.tenant_id = ticket_post.tenant_id AND m.post_id = ticket_post.id ORDER BY 1) AS mentions,"    \
    "       array_remove(ARRAY["                                                                                    \
    "         CASE WHEN author_id = yagura_person() AND kind <> 'automatic' AND author_side = yagura_side()"        \
    "               AND grant_rank(yagura_grants(), 'tickets') >= 2 AND (author_side = 'provider'"                  \
    "                   OR created_at > yagura_at() - interval '15 minutes') THEN 'edit' END,"                      \
    "         CASE WHEN visibility = 'internal' AND kind <> 'automatic' AND yagura_side() = 'provider'"             \
    "               AND grant_rank(yagura_grants(), 'tickets') >= 2 AND revealed_as_id IS NULL THEN 'reveal' END],"  \
    "         NULL) AS can, by_mail, folded"                                                                          \
    "  FROM ticket_post"

/* A merged case's own words, with which it was opened, are read in the survivor as its first message. */
#define MERGED_STORY                                                                                                \
    "SELECT t.id, t.tenant_id, t.id AS ticket_id, 'customer' AS visibility, 'message' AS kind, t.requester_id,"     \
    "       t.requester_name, CASE WHEN t.requester_id IS NULL THEN 'provider' ELSE 'customer' END AS author_side," \
    "       '**' || t.subject || '**' || E'\\n\\n' || t.description AS body, NULL::uuid, NULL::timestamptz,"         \
    "       NULL::timestamptz, t.opened_at, 0::bigint, t.requester_id IS NOT DISTINCT FROM yagura_person() AS mine," \
    "       c.short_code || '-' || t.number AS origin, NULL::uuid, '{}'::text[], '{}'::text[], t.by_mail, NULL::text" \
    "  FROM ticket t JOIN tenant c ON c.id = t.tenant_id WHERE t.merged_into_id = :id"

const struct listing ticket_post_listing = {
    .name = "ticket_posts",
    .from = POST_SELECT " WHERE ticket_id = :id"
            " UNION ALL " POST_SELECT " WHERE kind <> 'automatic' AND ticket_id = ANY (ARRAY("
            "     SELECT id FROM ticket WHERE merged_into_id = :id))"
            " UNION ALL " MERGED_STORY,
    .args = &ticket_posts_shape, .row = &ticket_post_shape, .key = "id", .sort = "created_at", .limit_default = 100,
};

const struct query ticket_post_by_id = {
    .name = "ticket_post_by_id", .sql = POST_SELECT " WHERE id = :id",
    .args = &id_args_shape, .row = &ticket_post_shape,
};

const struct query ticket_post_insert = {
    .name = "ticket_post_insert",
    .sql = "INSERT INTO ticket_post (tenant_id, id, ticket_id, visibility, kind, author_id, author_name, author_side,"
           "    body, quotes_id, created_at, by_mail, folded)"
           " VALUES (:tenant_id, :id, :ticket_id, :visibility, :kind, :author_id, :author_name, :author_side, :body,"
           "    :quotes_id, :created_at, :by_mail, :folded)",
    .args = &ticket_post_shape,
};

static const struct shape note_shape = SHAPE(ticket_note,
    FIELD(ticket_note, id, "Identity"), FIELD(ticket_note, tenant_id, "Whose case"),
    FIELD(ticket_note, ticket_id, "Which case"), FIELD(ticket_note, body, "The text"));
static const struct shape notes_shape = SHAPE(ticket_notes_args,
    FIELD(ticket_notes_args, rows, "The notes", .items = &note_shape), FIELD(ticket_notes_args, at, "When"));

const struct query ticket_notes_insert = {
    .name = "ticket_notes_insert",
    .sql = "INSERT INTO ticket_post (tenant_id, id, ticket_id, visibility, kind, author_name, author_side, body,"
           "    created_at)"
           " SELECT r.tenant_id, r.id, r.ticket_id, 'internal', 'automatic', 'Yagura', 'provider', r.body, :at"
           "   FROM jsonb_to_recordset(:rows) AS r (tenant_id uuid, id uuid, ticket_id uuid, body text)",
    .args = &notes_shape,
};

static const struct shape questions_shape = SHAPE(ticket_questions_args,
    FIELD(ticket_questions_args, tenant_id, "Whose case"), FIELD(ticket_questions_args, ticket_id, "Which case"),
    FIELD(ticket_questions_args, at, "When it was answered"));
static const struct shape question_row_shape = SHAPE(ticket_question_row,
    FIELD(ticket_question_row, id, "The question"));

const struct query ticket_questions_answer = {
    .name = "ticket_questions_answer",
    .sql = "UPDATE ticket_post SET answered_at = :at WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id"
           "   AND kind = 'question' AND answered_at IS NULL RETURNING id",
    .args = &questions_shape, .row = &question_row_shape,
};

const struct query ticket_posts_open = {
    .name = "ticket_posts_open",
    .sql = "SELECT id FROM ticket_post WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id"
           "   AND kind = 'question' AND answered_at IS NULL AND created_at <= :at",
    .args = &questions_shape, .row = &question_row_shape,
};

static const struct shape posts_move_shape = SHAPE(ticket_posts_move,
    FIELD(ticket_posts_move, tenant_id, "Whose cases"), FIELD(ticket_posts_move, from_id, "Where they stand"),
    FIELD(ticket_posts_move, to_id, "Where they go"), FIELD(ticket_posts_move, post_ids, "Which"));

const struct query ticket_posts_chosen = {
    .name = "ticket_posts_chosen",
    .sql = POST_SELECT " WHERE tenant_id = :tenant_id AND ticket_id = :from_id AND id = ANY (:post_ids)"
                       "   AND kind <> 'automatic' ORDER BY created_at, id",
    .args = &posts_move_shape, .row = &ticket_post_shape,
};

const struct query ticket_posts_move = {
    .name = "ticket_posts_move",
    .sql = "UPDATE ticket_post SET ticket_id = :to_id WHERE tenant_id = :tenant_id AND ticket_id = :from_id"
           "   AND id = ANY (:post_ids)",
    .args = &posts_move_shape,
};

const struct shape ticket_reader_shape = SHAPE(ticket_read_args,
    FIELD(ticket_read_args, tenant_id, "Whose case"),
    FIELD(ticket_read_args, ticket_id, "Which case"),
    FIELD(ticket_read_args, person_id, "Who", .filter = true),
    FIELD(ticket_read_args, person_name, "Who, by name", .required = true),
    FIELD(ticket_read_args, side, "For which side", .of = &post_side_domain, .required = true),
    FIELD(ticket_read_args, at, "Until when this person has read", .sort = true));

const struct query ticket_read_mark = {
    .name = "ticket_read_mark",
    .sql = "INSERT INTO ticket_read AS r VALUES (:tenant_id, :ticket_id, :person_id, :person_name, :side, :at)"
           " ON CONFLICT (tenant_id, ticket_id, person_id) DO UPDATE SET at = greatest(r.at, excluded.at),"
           "    person_name = excluded.person_name",
    .args = &ticket_reader_shape,
};

const struct listing ticket_reader_listing = {
    .name = "ticket_readers",
    .from = "SELECT tenant_id, ticket_id, person_id, person_name, side, at FROM ticket_read WHERE ticket_id = :id",
    .args = &ticket_posts_shape, .row = &ticket_reader_shape, .key = "person_id", .sort = "-at",
};
