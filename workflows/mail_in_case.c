/* What a mail becomes in a case. */
#include "workflows/mail_in_parts.h"

#include "core/db/blob.h"
#include "core/db/change.h"
#include "workflows/attachment_hook.h"
#include "workflows/audit.h"
#include "workflows/file_name.h"
#include "workflows/mail_words.h"
#include "workflows/service.h"
#include "workflows/tickets.h"
#include "workflows/uploads.h"

enum { BODY_CHARACTERS = 49000, QUIET_CHARACTERS = 4000 };

static struct str
in_markdown(struct scope *s, struct str text, size_t characters)
{
    bool cut;
    struct str body = mail_markdown(s->arena, text, characters, &cut);
    return cut ? str_printf(s->arena, STR_FMT "\n\n…", STR_ARG(body)) : body;
}

/* ---- files ---- */

static bool
write_blob(struct scope *s, struct str data, struct blob_facts *out)
{
    struct blob_writer *w;
    return blob_begin(s, s->service->blobs, &w) && blob_write(s, w, data.at, data.len) && blob_finish(s, w, out);
}

/* The way of every file: quotas, hashes, type by content, custody, the scanner. */
static bool
add_file(struct scope *s, struct uuid ticket_id, const struct mime_file *file, struct uuid *out)
{
    struct upload_plan plan = { .ticket_id = ticket_id, .length = (int64_t)file->data.len };
    struct upload u;
    struct blob_facts blob;
    if (!metadata_add(s, &plan.metadata, STR("filename"), file->name)
        || !metadata_add(s, &plan.metadata, STR("filetype"), file->content_type)
        || !upload_allow(s, &plan, &u) || !write_blob(s, file->data, &blob) || !upload_whole(s, &u, &blob))
        return false;
    *out = u.attachment_id;
    return true;
}

static bool
add_files(struct scope *s, struct uuid ticket_id, const struct mime_letter *letter, struct uuids *out)
{
    *out = (struct uuids){ arena_array_of(s->arena, letter->file_count, struct uuid), letter->file_count };
    for (size_t i = 0; i < letter->file_count; i++)
        if (!add_file(s, ticket_id, &letter->files[i], &out->items[i]))
            return false;
    return true;
}

/* ---- words ---- */

/* Of a mail that is nothing but files: their names. */
static struct str
file_names(struct scope *s, const struct mime_letter *letter)
{
    struct text t = text_new(s->arena, 64 * 1024);
    for (size_t i = 0; i < letter->file_count; i++)
        text_addf(&t, "%s" STR_FMT, i ? "\n" : "", STR_ARG(letter->files[i].name));
    return text_str(&t);
}

bool
mail_in_post(struct scope *s, struct incoming *m)
{
    struct mail_words words = mail_words_of(s->arena, m->letter.text);
    struct ticket_post post;
    struct ticket_say in = { .id = m->ticket_id, .visibility = POST_FOR_CUSTOMER, .by_mail = true };
    struct str said = words.said.len ? words.said : file_names(s, &m->letter);
    in.body = in_markdown(s, said, BODY_CHARACTERS);
    in.folded = words.folded.at ? in_markdown(s, words.folded, BODY_CHARACTERS) : STR_NONE;
    if (!add_files(s, m->ticket_id, &m->letter, &in.attachment_ids) || !ticket_say(s, &in, &post))
        return false;
    m->row.state = ARRIVAL_POSTED;
    m->row.ticket_id = m->ticket_id;
    m->row.post_id = post.id;
    return true;
}

/* Nothing is folded: who forwards what happened says it with the mail below. How grave it is, the service decides. */
bool
mail_in_open(struct scope *s, struct incoming *m, struct uuid category_id)
{
    struct ticket t;
    struct uuids files;
    struct ticket_open in = { .tenant_id = m->sender.tenant_id, .category_id = category_id, .severity = SEVERITY_C,
                              .by_mail = true };
    in.subject = m->letter.subject.len ? m->letter.subject
               : m->sender.language == LANGUAGE_EN ? STR("(no subject)") : STR("（件名なし）");
    in.description = in_markdown(s, m->letter.text.len ? m->letter.text : file_names(s, &m->letter), BODY_CHARACTERS);
    if (!ticket_open(s, &in, &t) || !add_files(s, t.id, &m->letter, &files))
        return false;
    m->ticket_id = m->row.ticket_id = t.id;
    m->row.state = ARRIVAL_OPENED;
    return true;
}

/* ---- what a program said ---- */

bool
mail_in_note(struct scope *s, struct incoming *m)
{
    struct mail_words words = mail_words_of(s->arena, m->letter.text);
    struct str said = words.said.len ? words.said : m->letter.subject.len ? m->letter.subject : STR("…");
    struct ticket_post post = {
        .id = uuid_new(s->now), .tenant_id = m->sender.tenant_id, .ticket_id = m->ticket_id,
        .visibility = POST_FOR_CUSTOMER, .kind = POST_AUTOMATIC, .author_id = m->sender.person_id,
        .author_name = m->sender.name, .author_side = SIDE_CUSTOMER, .created_at = s->now, .by_mail = true,
    };
    post.body = in_markdown(s, said, QUIET_CHARACTERS);
    post.folded = words.folded.at ? in_markdown(s, words.folded, BODY_CHARACTERS) : STR_NONE;
    m->row.state = ARRIVAL_QUIET;
    m->row.ticket_id = m->ticket_id;
    m->row.post_id = post.id;
    return db_run(s, &ticket_post_insert, &post, NULL)
        && audit_record(s, &(struct deed){ .tenant_id = post.tenant_id, .action = "ticket.heard-program",
                                           .noun = "ticket", .object_id = m->ticket_id });
}

/* The provider's own, as internal notes are: headers of a mail tell more than the customer's colleagues need. */
bool
mail_in_keep(struct scope *s, struct incoming *m)
{
    struct str called = m->letter.subject.len ? m->letter.subject : STR("mail");
    struct upload u = {
        .tenant_id = m->row.tenant_id, .ticket_id = m->ticket_id, .creator_name = m->service.name,
        .name = file_name_clean(s->arena, str_printf(s->arena, STR_FMT ".eml", STR_ARG(called))),
        .metadata = { STR("{\"visibility\":\"internal\"}") }, .quiet = true,
    };
    struct blob_facts blob;
    return write_blob(s, m->raw, &blob) && attachment_from_upload(s, &u, &blob, &m->row.attachment_id);
}
