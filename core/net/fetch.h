/* fetch: one HTTP exchange with somebody else's server.
 *
 * The safe way is the default: no redirects, ten seconds, one MiB, one attempt, and only addresses of the public
 * internet. A URL that a customer typed may name our own database, a cloud's metadata service or a neighbour's
 * printer; so the address is judged when the socket is opened, after DNS has answered, for every redirect and
 * every attempt anew. Loopback, private, link-local, shared (100.64/10), multicast, reserved ranges and their IPv6
 * kin (mapped, NAT64, 6to4, unique local) are refused, unless the operator's `fetch_reach` names the network.
 * Proxies of the environment are not asked: they would open the socket where nobody judges.
 *
 * Only http and https are spoken; with https_only a redirect to http is refused, too. Certificates are verified
 * against the system's store, or against `ca_file`.
 *
 * An attempt is repeated only when that can do no harm: the method is idempotent (GET, HEAD, PUT, DELETE) or the
 * caller says so, and the failure was of the connection, or 429, 502, 503 or 504. Retry-After is honoured while it
 * fits into the deadline. An answer of any status is a success of fetch: the caller judges the status.
 *
 * Never call it inside a transaction: use a job's `act`.
 */
#ifndef YAGURA_CORE_NET_FETCH_H
#define YAGURA_CORE_NET_FETCH_H

#include "core/base/scope.h"
#include "core/net/fetch_reach.h"

struct fetch_header {
    struct str name, value;
};

struct fetch_request {
    const char *method;                 /* NULL: GET */
    struct str url;
    const struct fetch_header *headers;
    size_t header_count;
    struct str body;                    /* with a Content-Type among the headers */
    const struct fetch_reach *reach;
    bool https_only;
    bool idempotent;                    /* this POST may be repeated */
    int attempts;                       /* 0: 1 */
    int redirects;                      /* 0: none are followed */
    int connect_timeout_ms;             /* 0: 5,000 */
    int timeout_ms;                     /* all attempts together; 0: 10,000 */
    size_t answer_max;                  /* body; 0: 1 MiB */
    const char *ca_file;                /* NULL: the system's */
};

struct fetch_answer {
    int status;
    struct fetch_header *headers; /* of the last answer, names in lower case */
    size_t header_count;
    struct str body;
    struct str address;           /* who answered */
    int attempts;
    int64_t elapsed_us;
};

extern const struct problem problem_fetch_refused;   /* 422: the address or the scheme is not allowed */
extern const struct problem problem_fetch_failed;    /* 502: not reached, no valid certificate, too late */
extern const struct problem problem_fetch_too_large; /* 502: the answer was larger than answer_max */

must_check bool fetch(struct scope *s, const struct fetch_request *request, struct fetch_answer *out);
struct str fetch_answer_header(const struct fetch_answer *answer, const char *lower_name); /* STR_NONE: not there */

#endif
