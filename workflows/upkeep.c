#include "workflows/upkeep.h"

#include "core/base/log.h"
#include "workflows/mail.h"
#include "model/mail_arrival.h"
#include "model/webhook.h"
#include "workflows/hunts.h"
#include "workflows/mail_kinds.h"
#include "workflows/notices.h"
#include "workflows/service.h"

enum { EVERY_HOURS = 1, MAILS_KEPT_DAYS = 180 };

struct reminder {
    struct uuid tenant_id, person_id;
    struct str name, email;
    enum language language;
    struct str time_zone, key_name, key_prefix;
    struct instant expires_at;
};

static const struct shape reminder_shape = SHAPE(reminder,
    FIELD(reminder, tenant_id, "Whose key"),
    FIELD(reminder, person_id, "Who is told"),
    FIELD(reminder, name, "Who is told"),
    FIELD(reminder, email, "Where"),
    FIELD(reminder, language, "In which language", .of = &language_domain),
    FIELD(reminder, time_zone, "In which zone"),
    FIELD(reminder, key_name, "What the key is called"),
    FIELD(reminder, key_prefix, "How the key begins"),
    FIELD(reminder, expires_at, "When it ends"));

struct upkeep_args {
    struct instant at;
};

static const struct shape upkeep_args_shape = SHAPE(upkeep_args, FIELD(upkeep_args, at, "Now, or before when"));
static const struct shape nothing_shape = { .name = "upkeep", .size = sizeof(struct upkeep_args) };

const struct query api_keys_to_remind = {
    .name = "api_keys_to_remind",
    .sql = "SELECT tenant_id, person_id, name, email, language, time_zone, key_name, key_prefix, expires_at "
           "FROM api_keys_to_remind(:at)",
    .args = &upkeep_args_shape, .row = &reminder_shape,
};

const struct query mail_sweep = {
    .name = "mail_sweep", .sql = "SELECT mail_sweep(:at)", .args = &upkeep_args_shape,
};

static bool
write_reminder(struct scope *s, const struct reminder *r)
{
    const struct api_key_expiring_mail data = {
        .name = r->name, .key_name = r->key_name, .key_prefix = r->key_prefix, .expires_at = r->expires_at,
        .url = str_printf(s->arena, STR_FMT "/account/api-keys", STR_ARG(s->service->public_url)),
    };
    const struct mail_request mail = {
        .kind = &mail_api_key_expiring, .data = &data, .tenant_id = r->tenant_id, .person_id = r->person_id,
        .to_address = r->email, .to_name = r->name, .language = r->language, .time_zone = r->time_zone,
    };
    return mail_queue(s, &mail, NULL);
}

/* One mail that cannot be written does not keep the others from being sent. */
static bool
remind(struct scope *s, const struct reminder *r)
{
    if (!db_savepoint(s))
        return false;
    if (write_reminder(s, r))
        return db_savepoint_release(s);
    log_warn(s, "upkeep.reminder_failed", STR_FMT, STR_ARG(s->failure.detail));
    scope_forgive(s);
    return db_savepoint_rollback(s);
}

static bool
run(struct scope *s, void *args)
{
    const struct upkeep_args now = { s->now }, old = { instant_plus(s->now, -DAYS(MAILS_KEPT_DAYS)) };
    struct rows rows;
    if (!job_see_every_tenant(s) || !db_list(s, &api_keys_to_remind, &now, &rows))
        return false;
    const struct reminder *reminders = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        if (!remind(s, &reminders[i]))
            return false;
    return db_run(s, &mail_sweep, &old, NULL) && hunts_sweep(s)
        && db_run(s, &webhook_sweep, &(struct webhook_sweep_args){ s->now }, NULL)
        && db_run(s, &mail_in_sweep, &(struct mail_sweep_args){ s->now }, NULL)
        && db_run(s, &notice_sweep, &(struct notice_read_args){ .at = s->now }, NULL)
        && job_add(s, &upkeep_job, (struct uuid){ 0 }, args, instant_plus(s->now, HOURS(EVERY_HOURS)), STR("upkeep"));
}

const struct job_kind upkeep_job = {
    .name = "upkeep", .prose = "Remind of API keys that end soon, let old mails and notices go",
    .args = &nothing_shape, .run = run, .max_attempts = 1000000,
};
