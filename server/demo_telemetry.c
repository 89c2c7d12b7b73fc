#include "server/demo_telemetry.h"

#include <signal.h>

#include "core/base/text.h"
#include "server/demo.h"
#include "server/demo_tuning.h"
#include "model/person.h"
#include "model/tenant.h"
#include "server/program.h"
#include "server/simulation/simulation.h"
#include "workflows/correlating.h"
#include "workflows/detections.h"
#include "workflows/detector.h"
#include "workflows/incident_gather.h"
#include "workflows/ingest.h"
#include "workflows/ingest_keys.h"

enum { BATCH_BYTES_MAX = 48 << 20, LIVE_STEP_MS = 2000, LOADED_MS = 60000, EVERY_EVENT = 1000000000 };

static const char key_name[] = "Demo forwarder";

/* When stories begin, in minutes before now. */
static const struct { const char *story; int64_t minutes_ago; } past[] = {
    { "guessing", 5 * 24 * 60 + 130 }, { "miner", 3 * 24 * 60 + 47 }, { "intrusion", 27 },
};

struct telling {
    struct program program;
    struct db *db, *jobs, *owner;
    struct text batch;
    struct arena *batch_arena;
    struct uuid tenants[8], keys[8];
    int64_t events, detections;
};

/* ---- keys ---- */

bool
demo_ingest_keys(struct scope *s, const struct uuid *tenants)
{
    for (size_t i = 0; i < demo_tenant_count; i++) {
        struct ingest_key made;
        struct ingest_key_write row = { .tenant_id = tenants[i], .name = str_of(key_name),
                                        .kind = INGEST_KEY_FORWARDER, .events_per_second = INT_NONE };
        if (!ingest_key_create(s, &row, &made))
            return false;
    }
    return true;
}

struct demo_key_args {
    struct str code, name;
};
struct demo_key_row {
    struct uuid tenant_id, id;
};
static const struct shape demo_key_args_shape =
    SHAPE(demo_key_args, FIELD(demo_key_args, code, "Whose"), FIELD(demo_key_args, name, "Which"));
static const struct shape demo_key_row_shape =
    SHAPE(demo_key_row, FIELD(demo_key_row, tenant_id, "Whose"), FIELD(demo_key_row, id, "Which"));
static const struct query demo_key = {
    .name = "demo_key",
    .sql = "SELECT t.id AS tenant_id, k.id FROM tenant t JOIN ingest_key k ON k.tenant_id = t.id"
           " WHERE t.short_code = :code AND k.name = :name",
    .args = &demo_key_args_shape, .row = &demo_key_row_shape,
};

static bool
find_keys(struct telling *t)
{
    struct scope *s = &t->program.s;
    if (!db_begin(s, t->owner, (struct uuids){ NULL, 0 }))
        return false;
    for (size_t i = 0; i < sim_company_count; i++) {
        struct demo_key_row row;
        struct demo_key_args args = { sim_company_code(sim_companies[i]), str_of(key_name) };
        if (!db_one(s, &demo_key, &args, &row))
            return false;
        t->tenants[i] = row.tenant_id;
        t->keys[i] = row.id;
    }
    return db_commit(s);
}

/* ---- one batch ---- */

static bool
note(void *to, const struct sim_event *event)
{
    struct telling *t = to;
    text_add(&t->batch, event->line);
    text_add_char(&t->batch, '\n');
    return !t->batch.full;
}

static void
begin_batch(struct telling *t)
{
    arena_reset(t->batch_arena);
    t->batch = text_new(t->batch_arena, BATCH_BYTES_MAX);
}

static struct scope
scope_at(struct telling *t, struct arena *a, struct instant at)
{
    struct scope s = scope_new(a, at);
    s.service = &t->program.service;
    s.who = &principal_system;
    return s;
}

static bool
complain(struct telling *t, struct scope *s)
{
    t->program.s.failure = s->failure;
    t->program.s.failure.detail = str_copy(t->program.s.arena, s->failure.detail);
    return false;
}

/* What a worker would do with what a batch left, at the time of that batch. */
static bool
work_off(struct telling *t, struct arena *a, const struct job_kind *kind, size_t i, struct instant at)
{
    struct scope s = scope_at(t, a, at);
    struct principal who = principal_system;
    char nothing[256] = { 0 };
    who.tenant_id = t->tenants[i];
    who.tenants = (struct uuids){ &t->tenants[i], 1 };
    s.who = &who;
    bool good = db_begin(&s, t->jobs, (struct uuids){ &t->tenants[i], 1 }) && kind->run(&s, nothing) && db_commit(&s);
    db_end(&s);
    return good || complain(t, &s);
}

static bool
settle(struct telling *t, struct arena *a, size_t i, struct instant at)
{
    return work_off(t, a, &correlate_job, i, at) && work_off(t, a, &incident_gather_job, i, at);
}

static bool
send_batch(struct telling *t, size_t i, struct instant at)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct scope s = scope_at(t, a, at);
    struct ingest *g;
    struct ingest_answer answer;
    struct ingest_plan plan = {
        .sender = { .outcome = SENDER_OPEN, .key_id = t->keys[i], .tenant_id = t->tenants[i],
                    .kind = INGEST_KEY_FORWARDER, .name = str_of(key_name), .events_per_second = EVERY_EVENT },
        .coding = CODING_IDENTITY, .form = INGEST_LINES, .unnamed = true };
    if (t->batch.len == 0)
        return true;
    bool good = ingest_begin(&s, &plan, &g) && ingest_take(&s, g, text_str(&t->batch))
             && db_begin(&s, t->db, (struct uuids){ &t->tenants[i], 1 }) && ingest_close(&s, g, &answer);
    db_end(&s);
    if (!good)
        return complain(t, &s);
    ingest_give_up(g);
    t->events += answer.accepted;
    t->detections += answer.detections;
    return answer.detections == 0 || settle(t, a, i, at);
}

/* ---- tuning ---- */

enum { TUNED_DAYS_AGO = 10 };

struct generation_row {
    int64_t number;
};
static const struct shape generation_shape = SHAPE(generation_row, FIELD(generation_row, number, "Of the rules"));
static const struct query generation_now = {
    .name = "generation_now", .sql = "SELECT number FROM rule_generation", .row = &generation_shape,
};
/* As somebody of the service who signed in: what the database shows depends on it. */
struct side_row {
    struct str side, grants;
};
static const struct shape side_shape = SHAPE(side_row, FIELD(side_row, side, ""), FIELD(side_row, grants, ""));
static const struct query as_provider = {
    .name = "as_provider",
    .sql = "SELECT set_config('yagura.side', 'provider', true) AS side,"
           "       set_config('yagura.grants', '{rules:write,incidents:write,detections:write}', true) AS grants",
    .row = &side_shape,
};
static const struct shape engineer_shape = SHAPE(person, FIELD(person, id, "Who"), FIELD(person, name, "Their name"));
static const struct query engineer_of = {
    .name = "engineer_of", .sql = "SELECT id, name FROM person WHERE email = 'engineer@demo.yagura.example'",
    .row = &engineer_shape,
};

/* By the engineer on duty, through the verbs; then the rules that hold from now on are waited for. */
static bool
tune(struct telling *t, struct arena *a, struct instant at)
{
    struct scope s = scope_at(t, a, at);
    struct person engineer;
    struct generation_row now;
    struct principal who = { .kind = PRINCIPAL_SYSTEM, .side = SIDE_PROVIDER, .tenant_id = provider_tenant_id,
                             .all_tenants = true, .tenants = { t->tenants, sim_company_count } };
    s.who = &who;
    struct side_row side;
    bool good = db_begin(&s, t->owner, who.tenants) && db_one(&s, &as_provider, NULL, &side)
             && db_one(&s, &engineer_of, NULL, &engineer);
    who.person_id = engineer.id;
    who.name = engineer.name;
    for (size_t i = 0; good && i < sim_company_count; i++)
        good = demo_tune(&s, t->tenants[i]);
    good = good && db_one(&s, &generation_now, NULL, &now) && db_commit(&s);
    db_end(&s);
    if (!good)
        return complain(t, &s);
    return detector_wait(t->program.service.detector, now.number, LOADED_MS)
        || fail(&t->program.s, &problem_internal, "the new rules do not load");
}

static bool
tune_when_due(struct telling *t, struct instant at)
{
    scoped(arena_end) struct arena *a = arena_new(64 << 10);
    int64_t ago = t->program.s.now.us - at.us;
    bool due = ago <= DAYS(TUNED_DAYS_AGO) && ago > DAYS(TUNED_DAYS_AGO) - HOURS(1);
    return !due || tune(t, a, at);
}

/* ---- history ---- */

static bool
tell_stories(struct telling *t, const struct sim_company *c, struct instant now, struct instant from,
             struct instant until)
{
    for (size_t i = 0; i < sim_story_count; i++)
        for (size_t k = 0; k < COUNT_OF(past); k++) {
            struct instant begin = instant_plus(now, -MINUTES(past[k].minutes_ago));
            if (sim_story_company(sim_stories[i]) == c && str_is(sim_story_name(sim_stories[i]), past[k].story)
                && !sim_tell_story(sim_stories[i], begin, 1, from, until, note, t))
                return false;
        }
    return true;
}

static bool
tell_past(struct telling *t, int64_t days)
{
    struct instant now = t->program.s.now;
    for (struct instant at = instant_plus(now, -DAYS(days)); at.us < now.us; at = instant_plus(at, HOURS(1))) {
        struct instant until = instant_plus(at, HOURS(1));
        if (until.us > now.us)
            until = now;
        if (!tune_when_due(t, at))
            return false;
        for (size_t i = 0; i < sim_company_count; i++) {
            begin_batch(t);
            if (!sim_quiet(sim_companies[i], at, until, note, t)
                || !tell_stories(t, sim_companies[i], now, at, until) || !send_batch(t, i, until))
                return false;
        }
    }
    return true;
}

static bool
open_telling(struct telling *t, const char *config)
{
    *t = (struct telling){ 0 };
    if (!program_open(&t->program, config))
        return false;
    struct program *p = &t->program;
    struct db_settings jobs = program_database(p, "yagura_jobs"), api = program_database(p, "yagura_api");
    struct db_settings owner = program_database(p, NULL);
    t->db = db_open(&api);
    t->jobs = db_open(&jobs);
    t->batch_arena = arena_new(4 << 20);
    t->owner = db_open(&owner);
    bool found = find_keys(t);
    db_end(&p->s);
    if (!found)
        return false;
    p->service.detector = detector_start(&jobs, &p->service.clock);
    return p->service.detector != NULL
        && (detector_wait(p->service.detector, 1, LOADED_MS)
            || fail(&p->s, &problem_internal, "the rules do not load"));
}

static int
close_telling(struct telling *t, bool good)
{
    if (t->program.service.detector)
        detector_stop(t->program.service.detector);
    t->program.service.detector = NULL;
    if (t->db)
        db_close(t->db);
    if (t->jobs)
        db_close(t->jobs);
    if (t->owner)
        db_close(t->owner);
    if (t->batch_arena)
        arena_free(t->batch_arena);
    return good ? program_end(&t->program, 0) : program_complain(&t->program);
}

int
demo_history(const char *config, int64_t days)
{
    struct telling t;
    bool good = open_telling(&t, config) && tell_past(&t, days);
    if (good)
        printf("Demo telemetry: %lld events of %lld days, %lld detections\n", (long long)t.events, (long long)days,
               (long long)t.detections);
    return close_telling(&t, good);
}

/* ---- live ---- */

static volatile sig_atomic_t is_over;

static void
end_live(int sign)
{
    (void)sign;
    is_over = 1;
}

static bool
tell_present(struct telling *t, int64_t speed)
{
    struct instant began = t->program.s.now, from = began;
    while (!is_over) {
        bool told;
        if (!db_wait(&t->program.s, t->db, LIVE_STEP_MS, -1, &told))
            return false;
        struct instant until = clock_now(&t->program.service.clock);
        for (size_t i = 0; i < sim_company_count; i++) {
            begin_batch(t);
            if (!sim_quiet(sim_companies[i], from, until, note, t)
                || (sim_story_company(sim_stories[0]) == sim_companies[i]
                    && !sim_tell_story(sim_stories[0], began, speed, from, until, note, t))
                || !send_batch(t, i, until))
                return false;
        }
        from = until;
        printf("\r%lld events, %lld detections", (long long)t->events, (long long)t->detections);
        fflush(stdout);
    }
    putchar('\n');
    return true;
}

int
demo_live(const char *config, int64_t speed)
{
    struct telling t;
    signal(SIGINT, end_live);
    signal(SIGTERM, end_live);
    return close_telling(&t, open_telling(&t, config) && tell_present(&t, speed));
}
