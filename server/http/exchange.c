#include "server/http/exchange.h"

#include <microhttpd.h>

#include "server/http/arenas.h"
#include "server/http/parts.h"
#include "server/http/peers.h"
#include "server/http/url.h"
#include "workflows/service.h"

enum { AGENT_MAX = 200 };

struct exchange *
exchange_new(struct http *h, struct MHD_Connection *connection, struct str target)
{
    struct arena *a = arenas_take(h->arenas);
    struct exchange *x = arena_new_of(a, struct exchange);
    *x = (struct exchange){ .task.run = answer_run, .http = h, .connection = connection, .arena = a,
                            .begun_us = clock_monotonic_us() };
    x->target = str_copy(a, target);
    x->request_id = uuid_format(a, uuid_new(clock_now(h->settings.clock)));
    url_split(x->target, &x->path, &x->query);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    x->peer = info ? info->socket_context : NULL;
    atomic_fetch_add(&h->in_flight, 1);
    return x;
}

void
exchange_end(struct exchange *x)
{
    struct http *h = x->http;
    arenas_give(h->arenas, x->arena);
    bool was_last = atomic_fetch_sub(&h->in_flight, 1) == 1;
    if (was_last && atomic_load(&h->draining)) {
        pthread_mutex_lock(&h->quiet_lock);
        pthread_cond_signal(&h->quiet);
        pthread_mutex_unlock(&h->quiet_lock);
    }
}

struct str
exchange_header(const struct exchange *x, const char *name)
{
    const char *value = NULL;
    size_t length = 0;
    if (MHD_lookup_connection_value_n(x->connection, MHD_HEADER_KIND, name, strlen(name), &value, &length) != MHD_YES
        || !value)
        return STR_NONE;
    return (struct str){ value, length };
}

/* The first of ja and en that the reader names; quality values hardly ever disagree with the order. */
static enum language
accepted_language(struct str header)
{
    struct str part;
    while (str_cut(&header, ',', &part)) {
        struct str tag = str_head(str_trim(part), 2);
        if (str_eq_nocase(tag, STR("ja")))
            return LANGUAGE_JA;
        if (str_eq_nocase(tag, STR("en")))
            return LANGUAGE_EN;
    }
    return LANGUAGE_EN;
}

void
exchange_scope(struct exchange *x, struct arena *a)
{
    struct str agent = str_head(exchange_header(x, "User-Agent"), AGENT_MAX);
    x->reply = (struct reply){ .exchange = x };
    x->scope = scope_new(a, clock_now(x->http->settings.clock));
    x->scope.request_id = x->request_id;
    x->scope.address = x->address;
    x->scope.agent = str_is_utf8(agent) ? agent : STR_NONE;
    x->scope.language = accepted_language(exchange_header(x, "Accept-Language"));
    x->scope.service = x->http->settings.service;
    x->scope.reply = &x->reply;
}
