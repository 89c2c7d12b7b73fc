/* http: the door of the service.
 *
 *     loops (libmicrohttpd, epoll)          workers (one database connection each)
 *     accept, read, bound, route  --queue-->  sign-in, checks, handler, commit
 *     answer what needs no database <------   answer, resume
 *
 * Large bodies and files go through a second pool, the writers, in pieces.
 *
 * A loop thread never waits: files of the portal, health, refusals and the full queue (503) are answered at once.
 * Everything else is suspended, queued, run to its end by one worker and resumed with its answer. http_stop refuses
 * new connections, lets running calls finish and ends the streams.
 */
#ifndef YAGURA_SERVER_HTTP_HTTP_H
#define YAGURA_SERVER_HTTP_HTTP_H

#include "core/db/db.h"
#include "server/http/feed.h"
#include "server/http/route.h"

struct http;

/* One figure of /metrics that only the database knows; several rows give several labels. */
struct gauge_row {
    struct str name, labels; /* yagura_jobs, state="ready" */
    int64_t value;
};
struct gauge_ask {
    struct instant at;
};
extern const struct shape gauge_row_shape, gauge_ask_shape;

struct http_settings {
    struct str listen;          /* 127.0.0.1:8080, [::]:8080; port 0 takes a free one */
    struct str public_url;      /* https: cookies are Secure, HSTS is sent */
    int64_t writers, uploads_max; /* threads for bodies and files; how many bodies may stream in at once */
    int64_t workers, loops, queue_max, connections_max, connections_per_address, streams_per_person;
    int64_t rate_per_address, rate_per_person; /* calls a minute; 0: no limit */
    int64_t idle_s, request_s;  /* how long a connection may idle, and a request may take to arrive */
    struct str trusted_proxies; /* whose X-Forwarded-For is believed: addresses and networks */
    struct str metrics_token;   /* absent: /metrics is for loopback alone */
    struct str tls_cert, tls_key; /* PEM; absent: plain HTTP */
    struct str portal_folder;   /* absent: no portal */
    struct str migrations_folder;
    struct db_settings db;
    const char *database_owner_url; /* for readiness: are migrations pending? */
    const struct clock *clock;
    const struct service *service;
    const struct routes *const *tables;
    size_t table_count;
    const struct query *const *gauges; /* gauge_ask_shape to gauge_row_shape, every few seconds */
    size_t gauge_count;
    struct change_nouns nouns; /* whom live events are for */
    struct str version;
};

/* Everything it makes lives in s->arena, which must outlive it. */
must_check bool http_start(struct scope *s, const struct http_settings *settings, struct http **out);
int http_port(const struct http *h);
void http_stop(struct http *h);

#endif
