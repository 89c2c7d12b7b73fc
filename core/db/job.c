#include "core/db/job.h"

#include "core/base/crypto.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/db/job_row.h"

enum { ARGS_MAX = 1 << 20 };

const struct domain job_state_domain = DOMAIN(job_state, "ready", "acting", "done", "dead");

/* ---- adding ---- */

struct addition {
    struct uuid tenant_id, id;
    struct str unique_key;
    struct json args;
    struct instant run_at;
};

static const struct shape addition_shape = SHAPE(addition,
    FIELD(addition, tenant_id, "Whose, or none for the platform's"),
    FIELD(addition, id, "Identity"),
    FIELD(addition, unique_key, "No second ready job with this"),
    FIELD(addition, args, "Its arguments"),
    FIELD(addition, run_at, "Not before"));

struct additions {
    struct str kind;
    struct instant now;
    int64_t max_attempts;
    struct rows rows; /* struct addition */
};

static const struct shape additions_shape = SHAPE(additions,
    FIELD(additions, kind, "Name of the kind"),
    FIELD(additions, now, "When they are added"),
    FIELD(additions, max_attempts, "Before one is dead"),
    FIELD(additions, rows, "The jobs", .items = &addition_shape));

static const struct query add_query = {
    .name = "job_add",
    .args = &additions_shape,
    .sql = "WITH added AS ("
           " INSERT INTO job (tenant_id, id, kind, args, unique_key, run_at, max_attempts, created_at)"
           " SELECT coalesce(r.tenant_id, '00000000-0000-7000-8000-000000000001'), r.id, :kind, r.args, r.unique_key,"
           "  r.run_at, :max_attempts, :now"
           "  FROM jsonb_to_recordset(:rows) AS r (tenant_id uuid, id uuid, args jsonb, unique_key text,"
           "   run_at timestamptz)"
           " ON CONFLICT (tenant_id, kind, unique_key) WHERE state = 'ready' AND unique_key IS NOT NULL DO NOTHING"
           " RETURNING run_at)"
           "SELECT pg_notify('yagura_job', '') FROM added WHERE run_at <= :now LIMIT 1",
};

static bool
write_args(struct scope *s, const struct job_kind *kind, const void *args, struct json *out)
{
    struct text text = text_new(s->arena, ARGS_MAX);
    if (kind->args)
        shape_write_stored(&text, kind->args, args);
    else
        text_add_c(&text, "{}");
    out->raw = text_str(&text);
    return !text.full || fail(s, &problem_internal, "job %s: arguments above %d bytes", kind->name, ARGS_MAX);
}

bool
job_add_many(struct scope *s, const struct job_kind *kind, const struct job_order *orders, size_t count)
{
    struct addition *rows = arena_array_of(s->arena, count + 1, struct addition);
    for (size_t i = 0; i < count; i++) {
        rows[i] = (struct addition){ .tenant_id = orders[i].tenant_id, .id = uuid_new(s->now),
                                     .unique_key = orders[i].unique_key,
                                     .run_at = orders[i].run_at.us ? orders[i].run_at : s->now };
        if (!write_args(s, kind, orders[i].args, &rows[i].args))
            return false;
    }
    const struct additions a = { .kind = str_of(kind->name), .now = s->now, .rows = { rows, count },
                                 .max_attempts = kind->max_attempts ? kind->max_attempts : JOB_ATTEMPTS };
    return count == 0 || db_run(s, &add_query, &a, NULL);
}

bool
job_add(struct scope *s, const struct job_kind *kind, struct uuid tenant_id, const void *args, struct instant run_at,
        struct str unique_key)
{
    return job_add_many(s, kind, &(struct job_order){ tenant_id, args, run_at, unique_key }, 1);
}

/* ---- claiming ---- */

struct claim {
    struct strs kinds;
    enum job_state becomes;
    int64_t limit;
    struct instant now;
};

static const struct shape claim_shape = SHAPE(claim,
    FIELD(claim, kinds, "Which this program knows"),
    FIELD(claim, becomes, "The state to come", .of = &job_state_domain),
    FIELD(claim, limit, "How many"),
    FIELD(claim, now, "Due until then"));

static const struct shape job_row_shape = SHAPE(job_row,
    FIELD(job_row, tenant_id, "Whose"),
    FIELD(job_row, id, "Identity"),
    FIELD(job_row, kind, "Name of the kind"),
    FIELD(job_row, args, "Its arguments"),
    FIELD(job_row, attempts, "Claims so far"));

static const struct query claim_query = {
    .name = "job_claim",
    .args = &claim_shape,
    .row = &job_row_shape,
    .sql = "WITH due AS MATERIALIZED ("
           " SELECT tenant_id, id FROM job WHERE state = 'ready' AND run_at <= :now AND kind = ANY (:kinds)"
           " ORDER BY run_at LIMIT :limit FOR UPDATE SKIP LOCKED)"
           "UPDATE job SET state = :becomes, attempts = attempts + 1,"
           " ended_at = CASE WHEN :becomes = 'done' THEN :now END"
           " FROM due WHERE job.tenant_id = due.tenant_id AND job.id = due.id"
           " RETURNING job.tenant_id, job.id, job.kind, job.args, job.attempts",
};

bool
job_claim(struct scope *s, struct strs kinds, enum job_state becomes, int64_t limit, struct rows *out)
{
    const struct claim c = { kinds, becomes, limit, s->now };
    return db_list(s, &claim_query, &c, out);
}

/* Of a job that becomes ready again: somebody may have added another one under its key meanwhile. */
#define FREE_KEY                                                                                           \
    "CASE WHEN EXISTS (SELECT FROM job other WHERE other.tenant_id = job.tenant_id AND other.kind = job.kind" \
    "  AND other.unique_key = job.unique_key AND other.state = 'ready' AND other.id <> job.id)"                \
    " THEN NULL ELSE unique_key END"

struct unclaim {
    struct uuids ids;
};
static const struct shape unclaim_shape = SHAPE(unclaim, FIELD(unclaim, ids, "Which"));

static const struct query unclaim_query = {
    .name = "job_unclaim",
    .args = &unclaim_shape,
    .sql = "UPDATE job SET state = 'ready', attempts = attempts - 1, ended_at = NULL, unique_key = " FREE_KEY
           " WHERE id = ANY (:ids) AND state = 'done'",
};

bool
job_unclaim(struct scope *s, struct uuids ids)
{
    return db_run(s, &unclaim_query, &(struct unclaim){ ids }, NULL);
}

struct lock_row {
    bool held;
};

static const struct shape lock_row_shape = SHAPE(lock_row, FIELD(lock_row, held, "Whether it is ours now"));

static const struct query lock_query = {
    .name = "job_lock",
    .args = &id_args_shape,
    .row = &lock_row_shape,
    .sql = "SELECT pg_try_advisory_lock(hashtextextended('job ' || :id, 0)) AS held",
};
static const struct query unlock_query = {
    .name = "job_unlock",
    .args = &id_args_shape,
    .row = &lock_row_shape,
    .sql = "SELECT pg_advisory_unlock(hashtextextended('job ' || :id, 0)) AS held",
};

bool
job_lock(struct scope *s, struct uuid id, bool *held)
{
    struct lock_row row = { 0 };
    if (!db_one(s, &lock_query, &(struct id_args){ id }, &row))
        return false;
    *held = row.held;
    return true;
}

bool
job_unlock(struct scope *s, struct uuid id)
{
    struct lock_row row;
    return db_one(s, &unlock_query, &(struct id_args){ id }, &row);
}

/* The lock taken here ends with this transaction; that it could be taken is the proof. */
static const struct query revive_query = {
    .name = "job_revive",
    .sql = "UPDATE job SET state = 'ready', unique_key = " FREE_KEY
           " WHERE state = 'acting' AND pg_try_advisory_xact_lock(hashtextextended('job ' || id, 0))",
};

bool
job_revive_abandoned(struct scope *s, int64_t *revived)
{
    return db_run(s, &revive_query, NULL, revived);
}

/* ---- ends ---- */

struct ending {
    struct uuid tenant_id, id;
    int64_t attempts, seen;
    enum job_state from, state;
    struct instant now, run_at;
    struct str last_error;
};

static const struct shape ending_shape = SHAPE(ending,
    FIELD(ending, tenant_id, "Whose"),
    FIELD(ending, id, "Which"),
    FIELD(ending, attempts, "Claims, the one that ends included"),
    FIELD(ending, seen, "What the row must say of that"),
    FIELD(ending, from, "The state it must be in", .of = &job_state_domain),
    FIELD(ending, state, "The state to come", .of = &job_state_domain),
    FIELD(ending, now, "When"),
    FIELD(ending, run_at, "Not again before"),
    FIELD(ending, last_error, "Why it failed"));

static const struct query end_query = {
    .name = "job_end",
    .args = &ending_shape,
    .sql = "UPDATE job SET state = :state, attempts = :attempts, run_at = coalesce(:run_at, run_at),"
           " ended_at = CASE WHEN :state = 'ready' THEN NULL ELSE :now END,"
           " last_error = coalesce(:last_error, last_error), unique_key = CASE WHEN :state = 'ready' THEN " FREE_KEY
           " ELSE unique_key END"
           " WHERE tenant_id = :tenant_id AND id = :id AND attempts = :seen AND state = :from",
};

/* first, 2 first, 4 first, … up to an hour, each between three and five quarters of that: jobs that failed together
 * do not come back together. */
static int64_t
back_off_us(const struct job_kind *kind, int64_t attempts)
{
    int64_t seconds = kind->back_off_first_s ? kind->back_off_first_s : JOB_BACK_OFF_S;
    uint32_t random;
    for (int64_t i = 1; i < attempts && seconds < JOB_BACK_OFF_MAX_S; i++)
        seconds *= 2;
    if (seconds > JOB_BACK_OFF_MAX_S)
        seconds = JOB_BACK_OFF_MAX_S;
    random_bytes(&random, sizeof random);
    return SECONDS(seconds) / 4 * 3 + (int64_t)(random % 1000) * (SECONDS(seconds) / 2000);
}

static struct str
reason(struct arena *a, const struct failure *why)
{
    struct str text = str_printf(a, "%s: " STR_FMT, why->problem ? why->problem->slug : "failed without a reason",
                                 STR_ARG(why->detail));
    if (why->violation_count)
        text = str_printf(a, STR_FMT " " STR_FMT, STR_ARG(text), STR_ARG(why->violations[0].pointer));
    text = str_head(text, JOB_ERROR_MAX);
    while (text.len && !str_is_utf8(text))
        text.len--;
    return text;
}

static void
fill_failed(struct scope *s, const struct job_row *job, const struct job_kind *kind, const struct failure *why,
            struct ending *e)
{
    bool dead = job->attempts >= (kind->max_attempts ? kind->max_attempts : JOB_ATTEMPTS);
    e->state = dead ? JOB_DEAD : JOB_READY;
    e->last_error = reason(s->arena, why);
    if (!dead)
        e->run_at = instant_plus(s->now, back_off_us(kind, job->attempts));
    log_event(s, dead ? LOG_ERROR : LOG_WARN, dead ? "job.dead" : "job.failed", "%s, attempt %lld: " STR_FMT,
              kind->name, (long long)job->attempts, STR_ARG(e->last_error));
}

bool
job_end(struct scope *s, const struct job_row *job, const struct job_kind *kind, enum job_state from,
        const struct failure *why, bool *still_ours)
{
    struct ending e = { .tenant_id = job->tenant_id, .id = job->id, .attempts = job->attempts, .from = from,
                        .seen = job->attempts - (from == JOB_READY), .state = JOB_DONE, .now = s->now };
    int64_t affected = 0;
    if (why)
        fill_failed(s, job, kind, why, &e);
    if (!db_run(s, &end_query, &e, &affected))
        return false;
    *still_ours = affected == 1;
    return true;
}

/* ---- housekeeping, and what a job of the platform may see ---- */

struct moment {
    struct instant now;
};

static const struct shape moment_shape = SHAPE(moment, FIELD(moment, now, "The time"));

static const struct query sweep_query = {
    .name = "core_sweep", .args = &moment_shape, .sql = "SELECT core_sweep(:now)" };
static const struct query see_all_query = {
    .name = "job_see_every_tenant", .sql = "SELECT set_config('yagura.tenants', yagura_every_tenant()::text, true)" };

bool
job_sweep(struct scope *s)
{
    return db_run(s, &sweep_query, &(struct moment){ s->now }, NULL);
}

bool
job_see_every_tenant(struct scope *s)
{
    return db_run(s, &see_all_query, NULL, NULL);
}

const struct query *const job_queries[] = { &add_query,    &claim_query, &unclaim_query, &lock_query,
                                            &unlock_query, &revive_query, &end_query,    &sweep_query,
                                            &see_all_query };
const size_t job_query_count = COUNT_OF(job_queries);
