#include "workflows/mail_service.h"

#include "core/base/format.h"

static bool
read_answers(struct scope *s, const struct mail_settings *settings, struct mail_service *m)
{
    const char *expected;
    m->answers_to = settings->answers_to;
    return !settings->answers_to.at || format_fault(FORMAT_EMAIL, settings->answers_to, &expected) == FAULT_NONE
        || fail(s, &problem_invalid, "mail_answers_to: '" STR_FMT "' is not a mail address",
                STR_ARG(settings->answers_to));
}

static bool
read_sender(struct scope *s, const struct mail_settings *settings, struct mail_service *m)
{
    const char *expected;
    if (format_fault(FORMAT_EMAIL, settings->from_address, &expected) != FAULT_NONE)
        return fail(s, &problem_invalid, "mail_from_address: '" STR_FMT "' is not a mail address",
                    STR_ARG(settings->from_address));
    struct str domain = settings->from_address, local;
    if (!str_cut(&domain, '@', &local))
        return false;
    m->from_address = settings->from_address;
    m->from_name = settings->from_name;
    m->domain = domain;
    return true;
}

bool
mail_service_start(struct scope *s, const struct mail_settings *settings, const struct mail_service **out)
{
    struct mail_service *m = arena_new_of(s->arena, struct mail_service);
    if (!read_sender(s, settings, m) || !read_answers(s, settings, m) || !mail_templates_load(s, settings->templates,
        &m->templates))
        return false;
    m->can_send = settings->smtp_url.len > 0;
    if (m->can_send && !smtp_server_parse(s, settings->smtp_url, &m->server))
        return false;
    if (settings->smtp_ca_file.len)
        m->server.ca_file = str_c(s->arena, settings->smtp_ca_file);
    *out = m;
    return true;
}
