/* stream_listener: connections by TCP or TLS, each served by a thread of its own until one side ends it.
 *
 * For protocols that are no HTTP and have few long-lived senders. How many may be open is bounded; who comes beyond
 * that is closed at once. stop ends the waiting of all and returns when the last has ended.
 */
#ifndef YAGURA_CORE_NET_STREAM_LISTENER_H
#define YAGURA_CORE_NET_STREAM_LISTENER_H

#include "core/base/scope.h"

struct stream_listener;
struct stream_peer;

struct stream_settings {
    struct str listen;                     /* host:port */
    struct str cert_file, key_file;        /* TLS; absent: plain TCP */
    struct str client_ca_file;             /* then a client shows a certificate of it, or is not let in */
    int connections_max;
    void (*serve)(void *to, struct stream_peer *peer); /* returns when the connection is over */
    void *to;
};

must_check bool stream_listen(struct scope *s, const struct stream_settings *settings, struct stream_listener **out);
int stream_port(const struct stream_listener *l);
void stream_stop(struct stream_listener *l);

struct str stream_address(const struct stream_peer *p);
/* Up to `room` bytes; 0: nothing came within the time; -1: it is over, or the listener stops. */
int stream_read(struct stream_peer *p, char *to, size_t room, int timeout_ms);
/* Waits; false: the listener stops. */
bool stream_rest(struct stream_peer *p, int timeout_ms);

#endif
