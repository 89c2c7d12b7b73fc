/* quiet: every habit of every computer, at its times. A day's times of a habit depend on the computer, the habit and
 * the day alone, so the events of a span can be told without what came before. */
#include <stdlib.h>

#include "core/base/zone.h"
#include "server/simulation/parts.h"

enum { RARE_TABLE = 2, RARE_DAYS = 7, EVENTS_FIRST = 1024 };

struct told {
    struct instant at;
    uint64_t order;
    struct str host, line;
};

/* Events of one hour, put in order before they are told. */
struct hour {
    struct arena *arena;
    const struct sim_company *company;
    const struct zone *zone;
    struct instant from, to;
    struct told *events;
    size_t count, room;
};

static bool
keep(void *to, const struct sim_event *event)
{
    struct hour *h = to;
    if (h->count == h->room) {
        struct told *wider = arena_array_of(h->arena, h->room ? 2 * h->room : EVENTS_FIRST, struct told);
        if (h->count)
            memcpy(wider, h->events, h->count * sizeof *wider);
        h->room = h->room ? 2 * h->room : EVENTS_FIRST;
        h->events = wider;
    }
    h->events[h->count] = (struct told){ event->at, h->count, event->host, event->line };
    h->count++;
    return true;
}

static bool
run_habit(struct hour *h, const struct sim_computer *computer, const struct sim_habit *habit, struct instant at,
          uint64_t seed)
{
    struct sim_course *c = arena_new_of(h->arena, struct sim_course);
    *c = (struct sim_course){ .arena = h->arena, .company = h->company, .computer = computer, .seed = seed, .at = at,
                              .tell = keep, .to = h };
    c->user = computer->user ? str_printf(h->arena, "%s\\%s", h->company->domain, computer->user)
                             : STR("NT AUTHORITY\\SYSTEM");
    for (size_t i = 0; i < habit->count; i++) {
        int64_t ms = habit->steps[i].after_ms + (int64_t)(sim_mix(seed, i) % 90);
        c->at = instant_plus(c->at, ms * 1000);
        if (habit->steps[i].user)
            c->user = str_of(habit->steps[i].user);
        if (!sim_say(c, &habit->steps[i]))
            return false;
    }
    return true;
}

static bool
works_on(int64_t day, const struct sim_habit *habit)
{
    return (habit->from_hour == 0 && habit->to_hour == 24) || weekday_of(day) < SATURDAY;
}

/* One computer's habit on one local day, as far as it begins within the hour. */
static bool
live_day(struct hour *h, const struct sim_computer *computer, const struct sim_habit *habit, int64_t day, bool rare)
{
    uint64_t seed = sim_mix(sim_mix_text(sim_mix_text(7, computer->name), habit->name), (uint64_t)day);
    uint64_t times = (uint64_t)habit->per_day + sim_mix(seed, 1) % ((uint64_t)habit->per_day / 3 + 1);
    if (rare)
        times = sim_mix(seed, 2) % RARE_DAYS < (uint64_t)habit->per_day;
    int64_t window = (int64_t)(habit->to_hour - habit->from_hour) * 3600;
    struct instant opens = zone_instant(h->zone, day, (int64_t)habit->from_hour * 3600);
    for (uint64_t k = 0; works_on(day, habit) && k < times; k++) {
        uint64_t one = sim_mix(seed, 100 + k);
        int64_t second = (int64_t)(one % (uint64_t)window), ms = (int64_t)(one >> 40) % 1000;
        struct instant at = instant_plus(opens, SECONDS(second) + ms * 1000);
        if (at.us >= h->from.us && at.us < h->to.us && !run_habit(h, computer, habit, at, one))
            return false;
    }
    return true;
}

static bool
live(struct hour *h)
{
    int64_t last = zone_local_day(h->zone, h->to);
    for (int64_t day = zone_local_day(h->zone, h->from); day <= last; day++)
        for (size_t i = 0; i < h->company->computer_count; i++)
            for (size_t t = 0; t < sim_habit_table_count; t++)
                for (size_t k = 0; k < sim_habit_table_sizes[t]; k++)
                    if ((sim_habit_tables[t][k].roles & h->company->computers[i].role)
                        && !live_day(h, &h->company->computers[i], &sim_habit_tables[t][k], day, t == RARE_TABLE))
                        return false;
    return true;
}

static int
in_order(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    if (x->at.us != y->at.us)
        return x->at.us < y->at.us ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool
tell_hour(struct hour *h, sim_tell *tell, void *to_whom)
{
    if (!live(h))
        return false;
    if (h->count)
        qsort(h->events, h->count, sizeof *h->events, in_order);
    for (size_t i = 0; i < h->count; i++)
        if (!tell(to_whom, &(struct sim_event){ h->events[i].at, h->events[i].host, h->events[i].line }))
            return false;
    return true;
}

bool
sim_quiet(const struct sim_company *c, struct instant from, struct instant to, sim_tell *tell, void *to_whom)
{
    scoped(arena_end) struct arena *lasting = arena_new(64 << 10), *arena = arena_new(1 << 20);
    const struct zone *zone;
    if (!zone_load(lasting, str_of(c->zone), &zone))
        return false;
    for (struct instant at = from; at.us < to.us; at = instant_plus(at, HOURS(1))) {
        struct instant end = instant_plus(at, HOURS(1));
        struct hour h = { .arena = arena, .company = c, .zone = zone, .from = at, .to = end.us < to.us ? end : to };
        if (!tell_hour(&h, tell, to_whom))
            return false;
        arena_reset(arena);
    }
    return true;
}
