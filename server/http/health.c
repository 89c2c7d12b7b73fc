#include "server/http/health.h"

#include "core/base/crypto.h"
#include "server/http/hub.h"
#include "server/http/metrics.h"
#include "server/http/parts.h"
#include "server/http/peers.h"
#include "server/http/portal.h"
#include "server/http/pulse.h"
#include "server/http/reply.h"

enum { METRICS_MAX = 4 * 1024 * 1024 };

static void
answer_alive(struct exchange *x)
{
    reply_status(&x->scope, 200);
    reply_body(&x->scope, "application/json", STR("{\"status\":\"alive\"}"));
    exchange_send(x);
}

static void
add_reason(struct text *t, const char *name, bool good, struct str reason)
{
    text_addf(t, "%s\"%s\":{\"ok\":%s", t->at[t->len - 1] == '{' ? "" : ",", name, good ? "true" : "false");
    if (!good) {
        text_add(t, STR(",\"reason\":"));
        json_write_str(t, reason);
    }
    text_add_char(t, '}');
}

static struct str
migrations_reason(struct arena *a, const struct pulse_sight *seen)
{
    return seen->migrations_pending < 0 ? STR("could not be asked")
                                        : str_printf(a, "%d pending: run yagura migrate", seen->migrations_pending);
}

/* Reasons may name hosts and roles: strangers are told only yes or no. */
static void
answer_ready(struct exchange *x)
{
    struct pulse_sight seen;
    pulse_look(x->http->pulse, &seen);
    bool draining = atomic_load(&x->http->draining), near = x->peer && x->peer->is_loopback;
    bool ready = seen.database_answers && seen.migrations_pending == 0 && !draining;
    struct text t = text_new(x->arena, 4096);
    text_addf(&t, "{\"status\":\"%s\",\"checks\":{", ready ? "ready" : "not_ready");
    add_reason(&t, "database", seen.database_answers, near ? str_of(seen.trouble) : STR("does not answer"));
    add_reason(&t, "migrations", seen.migrations_pending == 0, migrations_reason(x->arena, &seen));
    add_reason(&t, "serving", !draining, STR("the service is stopping"));
    text_add(&t, STR("}}"));
    reply_status(&x->scope, ready ? 200 : 503);
    reply_body(&x->scope, "application/json", text_str(&t));
    exchange_send(x);
}

static bool
may_see_metrics(const struct exchange *x)
{
    struct str token = x->http->settings.metrics_token, shown = exchange_header(x, "Authorization");
    if (token.len)
        return str_starts(shown, STR("Bearer ")) && equal_in_constant_time(str_skip(shown, 7), token);
    return x->peer && x->peer->is_loopback && !exchange_header(x, "X-Forwarded-For").at;
}

static void
write_gauges(struct text *t, const struct pulse_sight *seen)
{
    const char *last = "";
    for (size_t i = 0; i < seen->gauge_count; i++) {
        if (strcmp(last, seen->gauges[i].name) != 0)
            metrics_head(t, seen->gauges[i].name, "gauge", "Asked of the database");
        last = seen->gauges[i].name;
        metrics_sample(t, last, str_of(seen->gauges[i].labels), seen->gauges[i].value);
    }
}

static void
write_figure(struct text *t, const char *name, const char *help, int64_t value)
{
    metrics_head(t, name, "gauge", help);
    metrics_sample(t, name, STR_NONE, value);
}

static void
answer_metrics(struct exchange *x)
{
    struct http *h = x->http;
    if (!may_see_metrics(x)) {
        (void)fail(&x->scope, &problem_not_found, "there is no such page");
        exchange_refuse(x);
        return;
    }
    struct text t = text_new(x->arena, METRICS_MAX);
    struct pulse_sight seen;
    struct workers_state state = workers_look(h->workers);
    pulse_look(h->pulse, &seen);
    metrics_write(&t, h->metrics);
    write_figure(&t, "yagura_database_up", "Did the database answer last", seen.database_answers);
    write_figure(&t, "yagura_migrations_pending", "Migrations not yet run, -1 when unknown", seen.migrations_pending);
    write_figure(&t, "yagura_http_connections", "Open connections", peers_count(h->peers));
    write_figure(&t, "yagura_http_in_flight", "Calls between request line and last byte", atomic_load(&h->in_flight));
    write_figure(&t, "yagura_http_streams", "Live event streams", hub_streams(h->hub));
    write_figure(&t, "yagura_workers", "Worker threads, each with a database connection", state.threads);
    write_figure(&t, "yagura_workers_busy", "Workers that run a call", state.busy);
    write_figure(&t, "yagura_queue_depth", "Calls that wait for a worker", state.waiting);
    write_figure(&t, "yagura_queue_max", "Calls that may wait", state.waiting_max);
    write_figure(&t, "yagura_uploads", "Files that arrive right now", atomic_load(&h->streams));
    write_figure(&t, "yagura_uploads_max", "Files that may arrive at once", h->settings.uploads_max);
    write_gauges(&t, &seen);
    reply_status(&x->scope, 200);
    reply_body(&x->scope, "text/plain; version=0.0.4; charset=utf-8", text_str(&t));
    exchange_send(x);
}

static void
answer_openapi(struct exchange *x)
{
    reply_status(&x->scope, 200);
    reply_body(&x->scope, "application/json", x->http->openapi);
    if (x->http->openapi_gzip.len && encoding_is_welcome(exchange_header(x, "Accept-Encoding"), "gzip")) {
        x->reply.encoding = "gzip";
        x->reply.body = x->http->openapi_gzip;
    }
    reply_header(&x->scope, "Vary", STR("Accept-Encoding"));
    exchange_send(x);
}

bool
health_answer(struct exchange *x)
{
    if (str_is(x->path, "/healthz"))
        answer_alive(x);
    else if (str_is(x->path, "/readyz"))
        answer_ready(x);
    else if (str_is(x->path, "/metrics"))
        answer_metrics(x);
    else if (str_is(x->path, "/api/v1/openapi.json"))
        answer_openapi(x);
    else
        return false;
    return true;
}
