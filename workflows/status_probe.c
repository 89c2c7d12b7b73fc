#include "workflows/status_probe.h"

#include "workflows/mail_service.h"
#include "workflows/service.h"

enum { EVERY_S = 60 };

/* What the world said; nothing of it is given to the job. */
struct probing {
    bool ok;
    struct str detail;
};

static const struct shape probing_shape = { .name = "probing", .size = sizeof(struct probing) };

static const struct shape probe_shape = SHAPE(status_probe,
    FIELD(status_probe, name, "What was looked at"),
    FIELD(status_probe, at, "When"),
    FIELD(status_probe, ok, "Is it there"),
    FIELD(status_probe, detail, "What it said"));

const struct query status_probe_rows = {
    .name = "status_probe_rows", .sql = "SELECT name, at, ok, detail FROM status_probe ORDER BY name",
    .row = &probe_shape,
};

const struct query status_probe_write = {
    .name = "status_probe_write",
    .sql = "INSERT INTO status_probe (name, at, ok, detail) VALUES (:name, :at, :ok, :detail) "
           "ON CONFLICT (name) DO UPDATE SET at = excluded.at, ok = excluded.ok, detail = excluded.detail",
    .args = &probe_shape,
};

static bool
run(struct scope *s, void *args)
{
    (void)s;
    (void)args;
    return true;
}

static bool
act(struct scope *s, void *args)
{
    struct probing *found = args;
    const struct mail_service *mail = s->service->mail;
    if (!mail->can_send)
        return true;
    found->ok = smtp_probe(s, &mail->server, &found->detail);
    if (!found->ok) {
        found->detail = str_copy(s->arena, s->failure.detail);
        scope_forgive(s); /* that it is away is what we wanted to know */
    }
    return true;
}

static bool
finish(struct scope *s, void *args, bool acted)
{
    const struct probing *found = args;
    const struct status_probe row = { .name = STR("smtp"), .at = s->now, .ok = found->ok, .detail = found->detail };
    (void)acted;
    return db_run(s, &status_probe_write, &row, NULL)
        && job_add(s, &status_probe_job, (struct uuid){ 0 }, found, instant_plus(s->now, SECONDS(EVERY_S)),
                   STR("status_probe"));
}

const struct job_kind status_probe_job = {
    .name = "status_probe", .prose = "Look whether the mail server is there", .args = &probing_shape,
    .run = run, .act = act, .finish = finish, .max_attempts = 1000000,
};
