/* What follows on a file, outside of anybody's call: sealing, scanning, throwing away. */
#include "core/net/clamd.h"
#include "workflows/attachments.h"
#include "workflows/service.h"

enum { PIECE_BYTES = 256 * 1024, ASKED_AGAIN = 5 };

/* ---- sealing: the encrypted copy first, then the row that says so, and the plain content last ---- */

struct seal {
    struct uuid id;
    /* From `run` to `act` to `finish`; not part of the row. */
    struct attachment attachment;
    bool meant;
};
static const struct shape seal_shape = SHAPE(seal, FIELD(seal, id, "Which file"));

static bool
seal_look(struct scope *s, void *args)
{
    struct seal *g = args;
    bool found;
    if (!db_maybe(s, &attachment_for_work, &(struct id_args){ g->id }, &g->attachment, &found))
        return false;
    g->meant = found && g->attachment.malicious && !g->attachment.sealed && !g->attachment.removed_at.us;
    return true;
}

static bool
seal_act(struct scope *s, void *args)
{
    struct seal *g = args;
    struct blob_id id;
    return !g->meant
        || (attachment_blob(s, &g->attachment, &id) && blob_seal(s, s->service->blobs, &s->service->key, id));
}

bool
attachment_seal_later(struct scope *s, const struct attachment *a)
{
    return job_add(s, &attachment_seal_job, a->tenant_id, &(struct seal){ .id = a->id }, s->now, STR_NONE);
}

bool
attachment_sweep_later(struct scope *s, const struct attachment *a)
{
    return job_add(s, &attachment_sweep_job, a->tenant_id, &(struct content_args){ a->sha256 }, s->now, STR_NONE);
}

static bool
seal_finish(struct scope *s, void *args, bool acted)
{
    struct seal *g = args;
    struct attachment a;
    struct attachment_same_row held;
    struct blob_reader *copy;
    struct blob_id id;
    if (!g->meant || !acted)
        return true;
    if (!db_one(s, &content_hold, &(struct content_args){ g->attachment.sha256 }, &held)
        || !db_one(s, &attachment_for_work, &(struct id_args){ g->id }, &a) || !attachment_blob(s, &a, &id))
        return false;
    if (!a.malicious || a.removed_at.us)
        return true;
    if (!blob_open_sealed(s, s->service->blobs, &s->service->key, id, &copy))
        return false; /* somebody threw it away meanwhile: once more */
    a.sealed = true;
    a.updated_at = s->now;
    return db_run(s, &attachment_save, &a, NULL)
        && attachment_note(s, &a, CUSTODY_SEALED, STR_NONE)
        && attachment_record(s, &a, "attachment.sealed", (struct json){ STR_NONE })
        && attachment_sweep_later(s, &a);
}

const struct job_kind attachment_seal_job = {
    .name = "attachment_seal", .prose = "Encrypts the content of a sample", .args = &seal_shape,
    .run = seal_look, .act = seal_act, .finish = seal_finish, .parallel_max = 1,
};

/* ---- throwing away: when no row of any customer needs the content ---- */

static bool
sweep(struct scope *s, void *args)
{
    const struct content_args *which = args;
    struct attachment a = { .sha256 = which->sha256 };
    struct attachment_same_row held;
    struct content_row users;
    struct blob_id id;
    if (!attachment_blob(s, &a, &id) || !job_see_every_tenant(s) || !db_one(s, &content_hold, which, &held)
        || !db_one(s, &content_users, which, &users))
        return false;
    return (users.plain > 0 || blob_remove(s, s->service->blobs, id))
        && (users.sealed > 0 || blob_remove_sealed(s, s->service->blobs, id));
}

static const struct shape sweep_shape = SHAPE(content_args, FIELD(content_args, sha256, "Which content"));

const struct job_kind attachment_sweep_job = {
    .name = "attachment_sweep", .prose = "Throws content away that no file needs any more", .args = &sweep_shape,
    .run = sweep,
};

/* ---- scanning ---- */

struct scan {
    struct uuid id;
    int64_t tries;
    struct attachment attachment;
    bool meant;
    enum clamd_verdict verdict;
    struct str name, trouble;
};
static const struct shape scan_shape = SHAPE(scan,
    FIELD(scan, id, "Which file"), FIELD(scan, tries, "How often the scanner was asked before"));

static bool
scan_look(struct scope *s, void *args)
{
    struct scan *c = args;
    bool found;
    if (!db_maybe(s, &attachment_for_work, &(struct id_args){ c->id }, &c->attachment, &found))
        return false;
    c->meant = found && c->attachment.scan_state == SCAN_WAITING && !c->attachment.removed_at.us;
    return true;
}

static bool
show_all(struct scope *s, const struct attachment *a, struct clamd_talk *talk)
{
    char *piece = arena_alloc(s->arena, PIECE_BYTES);
    struct blob_reader *r;
    size_t got = 1;
    if (!attachment_open(s, a, &r))
        return false;
    while (got > 0)
        if (!blob_read(s, r, piece, PIECE_BYTES, &got) || !clamd_send(s, talk, piece, got))
            return false;
    return true;
}

/* Always succeeds: `finish` writes what came of it, also when nothing came of it. */
static bool
scan_act(struct scope *s, void *args)
{
    struct scan *c = args;
    struct clamd_talk *talk;
    if (!c->meant || !s->service->clamd.at)
        return true;
    if (clamd_begin(s, s->service->clamd, &talk) && show_all(s, &c->attachment, talk)
        && clamd_end(s, talk, &c->verdict, &c->name))
        return true;
    c->trouble = s->failure.detail.at ? str_copy(s->arena, s->failure.detail) : STR("it could not be asked");
    scope_forgive(s);
    return true;
}

bool
attachment_scan_later(struct scope *s, const struct attachment *a)
{
    return job_add(s, &attachment_scan_job, a->tenant_id, &(struct scan){ .id = a->id }, s->now, STR_NONE);
}

static bool
ask_again(struct scope *s, const struct scan *c)
{
    const struct scan next = { .id = c->id, .tries = c->tries + 1 };
    return job_add(s, &attachment_scan_job, c->attachment.tenant_id, &next,
                   instant_plus(s->now, SECONDS(30) << c->tries), STR_NONE);
}

static bool
scan_finish(struct scope *s, void *args, bool acted)
{
    struct scan *c = args;
    struct attachment a;
    if (!c->meant || !acted)
        return true;
    if (c->trouble.at && c->tries + 1 < ASKED_AGAIN)
        return ask_again(s, c);
    if (!db_one(s, &attachment_for_work, &(struct id_args){ c->id }, &a))
        return false;
    a.scan_state = c->verdict == CLAMD_CLEAN ? SCAN_CLEAN : c->verdict == CLAMD_FOUND ? SCAN_INFECTED
                 : c->verdict == CLAMD_TOO_LARGE ? SCAN_TOO_LARGE : c->trouble.at ? SCAN_FAILED : SCAN_NOT_SCANNED;
    a.scan_result = c->name.at ? c->name : c->trouble;
    a.scanned_at = a.updated_at = s->now;
    bool turns = a.scan_state == SCAN_INFECTED && !a.malicious;
    return attachment_note(s, &a, CUSTODY_SCANNED, a.scan_result.at ? a.scan_result
                                                       : domain_label(&scan_state_domain, (int)a.scan_state))
        && (!turns || attachment_turns_sample(s, &a, c->name))
        && db_run(s, &attachment_save, &a, NULL)
        && attachment_record(s, &a, "attachment.scanned", (struct json){ STR_NONE });
}

const struct job_kind attachment_scan_job = {
    .name = "attachment_scan", .prose = "Shows a file to the virus scanner", .args = &scan_shape,
    .run = scan_look, .act = scan_act, .finish = scan_finish, .parallel_max = 2,
};
