/* Notices as letters: what waits about one case is one mail to each person it concerns. */
#include "workflows/mail.h"
#include "workflows/mail_kinds.h"
#include "workflows/notices.h"
#include "workflows/service.h"

static const struct shape notice_mail_shape = SHAPE(notice_mail,
    FIELD(notice_mail, ticket_id, "About which case; none: about none"),
    FIELD(notice_mail, about, "What people call it"));

static struct str
title_of(const struct notice_letter *l)
{
    return l->language == LANGUAGE_EN ? l->title_en : l->title_ja;
}

/* "AOBA-42 Printer is on fire" becomes "[AOBA-42] Printer is on fire": the same subject for all that is said of it. */
static struct str
subject_of(struct scope *s, const struct notice_mail *mail, const struct notice_letter *first)
{
    struct str rest = mail->about, reference;
    if (uuid_is_none(mail->ticket_id) || !rest.len || !str_cut(&rest, ' ', &reference))
        return title_of(first);
    return str_printf(s->arena, "[" STR_FMT "] " STR_FMT, STR_ARG(reference), STR_ARG(rest));
}

static bool
write_letter(struct scope *s, const struct notice_mail *mail, const struct notice_letter *letters, size_t count,
             bool words_in_mail)
{
    struct news_line *lines = arena_array_of(s->arena, count, struct news_line);
    bool acknowledges = false;
    for (size_t i = 0; i < count; i++) {
        lines[i] = (struct news_line){ .title = title_of(&letters[i]), .at = letters[i].created_at,
                                       .body = words_in_mail ? letters[i].body : STR_NONE };
        acknowledges = acknowledges || letters[i].kind == NOTICE_TICKET_RECEIVED;
    }
    struct str url = s->service->public_url;
    const struct news_mail data = {
        .name = letters->person_name, .topic = subject_of(s, mail, letters), .lines = { lines, count },
        .url = str_printf(s->arena, STR_FMT STR_FMT, STR_ARG(url), STR_ARG(letters[count - 1].path)),
        .account_url = str_printf(s->arena, STR_FMT "/account/notices", STR_ARG(url)),
        .for_customer = !letters->is_provider, .received = acknowledges,
    };
    const struct mail_request request = {
        .kind = &mail_news, .data = &data, .tenant_id = s->who->tenant_id, .person_id = letters->person_id,
        .to_address = letters->email, .to_name = letters->person_name, .language = letters->language,
        .time_zone = letters->time_zone, .thread = mail->ticket_id,
    };
    return mail_queue(s, &request, NULL);
}

static bool
run(struct scope *s, void *args)
{
    const struct notice_mail *mail = args;
    const struct notice_mail_args what = { s->who->tenant_id, mail->ticket_id, s->now };
    struct notice_setting setting;
    struct rows rows;
    if (!db_list(s, &notice_take_mails, &what, &rows)
        || !db_one(s, &notice_setting_of, &(struct id_args){ s->who->tenant_id }, &setting))
        return false;
    const struct notice_letter *letters = rows.items;
    for (size_t i = 0, next; i < rows.count; i = next) {
        for (next = i + 1; next < rows.count && uuid_eq(letters[next].person_id, letters[i].person_id);)
            next++;
        if (!write_letter(s, mail, &letters[i], next - i, setting.words_in_mail))
            return false;
    }
    return true;
}

const struct job_kind notice_mail_job = {
    .name = "notice_mail", .prose = "Write to people what they were told, as one mail about each case",
    .args = &notice_mail_shape, .run = run,
};
