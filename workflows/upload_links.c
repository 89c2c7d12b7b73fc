#include "workflows/upload_links.h"

#include "core/base/crypto.h"
#include "core/db/db.h"
#include "workflows/audit.h"
#include "workflows/service.h"
#include "workflows/tickets_parts.h"
#include "workflows/totp.h"

enum { TOKEN_BYTES = 32 };

const struct problem upload_link_dead = {
    410, "upload-link-dead",
    { "This upload link can no longer be used. Please ask the engineer for a new one.",
      "このアップロード用リンクは使用できません。担当エンジニアに新しいリンクをご依頼ください。" },
};
const struct problem upload_link_full = {
    409, "upload-link-full",
    { "Nothing more can be sent by this link: the number or the size of files that it takes is used up.",
      "このリンクで送信できるファイル数または合計サイズの上限に達しています。" },
};
const struct problem upload_link_wants_sign_in = {
    401, "upload-link-sign-in",
    { "This link is for people of the customer. Please sign in first.",
      "このリンクのご利用にはログインが必要です。" },
};

const struct shape upload_link_make_shape = SHAPE(upload_link_make,
    FIELD(upload_link_make, id, "Which case", .read_only = true),
    FIELD(upload_link_make, note, "What is asked for; the visitor reads it", .max = 500),
    FIELD(upload_link_make, needs_sign_in, "Only for people of the customer who are signed in"),
    FIELD(upload_link_make, max_files, "At most so many files", .min = 1, .max = LINK_FILES_MAX),
    FIELD(upload_link_make, max_bytes, "At most so many bytes, all together", .min = 1, .max = (int64_t)1 << 40),
    FIELD(upload_link_make, valid_hours, "For so many hours", .min = 1, .max = LINK_HOURS_MAX));

static bool
record(struct scope *s, const char *action, const struct upload_link *l)
{
    return audit_record(s, &(struct deed){ .tenant_id = l->tenant_id, .action = action, .noun = "upload_link",
                                           .object_id = l->id, .object_name = l->note });
}

static bool
is_ours(struct scope *s)
{
    return ticket_side(s) == SIDE_PROVIDER || fail(s, &ticket_cannot, "upload links are the provider's");
}

bool
upload_link_make(struct scope *s, const struct upload_link_make *in, struct upload_link *out)
{
    struct ticket t;
    if (!ticket_speaks_for_itself(s) || !ticket_hold(s, in->id, &t) || !is_ours(s))
        return false;
    if (t.status == TICKET_CLOSED || t.status == TICKET_DECLINED)
        return fail(s, &ticket_cannot, "the case is closed; reopen it first");
    struct str token = random_token(s->arena, TOKEN_BYTES);
    struct upload_link row = {
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id, .token_hash = sha256_of(s->arena, token),
        .note = in->note, .needs_sign_in = in->needs_sign_in, .max_files = in->max_files, .max_bytes = in->max_bytes,
        .expires_at = instant_plus(s->now, HOURS(in->valid_hours)), .created_by_id = s->who->person_id,
        .created_by_name = s->who->name, .created_at = s->now,
    };
    if (!db_run(s, &upload_link_insert, &row, NULL) || !record(s, "upload_link.made", &row)
        || !db_one(s, &upload_link_by_id, &(struct id_args){ row.id }, out))
        return false;
    out->url = str_printf(s->arena, STR_FMT "/upload/" STR_FMT, STR_ARG(s->service->public_url), STR_ARG(token));
    return totp_qr_svg(s, out->url, &out->qr_svg);
}

bool
upload_link_end(struct scope *s, struct uuid id, struct upload_link *out)
{
    struct upload_link_mark mark = { .id = id, .by_name = s->who->name, .at = s->now };
    struct id_args ended;
    bool found;
    if (!ticket_speaks_for_itself(s) || !db_one(s, &upload_link_by_id, &(struct id_args){ id }, out) || !is_ours(s)
        || !db_maybe(s, &upload_link_revoke, &mark, &ended, &found))
        return false;
    if (!found)
        return fail(s, &problem_conflict, "it was revoked before");
    return record(s, "upload_link.revoked", out) && db_one(s, &upload_link_by_id, &(struct id_args){ id }, out);
}

/* ---- visitors ---- */

static bool
admits(struct scope *s, const struct upload_visit *v)
{
    if (v->revoked || v->over || v->expires_at.us <= s->now.us)
        return fail(s, &upload_link_dead, "%s", v->revoked ? "revoked" : v->over ? "the case is closed" : "expired");
    if (!v->needs_sign_in)
        return true;
    if (!s->who || s->who->stage != STAGE_COMPLETE)
        return fail(s, &upload_link_wants_sign_in, "not signed in");
    return principal_sees(s->who, v->tenant_id) || fail(s, &problem_forbidden, "for people of the customer");
}

bool
upload_link_enter(struct scope *s, struct str token, struct upload_visit *out)
{
    struct upload_visit_args ask = { sha256_of(s->arena, token) };
    bool found;
    if (!db_maybe(s, &upload_visit_open, &ask, out, &found))
        return false;
    if (!found)
        return fail(s, &upload_link_dead, "there is no such link");
    struct upload_link_mark mark = { .id = out->id, .at = s->now };
    out->hub_name = s->service->hub_name;
    out->file_bytes_max = s->service->uploads.file_bytes;
    return admits(s, out) && db_set_tenants(s, (struct uuids){ &out->tenant_id, 1 })
        && db_run(s, &upload_link_note_open, &mark, NULL);
}

bool
upload_link_has_room(struct scope *s, const struct upload_visit *v, int64_t length)
{
    struct upload_link_load under_way;
    if (!db_one(s, &upload_link_under_way, &(struct id_args){ v->id }, &under_way))
        return false;
    return (v->files + under_way.files < v->max_files && v->bytes + under_way.bytes <= v->max_bytes - length)
        || fail(s, &upload_link_full, "%lld of %lld files, %lld of %lld bytes", (long long)v->files,
                (long long)v->max_files, (long long)v->bytes, (long long)v->max_bytes);
}

bool
upload_link_count(struct scope *s, const struct upload *u)
{
    struct upload_link_mark mark = { .id = u->link_id, .bytes = u->length, .at = s->now };
    struct id_args counted;
    bool found;
    if (uuid_is_none(u->link_id))
        return true;
    return db_maybe(s, &upload_link_add_file, &mark, &counted, &found)
        && (found || fail(s, &upload_link_full, "at its end the link took no more"));
}
