/* exchange: one call, from its request line to the last byte of its answer. Inside of server/http only.
 *
 *     loop: exchange_new, the head is judged, the body collected --> worker: answer_run --> loop: sent, exchange_end
 *           (a body of any size goes to a sink instead: stream.h)
 *
 * Its arena is its memory: request, records, rows and the answer's body live there until libmicrohttpd says that the
 * call is over. While a worker has it the connection is suspended, so nobody else touches it.
 */
#ifndef YAGURA_SERVER_HTTP_EXCHANGE_H
#define YAGURA_SERVER_HTTP_EXCHANGE_H

#include "core/base/text.h"
#include "server/http/http.h"
#include "server/http/rate_limit.h"
#include "server/http/router.h"
#include "server/http/workers.h"

struct MHD_Connection;
struct MHD_Response;
struct exchange;
struct flow;
struct peer;
struct stream;

enum { HEADERS_MAX = 16, BODY_MAX_DEFAULT = 64 * 1024, ANSWER_MAX = 64 * 1024 * 1024 };

struct header {
    const char *name;
    struct str value; /* ends in NUL */
};

struct reply {
    struct exchange *exchange;
    int status;
    const char *content_type;
    struct str body;
    struct header headers[HEADERS_MAX];
    size_t header_count;
    struct flow *flow;       /* a body that comes in pieces, instead of `body` */
    int64_t flow_bytes;      /* how long it will be, when that is known beforehand */
    const char *encoding;    /* Content-Encoding of a precompressed body */
    bool cacheable;          /* says itself how it may be kept; else no-store */
    bool is_document;        /* gets the portal's content security policy */
};

enum exchange_state { EXCHANGE_HEAD, EXCHANGE_ADMITTED, EXCHANGE_BODY, EXCHANGE_REFUSED, EXCHANGE_WORK,
                      EXCHANGE_ANSWERED };

struct exchange {
    struct task task; /* first: a worker gets the exchange by it */
    struct http *http;
    struct MHD_Connection *connection;
    struct peer *peer;
    struct arena *arena;
    enum exchange_state state;
    struct str target, path, query;
    enum method method;
    bool is_head, is_api;
    bool is_last; /* of its connection: where it ends is not sure */
    struct match match; /* route is NULL outside of the API */
    struct text body;
    struct stream *stream; /* of a body that goes to a sink, once it was admitted */
    size_t body_max, discarded;
    struct str request_id;
    struct str address; /* the client's, behind trusted proxies */
    struct str credential;
    bool is_cookie;     /* the credential came as a cookie, so CSRF is asked */
    struct rate rate;   /* for the RateLimit headers */
    struct scope scope;
    struct reply reply;
    int64_t begun_us;
};

struct exchange *exchange_new(struct http *h, struct MHD_Connection *connection, struct str target);
void exchange_end(struct exchange *x);

/* A fresh scope and reply, for each attempt to answer. */
void exchange_scope(struct exchange *x, struct arena *a);

/* Answers with the scope's failure, or with the reply as it stands. The exchange belongs to the loop afterwards. */
void exchange_refuse(struct exchange *x);
void exchange_send(struct exchange *x);

/* The text of a header of the request, STR_NONE when it was not sent. */
struct str exchange_header(const struct exchange *x, const char *name);

/* The life of an API call in a worker; and of a further page of a list that is sent piece by piece. */
void answer_run(struct worker *w, struct task *t);
must_check bool answer_page(struct exchange *x, struct worker *w, struct page *out);

/* Before the body of a call with a sink, and after it. */
must_check bool answer_opening(struct exchange *x, struct worker *w, void **taker);
must_check bool answer_closing(struct exchange *x, struct worker *w, void *taker);

/* problem+json of a failure, in a language */
struct str problem_json(struct arena *a, const struct failure *f, struct str request_id, enum language language);

extern const struct problem problem_no_method;    /* 405 */
extern const struct problem problem_media_type;   /* 415 */
extern const struct problem problem_csrf;         /* 403 */
extern const struct problem problem_fresh_factor; /* 403 */
extern const struct problem problem_stage;        /* 401 */
extern const struct problem problem_key_mismatch; /* 422: Idempotency-Key with another body */

#endif
