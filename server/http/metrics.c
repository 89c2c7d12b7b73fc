#include "server/http/metrics.h"

#include <stdatomic.h>

static const int statuses[] = { 200, 201, 202, 204, 303, 304, 400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428,
                                429, 500, 502, 503, 507, 0 };
static const int64_t bounds_us[] = { 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000,
                                     10000000 };

struct tally {
    _Atomic uint64_t by_status[COUNT_OF(statuses)];
    _Atomic uint64_t by_time[COUNT_OF(bounds_us) + 1];
    _Atomic uint64_t total_us;
};

struct metrics {
    const struct router *router;
    size_t count;          /* of routes; one tally more for everything else */
    struct tally tallies[];
};

struct metrics *
metrics_new(struct arena *a, const struct router *router)
{
    size_t count = router_count(router);
    struct metrics *m = arena_alloc(a, sizeof *m + (count + 1) * sizeof(struct tally));
    m->router = router;
    m->count = count;
    return m;
}

void
metrics_count(struct metrics *m, size_t route, int status, int64_t took_us)
{
    struct tally *t = &m->tallies[route < m->count ? route : m->count];
    size_t i = 0, k = 0;
    while (statuses[i] && statuses[i] != status)
        i++;
    while (k < COUNT_OF(bounds_us) && took_us > bounds_us[k])
        k++;
    atomic_fetch_add_explicit(&t->by_status[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&t->by_time[k], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&t->total_us, (uint64_t)took_us, memory_order_relaxed);
}

void
metrics_head(struct text *t, const char *name, const char *type, const char *help)
{
    text_addf(t, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void
metrics_sample(struct text *t, const char *name, struct str labels, int64_t value)
{
    text_add_c(t, name);
    if (labels.len)
        text_addf(t, "{" STR_FMT "}", STR_ARG(labels));
    text_addf(t, " %lld\n", (long long)value);
}

static void
write_labels(struct text *t, const struct metrics *m, size_t index)
{
    const struct route *r = index < m->count ? router_route(m->router, index) : NULL;
    text_addf(t, "method=\"%s\",route=\"%s\"", r ? method_name(r->method) : "", r ? r->path : "other");
}

static void
write_requests(struct text *t, const struct metrics *m)
{
    metrics_head(t, "yagura_http_requests_total", "counter", "Calls answered, by route and status");
    for (size_t i = 0; i <= m->count; i++)
        for (size_t k = 0; k < COUNT_OF(statuses); k++) {
            uint64_t count = atomic_load(&m->tallies[i].by_status[k]);
            if (!count)
                continue;
            text_add(t, STR("yagura_http_requests_total{"));
            write_labels(t, m, i);
            if (statuses[k])
                text_addf(t, ",status=\"%d\"} %llu\n", statuses[k], (unsigned long long)count);
            else
                text_addf(t, ",status=\"other\"} %llu\n", (unsigned long long)count);
        }
}

static void
write_histogram(struct text *t, const struct metrics *m, size_t index)
{
    const struct tally *tally = &m->tallies[index];
    static const char name[] = "yagura_http_request_seconds";
    uint64_t sum = 0;
    for (size_t k = 0; k <= COUNT_OF(bounds_us); k++)
        sum += atomic_load(&tally->by_time[k]);
    if (!sum)
        return;
    sum = 0;
    for (size_t k = 0; k <= COUNT_OF(bounds_us); k++) {
        sum += atomic_load(&tally->by_time[k]);
        text_addf(t, "%s_bucket{", name);
        write_labels(t, m, index);
        if (k < COUNT_OF(bounds_us))
            text_addf(t, ",le=\"%g\"} %llu\n", (double)bounds_us[k] / 1e6, (unsigned long long)sum);
        else
            text_addf(t, ",le=\"+Inf\"} %llu\n", (unsigned long long)sum);
    }
    text_addf(t, "%s_sum{", name);
    write_labels(t, m, index);
    text_addf(t, "} %.6f\n%s_count{", (double)atomic_load(&tally->total_us) / 1e6, name);
    write_labels(t, m, index);
    text_addf(t, "} %llu\n", (unsigned long long)sum);
}

void
metrics_write(struct text *t, const struct metrics *m)
{
    write_requests(t, m);
    metrics_head(t, "yagura_http_request_seconds", "histogram", "Time from the request line to the answer");
    for (size_t i = 0; i <= m->count; i++)
        write_histogram(t, m, i);
}
