/* parts: what the door is made of; inside of server/http only. Filled by http_start, constant afterwards but for the
 * atomic members and what the parts guard themselves. */
#ifndef YAGURA_SERVER_HTTP_PARTS_H
#define YAGURA_SERVER_HTTP_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "server/http/http.h"

struct MHD_Daemon;
struct sender;

struct http {
    struct http_settings settings;
    struct router *router;
    struct workers *workers;
    struct workers *writers; /* bodies into sinks, files into answers: work that waits for a disk */
    struct rate_table *per_address, *per_person;
    struct peers *peers;
    struct arenas *arenas;
    struct proxies *proxies;
    struct metrics *metrics;
    struct portal *portal;
    struct pulse *pulse;
    struct hub *hub;
    struct str openapi;      /* the document, and */
    struct str openapi_gzip; /* the same compressed */
    struct MHD_Daemon *daemon;
    int listen_socket, port;
    bool secure;             /* people come by https */
    atomic_bool draining;
    atomic_bool cutting;     /* the time to finish is over */
    atomic_long in_flight, streams;
    pthread_mutex_t senders_lock; /* with `senders`: whose bodies arrive */
    struct sender *senders;
    pthread_mutex_t quiet_lock; /* with `quiet`: told when the last call in flight is over */
    pthread_cond_t quiet;
};

#endif
