#include "workflows/mail_send.h"

#include "core/base/log.h"
#include "core/db/blob.h"
#include "core/db/change.h"
#include "core/net/mime.h"
#include "model/mail.h"
#include "workflows/mail_body.h"
#include "workflows/mail_service.h"
#include "workflows/service.h"

struct mail_send {
    struct uuid mail_id;
    int64_t attempts;
    /* From `run` to `act` to `finish`; not part of the row. */
    bool meant;
    struct mail_letter letter;
    struct smtp_result result;
};

static const struct shape mail_send_shape = SHAPE(mail_send,
    FIELD(mail_send, mail_id, "Which mail"),
    FIELD(mail_send, attempts, "How many attempts came before this one"));

bool
mail_send_later(struct scope *s, struct uuid tenant_id, struct uuid mail_id, int64_t attempts, struct instant at)
{
    const struct mail_send args = { .mail_id = mail_id, .attempts = attempts };
    return job_add(s, &mail_send_job, tenant_id, &args, at, STR_NONE);
}

static bool
record_change(struct scope *s, const struct mail_letter *letter, const char *verb)
{
    return change_record(s, letter->tenant_id, "mail", letter->id, verb);
}

/* Takes the mail, if it still waits for this attempt. */
static bool
run(struct scope *s, void *args)
{
    struct mail_send *send = args;
    struct mail_letter *letter = &send->letter;
    const struct id_args which = { send->mail_id };
    const struct mail_write write = { .id = send->mail_id, .at = s->now };
    bool found;
    if (!db_maybe(s, &mail_letter_lock, &which, letter, &found))
        return false;
    send->meant = found && letter->state == MAIL_QUEUED && letter->attempts == send->attempts;
    if (!send->meant)
        return true;
    if (!s->service->mail->can_send) {
        send->meant = false;
        return db_run(s, &mail_set_kept, &write, NULL) && record_change(s, letter, "kept");
    }
    if (letter->trying_at.us)
        log_warn(s, "mail.repeated", "an attempt was cut off; the mail server may receive it twice");
    return db_run(s, &mail_begin_attempt, &write, NULL);
}

static bool
read_blob(struct scope *s, const struct mail_file_row *row, struct str *out)
{
    struct blob_reader *reader;
    struct blob_id id;
    struct bytes hash;
    if (!hex_read(s->arena, row->sha256, &hash) || hash.raw.len != sizeof id.sha256)
        return fail(s, &problem_mime, "the hash of a file cannot be read");
    if (row->bytes < 0 || row->bytes > MIME_MAIL_MAX)
        return fail(s, &problem_mime, "a file is larger than a mail may be");
    memcpy(id.sha256, hash.raw.at, sizeof id.sha256);
    if (!blob_open(s, s->service->blobs, id, &reader))
        return false;
    struct text bytes = text_new(s->arena, (size_t)row->bytes + 1);
    for (;;) {
        enum { PART_BYTES = 64 * 1024 };
        size_t got = 0, room = (size_t)row->bytes + 1 - bytes.len;
        char *to = text_reserve(&bytes, room < PART_BYTES ? room : PART_BYTES);
        if (!to || !blob_read(s, reader, to, room < PART_BYTES ? room : PART_BYTES, &got))
            return to ? false : fail(s, &problem_mime, "a file is larger than its row says");
        if (!got)
            break;
        text_grow(&bytes, got);
    }
    *out = text_str(&bytes);
    return true;
}

static bool
read_files(struct scope *s, const struct rows *rows, struct mime_mail *mail)
{
    const struct mail_file_row *from = rows->items;
    struct mime_file *files = arena_array_of(s->arena, rows->count, struct mime_file);
    for (size_t i = 0; i < rows->count; i++) {
        files[i] = (struct mime_file){ .name = from[i].name, .content_type = from[i].content_type,
                                       .content_id = from[i].content_id };
        if (!read_blob(s, &from[i], &files[i].data))
            return false;
    }
    mail->files = files;
    mail->file_count = rows->count;
    return true;
}

static bool
compose(struct scope *s, const struct mail_letter *letter, struct str *message)
{
    const struct mail_service *service = s->service->mail;
    struct mail_text body = { letter->subject, letter->text, letter->html };
    if (letter->sealed.raw.at && !mail_body_open(s, letter->tenant_id, letter->id, letter->sealed, &body))
        return false;
    struct mime_mail mail = {
        .from = { service->from_name.len ? service->from_name : s->service->hub_name, service->from_address },
        .to = { letter->to_name, letter->to_address },
        .subject = body.subject, .text = body.text, .html = body.html, .message_id = letter->message_id,
        .references = letter->thread, .date = letter->created_at, .automatic = true,
        .reply_to = letter->thread.at ? service->answers_to : STR_NONE,
    };
    return read_files(s, &letter->files, &mail) && mime_compose(s, &mail, message);
}

/* Always succeeds: what came of it is written by `finish`, also when nothing came of it. */
static bool
act(struct scope *s, void *args)
{
    struct mail_send *send = args;
    struct str message;
    if (!send->meant)
        return true;
    if (compose(s, &send->letter, &message)) {
        send->result = smtp_send(s, &s->service->mail->server, s->service->mail->from_address, send->letter.to_address,
                                 message);
        return true;
    }
    const struct problem *problem = s->failure.problem;
    bool ours = problem != &problem_mime && problem != &problem_not_found;
    send->result = (struct smtp_result){
        .outcome = ours ? SMTP_LATER : SMTP_REFUSED,
        .text = str_printf(s->arena, "%s (" STR_FMT ")", problem->title.en, STR_ARG(s->failure.detail)),
    };
    scope_forgive(s);
    return true;
}

/* A minute first, since most trouble passes; then longer, so that a server in need is left alone. */
static int64_t
pause_after(int64_t attempts)
{
    static const int minutes[] = { 1, 2, 5, 10, 20, 30, 60, 120, 180, 240 };
    size_t last = COUNT_OF(minutes) - 1;
    return MINUTES(minutes[attempts < (int64_t)last ? (size_t)attempts : last]);
}

static struct mail_write
outcome_of(const struct scope *s, const struct mail_send *send)
{
    const struct smtp_result *result = &send->result;
    struct mail_write write = {
        .id = send->mail_id, .at = s->now, .attempts = send->attempts + 1, .repeated = result->in_doubt,
        .answer_code = result->code >= 400 ? result->code : INT_NONE, .answer = result->text,
    };
    struct instant next = instant_plus(s->now, pause_after(send->attempts));
    write.state = MAIL_FAILED;
    if (result->outcome == SMTP_ACCEPTED) {
        write.state = MAIL_SENT;
        write.sent_at = s->now;
        write.answer = STR_NONE;
    } else if (result->outcome == SMTP_LATER && next.us <= send->letter.give_up_at.us) {
        write.state = MAIL_QUEUED;
        write.next_attempt_at = next;
    }
    return write;
}

static bool
finish(struct scope *s, void *args, bool acted)
{
    struct mail_send *send = args;
    if (!send->meant || !acted)
        return true;
    struct mail_write write = outcome_of(s, send);
    struct str state = domain_label(&mail_state_domain, (int)write.state);
    log_info(s, "mail.attempt", "mail=" STR_FMT " state=" STR_FMT " attempts=%lld answer=" STR_FMT,
             STR_ARG(uuid_format(s->arena, write.id)), STR_ARG(state), (long long)write.attempts,
             STR_ARG(write.answer));
    if (!db_run(s, &mail_end_attempt, &write, NULL))
        return false;
    if (write.state == MAIL_QUEUED
        && !mail_send_later(s, send->letter.tenant_id, write.id, write.attempts, write.next_attempt_at))
        return false;
    return record_change(s, &send->letter, str_c(s->arena, state));
}

const struct job_kind mail_send_job = {
    .name = "mail_send", .prose = "Hand a mail of the outbox to the mail server",
    .args = &mail_send_shape, .run = run, .act = act, .finish = finish, .parallel_max = 2,
};
