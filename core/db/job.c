#include "core/db/job.h"

#include "core/base/crypto.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/db/job_row.h"

enum { ARGS_MAX = 1 << 20, OVERDUE_S = 5 };

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
    struct instant now, overdue;
    int64_t max_attempts;
    bool wakes;
    struct rows rows; /* struct addition */
};

static const struct shape additions_shape = SHAPE(additions,
    FIELD(additions, kind, "Name of the kind"),
    FIELD(additions, now, "When they are added"),
    FIELD(additions, overdue, "What was due before is held by nobody any more"),
    FIELD(additions, max_attempts, "Before one is dead"),
    FIELD(additions, wakes, "Whoever works is told at once"),
    FIELD(additions, rows, "The jobs", .items = &addition_shape));

/* Of a row `j`: ready, and the same work as that of the row `w`. */
#define SAME_WORK                                                                                             \
    "j.state = 'ready' AND j.tenant_id = w.tenant_id AND j.kind = w.kind"                                     \
    " AND coalesce(j.work_key, j.unique_key) = w.work_key"

/* The lock keeps workers from the one that waits until this transaction has ended, so that it sees what this one wrote.
 * Where a worker holds it already, a twin is added: waiting for that worker may close a circle. One that is overdue is
 * not held either, or a stream of adders, each holding it a moment, would keep every worker away. */
static const struct query add_query = {
    .name = "job_add",
    .args = &additions_shape,
    .sql = "WITH wanted AS ("
           " SELECT w.*, row_number() OVER (PARTITION BY w.tenant_id, w.work_key ORDER BY w.run_at, w.id) AS turn"
           "  FROM (SELECT coalesce(r.tenant_id, '00000000-0000-7000-8000-000000000001') AS tenant_id, r.id,"
           "    :kind::text AS kind, r.args, r.unique_key AS work_key, r.run_at"
           "   FROM jsonb_to_recordset(:rows) AS r (tenant_id uuid, id uuid, args jsonb, unique_key text,"
           "    run_at timestamptz)) w),"
           "added AS ("
           " INSERT INTO job (tenant_id, id, kind, args, work_key, run_at, max_attempts, created_at)"
           " SELECT w.tenant_id, w.id, w.kind, w.args, w.work_key, w.run_at, :max_attempts, :now"
           "  FROM wanted w LEFT JOIN LATERAL (SELECT true AS held FROM job j"
           "   WHERE " SAME_WORK " AND j.run_at > :overdue LIMIT 1 FOR SHARE SKIP LOCKED) waiting ON true"
           "  WHERE w.work_key IS NULL OR (w.turn = 1 AND waiting.held IS NULL)"
           " RETURNING run_at)"
           "SELECT pg_notify('yagura_job', '') FROM added WHERE :wakes AND run_at <= :now LIMIT 1",
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
                                 .overdue = instant_plus(s->now, -SECONDS(OVERDUE_S)),
                                 .max_attempts = kind->max_attempts ? kind->max_attempts : JOB_ATTEMPTS,
                                 .wakes = !kind->unhurried };
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

/* Of one key never two run at a time: a twin that not even the weakest lock can be had of is run by somebody else, and
 * ours waits. Adders hold twins too, but with a lock that goes beside it. The twins that nobody holds are done with
 * this one. */
static const struct query claim_query = {
    .name = "job_claim",
    .args = &claim_shape,
    .row = &job_row_shape,
    .sql = "WITH due AS MATERIALIZED ("
           " SELECT tenant_id, id, kind, coalesce(work_key, unique_key) AS work_key, run_at FROM job"
           " WHERE state = 'ready' AND run_at <= :now AND kind = ANY (:kinds)"
           " ORDER BY run_at LIMIT :limit FOR UPDATE SKIP LOCKED),"
           "known AS MATERIALIZED ("
           " SELECT w.*, row_number() OVER (PARTITION BY w.tenant_id, w.kind, w.work_key ORDER BY w.run_at, w.id)"
           "  AS turn, (SELECT count(*) FROM job j WHERE " SAME_WORK " AND j.id <> w.id) AS twins FROM due w),"
           "mine AS MATERIALIZED ("
           " SELECT w.tenant_id, w.id, twin.ids FROM known w"
           "  LEFT JOIN LATERAL (SELECT array_agg(h.id) AS ids FROM (SELECT j.id FROM job j"
           "   WHERE w.twins > 0 AND " SAME_WORK " AND j.id <> w.id FOR UPDATE SKIP LOCKED) h) twin ON true"
           " WHERE w.work_key IS NULL OR w.twins = 0 OR (w.turn = 1 AND w.twins = (SELECT count(*) FROM"
           "  (SELECT FROM job j WHERE " SAME_WORK " AND j.id <> w.id FOR KEY SHARE SKIP LOCKED) f))),"
           "dropped AS ("
           " UPDATE job SET state = 'done', ended_at = :now FROM mine, unnest(mine.ids) AS twin (id)"
           " WHERE job.tenant_id = mine.tenant_id AND job.id = twin.id)"
           "UPDATE job SET state = :becomes, attempts = attempts + 1,"
           " ended_at = CASE WHEN :becomes = 'done' THEN :now END"
           " FROM mine WHERE job.tenant_id = mine.tenant_id AND job.id = mine.id"
           " RETURNING job.tenant_id, job.id, job.kind, job.args, job.attempts",
};

bool
job_claim(struct scope *s, struct strs kinds, enum job_state becomes, int64_t limit, struct rows *out)
{
    const struct claim c = { kinds, becomes, limit, s->now };
    return db_list(s, &claim_query, &c, out);
}

/* Of a job that becomes ready again: where another one came under its key meanwhile, it goes on by itself. */
#define HAS_SUCCESSOR                                                                                         \
    "EXISTS (SELECT FROM job other WHERE other.tenant_id = job.tenant_id AND other.kind = job.kind"           \
    "  AND coalesce(other.work_key, other.unique_key) = coalesce(job.work_key, job.unique_key)"               \
    "  AND other.state = 'ready' AND other.id <> job.id)"
#define FREE_KEY                                                                                              \
    "unique_key = CASE WHEN NOT " HAS_SUCCESSOR " THEN unique_key END,"                                       \
    " work_key = CASE WHEN NOT " HAS_SUCCESSOR " THEN work_key END"

struct unclaim {
    struct uuids ids;
};
static const struct shape unclaim_shape = SHAPE(unclaim, FIELD(unclaim, ids, "Which"));

static const struct query unclaim_query = {
    .name = "job_unclaim",
    .args = &unclaim_shape,
    .sql = "UPDATE job SET state = 'ready', attempts = attempts - 1, ended_at = NULL, " FREE_KEY
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
    .sql = "UPDATE job SET state = 'ready', " FREE_KEY
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
           " last_error = coalesce(:last_error, last_error), " FREE_KEY
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
