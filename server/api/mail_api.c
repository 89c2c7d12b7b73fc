/* The outbox: what was written to whom, what came of it, and sending again. */
#include "server/api/routes.h"
#include "model/mail.h"
#include "model/mail_arrival.h"
#include "model/permission.h"
#include "workflows/audit.h"
#include "workflows/mail.h"
#include "workflows/mail_kinds.h"

struct mail_try {
    struct str template;
    enum language language;
    struct str to;
};

static const struct shape mail_try_shape = SHAPE(mail_try,
    FIELD(mail_try, template, "Key of the mail to try", .max = 60, .required = true),
    FIELD(mail_try, language, "Language to send it in", .of = &language_domain, .required = true),
    FIELD(mail_try, to, "Where it goes", .format = FORMAT_EMAIL, .max = 254, .required = true));

static bool
read_mail(struct scope *s, const void *in, void *out)
{
    return mail_read(s, ((const struct id_args *)in)->id, out);
}

static bool
retry_mail(struct scope *s, const void *in, void *out)
{
    return mail_retry(s, ((const struct id_args *)in)->id, out);
}

static bool
try_mail(struct scope *s, const void *in, void *out)
{
    const struct mail_try *wanted = in;
    const struct mail_kind *kind = mail_kind_named(wanted->template);
    if (!kind)
        return fail_field(s, "/template", FAULT_NOT_FOUND, NULL);
    const struct test_mail now = { .sent_by = s->who->name, .at = s->now };
    const struct mail_request request = {
        .kind = kind, .data = kind == &mail_test ? &now : kind->example, .tenant_id = s->who->tenant_id,
        .to_address = wanted->to, .language = wanted->language, .time_zone = s->who->time_zone,
    };
    struct deed deed = { .tenant_id = request.tenant_id, .action = "mail.tested", .noun = "mail",
                         .object_name = wanted->to, .quiet = true };
    return mail_queue(s, &request, &deed.object_id) && audit_record(s, &deed) && mail_read(s, deed.object_id, out);
}

static const struct route rows[] = {
    { GET, "/mails", CAN_READ(MAIL), "List the mails of the outbox", .list = &mail_listing, .out = &mail_shape },
    { GET, "/mails/{id}", CAN_READ(MAIL), "Read a mail; one-time links are masked once a mail server is configured",
      .in = &id_args_shape, .out = &mail_detail_shape, .read = read_mail },
    { POST, "/mails/{id}/retry", CAN_USE(MAIL), "Send a mail again that failed or was kept",
      .in = &id_args_shape, .out = &mail_detail_shape, .write = retry_mail },
    { GET, "/mail-arrivals", CAN_READ(MAIL), "List the mails that came in, and what became of each",
      .list = &mail_arrival_listing, .out = &mail_arrival_shape },
    { GET, "/mail-arrivals/{id}", CAN_READ(MAIL), "Read about one mail that came in", .in = &id_args_shape,
      .out = &mail_arrival_shape, .one = &mail_arrival_by_id },
    { POST, "/mails/test", CAN_USE(MAIL), "Send a mail with example data to any address",
      .in = &mail_try_shape, .out = &mail_detail_shape, .write = try_mail, .creates = true },
};

const struct routes mail_routes = ROUTES(rows);
