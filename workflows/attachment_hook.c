/* A file has come whole: its row, its custody, and what follows from what it is. */
#include "workflows/attachment_hook.h"

#include "core/base/crypto.h"
#include "model/ticket.h"
#include "workflows/attachments.h"
#include "workflows/file_look.h"
#include "workflows/notices.h"
#include "workflows/service.h"
#include "workflows/upload_links.h"

struct said { /* of the metadata: what counts here */
    struct str visibility, sample;
};
static const struct shape said_shape = SHAPE(said,
    FIELD(said, visibility, "internal: for the provider alone"), FIELD(said, sample, "true: held to be malicious"));

static struct str
hex(struct scope *s, const uint8_t *bytes, size_t count)
{
    return hex_of(s->arena, (struct bytes){ { (const char *)bytes, count } });
}

/* Nobody throws the content away from here on; and it is truly there. */
static bool
hold_content(struct scope *s, const struct attachment *a, struct str *head)
{
    struct attachment_same_row held;
    struct blob_reader *r;
    size_t got = 1;
    if (!db_one(s, &content_hold, &(struct content_args){ a->sha256 }, &held) || !attachment_open(s, a, &r))
        return false;
    char *bytes = arena_alloc(s->arena, LOOK_HEAD_BYTES);
    for (*head = (struct str){ bytes, 0 }; head->len < LOOK_HEAD_BYTES && got > 0; head->len += got)
        if (!blob_read(s, r, bytes + head->len, LOOK_HEAD_BYTES - head->len, &got))
            return false;
    return true;
}

static bool
judge(struct scope *s, struct attachment *a, const struct said *said)
{
    struct attachment_same_row same;
    if (!db_one(s, &attachment_same, &(struct attachment_same_args){ a->tenant_id, a->id, a->sha256 }, &same))
        return false;
    bool declared = str_is(said->sample, "true");
    if (declared || same.known_malicious)
        return attachment_turns_sample(s, a, declared ? STR("declared_by_sender") : STR("known_content"));
    if (!s->service->clamd.at)
        return true;
    a->scan_state = SCAN_WAITING;
    return attachment_scan_later(s, a);
}

/* Who gave the link waits for what comes by it, in charge of the case or not. */
static bool
add_link_maker(struct scope *s, const struct attachment *a, struct uuids *to)
{
    struct upload_link link;
    if (uuid_is_none(a->link_id))
        return true;
    if (!db_one(s, &upload_link_by_id, &(struct id_args){ a->link_id }, &link))
        return false;
    struct uuid *all = arena_array_of(s->arena, to->count + 1, struct uuid);
    size_t count = 0;
    for (size_t i = 0; i < to->count; i++)
        if (!uuid_eq(to->items[i], link.created_by_id))
            all[count++] = to->items[i];
    all[count++] = link.created_by_id;
    *to = (struct uuids){ all, count };
    return true;
}

static bool
tell(struct scope *s, const struct attachment *a)
{
    struct ticket t;
    if (!db_one(s, &ticket_by_id, &(struct id_args){ a->ticket_id }, &t))
        return false;
    struct notice n = notice_of_ticket(s, &t, a->uploaded_by_side == ATTACHMENT_BY_LINK ? NOTICE_UPLOAD
                                                                                         : NOTICE_ATTACHMENT);
    n.internal = a->internal;
    n.detail = a->name;
    n.who = a->uploaded_by_name;
    enum principal_side to = a->internal || a->uploaded_by_side != ATTACHMENT_BY_PROVIDER ? SIDE_PROVIDER : SIDE_NONE;
    return notice_people_of(s, &t, to, &n.to) && add_link_maker(s, a, &n.to) && notice_tell(s, &n, NULL);
}

static struct attachment
row_of(struct scope *s, const struct upload *u, const struct blob_facts *blob, const struct said *said)
{
    bool by_link = !uuid_is_none(u->link_id);
    bool provider = !by_link && s->who && s->who->side == SIDE_PROVIDER;
    return (struct attachment){
        .id = uuid_new(s->now), .tenant_id = u->tenant_id, .ticket_id = u->ticket_id, .name = u->name,
        .size = blob->bytes, .sha256 = hex(s, blob->digests.sha256, sizeof blob->digests.sha256),
        .sha1 = hex(s, blob->digests.sha1, sizeof blob->digests.sha1),
        .md5 = hex(s, blob->digests.md5, sizeof blob->digests.md5),
        .internal = provider && str_is(said->visibility, "internal"), .scan_state = SCAN_NOT_SCANNED,
        .uploaded_by_id = u->creator_id, .uploaded_by_name = u->creator_name, .link_id = u->link_id,
        .uploaded_by_side = by_link ? ATTACHMENT_BY_LINK : provider ? ATTACHMENT_BY_PROVIDER : ATTACHMENT_BY_CUSTOMER,
        .created_at = s->now, .updated_at = s->now,
    };
}

static struct json
facts(struct scope *s, const struct attachment *a)
{
    return (struct json){ str_printf(s->arena, "{\"sha256\":[null,\"" STR_FMT "\"],\"size\":[null,%lld]}",
                                     STR_ARG(a->sha256), (long long)a->size) };
}

/* The row comes before its custody, and its judgement before the row: so the flag is noted last. */
static bool
keep_row(struct scope *s, struct attachment *a, const struct said *said)
{
    struct ticket_words_args words = { a->tenant_id, a->ticket_id, a->name, a->internal };
    return db_run(s, &attachment_insert, a, NULL)
        && attachment_note(s, a, CUSTODY_RECEIVED, STR_NONE)
        && judge(s, a, said)
        && db_run(s, &attachment_save, a, NULL)
        && db_run(s, &ticket_add_words, &words, NULL);
}

bool
attachment_from_upload(struct scope *s, const struct upload *u, const struct blob_facts *blob,
                       struct uuid *attachment_id)
{
    struct said said = { 0 };
    struct str head;
    if (u->metadata.raw.at && !shape_read_stored(s, &said_shape, u->metadata.raw, &said))
        return false;
    struct attachment a = row_of(s, u, blob, &said);
    *attachment_id = a.id;
    return hold_content(s, &a, &head)
        && file_type_of(s, head, &a.media_type)
        && upload_link_count(s, u)
        && keep_row(s, &a, &said)
        && attachment_record(s, &a, "attachment.received", facts(s, &a))
        && (u->quiet || tell(s, &a));
}
