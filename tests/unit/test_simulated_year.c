/* A year of 10,000 cases at twelve customers in three time zones, lived in the order of time: every verb through the
 * workflows into a real database, every mark told by its job at its moment. After each event the kept standing of the
 * case's promises is compared with year_oracle.h, which counts minutes. The cases are dealt to several years that pass
 * beside each other, each a process with a database of its own. */
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/database.h"
#include "tests/unit/year_world.h"

#include "core/db/migrate.h"
#include "model/tenant.h"
#include "workflows/promises.h"
#include "workflows/severity.h"
#include "workflows/tickets.h"

#ifdef __SANITIZE_ADDRESS__
enum { CASES = 500 }; /* the same paths; the whole year is lived by the ordinary build */
#else
enum { CASES = 10000 };
#endif
enum { YEARS = 4, CUSTOMERS = 12, CYCLES_MAX = 3, METRICS = 3, EVENTS_MAX = 5 };
#define YEAR_START_S (ORACLE_START_S + INT64_C(31) * 86400) /* 2026-04-01 UTC: over two changes of the clocks */
#define YEAR_S (INT64_C(365) * 86400)

/* ---- the lives ---- */

struct life {
    struct uuid id;
    int customer, events, cycle;
    enum severity severity;
    enum ticket_status status;
    struct instant next_at, ended_at;
    struct naive_promise promises[CYCLES_MAX][METRICS];
};

static struct database database;
static struct db *db;
static struct arena *arena;
static struct life *lives;
static int *heap, heap_count; /* of lives, the next one first */
static int64_t events_done, marks_told, compared;
static uint64_t seed;

static uint64_t
next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static struct uuid
customer_id(int customer)
{
    struct uuid id;
    assert_true(uuid_parse(str_printf(arena, "01990000-0000-7000-8000-0000000010%02d", customer), &id));
    return id;
}

static void
heap_down(int at)
{
    for (int child; (child = 2 * at + 1) < heap_count; at = child) {
        if (child + 1 < heap_count && lives[heap[child + 1]].next_at.us < lives[heap[child]].next_at.us)
            child++;
        if (lives[heap[at]].next_at.us <= lives[heap[child]].next_at.us)
            return;
        int held = heap[at];
        heap[at] = heap[child];
        heap[child] = held;
    }
}

static struct scope
begin(struct instant now)
{
    struct uuid *all = arena_array_of(arena, CUSTOMERS, struct uuid);
    for (int i = 0; i < CUSTOMERS; i++)
        all[i] = customer_id(i);
    struct scope s = scope_new(arena, now);
    assert_true(db_begin(&s, db, (struct uuids){ all, CUSTOMERS }));
    return s;
}

static void
good(struct scope *s, bool done, const char *what)
{
    if (!done)
        claim_failed("%s: %s: " STR_FMT, what, s->failure.problem ? s->failure.problem->slug : "?",
                     STR_ARG(s->failure.detail));
}

/* ---- the oracle's side of an event ---- */

static const struct target *
target_of(enum promise_metric metric, enum severity severity)
{
    for (size_t i = 0; i < COUNT_OF(targets); i++)
        if (targets[i].metric == metric && targets[i].severity == severity)
            return &targets[i];
    return NULL;
}

static void
oracle_start(struct life *l, struct instant now)
{
    static const enum promise_metric metrics[] = { METRIC_FIRST_RESPONSE, METRIC_ACKNOWLEDGE, METRIC_RESOLVE };
    for (int m = 0; m < METRICS; m++) {
        const struct target *t = target_of(metrics[m], l->severity);
        const struct office *o = &offices[l->customer % 3];
        l->promises[l->cycle][m] = (struct naive_promise){
            .office = o, .metric = metrics[m], .pace = t->pace, .pauses = t->pauses, .start = now,
            .allowance_us = naive_allowance(o, t->pace, t->allowance) };
    }
}

static void
oracle_stop(struct life *l, unsigned metrics, struct instant now)
{
    for (int m = 0; m < METRICS; m++)
        if (!l->promises[l->cycle][m].stop.us && (metrics & METRIC_BIT(l->promises[l->cycle][m].metric)))
            l->promises[l->cycle][m].stop = now;
}

static void
oracle_pause(struct life *l, struct instant now)
{
    for (int m = 0; m < METRICS; m++) {
        struct naive_promise *p = &l->promises[l->cycle][m];
        if (p->pauses && !p->stop.us && !naive_is_paused(p))
            p->paused[p->pause_count++] = now;
    }
}

static void
oracle_resume(struct life *l, struct instant now)
{
    for (int m = 0; m < METRICS; m++) {
        struct naive_promise *p = &l->promises[l->cycle][m];
        if (!p->stop.us && naive_is_paused(p))
            p->resumed[p->pause_count - 1] = now;
    }
}

static void
oracle_retarget(struct life *l, struct instant now)
{
    for (int m = 0; m < METRICS; m++) {
        struct naive_promise *p = &l->promises[l->cycle][m];
        const struct target *t = target_of(p->metric, l->severity);
        if (!p->stop.us)
            naive_retarget(p, t->pace, t->allowance, SECONDS(MERCY_S), now);
    }
}

/* ---- both sides of an event ---- */

struct acting_args {
    struct str person_id, side;
};
static const struct shape acting_shape = SHAPE(acting_args, FIELD(acting_args, person_id, "Who acts"),
                                               FIELD(acting_args, side, "For which side"));
static const struct query act_as = {
    .name = "year_act_as", .args = &acting_shape,
    .sql = "SELECT set_config('yagura.person', :person_id, true), set_config('yagura.side', :side, true)",
};

static struct principal
become(struct scope *s, bool engineer, int customer)
{
    struct uuid id = engineer ? provider_tenant_id : customer_id(customer);
    struct principal who = {
        .kind = PRINCIPAL_SESSION, .side = engineer ? SIDE_PROVIDER : SIDE_CUSTOMER, .tenant_id = id, .person_id = id,
        .name = engineer ? STR("Engineer") : STR("Contact"), .language = LANGUAGE_EN, .all_tenants = engineer,
    };
    struct acting_args args = { uuid_format(arena, id), engineer ? STR("provider") : STR("customer") };
    assert_true(db_run(s, &act_as, &args, NULL));
    return who;
}

static void
open_or_say(struct scope *s, struct life *l, bool ask)
{
    struct ticket t;
    struct ticket_post post;
    struct ticket_say say = { .id = l->id, .body = STR("A word."), .visibility = POST_FOR_CUSTOMER, .ask = ask };
    if (!uuid_is_none(l->id)) {
        good(s, ticket_say(s, &say, &post), "say");
        return;
    }
    struct ticket_open in = { .subject = STR("Something"), .description = STR("Happened."), .severity = l->severity };
    assert_true(uuid_parse(STR("01990000-0000-7000-8000-000000000104"), &in.category_id));
    bool opened = ticket_open(s, &in, &t);
    l->id = t.id;
    good(s, opened, "open");
}

static void
customer_opens(struct scope *s, struct life *l)
{
    open_or_say(s, l, false);
    l->status = TICKET_NEW;
    oracle_start(l, l->next_at);
}

static void
engineer_speaks(struct scope *s, struct life *l, bool ask)
{
    open_or_say(s, l, ask);
    oracle_stop(l, METRIC_BIT(METRIC_FIRST_RESPONSE) | METRIC_BIT(METRIC_ACKNOWLEDGE), l->next_at);
    if (ask)
        oracle_pause(l, l->next_at);
    l->status = ask ? TICKET_WAITING_CUSTOMER : l->status == TICKET_NEW ? TICKET_IN_PROGRESS : l->status;
}

static void
customer_speaks(struct scope *s, struct life *l)
{
    open_or_say(s, l, false);
    oracle_resume(l, l->next_at);
    l->status = l->status == TICKET_WAITING_CUSTOMER ? TICKET_IN_PROGRESS : l->status;
}

static void
engineer_assigns(struct scope *s, struct life *l)
{
    struct ticket t;
    good(s, ticket_assign(s, &(struct ticket_assign){ l->id, provider_tenant_id }, &t), "assign");
    oracle_stop(l, METRIC_BIT(METRIC_ACKNOWLEDGE), l->next_at);
}

static bool
oracle_is_short_of_time(const struct life *l, struct instant now)
{
    for (int m = 0; m < METRICS; m++) {
        const struct naive_promise *p = &l->promises[l->cycle][m];
        if (!p->stop.us && (naive_elapsed(p, now) >= p->allowance_us / 4 * 3 || naive_is_late(p, now)))
            return true;
    }
    return false;
}

/* One wishes, cannot confirm it alone, and another does. */
static void
two_lower(struct scope *s, const struct ticket_decide *in)
{
    const struct principal *first = s->who;
    struct principal second = *first;
    struct severity_wish wish;
    second.person_id.bytes[0] ^= 0xff;
    good(s, severity_wish(s, in, &wish), "wish");
    struct severity_answer yes = { wish.id, STR_NONE };
    assert_false(severity_wish_confirm(s, &yes, &wish));
    assert_ptr_equal(s->failure.problem, &severity_same_person);
    scope_forgive(s);
    s->who = &second;
    good(s, severity_wish_confirm(s, &yes, &wish), "confirm");
    s->who = first;
}

static void
engineer_decides(struct scope *s, struct life *l)
{
    struct ticket t;
    enum severity to = 1 + next_random() % 3;
    bool changes = to != l->severity;
    struct ticket_decide in = { l->id, to, STR("As it is.") };
    if (to > l->severity && oracle_is_short_of_time(l, l->next_at)) {
        assert_false(ticket_decide_severity(s, &in, &t));
        assert_ptr_equal(s->failure.problem, &severity_needs_second);
        scope_forgive(s);
        two_lower(s, &in);
    } else {
        good(s, ticket_decide_severity(s, &in, &t), "decide");
    }
    l->severity = to;
    if (changes)
        oracle_retarget(l, l->next_at);
}

static void
engineer_resolves(struct scope *s, struct life *l)
{
    struct ticket t;
    good(s, ticket_move(s, "resolve", &(struct ticket_verb){ l->id, STR("Done.") }, &t), "resolve");
    oracle_stop(l, ~0u, l->next_at);
    l->status = TICKET_RESOLVED;
    l->ended_at = l->next_at;
}

static void
customer_reopens(struct scope *s, struct life *l)
{
    struct ticket t;
    good(s, ticket_move(s, "reopen", &(struct ticket_verb){ l->id, STR("It is back.") }, &t), "reopen");
    l->cycle++;
    l->status = TICKET_IN_PROGRESS;
    oracle_start(l, l->next_at);
}

static void
engineer_notes(struct scope *s, struct life *l)
{
    struct ticket_post post;
    struct ticket_say say = { .id = l->id, .body = STR("A note."), .visibility = POST_INTERNAL };
    good(s, ticket_say(s, &say, &post), "note");
}

/* What may happen where the case stands; false when its story is over. */
static bool
happens(struct scope *s, struct life *l)
{
    bool last = l->events >= EVENTS_MAX;
    uint64_t dice = next_random() % 10;
    bool by_customer = l->status == TICKET_STATUS_NONE || l->status == TICKET_RESOLVED
                    || (l->status == TICKET_WAITING_CUSTOMER && dice < 7) || (!last && dice == 9);
    if (l->status == TICKET_RESOLVED
        && (l->cycle + 1 == CYCLES_MAX || dice > 2 || l->next_at.us - l->ended_at.us > DAYS(29)))
        return false;
    struct principal who = become(s, !by_customer, l->customer);
    s->now = l->next_at;
    s->who = &who;
    for (int m = 0; m < METRICS && l->events; m++)
        naive_warn(&l->promises[l->cycle][m], l->next_at);
    if (l->status == TICKET_STATUS_NONE)
        customer_opens(s, l);
    else if (l->status == TICKET_RESOLVED)
        customer_reopens(s, l);
    else if (by_customer)
        customer_speaks(s, l);
    else if (last || dice == 0)
        engineer_resolves(s, l);
    else if (dice < 3 && l->status != TICKET_WAITING_CUSTOMER)
        engineer_speaks(s, l, true);
    else if (dice < 5)
        engineer_speaks(s, l, false);
    else if (dice == 5)
        engineer_notes(s, l);
    else if (dice == 6)
        engineer_assigns(s, l);
    else
        engineer_decides(s, l);
    s->who = &principal_system;
    l->events++;
    events_done++;
    return true;
}

/* ---- the comparison ---- */

static void
compare_one(const struct life *l, const struct naive_promise *want, const struct promise *have)
{
    struct instant now = l->next_at;
    const char *metric = domain_label(&promise_metric_domain, (int)have->metric).at;
    if (naive_state(want) != have->state)
        claim_failed("%s after event %d: state %d, the oracle says %d", metric, l->events, have->state,
                     naive_state(want));
    if (want->warned != have->warned)
        claim_failed("%s after event %d: told %ld, the oracle says %ld", metric, l->events, have->warned,
                     want->warned);
    if (have->state == PROMISE_RUNNING) {
        struct instant due = naive_reaches(want, want->allowance_us);
        if (due.us != have->due_at.us)
            claim_failed("%s after event %d: due " STR_FMT ", the oracle says " STR_FMT, metric, l->events,
                         STR_ARG(instant_format(arena, have->due_at)), STR_ARG(instant_format(arena, due)));
        if (have->late != naive_is_late(want, now))
            claim_failed("%s after event %d: late %d; due " STR_FMT ", now " STR_FMT ", used %ld of %ld, told %ld",
                         metric, l->events, have->late, STR_ARG(instant_format(arena, due)),
                         STR_ARG(instant_format(arena, now)), naive_elapsed(want, now), want->allowance_us,
                         have->warned);
    }
    compared++;
}

static void
compare(struct scope *s, const struct life *l)
{
    struct rows rows;
    assert_true(db_list(s, &promises_of_ticket, &(struct id_args){ l->id }, &rows));
    assert_int_equal(rows.count, (l->cycle + 1) * METRICS);
    for (size_t i = 0; i < rows.count; i++) {
        const struct promise *p = (const struct promise *)rows.items + i;
        for (int m = 0; m < METRICS; m++)
            if (l->promises[p->cycle - 1][m].metric == p->metric)
                compare_one(l, &l->promises[p->cycle - 1][m], p);
    }
}

/* ---- the jobs ---- */

struct due_job {
    struct uuid id, promise_id;
    struct instant run_at;
};
static const struct shape due_shape = SHAPE(due_job, FIELD(due_job, id, "Job"), FIELD(due_job, promise_id, "Promise"),
                                            FIELD(due_job, run_at, "When"));
struct until_args {
    struct instant at;
};
static const struct shape until_shape = SHAPE(until_args, FIELD(until_args, at, "Until when"));
static const struct query take_due = {
    .name = "year_take_due", .args = &until_shape, .row = &due_shape,
    .sql = "UPDATE job SET state = 'done', ended_at = run_at WHERE id = (SELECT id FROM job WHERE state = 'ready'"
           "   AND kind = 'promise_mark' AND run_at <= :at ORDER BY run_at, id LIMIT 1)"
           " RETURNING id, (args->>'id')::uuid AS promise_id, run_at",
};

/* Each at its own moment, the earliest first; a mark that tells itself again and again at one moment is a fault. */
static void
run_jobs_until(struct scope *s, struct instant until)
{
    struct due_job job;
    struct uuid last = { { 0 } };
    int times = 0;
    bool found;
    s->who = &principal_system;
    for (;;) {
        good(s, db_maybe(s, &take_due, &(struct until_args){ until }, &job, &found), "take");
        if (!found)
            return;
        times = uuid_eq(last, job.promise_id) ? times + 1 : 0;
        last = job.promise_id;
        if (times > 8)
            claim_failed("a promise wakes again and again at " STR_FMT, STR_ARG(instant_format(arena, job.run_at)));
        s->now = job.run_at;
        good(s, promise_mark_job.run(s, &(struct id_args){ job.promise_id }), "mark");
        marks_told++;
    }
}

/* What the clock brings until somebody acts, the act, and the comparison: one transaction. */
static bool
step(struct life *l)
{
    struct scope s = begin(l->next_at);
    run_jobs_until(&s, l->next_at);
    bool goes_on = happens(&s, l);
    if (goes_on)
        compare(&s, l);
    good(&s, db_commit(&s), "commit");
    db_end(&s);
    arena_reset(arena);
    return goes_on;
}

/* Jobs of mails and the like are nobody's here, and would lie before every question for the next mark. And a year that
 * passes in minutes outruns the upkeep of statistics: plans made for empty tables would read whole ones. */
static void
keep_house(void)
{
    static int64_t next_statistics = 100;
    database_run(database.admin, "DELETE FROM job WHERE kind <> 'promise_mark' OR state = 'done'");
    database_run(database.admin, "VACUUM job");
    if (events_done < next_statistics)
        return;
    database_run(database.admin, "ANALYZE");
    next_statistics *= 2;
}

static void
live(void)
{
    static const int64_t waits_s[] = { 300, 900, 1800, 7200, 28800, 200000 };
    while (heap_count) {
        struct life *l = &lives[heap[0]];
        bool goes_on = step(l);
        if (events_done % 100 == 0)
            keep_house();
        int64_t wait = waits_s[next_random() % COUNT_OF(waits_s)];
        l->next_at = instant_plus(l->next_at, SECONDS(1 + wait / 2 + (int64_t)(next_random() % (uint64_t)wait)));
        if (!goes_on)
            heap[0] = heap[--heap_count];
        heap_down(0);
    }
}

/* ---- the claims ---- */

static void
a_year_of_cases_keeps_the_time_that_an_oracle_counts(void **state)
{
    (void)state;
    const int count = CASES / YEARS;
    lives = calloc((size_t)count, sizeof *lives);
    heap = calloc((size_t)count, sizeof *heap);
    for (int i = 0; i < count; i++) {
        lives[i] = (struct life){ .customer = (int)(next_random() % CUSTOMERS), .severity = 1 + next_random() % 3,
                                  .next_at = { SECONDS(YEAR_START_S + (int64_t)(next_random() % YEAR_S)) } };
        heap[i] = i;
    }
    heap_count = count;
    for (int i = count / 2; i >= 0; i--)
        heap_down(i);
    live();
    print_message("%d cases, %ld events, %ld marks told, %ld standings compared\n", count, events_done, marks_told,
                  compared);
    assert_true(compared > count * (int64_t)METRICS);
    free(lives);
    free(heap);
}

static int
set_up(void **state)
{
    (void)state;
    int applied;
    const char *zone = getenv("TZ");
    for (size_t i = 0; i < COUNT_OF(offices); i++)
        office_ask_every_minute(&offices[i]);
    if (zone)
        setenv("TZ", zone, 1);
    else
        unsetenv("TZ");
    tzset();
    database_create(&database, "year");
    arena = arena_new(1 << 16);
    struct scope s = scope_new(arena, (struct instant){ SECONDS(ORACLE_START_S) });
    if (!migrate_run(&s, database.url, YAGURA_SOURCE_DIR "/migrations", &applied))
        claim_failed("migrations: " STR_FMT, STR_ARG(s.failure.detail));
    database_run(database.admin, world_sql);
    char plans[120]; /* those made while the tables are empty would stay for the year */
    snprintf(plans, sizeof plans, "ALTER DATABASE %s SET enable_seqscan = off", database.name);
    database_run(database.admin, plans);
    db = db_open(&(struct db_settings){ .url = database.url });
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    db_close(db);
    arena_free(arena);
    for (size_t i = 0; i < COUNT_OF(offices); i++)
        free(offices[i].open_before);
    database_end(&database);
    return 0;
}

static int
live_a_year(int which)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_year_of_cases_keeps_the_time_that_an_oracle_counts) };
    seed = 20260401 + (uint64_t)which;
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

int
main(void)
{
    int bad = 0, status;
    for (int i = 0; i < YEARS; i++) {
        pid_t child = fork();
        if (child == 0)
            return live_a_year(i);
        if (child < 0)
            return 1;
    }
    while (wait(&status) > 0)
        bad += !WIFEXITED(status) || WEXITSTATUS(status);
    return bad;
}
