#include "workflows/ticket_chatter.h"

#include "core/db/change.h"
#include "model/tenant.h"
#include "model/ticket_work.h"
#include "workflows/audit.h"
#include "workflows/notices.h"
#include "workflows/tickets_parts.h"

enum { EDIT_MINUTES = 15, WRITING_S = 8 };

const struct problem post_too_late = {
    409, "edit-too-late",
    { "A message can be corrected for 15 minutes. Please write another one.",
      "メッセージを修正できるのは送信から15分以内です。新しいメッセージでお知らせください。" } };

const struct shape ticket_post_edit_shape = SHAPE(ticket_post_edit,
    FIELD(ticket_post_edit, id, "Which message", .read_only = true),
    FIELD(ticket_post_edit, version, "What the change is based on", .read_only = true),
    FIELD(ticket_post_edit, body, "The text, in Markdown", .max = 50000, .required = true, .format = FORMAT_MARKDOWN));

const struct shape ticket_post_reveal_shape = SHAPE(ticket_post_reveal,
    FIELD(ticket_post_reveal, id, "Which note", .read_only = true),
    FIELD(ticket_post_reveal, body, "What the customer shall read; the words of the note when absent", .max = 50000,
          .format = FORMAT_MARKDOWN));

const struct shape ticket_writing_shape = SHAPE(ticket_writing,
    FIELD(ticket_writing, id, "Which case", .read_only = true),
    FIELD(ticket_writing, internal, "An internal note: only engineers hear of it"));

/* ---- corrections ---- */

static bool
may_edit(struct scope *s, const struct ticket_post *post, const struct ticket *t)
{
    bool over = t->status == TICKET_CLOSED || t->status == TICKET_DECLINED;
    if (!uuid_eq(post->author_id, s->who->person_id) || post->kind == POST_AUTOMATIC)
        return fail(s, &problem_forbidden, "a message is corrected by whoever wrote it");
    if (over && post->visibility == POST_FOR_CUSTOMER)
        return fail(s, &ticket_cannot, "the case is closed; reopen it first");
    return ticket_side(s) == SIDE_PROVIDER || s->now.us <= post->created_at.us + MINUTES(EDIT_MINUTES)
        || fail(s, &post_too_late, "written more than %d minutes ago", EDIT_MINUTES);
}

/* A line in the log that names a note names it in the provider's log, and the case not at all. */
static bool
record(struct scope *s, const char *action, const struct ticket *t, const struct ticket_post *post)
{
    if (post->visibility == POST_INTERNAL)
        return audit_record(s, &(struct deed){ .tenant_id = provider_tenant_id, .action = action,
                                               .noun = "ticket_post", .object_id = post->id, .quiet = true })
            && change_record(s, t->tenant_id, "ticket_note", t->id, "edited");
    return audit_record(s, &(struct deed){ .tenant_id = t->tenant_id, .action = action, .noun = "ticket",
                                           .object_id = t->id, .object_name = t->reference });
}

static bool
write_edit(struct scope *s, const struct ticket_post *post, struct str body)
{
    struct ticket_post_edit_row before = { post->tenant_id, post->id, s->now, s->who->name, post->body };
    struct ticket_post_change change = { .tenant_id = post->tenant_id, .id = post->id, .version = post->version,
                                         .body = body, .at = s->now };
    struct id_args changed;
    return db_update(s, &ticket_post_change, &change, &changed, &ticket_post_by_id, post->id)
        && db_run(s, &ticket_post_edit_insert, &before, NULL)
        && db_run(s, &ticket_recount, &(struct ticket_ref){ post->tenant_id, post->ticket_id }, NULL);
}

bool
ticket_post_edit(struct scope *s, const struct ticket_post_edit *in, struct ticket_post *out)
{
    struct ticket_post post;
    struct ticket t;
    if (!ticket_speaks_for_itself(s) || !db_one(s, &ticket_post_by_id, &(struct id_args){ in->id }, &post)
        || !ticket_hold(s, post.ticket_id, &t) || !may_edit(s, &post, &t))
        return false;
    if (post.version != in->version)
        return fail(s, &problem_stale, "version %lld is newer", (long long)post.version);
    if (str_eq(post.body, in->body)) {
        *out = post;
        return true;
    }
    return write_edit(s, &post, in->body)
        && record(s, "ticket.post-edited", &t, &post)
        && db_one(s, &ticket_post_by_id, &(struct id_args){ post.id }, out);
}

/* ---- a note becomes a message ---- */

bool
ticket_post_reveal(struct scope *s, const struct ticket_post_reveal *in, struct ticket_post *out)
{
    struct ticket_post note;
    struct ticket t;
    struct id_args marked;
    bool found;
    if (!ticket_speaks_for_itself(s) || !db_one(s, &ticket_post_by_id, &(struct id_args){ in->id }, &note)
        || !ticket_hold(s, note.ticket_id, &t))
        return false;
    if (ticket_side(s) != SIDE_PROVIDER || note.visibility != POST_INTERNAL || note.kind == POST_AUTOMATIC)
        return fail(s, &ticket_cannot, "only a note of an engineer can be made visible");
    struct ticket_say said = { .id = note.ticket_id, .body = in->body.len ? in->body : note.body,
                               .visibility = POST_FOR_CUSTOMER };
    if (!ticket_say(s, &said, out))
        return false;
    struct ticket_post_change mark = { .tenant_id = note.tenant_id, .id = note.id, .revealed_as_id = out->id };
    if (!db_maybe(s, &ticket_post_mark_revealed, &mark, &marked, &found))
        return false;
    return (found || fail(s, &ticket_cannot, "this note was made visible already"))
        && record(s, "ticket.note-revealed", &t, &note);
}

/* ---- who is named ---- */

static bool
was_told(const struct rows *told, struct uuid person)
{
    for (size_t i = 0; i < told->count; i++)
        if (uuid_eq(((const struct mention_row *)told->items)[i].person_id, person))
            return true;
    return false;
}

bool
ticket_mention(struct scope *s, const struct ticket *t, const struct ticket_post *post, struct uuids people)
{
    struct rows told;
    struct mention_args args = { t->tenant_id, t->id, post->id, people, post->visibility == POST_INTERNAL, s->now };
    if (people.count == 0)
        return true;
    if (!db_list(s, &ticket_mention_insert, &args, &told))
        return false;
    for (size_t i = 0; i < people.count; i++)
        if (!was_told(&told, people.items[i]))
            return fail_field(s, "/mentions", FAULT_NOT_FOUND, NULL);
    struct notice n = notice_of_ticket(s, t, NOTICE_MENTION);
    n.to = people;
    n.internal = args.internal;
    n.body = post->body;
    return notice_tell(s, &n, NULL);
}

/* ---- who is writing ---- */

bool
ticket_tell_writing(struct scope *s, const struct ticket_writing *in)
{
    struct ticket t;
    struct ticket_writer_begun begun;
    if (!ticket_speaks_for_itself(s) || !db_one(s, &ticket_by_id, &(struct id_args){ in->id }, &t))
        return false;
    if (in->internal && ticket_side(s) != SIDE_PROVIDER)
        return fail_field(s, "/internal", FAULT_NOT_ALLOWED, NULL);
    struct ticket_writer writer = {
        .tenant_id = t.tenant_id, .id = uuid_new(s->now), .ticket_id = t.id, .person_id = s->who->person_id,
        .person_name = s->who->name, .side = ticket_side(s), .internal = in->internal,
        .until_at = instant_plus(s->now, SECONDS(WRITING_S)) };
    return db_one(s, &ticket_writer_tell, &writer, &begun)
        && (!begun.news
            || change_record(s, t.tenant_id, in->internal ? "ticket_note_writer" : "ticket_writer", t.id, "writing"));
}
