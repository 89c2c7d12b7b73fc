/* workers: a bounded pool that runs tasks to their end, each worker with a database connection of its own.
 *
 * Tasks run in the order they came. Of tasks that have an owner those go first whose owner has the fewest at work, and
 * nobody has all workers: so one who brings very much delays another by no more than one task.
 *
 * A place is reserved before a call is suspended, so that a full queue is an answer (503) and not a wait. The next
 * piece of a body that is already under way needs no place: there are never more of them than connections.
 */
#ifndef YAGURA_SERVER_HTTP_WORKERS_H
#define YAGURA_SERVER_HTTP_WORKERS_H

#include "core/db/db.h"

struct worker;
struct workers;

struct task {
    struct task *next;
    void (*run)(struct worker *w, struct task *t);
    uint64_t owner; /* 0: nobody */
};

struct workers_state {
    int64_t threads, busy, waiting, waiting_max;
};

struct workers *workers_start(struct arena *a, const struct db_settings *db, int64_t threads, int64_t waiting_max);
void workers_stop(struct workers *p); /* what waits is run first */

must_check bool workers_reserve(struct workers *p);
void workers_push(struct workers *p, struct task *t);      /* into a reserved place */
void workers_push_more(struct workers *p, struct task *t); /* the rest of a call that was admitted already */
struct workers_state workers_look(struct workers *p);

struct db *worker_db(struct worker *w);

#endif
