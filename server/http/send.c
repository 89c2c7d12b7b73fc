/* send: from a reply to libmicrohttpd. */
#include <microhttpd.h>

#include "core/base/log.h"
#include "server/http/exchange.h"
#include "server/http/flow.h"
#include "server/http/metrics.h"
#include "server/http/parts.h"
#include "server/http/reply.h"

/* Styles may stand in the page, since the portal's components set theirs by script; scripts may not. */
#define DOCUMENT_POLICY                                                                                      \
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "  \
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "      \
    "base-uri 'none'; frame-src 'self'; frame-ancestors 'none'"
#define DATA_POLICY "default-src 'none'; frame-ancestors 'none'; sandbox"

static void
add(struct MHD_Response *r, const char *name, const char *value)
{
    if (MHD_add_response_header(r, name, value) != MHD_YES)
        abort(); /* a header that cannot be sent is our own mistake */
}

static void
add_number(struct MHD_Response *r, const char *name, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    add(r, name, text);
}

static void
add_policies(struct MHD_Response *r, const struct exchange *x)
{
    bool document = x->reply.is_document;
    add(r, "X-Content-Type-Options", "nosniff");
    add(r, "Content-Security-Policy", document ? DOCUMENT_POLICY : DATA_POLICY);
    add(r, "Cross-Origin-Resource-Policy", "same-origin");
    add(r, "Referrer-Policy", "same-origin");
    if (document) {
        add(r, "Cross-Origin-Opener-Policy", "same-origin");
        add(r, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        add(r, "X-Frame-Options", "DENY");
    }
    if (x->http->secure)
        add(r, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

static void
add_rate(struct MHD_Response *r, const struct exchange *x)
{
    if (!x->rate.limit)
        return;
    add_number(r, "RateLimit-Limit", x->rate.limit);
    add_number(r, "RateLimit-Remaining", x->rate.remaining);
    add_number(r, "RateLimit-Reset", x->rate.reset_s);
}

static struct MHD_Response *
response_of(struct exchange *x)
{
    const struct reply *reply = &x->reply;
    struct MHD_Response *r;
    if (reply->flow)
        r = MHD_create_response_from_callback(reply->flow_bytes ? (uint64_t)reply->flow_bytes : MHD_SIZE_UNKNOWN,
                                              FLOW_BLOCK_BYTES, flow_read, reply->flow, NULL);
    else {
        union { const char *given; void *taken; } body = { .given = reply->body.len ? reply->body.at : "" };
        r = MHD_create_response_from_buffer(reply->body.len, body.taken, MHD_RESPMEM_PERSISTENT);
    }
    if (!r)
        abort();
    if (reply->content_type)
        add(r, "Content-Type", reply->content_type);
    if (reply->encoding)
        add(r, "Content-Encoding", reply->encoding);
    if (!reply->cacheable)
        add(r, "Cache-Control", "no-store");
    for (size_t i = 0; i < reply->header_count; i++)
        add(r, reply->headers[i].name, reply->headers[i].value.at);
    add(r, "X-Request-Id", x->scope.request_id.at);
    add_policies(r, x);
    add_rate(r, x);
    if (x->is_last || atomic_load(&x->http->draining))
        add(r, "Connection", "close");
    return r;
}

static void
tell(const struct exchange *x)
{
    int64_t took_us = clock_monotonic_us() - x->begun_us;
    metrics_count(x->http->metrics, x->match.route ? x->match.index : METRICS_NO_ROUTE, x->reply.status, took_us);
    if (x->is_api)
        log_info(&x->scope, "http.answered", "%s %s" STR_FMT " status=%d ms=%lld.%03lld",
                 x->is_head ? "HEAD" : method_name(x->method), x->match.route ? x->match.route->path : "",
                 STR_ARG(x->match.route ? STR("") : x->path), x->reply.status, (long long)(took_us / 1000),
                 (long long)(took_us % 1000));
}

void
exchange_send(struct exchange *x)
{
    bool was_suspended = x->state == EXCHANGE_WORK;
    struct MHD_Connection *connection = x->connection;
    struct MHD_Response *r = response_of(x);
    tell(x);
    x->state = EXCHANGE_ANSWERED;
    MHD_queue_response(connection, (unsigned)x->reply.status, r);
    MHD_destroy_response(r); /* libmicrohttpd holds its own reference */
    if (was_suspended)
        MHD_resume_connection(connection); /* from here on the exchange is the loop's */
}

/* What a refusal says as well: where a resumable upload stands, how long a file is. */
static bool
outlives_failure(const char *header)
{
    return strcmp(header, "Set-Cookie") == 0 || strcmp(header, "Content-Range") == 0
        || strncmp(header, "Tus-", 4) == 0 || strncmp(header, "Upload-", 7) == 0;
}

void
exchange_refuse(struct exchange *x)
{
    const struct failure *f = &x->scope.failure;
    struct reply kept = x->reply;
    x->reply = (struct reply){ .exchange = x, .status = f->problem->status };
    for (size_t i = 0; i < kept.header_count; i++)
        if (outlives_failure(kept.headers[i].name))
            x->reply.headers[x->reply.header_count++] = kept.headers[i];
    if (f->problem->status >= 500)
        log_error(&x->scope, "http.failed", "%s: " STR_FMT, f->problem->slug, STR_ARG(f->detail));
    x->reply.content_type = "application/problem+json";
    x->reply.body = problem_json(x->arena, f, x->scope.request_id, x->scope.language);
    if (f->retry_after_s)
        reply_header(&x->scope, "Retry-After", str_printf(x->arena, "%lld", (long long)f->retry_after_s));
    if (f->problem->status == 405)
        reply_header(&x->scope, "Allow", allow_header(x->arena, x->match.allowed));
    if (f->problem->status == 401)
        reply_header(&x->scope, "WWW-Authenticate", STR("Bearer"));
    reply_header(&x->scope, "Content-Language", x->scope.language == LANGUAGE_JA ? STR("ja") : STR("en"));
    exchange_send(x);
}
