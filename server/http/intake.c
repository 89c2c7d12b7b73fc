#include "server/http/intake.h"

#include <microhttpd.h>

#include "server/http/health.h"
#include "server/http/parts.h"
#include "server/http/peers.h"
#include "server/http/portal.h"
#include "server/http/reply.h"
#include "server/http/stream.h"

/* How much of a body that is too large is read and thrown away, so that its sender reads our answer. */
enum { DISCARD_MAX = 256 * 1024, RETRY_AFTER_S = 2, METHOD_UNKNOWN = -1 };

#define API_PREFIX "/api/v1"

static const char *const single_headers[] = { "Content-Length", "Transfer-Encoding", "Host", "Content-Type",
                                              "Authorization", "X-CSRF-Token", "Idempotency-Key", "If-Match" };

static int
method_read(struct exchange *x, const char *text)
{
    if (strcmp(text, "HEAD") == 0) {
        x->is_head = true;
        return GET;
    }
    struct str instead = strcmp(text, "POST") == 0 ? exchange_header(x, "X-HTTP-Method-Override") : STR_NONE;
    if (str_is(instead, "PATCH") || str_is(instead, "DELETE")) /* for those behind a proxy that knows only POST */
        return str_is(instead, "PATCH") ? PATCH : DELETE;
    for (int m = GET; m < METHOD_COUNT; m++)
        if (strcmp(text, method_name((enum method)m)) == 0)
            return m;
    return METHOD_UNKNOWN;
}

/* In protocols of others a slash may stand at the end. */
static enum match_result
match_route(struct exchange *x, enum method method)
{
    const struct router *r = x->http->router;
    enum match_result result = router_match(r, x->arena, method, x->path, &x->match);
    if (result != MATCH_NO_PATH || !str_ends(x->path, STR("/")))
        return result;
    result = router_match(r, x->arena, method, str_head(x->path, x->path.len - 1), &x->match);
    return result == MATCH_FOUND && x->match.route->any_query ? result : MATCH_NO_PATH;
}

static bool
find_route(struct exchange *x, int method)
{
    struct scope *s = &x->scope;
    x->path = str_skip(x->path, sizeof API_PREFIX - 1);
    switch (match_route(x, method < 0 ? METHOD_NONE : (enum method)method)) {
    case MATCH_FOUND:
        return true;
    case MATCH_BAD_PATH:
        return fail(s, &problem_malformed, "the path cannot be read");
    case MATCH_NO_METHOD:
        return fail(s, &problem_no_method, "only %s", allow_header(x->arena, x->match.allowed).at);
    case MATCH_NO_PATH:
        break;
    }
    return fail(s, &problem_not_found, "there is no such address");
}

static bool
take_rate(struct exchange *x)
{
    struct scope *s = &x->scope;
    if (rate_take(x->http->per_address, x->address, clock_monotonic_us(), &x->rate))
        return true;
    s->failure.retry_after_s = x->rate.retry_s;
    return fail(s, &problem_rate_limited, "at most %lld calls a minute from one address", (long long)x->rate.limit);
}

static bool
has_body(const struct exchange *x)
{
    struct str length = exchange_header(x, "Content-Length");
    return exchange_header(x, "Transfer-Encoding").at || (length.at && !str_is(str_trim(length), "0"));
}

static bool
is_json(struct str type)
{
    struct str essence, parameters = type, one;
    if (!str_cut(&parameters, ';', &essence) || !str_eq_nocase(str_trim(essence), STR("application/json")))
        return false;
    while (str_cut(&parameters, ';', &one)) {
        one = str_trim(one);
        if (one.len && !str_eq_nocase(one, STR("charset=utf-8")) && !str_eq_nocase(one, STR("charset=\"utf-8\"")))
            return false;
    }
    return true;
}

static bool
judge_body(struct exchange *x)
{
    struct scope *s = &x->scope;
    const struct route *r = x->match.route;
    int64_t length;
    if (!has_body(x))
        return true;
    if (r->method == GET || r->method == DELETE || r->method == OPTIONS)
        return fail(s, &problem_malformed, "%s takes no body", method_name(r->method));
    if (r->sink)
        return true; /* the sink judges it, and not before it is known who asks */
    x->body_max = r->body_max ? r->body_max : BODY_MAX_DEFAULT;
    if (str_int(str_trim(exchange_header(x, "Content-Length")), &length) && length > (int64_t)x->body_max)
        return fail(s, &problem_too_large, "at most %zu bytes", x->body_max);
    return is_json(exchange_header(x, "Content-Type")) || fail(s, &problem_media_type, "Content-Type is not JSON");
}

/* X-Forwarded-For counts only from proxies we were told to trust. */
static void
find_address(struct exchange *x)
{
    struct str peer = x->peer ? str_of(x->peer->address) : STR("");
    struct str forwarded = x->http->proxies ? exchange_header(x, "X-Forwarded-For") : STR_NONE;
    x->address = forwarded.at ? client_address(x->arena, x->http->proxies, peer, forwarded) : str_copy(x->arena, peer);
}

/* Headers that say where a request ends, or who asks, stand once: two programs on the way must not read two different
 * requests out of the same bytes. */
static enum MHD_Result
count_header(void *counts, enum MHD_ValueKind kind, const char *name, const char *value)
{
    int *seen = counts;
    (void)kind;
    (void)value;
    for (size_t i = 0; i < COUNT_OF(single_headers); i++)
        seen[i] += str_eq_nocase(str_of(name), str_of(single_headers[i]));
    return MHD_YES;
}

static bool
judge_framing(struct exchange *x)
{
    struct scope *s = &x->scope;
    int seen[COUNT_OF(single_headers)] = { 0 };
    struct str coding = exchange_header(x, "Transfer-Encoding");
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, count_header, seen);
    for (size_t i = 0; i < COUNT_OF(single_headers); i++)
        if (seen[i] > 1)
            return fail(s, &problem_malformed, "%s stands twice", single_headers[i]);
    return !coding.at || str_eq_nocase(str_trim(coding), STR("chunked"))
        || fail(s, &problem_malformed, "of transfer codings only chunked is known");
}

static bool
is_below_api(struct str path)
{
    return str_starts(path, STR(API_PREFIX "/")) || str_is(path, API_PREFIX);
}

static bool
judge(struct exchange *x, int method)
{
    x->is_api = is_below_api(x->path) && !(x->method == GET && str_is(x->path, API_PREFIX "/openapi.json"));
    if (x->is_api)
        return take_rate(x) && find_route(x, method) && judge_body(x);
    x->match.allowed = 1u << GET;
    if (x->method != GET)
        return fail(&x->scope, &problem_no_method, "only GET");
    return !has_body(x) || fail(&x->scope, &problem_malformed, "GET takes no body");
}

/* An answer before the body was read costs the connection: so a refusal waits for a body that is short, and for one
 * that is long it does not. */
static bool
is_body_long(const struct exchange *x)
{
    struct str length = exchange_header(x, "Content-Length");
    int64_t bytes;
    return length.at && (!str_int(str_trim(length), &bytes) || bytes > DISCARD_MAX);
}

/* A full queue is an answer, and at once. */
static void
queue(struct exchange *x, void (*run)(struct worker *w, struct task *t))
{
    struct http *h = x->http;
    if (!workers_reserve(h->workers)) {
        x->scope.failure.retry_after_s = RETRY_AFTER_S;
        (void)fail(&x->scope, &problem_unavailable, "the queue is full");
        exchange_refuse(x);
        return;
    }
    x->task.run = run;
    x->state = EXCHANGE_WORK;
    if (x->peer)
        peer_turns(x->peer, PEER_WORK);
    MHD_suspend_connection(x->connection);
    workers_push(h->workers, &x->task);
}

/* The body waits in the network until somebody may take it. */
static void
admit(struct exchange *x)
{
    struct http *h = x->http;
    bool draining = atomic_load(&h->draining);
    if (!draining && stream_reserve(x)) {
        queue(x, stream_admit);
        return;
    }
    x->scope.failure.retry_after_s = RETRY_AFTER_S;
    (void)fail(&x->scope, &problem_unavailable, draining ? "the service stops" : "too many uploads at once");
    exchange_refuse(x);
}

void
intake_admitted(struct exchange *x)
{
    x->state = EXCHANGE_BODY;
    if (x->peer)
        peer_turns(x->peer, PEER_BODY);
}

void
intake_head(struct exchange *x, const char *method_text)
{
    int method = method_read(x, method_text);
    x->method = method < 0 ? METHOD_NONE : (enum method)method;
    find_address(x);
    exchange_scope(x, x->arena);
    x->is_last = !judge_framing(x);
    bool good = !x->is_last && judge(x, method);
    x->state = good ? EXCHANGE_BODY : EXCHANGE_REFUSED;
    x->body = text_new(x->arena, x->body_max + 1);
    if (x->peer)
        peer_turns(x->peer, PEER_BODY);
    if (!good && (x->is_last || is_body_long(x)))
        exchange_refuse(x);
    else if (good && x->match.route && x->match.route->sink)
        admit(x);
}

/* libmicrohttpd takes no answer while a body arrives: what is too large is passed over up to a bound, then refused. */
bool
intake_body(struct exchange *x, struct str piece, size_t *taken)
{
    if (x->stream)
        return stream_take(x, piece, taken);
    *taken = piece.len;
    if (x->peer)
        peer_hears(x->peer, piece.len);
    if (x->state == EXCHANGE_BODY && x->body.len + piece.len <= x->body_max) {
        text_add(&x->body, piece);
        return true;
    }
    x->state = EXCHANGE_REFUSED;
    x->discarded += piece.len;
    return x->discarded <= DISCARD_MAX;
}

static void
answer_at_once(struct exchange *x)
{
    if (!health_answer(x) && !portal_answer(x))
        exchange_refuse(x);
}

void
intake_ends(struct exchange *x)
{
    if (x->stream) {
        stream_body_ends(x);
        return;
    }
    if (x->discarded && !scope_has_failed(&x->scope))
        (void)fail(&x->scope, &problem_too_large, "at most %zu bytes", x->body_max);
    if (x->state == EXCHANGE_REFUSED)
        exchange_refuse(x);
    else if (x->is_api)
        queue(x, answer_run);
    else
        answer_at_once(x);
}
