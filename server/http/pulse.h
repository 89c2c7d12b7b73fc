/* pulse: a thread that looks after the house every few seconds: does the database answer, are migrations pending,
 * what do the gauges say, which connections take too long. Others read what it saw last; nobody waits for it.
 */
#ifndef YAGURA_SERVER_HTTP_PULSE_H
#define YAGURA_SERVER_HTTP_PULSE_H

#include "server/http/http.h"

enum { PULSE_GAUGES_MAX = 128 };

struct pulse_sight {
    bool database_answers;
    int migrations_pending; /* -1: could not be asked */
    char trouble[200];      /* why the database does not answer */
    size_t gauge_count;
    struct {
        char name[48], labels[96];
        int64_t value;
    } gauges[PULSE_GAUGES_MAX];
};

struct pulse;

struct pulse *pulse_start(struct arena *a, struct http *h);
void pulse_stop(struct pulse *p);
void pulse_look(struct pulse *p, struct pulse_sight *out);

#endif
