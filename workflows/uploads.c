#include "workflows/uploads.h"

#include "core/base/crypto.h"
#include "workflows/attachment_hook.h"
#include "workflows/audit.h"
#include "workflows/file_name.h"
#include "workflows/service.h"
#include "workflows/tickets_parts.h"

enum { OPEN_MAX = 50, ROOM_SPARED = 64 * 1024 * 1024 };

const struct problem upload_too_long = {
    413, "upload-too-long",
    { "The file is longer than announced, or longer than allowed here.",
      "ファイルのサイズが、申告されたサイズまたは上限を超えています。" },
};
const struct problem upload_over_quota = {
    403, "upload-quota",
    { "No more files can be sent today, or too many are under way at once. Please try again later, or ask us.",
      "本日送信できるファイルの上限、または同時に送信できる件数の上限に達しています。時間をおいて再度お試しいただくか、お問い合わせください。" },
};
const struct problem upload_wrong_offset = {
    409, "upload-offset",
    { "The upload stands elsewhere. Ask where, and go on from there.",
      "アップロードの再開位置が一致しません。現在の位置を確認し、そこから再開してください。" },
};
const struct problem upload_bad_checksum = {
    460, "upload-checksum",
    { "What arrived is not what was sent: the checksum differs. Please send this part again.",
      "受信したデータのチェックサムが一致しません。この部分をもう一度送信してください。" },
};
const struct problem upload_expired_before = {
    410, "upload-expired",
    { "The time to go on with this upload is over. Please send the file anew.",
      "このアップロードの再開期限が過ぎています。お手数ですが、最初から送信し直してください。" },
};

static bool
has_room(struct scope *s, int64_t bytes)
{
    int64_t room;
    return blob_store_room(s, s->service->blobs, &room)
        && (room - ROOM_SPARED >= bytes || fail(s, &problem_storage_full, "%lld bytes are free", (long long)room));
}

static bool
is_within_quota(struct scope *s, const struct upload *u)
{
    const struct upload_limits *limits = &s->service->uploads;
    struct upload_usage_ask ask = { .tenant_id = u->tenant_id, .creator_id = u->creator_id, .link_id = u->link_id,
                                    .since = instant_plus(s->now, -DAYS(1)) };
    struct upload_usage usage;
    if (!db_run(s, &upload_usage_lock, &ask, NULL) || !db_one(s, &upload_usage_read, &ask, &usage))
        return false;
    if (usage.open >= OPEN_MAX)
        return fail(s, &upload_over_quota, "%d uploads are under way", OPEN_MAX);
    return usage.bytes <= limits->tenant_bytes - u->length
        || fail(s, &upload_over_quota, "%lld bytes of %lld are taken", (long long)usage.bytes,
                (long long)limits->tenant_bytes);
}

static bool
takes_files(struct scope *s, const struct ticket *t)
{
    return (t->status != TICKET_CLOSED && t->status != TICKET_DECLINED)
        || fail(s, &ticket_cannot, "the case is closed; reopen it first");
}

bool
upload_door_is_open(struct scope *s, struct uuid ticket_id)
{
    struct ticket t;
    return db_one(s, &ticket_by_id, &(struct id_args){ ticket_id }, &t) && takes_files(s, &t);
}

bool
upload_allow(struct scope *s, const struct upload_plan *plan, struct upload *out)
{
    const struct upload_limits *limits = &s->service->uploads;
    bool by_person = uuid_is_none(plan->link_id);
    struct ticket t;
    if (!db_one(s, &ticket_by_id, &(struct id_args){ plan->ticket_id }, &t) || !takes_files(s, &t)
        || (by_person && !ticket_speaks_for_itself(s)))
        return false;
    if (plan->length > limits->file_bytes)
        return fail(s, &upload_too_long, "at most %lld bytes", (long long)limits->file_bytes);
    struct str name = metadata_value(&plan->metadata, "filename");
    struct str type = metadata_value(&plan->metadata, "filetype");
    *out = (struct upload){
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id, .link_id = plan->link_id,
        .creator_id = by_person ? s->who->person_id : (struct uuid){ 0 },
        .creator_name = by_person ? s->who->name : plan->creator_name, .name = file_name_clean(s->arena, name),
        .media_type = type.len && type.len <= 200 ? type : STR_NONE,
        .metadata = metadata_json(s->arena, &plan->metadata), .metadata_sent = plan->metadata_sent,
        .length = plan->length, .state = UPLOAD_RECEIVING, .created_at = s->now, .updated_at = s->now,
        .expires_at = instant_plus(s->now, HOURS(limits->keep_hours)) };
    return is_within_quota(s, out) && has_room(s, plan->length);
}

bool
upload_begin(struct scope *s, const struct upload_plan *plan, struct upload *out)
{
    return upload_allow(s, plan, out) && db_run(s, &upload_insert, out, NULL);
}

bool
upload_of(struct scope *s, struct uuid id, struct uuid link_id, struct upload *out)
{
    if (!db_one(s, &upload_find, &(struct upload_ask){ id, link_id }, out))
        return false;
    return out->state == UPLOAD_COMPLETE || out->expires_at.us > s->now.us
        || fail(s, &upload_expired_before, "it ended at " STR_FMT, STR_ARG(instant_format(s->arena, out->expires_at)));
}

bool
upload_end_early(struct scope *s, struct uuid id, struct uuid link_id)
{
    struct upload u;
    struct partial *p;
    if (!db_one(s, &upload_find, &(struct upload_ask){ id, link_id }, &u)
        || !partial_open(s, s->service->blobs, id, &p))
        return false;
    bool gone = db_run(s, &upload_delete, &(struct id_args){ id }, NULL) && db_commit(s);
    if (gone)
        partial_drop(p);
    partial_close(p);
    return gone;
}

static struct str
hex_hash(struct arena *a, struct blob_id id)
{
    return hex_of(a, (struct bytes){ { (const char *)id.sha256, sizeof id.sha256 } });
}

bool
upload_whole(struct scope *s, struct upload *u, const struct blob_facts *blob)
{
    u->state = UPLOAD_COMPLETE;
    u->length = u->received = blob->bytes;
    u->sha256 = hex_hash(s->arena, blob->id);
    u->completed_at = s->now;
    return attachment_from_upload(s, u, blob, &u->attachment_id) && db_run(s, &upload_insert, u, NULL);
}
