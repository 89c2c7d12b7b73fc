#include "workflows/attachments.h"

#include "core/db/change.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/file_name.h"
#include "workflows/tickets_parts.h"

const struct problem attachment_gone = {
    410, "attachment-gone",
    { "The content of this file was removed; only its record is left.",
      "このファイルの内容は削除されており、記録のみが残っています。" },
};
const struct problem attachment_is_sample = {
    409, "attachment-is-sample",
    { "This file is flagged as malicious and can only be fetched as an encrypted archive.",
      "このファイルは不正なファイルとして扱われているため、暗号化アーカイブでのみ取得できます。" },
};

const struct shape attachment_reason_shape = SHAPE(attachment_verb,
    FIELD(attachment_verb, id, "Which file", .read_only = true),
    FIELD(attachment_verb, reason, "Why", .max = 1000, .required = true));

const struct shape attachment_naming_shape = SHAPE(attachment_naming,
    FIELD(attachment_naming, id, "Which file", .read_only = true),
    FIELD(attachment_naming, name, "What it is called from now on", .max = 200, .required = true));

/* ---- what is written down ---- */

static enum attachment_side
side_of(const struct scope *s, const struct attachment *a, enum custody_event event)
{
    if (event == CUSTODY_RECEIVED)
        return a->uploaded_by_side;
    if (s->who && s->who->kind == PRINCIPAL_SYSTEM)
        return ATTACHMENT_BY_SERVICE;
    if (!s->who)
        return uuid_is_none(a->link_id) ? ATTACHMENT_BY_SERVICE : ATTACHMENT_BY_LINK;
    return s->who->side == SIDE_PROVIDER ? ATTACHMENT_BY_PROVIDER : ATTACHMENT_BY_CUSTOMER;
}

bool
attachment_note(struct scope *s, const struct attachment *a, enum custody_event event, struct str detail)
{
    enum attachment_side side = side_of(s, a, event);
    bool person = s->who && s->who->kind != PRINCIPAL_SYSTEM; /* by a link, too, when somebody is signed in */
    struct custody row = {
        .id = uuid_new(s->now), .tenant_id = a->tenant_id, .attachment_id = a->id, .event = event, .at = s->now,
        .actor_id = person ? s->who->person_id : (struct uuid){ { 0 } }, .actor_name = person ? s->who->name : STR_NONE,
        .actor_side = side, .link_id = side == ATTACHMENT_BY_LINK ? a->link_id : (struct uuid){ { 0 } },
        .address = s->address, .detail = detail,
    };
    return db_run(s, &custody_insert, &row, NULL);
}

/* That there is an internal file is the provider's own affair, as with internal notes. */
bool
attachment_record(struct scope *s, const struct attachment *a, const char *action, struct json change)
{
    if (a->internal)
        return audit_record(s, &(struct deed){ .tenant_id = provider_tenant_id, .action = action,
                                               .noun = "attachment", .object_id = a->id, .quiet = true })
            && change_record(s, a->tenant_id, "ticket_note", a->ticket_id, "attached");
    return audit_record(s, &(struct deed){ .tenant_id = a->tenant_id, .action = action, .noun = "attachment",
                                           .object_id = a->id, .object_name = a->name, .change = change,
                                           .actor_name = s->who ? STR_NONE : STR("upload link") });
}

/* ---- verbs ---- */

static bool
hold(struct scope *s, struct uuid id, const char *verb, struct attachment *a)
{
    if (!ticket_speaks_for_itself(s) || !db_one(s, &attachment_lock, &(struct id_args){ id }, a))
        return false;
    if (a->removed_at.us)
        return fail(s, &attachment_gone, "removed");
    for (size_t i = 0; i < a->can.count; i++)
        if (str_is(a->can.items[i], verb))
            return true;
    bool stands_so = strcmp(verb, "flag") == 0 ? a->malicious : strcmp(verb, "unflag") == 0 ? !a->malicious
                   : strcmp(verb, "publish") == 0 && !a->internal;
    return fail(s, stands_so ? &problem_conflict : &ticket_cannot, "this file cannot be taken to: %s", verb);
}

static const struct shape logged = SHAPE(attachment,
    FIELD(attachment, name, ""),
    FIELD(attachment, malicious, ""), FIELD(attachment, malicious_reason, ""), FIELD(attachment, internal, ""),
    FIELD(attachment, removed_reason, ""));

static bool
keep(struct scope *s, const char *action, const struct attachment *before, struct attachment *a)
{
    a->updated_at = s->now;
    return db_run(s, &attachment_save, a, NULL)
        && attachment_record(s, a, action, shape_difference(s->arena, &logged, before, a))
        && db_one(s, &attachment_by_id, &(struct id_args){ a->id }, a);
}

bool
attachment_turns_sample(struct scope *s, struct attachment *a, struct str reason)
{
    a->malicious = true;
    a->malicious_reason = reason;
    return attachment_note(s, a, CUSTODY_FLAGGED, reason)
        && attachment_seal_later(s, a);
}

bool
attachment_flag(struct scope *s, const struct attachment_verb *in, struct attachment *out)
{
    if (!hold(s, in->id, "flag", out))
        return false;
    struct attachment before = *out;
    return attachment_turns_sample(s, out, in->reason) && keep(s, "attachment.flagged", &before, out);
}

/* It stays sealed: what was under suspicion once is not written to the disk in plain again. */
bool
attachment_unflag(struct scope *s, const struct attachment_verb *in, struct attachment *out)
{
    if (!hold(s, in->id, "unflag", out))
        return false;
    struct attachment before = *out;
    out->malicious = false;
    out->malicious_reason = STR_NONE;
    return attachment_note(s, out, CUSTODY_UNFLAGGED, in->reason) && keep(s, "attachment.unflagged", &before, out);
}

bool
attachment_remove(struct scope *s, const struct attachment_verb *in, struct attachment *out)
{
    if (!hold(s, in->id, "remove", out))
        return false;
    struct attachment before = *out;
    out->removed_at = s->now;
    out->removed_by_name = s->who->name;
    out->removed_reason = in->reason;
    return attachment_note(s, out, CUSTODY_REMOVED, in->reason)
        && attachment_sweep_later(s, out)
        && keep(s, "attachment.removed", &before, out);
}

static bool
find_words(struct scope *s, const struct attachment *a)
{
    struct ticket_words_args words = { a->tenant_id, a->ticket_id, a->name, a->internal };
    return db_run(s, &ticket_add_words, &words, NULL);
}

static bool
publish(struct scope *s, struct attachment *a)
{
    struct attachment before = *a;
    a->internal = false;
    return attachment_note(s, a, CUSTODY_PUBLISHED, STR_NONE) && find_words(s, a)
        && keep(s, "attachment.published", &before, a);
}

bool
attachment_publish(struct scope *s, struct uuid id, struct attachment *out)
{
    return hold(s, id, "publish", out) && publish(s, out);
}

/* The old name is found as before: people remember it. */
bool
attachment_rename(struct scope *s, const struct attachment_naming *in, struct attachment *out)
{
    if (!hold(s, in->id, "rename", out))
        return false;
    struct attachment before = *out;
    out->name = file_name_clean(s->arena, in->name);
    if (str_eq(out->name, before.name))
        return true;
    struct str turned = str_printf(s->arena, STR_FMT " → " STR_FMT, STR_ARG(before.name), STR_ARG(out->name));
    return attachment_note(s, out, CUSTODY_RENAMED, turned) && find_words(s, out)
        && keep(s, "attachment.renamed", &before, out);
}

/* ---- with a message ---- */

static bool
join(struct scope *s, const struct ticket_post *post, struct uuid id)
{
    struct attachment a;
    bool found, internal = post->visibility == POST_INTERNAL;
    if (!db_maybe(s, &attachment_lock, &(struct id_args){ id }, &a, &found))
        return false;
    bool own = found && uuid_eq(a.ticket_id, post->ticket_id) && uuid_eq(a.uploaded_by_id, s->who->person_id)
            && uuid_is_none(a.post_id) && !a.removed_at.us;
    if (!own)
        return fail_field(s, "/attachment_ids", FAULT_NOT_FOUND, NULL);
    a.post_id = post->id;
    a.updated_at = s->now;
    if (a.internal && !internal)
        return publish(s, &a);
    a.internal = internal;
    return db_run(s, &attachment_save, &a, NULL);
}

bool
attachments_join_post(struct scope *s, const struct ticket_post *post, struct uuids ids)
{
    for (size_t i = 0; i < ids.count; i++)
        if (!join(s, post, ids.items[i]))
            return false;
    return true;
}
