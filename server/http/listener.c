#include "server/http/listener.h"

#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/log.h"
#include "server/http/exchange.h"
#include "server/http/intake.h"
#include "server/http/peers.h"
#include "server/http/stream.h"

/* The connection's own memory holds its request head and its answer's head: with 10,000 idle connections this is
 * most of what the process uses. */
enum { CONNECTION_BYTES = 12 * 1024, CONNECTION_STEP = 1024, LOOP_STACK = 256 * 1024, BACKLOG = 1024 };

static enum MHD_Result
on_accept(void *http, const struct sockaddr *address, socklen_t length)
{
    struct http *h = http;
    (void)length;
    return peers_may_join(h->peers, address) ? MHD_YES : MHD_NO;
}

static void
on_connection(void *http, struct MHD_Connection *connection, void **context,
              enum MHD_ConnectionNotificationCode what)
{
    struct http *h = http;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        int fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        const struct sockaddr *address =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
        *context = peers_join(h->peers, address, fd);
    } else if (*context) {
        peers_leave(h->peers, *context);
    }
}

/* The first word of a call: its request line has arrived. */
static void *
on_target(void *http, const char *target, struct MHD_Connection *connection)
{
    struct exchange *x = exchange_new(http, connection, str_of(target));
    if (x->peer)
        peer_turns(x->peer, PEER_HEAD);
    return x;
}

static enum MHD_Result
on_call(void *http, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
        const char *body, size_t *body_bytes, void **context)
{
    struct exchange *x = *context;
    (void)http;
    (void)connection;
    (void)url;
    (void)version;
    if (!x || !x->peer)
        return MHD_NO; /* more connections than the table of peers holds */
    if (x->state == EXCHANGE_HEAD) {
        intake_head(x, method);
        return MHD_YES;
    }
    if (x->state == EXCHANGE_ADMITTED) {
        intake_admitted(x);
        if (!*body_bytes)
            return MHD_YES; /* the head again, after the connection was suspended: the body is yet to come */
    }
    if (*body_bytes) {
        size_t taken;
        bool go_on = intake_body(x, (struct str){ body, *body_bytes }, &taken);
        *body_bytes -= taken;
        return go_on ? MHD_YES : MHD_NO;
    }
    intake_ends(x);
    return MHD_YES;
}

static void
on_end(void *http, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode why)
{
    struct exchange *x = *context;
    (void)http;
    (void)connection;
    (void)why;
    if (!x)
        return;
    if (x->peer)
        peer_turns(x->peer, PEER_IDLE);
    if (!stream_outlives(x))
        exchange_end(x);
    *context = NULL;
}

static void printf_like(2, 0)
on_message(void *http, const char *fmt, va_list args)
{
    char text[300];
    (void)http;
    vsnprintf(text, sizeof text, fmt, args);
    log_debug(NULL, "http.library", STR_FMT, STR_ARG(str_trim(str_of(text))));
}

/* "127.0.0.1:8080", "[::1]:8080", ":8080" */
static bool
split_listen(struct arena *a, struct str listen, const char **host, const char **port)
{
    size_t colon = listen.len;
    while (colon > 0 && listen.at[colon - 1] != ':')
        colon--;
    if (colon == 0)
        return false;
    struct str name = str_head(listen, colon - 1);
    if (str_starts(name, STR("[")) && str_ends(name, STR("]")))
        name = str_head(str_skip(name, 1), name.len - 2);
    *host = name.len ? str_c(a, name) : NULL;
    *port = str_c(a, str_skip(listen, colon));
    return true;
}

static int
open_socket(const struct addrinfo *address)
{
    int on = 1, fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    close(fd);
    return -1;
}

static void
free_addresses(struct addrinfo **list)
{
    if (*list)
        freeaddrinfo(*list);
}

static int
port_of(int fd)
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        return 0;
    return ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                               : ((struct sockaddr_in *)&address)->sin_port);
}

static bool
listen_at(struct scope *s, struct http *h)
{
    struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    scoped(free_addresses) struct addrinfo *list = NULL;
    const char *host, *port;
    struct str where = h->settings.listen;
    if (!split_listen(s->arena, where, &host, &port) || getaddrinfo(host, port, &hints, &list) != 0)
        return fail(s, &problem_internal, "listen: '" STR_FMT "' is no address:port", STR_ARG(where));
    h->listen_socket = -1;
    for (struct addrinfo *each = list; each && h->listen_socket < 0; each = each->ai_next)
        h->listen_socket = open_socket(each);
    if (h->listen_socket < 0)
        return fail(s, &problem_internal, "cannot listen at " STR_FMT ": %m", STR_ARG(where));
    h->port = port_of(h->listen_socket);
    return true;
}

bool
listener_start(struct scope *s, struct http *h)
{
    const struct http_settings *settings = &h->settings;
    bool tls = settings->tls_cert.len > 0;
    if (!listen_at(s, h))
        return false;
    struct MHD_OptionItem tls_options[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)settings->tls_cert.at },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)settings->tls_key.at },
        { MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)"NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2" },
        { MHD_OPTION_END, 0, NULL },
    };
    if (!tls)
        tls_options[0].option = MHD_OPTION_END;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG
        | (tls ? MHD_USE_TLS : 0);
    /* clang-format off */
    h->daemon = MHD_start_daemon(flags, (uint16_t)h->port, on_accept, h, on_call, h,
        MHD_OPTION_EXTERNAL_LOGGER, on_message, h,
        MHD_OPTION_LISTEN_SOCKET, h->listen_socket,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)settings->loops,
        MHD_OPTION_THREAD_STACK_SIZE, (size_t)LOOP_STACK,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)settings->connections_max,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)CONNECTION_STEP,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)settings->idle_s,
        MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_URI_LOG_CALLBACK, on_target, h,
        MHD_OPTION_NOTIFY_COMPLETED, on_end, h,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, h,
        MHD_OPTION_ARRAY, tls_options,
        MHD_OPTION_END);
    /* clang-format on */
    if (h->daemon)
        return true;
    close(h->listen_socket);
    return fail(s, &problem_internal, "the HTTP library would not start%s",
                tls ? ": are tls_cert_file and tls_key_file good?" : "");
}

void
listener_refuses_new(struct http *h)
{
    int fd = MHD_quiesce_daemon(h->daemon);
    if (fd != MHD_INVALID_SOCKET)
        close(fd);
}

void
listener_stop(struct http *h)
{
    MHD_stop_daemon(h->daemon);
}
