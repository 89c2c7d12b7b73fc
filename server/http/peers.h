/* peers: who is connected, and how long they take.
 *
 * libmicrohttpd ends a connection that is silent; one that sends a byte now and then would live for ever. So each
 * connection says what it is doing and since when, and a sweep shuts down what takes too long, or falls silent in the
 * middle of a body:
 *
 *     IDLE --request line--> HEAD --headers--> BODY --all of it--> WORK --answered--> IDLE
 *
 * A place in the table is the connection's; addresses other than loopback get a bounded number of them.
 */
#ifndef YAGURA_SERVER_HTTP_PEERS_H
#define YAGURA_SERVER_HTTP_PEERS_H

#include <stdatomic.h>
#include <sys/socket.h>

#include "core/base/arena.h"
#include "core/base/str.h"

enum peer_phase { PEER_FREE, PEER_IDLE, PEER_HEAD, PEER_BODY, PEER_WORK };

enum { PEER_ADDRESS_BYTES = 48 };

struct peer {
    atomic_int phase;
    _Atomic int64_t since_us;
    _Atomic int64_t body_bytes, heard_us; /* of the body; when it last got on */
    int socket;
    bool is_loopback;
    char address[PEER_ADDRESS_BYTES];
    struct peer *next_free;
};

struct peers_settings {
    int64_t connections_max, per_address_max, idle_s, request_s;
};

struct peers;

struct peers *peers_new(struct arena *a, const struct peers_settings *settings);
bool peers_may_join(struct peers *p, const struct sockaddr *address);
struct peer *peers_join(struct peers *p, const struct sockaddr *address, int socket); /* NULL: full */
void peers_leave(struct peers *p, struct peer *peer);
void peer_turns(struct peer *peer, enum peer_phase phase);
void peer_hears(struct peer *peer, size_t bytes); /* of a body */
void peers_sweep(struct peers *p, int64_t now_us);
void peers_shut_idle(struct peers *p);   /* when the service stops, */
void peers_shut_bodies(struct peers *p); /* and when it waits no longer */
int64_t peers_count(struct peers *p);

void address_write(char out[PEER_ADDRESS_BYTES], const struct sockaddr *address);

/* Whose word about X-Forwarded-For is believed: "127.0.0.1, 10.0.0.0/8, fd00::/8". NULL on a text it cannot read. */
struct proxies;
struct proxies *proxies_parse(struct arena *a, struct str list);
bool proxies_trust(const struct proxies *p, struct str address);

/* The client's address: the last one in the list that is not a trusted proxy. */
struct str client_address(struct arena *a, const struct proxies *p, struct str peer, struct str forwarded_for);

#endif
