#include "workflows/mail.h"

#include "core/base/format.h"
#include "core/base/zone.h"
#include "core/db/change.h"
#include "workflows/audit.h"
#include "workflows/mail_body.h"
#include "workflows/mail_send.h"
#include "workflows/mail_service.h"
#include "workflows/service.h"

enum { PATIENCE_DAYS = 2, FILES_MAX = 20, NAME_MAX_BYTES = 300 };

static const struct problem problem_mail_not_open = {
    409, "mail-not-retryable",
    { "Only a mail that failed or was kept can be sent again.",
      "再送できるのは、送信に失敗したメールと未送信のメールのみです。" },
};

static bool
find_reader(struct scope *s, enum language language, struct str time_zone, struct mail_reader *out)
{
    struct str zone = time_zone.len ? time_zone : STR("Asia/Tokyo");
    *out = (struct mail_reader){ .language = language ? language : LANGUAGE_JA, .zone_name = zone };
    return zone_load(s->arena, zone, &out->zone)
        || fail(s, &problem_invalid, "the time zone '" STR_FMT "' does not exist", STR_ARG(zone));
}

/* A name becomes part of a header: line breaks and their kin become spaces. */
static struct str
header_name(struct arena *a, struct str name)
{
    struct str cut = str_head(name, name.len < NAME_MAX_BYTES ? name.len : NAME_MAX_BYTES);
    while (cut.len < name.len && cut.len > 0 && ((unsigned char)name.at[cut.len] & 0xc0) == 0x80)
        cut.len--;
    struct text t = text_new(a, cut.len + 1);
    for (size_t i = 0; i < cut.len; i++)
        text_add_char(&t, (unsigned char)cut.at[i] < ' ' || cut.at[i] == 127 ? ' ' : cut.at[i]);
    struct str clean = str_trim(text_str(&t));
    return clean.len ? clean : STR_NONE;
}

static bool
holds_secret(const struct shape *sh)
{
    for (size_t i = 0; i < sh->count; i++)
        if (sh->fields[i].secret)
            return true;
    return false;
}

/* As it is sent, and as the outbox may show it. */
static bool
render_both(struct scope *s, const struct mail_request *request, struct mail_write *write)
{
    const struct mail_surroundings around = {
        .hub_name = s->service->hub_name, .public_url = s->service->public_url,
        .recipient_name = write->to_name, .recipient_address = write->to_address,
        .answers_to = uuid_is_none(request->thread) ? STR_NONE : s->service->mail->answers_to,
    };
    const struct mail_templates *templates = s->service->mail->templates;
    struct mail_reader reader;
    struct mail_text body, shown;
    if (!find_reader(s, request->language, request->time_zone, &reader)
        || !mail_templates_render(s, templates, request->kind, request->data, &around, &reader, &body))
        return false;
    shown = body;
    if (holds_secret(request->kind->data)) {
        reader.masked = true;
        if (!mail_templates_render(s, templates, request->kind, request->data, &around, &reader, &shown))
            return false;
        write->sealed = mail_body_seal(s, write->tenant_id, write->id, &body);
    }
    write->language = reader.language;
    write->subject = shown.subject;
    write->text = shown.text;
    write->html = shown.html;
    return true;
}

static bool
list_files(struct scope *s, const struct mail_request *request, struct mail_write *write)
{
    if (request->file_count > FILES_MAX)
        return fail(s, &problem_invalid, "a mail carries at most %d files", FILES_MAX);
    struct mail_file_row *rows = arena_array_of(s->arena, request->file_count, struct mail_file_row);
    for (size_t i = 0; i < request->file_count; i++) {
        const struct mail_file *file = &request->files[i];
        const struct bytes hash = { { (const char *)file->blob.sha256, sizeof file->blob.sha256 } };
        rows[i] = (struct mail_file_row){
            .name = header_name(s->arena, file->name), .content_type = file->content_type,
            .content_id = file->content_id, .sha256 = hex_of(s->arena, hash), .bytes = file->bytes,
        };
    }
    write->files = (struct rows){ rows, request->file_count };
    return true;
}

bool
mail_queue(struct scope *s, const struct mail_request *request, struct uuid *mail_id)
{
    const struct mail_service *service = s->service->mail;
    const char *expected;
    enum fault fault = format_fault(FORMAT_EMAIL, request->to_address, &expected);
    if (fault != FAULT_NONE)
        return fail_field(s, "/email", fault, expected);
    struct uuid id = uuid_new(s->now);
    struct mail_write write = {
        .id = id, .tenant_id = request->tenant_id, .person_id = request->person_id,
        .kind = str_of(request->kind->key), .to_address = request->to_address,
        .to_name = header_name(s->arena, request->to_name),
        .message_id = str_printf(s->arena, STR_FMT "@" STR_FMT, STR_ARG(uuid_format(s->arena, id)),
                                 STR_ARG(service->domain)),
        .state = service->can_send ? MAIL_QUEUED : MAIL_KEPT, .at = s->now,
        .next_attempt_at = service->can_send ? s->now : (struct instant){ 0 },
        .give_up_at = instant_plus(s->now, DAYS(PATIENCE_DAYS)),
        .thread = uuid_is_none(request->thread) ? STR_NONE
            : str_printf(s->arena, "case." STR_FMT "@" STR_FMT, STR_ARG(uuid_format(s->arena, request->thread)),
                         STR_ARG(service->domain)),
    };
    if (mail_id)
        *mail_id = id;
    return render_both(s, request, &write) && list_files(s, request, &write) && db_run(s, &mail_insert, &write, NULL)
        && (write.state == MAIL_KEPT || mail_send_later(s, write.tenant_id, id, 0, s->now))
        && change_record(s, write.tenant_id, "mail", id, write.state == MAIL_KEPT ? "kept" : "queued");
}

bool
mail_read(struct scope *s, struct uuid mail_id, struct mail_detail *out)
{
    const struct id_args which = { mail_id };
    struct mail_text body;
    if (!db_one(s, &mail_by_id, &which, out))
        return false;
    bool mailbox = out->state == MAIL_KEPT && !s->service->mail->can_send;
    if (!out->masked || !mailbox)
        return true;
    if (!mail_body_open(s, out->tenant_id, out->id, out->sealed, &body))
        return false;
    out->subject = body.subject;
    out->text = body.text;
    out->html = body.html;
    out->masked = false;
    return true;
}

bool
mail_retry(struct scope *s, struct uuid mail_id, struct mail_detail *out)
{
    const struct id_args which = { mail_id };
    struct mail_letter letter;
    if (!db_one(s, &mail_letter_lock, &which, &letter))
        return false;
    if (letter.state != MAIL_FAILED && letter.state != MAIL_KEPT)
        return fail(s, &problem_mail_not_open, "mail " STR_FMT, STR_ARG(uuid_format(s->arena, mail_id)));
    const struct mail_write write = {
        .id = mail_id, .at = s->now, .next_attempt_at = s->now, .give_up_at = instant_plus(s->now, DAYS(PATIENCE_DAYS)),
    };
    const struct deed deed = { .tenant_id = letter.tenant_id, .action = "mail.retried", .noun = "mail",
                               .object_id = mail_id, .object_name = letter.to_address };
    return db_run(s, &mail_queue_again, &write, NULL)
        && mail_send_later(s, letter.tenant_id, mail_id, 0, s->now) && audit_record(s, &deed)
        && mail_read(s, mail_id, out);
}

bool
mail_preview(struct scope *s, const struct mail_kind *kind, enum language language, struct mail_text *out)
{
    const struct mail_surroundings around = {
        .hub_name = s->service->hub_name, .public_url = s->service->public_url,
        .recipient_name = language == LANGUAGE_EN ? STR("Taro Aoba") : STR("青葉 太郎"),
        .recipient_address = STR("taro.aoba@example.jp"),
    };
    struct mail_reader reader;
    return find_reader(s, language, STR_NONE, &reader)
        && mail_templates_render(s, s->service->mail->templates, kind, kind->example, &around, &reader, out);
}
