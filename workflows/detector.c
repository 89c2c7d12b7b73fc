/* Until rules come from the database: an engine without any, which reads what events say about themselves. */
#include "workflows/detector.h"

#include "workflows/service.h"

struct detector {
    struct arena *arena;
    struct engine *engine;
};

struct detecting {
    struct matcher *matcher;
};

struct detector *
detector_start(const struct db_settings *db, const struct clock *clock)
{
    (void)db, (void)clock;
    struct arena *a = arena_new(64 * 1024);
    struct ruleset *set = ruleset_new(a, &(struct ruleset_options){ 0 });
    const char *folder = getenv("YAGURA_BENCH_RULES");
    if (folder)
        (void)ruleset_add_path(set, folder);
    ruleset_finish(set);
    struct detector *d = arena_new_of(a, struct detector);
    *d = (struct detector){ .arena = a, .engine = engine_compile(set) };
    return d;
}

void
detector_stop(struct detector *d)
{
    if (!d)
        return;
    engine_free(d->engine);
    arena_free(d->arena);
}

bool
detecting_begin(struct scope *s, struct uuid tenant_id, struct detecting **out)
{
    (void)tenant_id;
    *out = arena_new_of(s->arena, struct detecting);
    **out = (struct detecting){ .matcher = matcher_new(s->service->detector->engine) };
    return true;
}

void
detecting_event(struct detecting *g, struct str line, uint32_t index, struct instant arrived, struct event_facts *facts)
{
    (void)index, (void)arrived;
    facts_read(g->matcher, matcher_run(g->matcher, line).problem, facts);
}

void
detecting_drop(struct detecting *g)
{
    (void)g;
}

bool
detecting_settle(struct scope *s, struct detecting *g, const struct ingest_batch_ref *batch,
                 const struct inventory_names *computers, struct detect_counts *out)
{
    (void)s, (void)g, (void)batch, (void)computers;
    *out = (struct detect_counts){ 0 };
    return true;
}

void
detecting_end(struct detecting *g)
{
    if (g)
        matcher_free(g->matcher);
}
