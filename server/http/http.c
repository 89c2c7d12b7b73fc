#include "server/http/http.h"

#include <sys/resource.h>

#include "server/http/arenas.h"
#include "server/http/hub.h"
#include "server/http/listener.h"
#include "server/http/metrics.h"
#include "server/http/openapi.h"
#include "server/http/parts.h"
#include "server/http/peers.h"
#include "server/http/portal.h"
#include "server/http/pulse.h"
#include "server/http/rate_limit.h"
#include "server/http/router.h"
#include "server/http/workers.h"

/* Files beside the connections: databases, listening sockets, logs, blobs. */
enum { OTHER_FILES = 512, DRAIN_S = 30, CUT_S = 5, PIECES_MAX = 1 << 20 };

static bool
raise_file_limit(struct scope *s, int64_t connections)
{
    struct rlimit limit;
    rlim_t needed = (rlim_t)connections + OTHER_FILES;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < needed) {
        limit.rlim_cur = needed;
        if (limit.rlim_max < needed)
            limit.rlim_max = needed;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            return fail(s, &problem_internal, "connections_max %lld needs %llu open files; the system allows fewer",
                        (long long)connections, (unsigned long long)needed);
    }
    return true;
}

static bool
make_parts(struct scope *s, struct http *h)
{
    const struct http_settings *settings = &h->settings;
    struct str why;
    if (!router_new(s->arena, settings->tables, settings->table_count, &h->router, &why))
        return fail(s, &problem_internal, STR_FMT, STR_ARG(why));
    if (settings->trusted_proxies.len && !(h->proxies = proxies_parse(s->arena, settings->trusted_proxies)))
        return fail(s, &problem_internal, "trusted_proxies: '" STR_FMT "' is no list of networks",
                    STR_ARG(settings->trusted_proxies));
    h->secure = str_starts(settings->public_url, STR("https://"));
    h->per_address = rate_table_new(s->arena, settings->rate_per_address);
    h->per_person = rate_table_new(s->arena, settings->rate_per_person);
    h->arenas = arenas_new(s->arena);
    h->metrics = metrics_new(s->arena, h->router);
    h->peers = peers_new(s->arena, &(struct peers_settings){
        .connections_max = settings->connections_max, .per_address_max = settings->connections_per_address,
        .idle_s = settings->idle_s, .request_s = settings->request_s });
    openapi_write(s->arena, settings->tables, settings->table_count, settings->version, &h->openapi);
    h->openapi_gzip = openapi_gzip(s->arena, h->openapi);
    return portal_read(s, settings->portal_folder, &h->portal);
}

bool
http_start(struct scope *s, const struct http_settings *settings, struct http **out)
{
    struct http *h = arena_new_of(s->arena, struct http);
    h->settings = *settings;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&h->quiet, &monotonic);
    pthread_mutex_init(&h->quiet_lock, NULL);
    pthread_mutex_init(&h->senders_lock, NULL);
    if (!raise_file_limit(s, settings->connections_max) || !make_parts(s, h))
        return false;
    h->workers = workers_start(s->arena, &settings->db, settings->workers, settings->queue_max);
    h->writers = workers_start(s->arena, &settings->db, settings->writers, PIECES_MAX);
    h->pulse = pulse_start(s->arena, h);
    h->hub = hub_start(s->arena, h);
    *out = h;
    if (listener_start(s, h))
        return true;
    hub_stop(h->hub);
    pulse_stop(h->pulse);
    workers_stop(h->workers);
    workers_stop(h->writers);
    return false;
}

int
http_port(const struct http *h)
{
    return h->port;
}

static void
await_quiet(struct http *h, int seconds)
{
    struct timespec until;
    int waited = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&h->quiet_lock);
    while (atomic_load(&h->in_flight) > 0 && waited == 0)
        waited = pthread_cond_timedwait(&h->quiet, &h->quiet_lock, &until);
    pthread_mutex_unlock(&h->quiet_lock);
}

/* Streams end, running calls finish, idle connections go; what hangs longer than DRAIN_S is cut. Bodies on their way
 * are noted as far as they came. */
void
http_stop(struct http *h)
{
    atomic_store(&h->draining, true);
    listener_refuses_new(h);
    hub_stop(h->hub);
    peers_shut_idle(h->peers);
    await_quiet(h, DRAIN_S);
    atomic_store(&h->cutting, true);
    peers_shut_bodies(h->peers);
    await_quiet(h, CUT_S);
    workers_stop(h->workers);
    workers_stop(h->writers);
    listener_stop(h);
    pulse_stop(h->pulse);
    arenas_end(h->arenas);
}
