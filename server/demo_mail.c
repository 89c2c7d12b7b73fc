/* What came to the demonstration by mail: a case, the absence note of whoever wrote it, and a stranger. Through the
 * same door as every mail, after the rest is committed, since each mail is a transaction of its own. Their Message-IDs
 * make a second run change nothing. */
#include "server/demo_tickets.h"

#include "workflows/mail_in.h"

struct demo_letter {
    int minutes_ago;
    const char *from, *before, *subject, *head, *body; /* between before and subject: the number of the case so far */
};

#define MORI_DESU "\"森 由美\" <mori@aoba.demo.yagura.example>"
#define REPORTS "月次レポートの送付先を追加したい"

static const struct demo_letter letters[] = {
    { 130, MORI_DESU, "", REPORTS, "",
      "いつもお世話になっております。\r\n"
      "月次レポートの送付先に、情報システム部の共有アドレスを追加していただけますか。\r\n\r\n"
      "よろしくお願いいたします。\r\n森\r\n" },
    { 90, MORI_DESU, "不在のお知らせ: ", REPORTS, "Auto-Submitted: auto-replied\r\n",
      "本日は外出しております。明日の9時以降に、折り返しご連絡いたします。\r\n" },
    { 45, "Sales <offers@elsewhere.example>", "", "Great offers for your company", "",
      "Dear Sir or Madam,\r\n\r\nwe sell everything you need.\r\n" },
};

static struct str
written(struct arena *a, size_t nth, struct str reference)
{
    const struct demo_letter *l = &letters[nth];
    struct str number = *l->before ? str_printf(a, "[" STR_FMT "] ", STR_ARG(reference)) : STR("");
    return str_printf(a, "From: %s\r\nMessage-ID: <demo-%zu@mail.demo.yagura.example>\r\nSubject: %s" STR_FMT "%s\r\n%s"
                      "Content-Type: text/plain; charset=utf-8\r\n\r\n%s", l->from, nth, l->before, STR_ARG(number),
                      l->subject, l->head, l->body);
}

bool
demo_mail(struct scope *s, struct db *db, struct instant today)
{
    struct str reference = STR("");
    struct mail_arrival row;
    bool again;
    for (size_t i = 0; i < COUNT_OF(letters); i++) {
        struct scope mail = scope_new(s->arena, instant_plus(today, -MINUTES(letters[i].minutes_ago)));
        mail.service = s->service;
        bool taken = mail_in_take(&mail, db, written(s->arena, i, reference), &row, &again);
        db_end(&mail);
        if (!taken)
            return fail(s, &problem_internal, "a mail of the demonstration: " STR_FMT, STR_ARG(mail.failure.detail));
        if (i == 0)
            reference = row.reference;
        if (again)
            return true;
    }
    return true;
}
