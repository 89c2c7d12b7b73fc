#include "server/http/peers.h"

#include <arpa/inet.h>
#include <pthread.h>

#include "core/base/instant.h"

/* A body may arrive slowly, but not slower than this, after `request_s` of grace. */
enum { BODY_BYTES_PER_SECOND = 2048 };

struct peers {
    pthread_mutex_t lock;
    struct peers_settings settings;
    struct peer *items, *free;
    int64_t count;
};

struct peers *
peers_new(struct arena *a, const struct peers_settings *settings)
{
    struct peers *p = arena_new_of(a, struct peers);
    pthread_mutex_init(&p->lock, NULL);
    p->settings = *settings;
    p->items = arena_array_of(a, (size_t)settings->connections_max, struct peer);
    for (int64_t i = settings->connections_max; i-- > 0;) {
        p->items[i].next_free = p->free;
        p->free = &p->items[i];
    }
    return p;
}

/* IPv4 in IPv6 is said as IPv4, so that a limit cannot be met twice. */
void
address_write(char out[PEER_ADDRESS_BYTES], const struct sockaddr *address)
{
    out[0] = 0;
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;
        inet_ntop(AF_INET, &v4->sin_addr, out, PEER_ADDRESS_BYTES);
    } else if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;
        if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr))
            inet_ntop(AF_INET, v6->sin6_addr.s6_addr + 12, out, PEER_ADDRESS_BYTES);
        else
            inet_ntop(AF_INET6, &v6->sin6_addr, out, PEER_ADDRESS_BYTES);
    }
}

static bool
is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

bool
peers_may_join(struct peers *p, const struct sockaddr *address)
{
    char text[PEER_ADDRESS_BYTES];
    address_write(text, address);
    if (is_loopback(text) || !p->settings.per_address_max)
        return true;
    int64_t same = 0;
    pthread_mutex_lock(&p->lock);
    for (int64_t i = 0; i < p->settings.connections_max && same < p->settings.per_address_max; i++)
        same += atomic_load(&p->items[i].phase) != PEER_FREE && strcmp(p->items[i].address, text) == 0;
    pthread_mutex_unlock(&p->lock);
    return same < p->settings.per_address_max;
}

struct peer *
peers_join(struct peers *p, const struct sockaddr *address, int socket)
{
    pthread_mutex_lock(&p->lock);
    struct peer *peer = p->free;
    if (peer) {
        p->free = peer->next_free;
        p->count++;
        peer->socket = socket;
        address_write(peer->address, address);
        peer->is_loopback = is_loopback(peer->address);
        peer_turns(peer, PEER_IDLE);
    }
    pthread_mutex_unlock(&p->lock);
    return peer;
}

void
peers_leave(struct peers *p, struct peer *peer)
{
    pthread_mutex_lock(&p->lock);
    atomic_store(&peer->phase, PEER_FREE);
    peer->next_free = p->free;
    p->free = peer;
    p->count--;
    pthread_mutex_unlock(&p->lock);
}

void
peer_turns(struct peer *peer, enum peer_phase phase)
{
    int64_t now_us = clock_monotonic_us();
    atomic_store(&peer->since_us, now_us);
    atomic_store(&peer->heard_us, now_us);
    atomic_store(&peer->body_bytes, 0);
    atomic_store(&peer->phase, phase);
}

void
peer_hears(struct peer *peer, size_t bytes)
{
    atomic_store(&peer->heard_us, clock_monotonic_us());
    atomic_fetch_add(&peer->body_bytes, (int64_t)bytes);
}

static bool
takes_too_long(const struct peers_settings *settings, struct peer *peer, int64_t now_us)
{
    int64_t seconds = (now_us - atomic_load(&peer->since_us)) / 1000000;
    switch (atomic_load(&peer->phase)) {
    case PEER_IDLE:
        return seconds > settings->idle_s;
    case PEER_HEAD:
        return seconds > settings->request_s;
    case PEER_BODY:
        return seconds > settings->request_s + atomic_load(&peer->body_bytes) / BODY_BYTES_PER_SECOND
            || (now_us - atomic_load(&peer->heard_us)) / 1000000 > settings->request_s;
    default:
        return false;
    }
}

/* The other side will send no more, and what it sent makes no request: libmicrohttpd may miss that, and wait. */
static bool
has_hung_up(struct peer *peer)
{
    int phase = atomic_load(&peer->phase);
    char byte;
    return (phase == PEER_IDLE || phase == PEER_HEAD || phase == PEER_BODY)
        && recv(peer->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* The table's lock is held while a socket is shut down: a connection leaves the table before its socket is closed,
 * so the number cannot belong to somebody else yet. */
void
peers_sweep(struct peers *p, int64_t now_us)
{
    pthread_mutex_lock(&p->lock);
    for (int64_t i = 0; i < p->settings.connections_max; i++)
        if (takes_too_long(&p->settings, &p->items[i], now_us) || has_hung_up(&p->items[i]))
            shutdown(p->items[i].socket, SHUT_RDWR);
    pthread_mutex_unlock(&p->lock);
}

static void
shut_all_in(struct peers *p, enum peer_phase phase)
{
    pthread_mutex_lock(&p->lock);
    for (int64_t i = 0; i < p->settings.connections_max; i++)
        if (atomic_load(&p->items[i].phase) == (int)phase)
            shutdown(p->items[i].socket, SHUT_RDWR);
    pthread_mutex_unlock(&p->lock);
}

void
peers_shut_idle(struct peers *p)
{
    shut_all_in(p, PEER_IDLE);
}

void
peers_shut_bodies(struct peers *p)
{
    shut_all_in(p, PEER_BODY);
}

int64_t
peers_count(struct peers *p)
{
    pthread_mutex_lock(&p->lock);
    int64_t count = p->count;
    pthread_mutex_unlock(&p->lock);
    return count;
}
