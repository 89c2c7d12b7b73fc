#include "core/net/stream_listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/log.h"

enum { BACKLOG = 64, STACK_BYTES = 512 * 1024, HANDSHAKE_MS = 15000, ADDRESS_BYTES = 64 };

struct stream_listener {
    struct stream_settings settings;
    int fd, wake_fd, port;
    SSL_CTX *tls;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    struct stream_peer *peers; /* connections_max of them */
    int open;
};

struct stream_peer {
    struct stream_listener *listener;
    bool used; /* under the listener's lock */
    int fd;
    SSL *tls;
    char address[ADDRESS_BYTES];
};

/* ---- a connection ---- */

struct str
stream_address(const struct stream_peer *p)
{
    return str_of(p->address);
}

/* 1: ready; 0: nothing came; -1: the listener stops. */
static int
wait_for(struct stream_peer *p, short events, int timeout_ms)
{
    struct pollfd fds[] = { { .fd = p->listener->wake_fd, .events = POLLIN }, { .fd = p->fd, .events = events } };
    int ready = poll(fds, events ? 2 : 1, timeout_ms);
    if (ready < 0)
        return errno == EINTR ? 0 : -1;
    return fds[0].revents ? -1 : events && fds[1].revents ? 1 : 0;
}

bool
stream_rest(struct stream_peer *p, int timeout_ms)
{
    return wait_for(p, 0, timeout_ms) >= 0;
}

static int
tls_wait(struct stream_peer *p, int result, int timeout_ms)
{
    int error = SSL_get_error(p->tls, result);
    ERR_clear_error();
    if (error == SSL_ERROR_WANT_READ)
        return wait_for(p, POLLIN, timeout_ms);
    return error == SSL_ERROR_WANT_WRITE ? wait_for(p, POLLOUT, timeout_ms) : -1;
}

int
stream_read(struct stream_peer *p, char *to, size_t room, int timeout_ms)
{
    for (;;) {
        int got = p->tls ? SSL_read(p->tls, to, (int)room) : (int)recv(p->fd, to, room, 0);
        if (got > 0)
            return got;
        if (!p->tls && (got == 0 || (errno != EAGAIN && errno != EINTR)))
            return -1;
        int ready = p->tls ? tls_wait(p, got, timeout_ms) : wait_for(p, POLLIN, timeout_ms);
        if (ready <= 0)
            return ready;
    }
}

static bool
shake_hands(struct stream_peer *p)
{
    struct stream_listener *l = p->listener;
    if (!l->tls)
        return true;
    p->tls = SSL_new(l->tls);
    if (!p->tls || !SSL_set_fd(p->tls, p->fd))
        return false;
    int64_t until_us = clock_monotonic_us() + (int64_t)HANDSHAKE_MS * 1000;
    for (;;) {
        int result = SSL_accept(p->tls);
        int left_ms = (int)((until_us - clock_monotonic_us()) / 1000);
        if (result == 1)
            return true;
        if (left_ms <= 0 || tls_wait(p, result, left_ms) <= 0)
            return false;
    }
}

static void
leave(struct stream_peer *p)
{
    struct stream_listener *l = p->listener;
    SSL_free(p->tls);
    close(p->fd);
    pthread_mutex_lock(&l->lock);
    p->used = false;
    l->open--;
    pthread_cond_broadcast(&l->ended);
    pthread_mutex_unlock(&l->lock);
}

static void *
serve(void *argument)
{
    struct stream_peer *p = argument;
    if (shake_hands(p))
        p->listener->settings.serve(p->listener->settings.to, p);
    else
        log_info(NULL, "stream.no_handshake", "%s", p->address);
    leave(p);
    return NULL;
}

/* ---- the listener ---- */

static struct stream_peer *
free_peer(struct stream_listener *l)
{
    struct stream_peer *p = NULL;
    pthread_mutex_lock(&l->lock);
    for (int i = 0; !p && i < l->settings.connections_max; i++)
        if (!l->peers[i].used)
            p = &l->peers[i];
    if (p) {
        *p = (struct stream_peer){ .listener = l, .used = true, .fd = -1 };
        l->open++;
    }
    pthread_mutex_unlock(&l->lock);
    return p;
}

static void
welcome(struct stream_listener *l, int fd, const struct sockaddr_storage *address, socklen_t length)
{
    struct stream_peer *p = free_peer(l);
    pthread_attr_t attributes;
    pthread_t thread;
    if (!p) {
        close(fd);
        return;
    }
    p->fd = fd;
    if (getnameinfo((const struct sockaddr *)address, length, p->address, sizeof p->address, NULL, 0, NI_NUMERICHOST))
        p->address[0] = '\0';
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, serve, p) != 0)
        leave(p);
    pthread_attr_destroy(&attributes);
}

static void *
accept_on(void *argument)
{
    struct stream_listener *l = argument;
    for (;;) {
        struct pollfd fds[] = { { .fd = l->wake_fd, .events = POLLIN }, { .fd = l->fd, .events = POLLIN } };
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return NULL;
        if (fds[0].revents)
            return NULL;
        struct sockaddr_storage address;
        socklen_t length = sizeof address;
        int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
        int fd = fds[1].revents ? accept4(l->fd, (struct sockaddr *)&address, &length, flags) : -1;
        if (fd >= 0)
            welcome(l, fd, &address, length);
    }
}

static bool
open_tls(struct scope *s, struct stream_listener *l)
{
    const struct stream_settings *from = &l->settings;
    if (!from->cert_file.at)
        return true;
    l->tls = SSL_CTX_new(TLS_server_method());
    if (!l->tls || !SSL_CTX_set_min_proto_version(l->tls, TLS1_2_VERSION)
        || SSL_CTX_use_certificate_chain_file(l->tls, str_c(s->arena, from->cert_file)) != 1
        || SSL_CTX_use_PrivateKey_file(l->tls, str_c(s->arena, from->key_file), SSL_FILETYPE_PEM) != 1)
        return fail(s, &problem_invalid, "configuration: cannot use " STR_FMT, STR_ARG(from->cert_file));
    if (!from->client_ca_file.at)
        return true;
    SSL_CTX_set_verify(l->tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    return SSL_CTX_load_verify_locations(l->tls, str_c(s->arena, from->client_ca_file), NULL) == 1
        || fail(s, &problem_invalid, "configuration: cannot use " STR_FMT, STR_ARG(from->client_ca_file));
}

static bool
open_socket(struct scope *s, struct stream_listener *l)
{
    struct str listen_at = l->settings.listen;
    const char *colon = memrchr(listen_at.at, ':', listen_at.len);
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE };
    struct addrinfo *list;
    if (!colon)
        return fail(s, &problem_invalid, "configuration: " STR_FMT " has no port", STR_ARG(listen_at));
    struct str host = str_head(listen_at, (size_t)(colon - listen_at.at));
    if (str_starts(host, STR("[")) && str_ends(host, STR("]")))
        host = str_head(str_skip(host, 1), host.len - 2);
    if (getaddrinfo(str_c(s->arena, host), str_c(s->arena, str_of(colon + 1)), &hints, &list) != 0)
        return fail(s, &problem_invalid, "configuration: cannot listen at " STR_FMT, STR_ARG(listen_at));
    int one = 1;
    struct sockaddr_storage bound;
    socklen_t length = sizeof bound;
    l->fd = socket(list->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool good = l->fd >= 0 && setsockopt(l->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0
             && bind(l->fd, list->ai_addr, list->ai_addrlen) == 0 && listen(l->fd, BACKLOG) == 0
             && getsockname(l->fd, (struct sockaddr *)&bound, &length) == 0;
    freeaddrinfo(list);
    if (!good)
        return fail(s, &problem_invalid, "cannot listen at " STR_FMT ": %s", STR_ARG(listen_at), strerror(errno));
    l->port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                                : ((struct sockaddr_in *)&bound)->sin_port);
    return true;
}

bool
stream_listen(struct scope *s, const struct stream_settings *settings, struct stream_listener **out)
{
    struct stream_listener *l = arena_new_of(s->arena, struct stream_listener);
    *l = (struct stream_listener){ .settings = *settings, .fd = -1, .wake_fd = eventfd(0, EFD_CLOEXEC) };
    l->settings.listen = str_copy(s->arena, settings->listen);
    l->peers = arena_array_of(s->arena, (size_t)settings->connections_max, struct stream_peer);
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->ended, NULL);
    if (!open_tls(s, l) || !open_socket(s, l))
        return false;
    if (l->wake_fd < 0 || pthread_create(&l->thread, NULL, accept_on, l) != 0)
        return fail(s, &problem_internal, "a thread that listens does not start");
    *out = l;
    return true;
}

int
stream_port(const struct stream_listener *l)
{
    return l->port;
}

void
stream_stop(struct stream_listener *l)
{
    uint64_t one = 1;
    if (write(l->wake_fd, &one, sizeof one) != sizeof one)
        abort(); /* an eventfd takes its first number */
    pthread_join(l->thread, NULL);
    pthread_mutex_lock(&l->lock);
    while (l->open)
        pthread_cond_wait(&l->ended, &l->lock);
    pthread_mutex_unlock(&l->lock);
    close(l->fd);
    close(l->wake_fd);
    SSL_CTX_free(l->tls);
}
