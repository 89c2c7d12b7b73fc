#include "workflows/mail_body.h"

#include "workflows/service.h"

enum { BODY_MAX = 2 * 1024 * 1024 };

static const struct shape body_shape = SHAPE(mail_text,
    FIELD(mail_text, subject, "Subject", .max = BODY_MAX),
    FIELD(mail_text, text, "Plain text", .max = BODY_MAX),
    FIELD(mail_text, html, "HTML", .max = BODY_MAX));

/* Authenticated with the seal: moved to another row, it does not open. */
static struct str
context_of(struct arena *a, struct uuid tenant_id, struct uuid mail_id)
{
    return str_printf(a, "mail.sealed " STR_FMT " " STR_FMT, STR_ARG(uuid_format(a, tenant_id)),
                      STR_ARG(uuid_format(a, mail_id)));
}

struct bytes
mail_body_seal(struct scope *s, struct uuid tenant_id, struct uuid mail_id, const struct mail_text *body)
{
    struct text t = text_new(s->arena, 4 * BODY_MAX);
    shape_write_json(&t, &body_shape, body);
    return secret_seal(s->arena, &s->service->key, context_of(s->arena, tenant_id, mail_id), text_str(&t));
}

bool
mail_body_open(struct scope *s, struct uuid tenant_id, struct uuid mail_id, struct bytes sealed, struct mail_text *out)
{
    struct str plain;
    *out = (struct mail_text){ 0 };
    return secret_open(s, &s->service->key, context_of(s->arena, tenant_id, mail_id), sealed, &plain)
        && shape_read_json(s, &body_shape, plain, out);
}
