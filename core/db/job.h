/* job: work that must happen later, or exactly once.
 *
 * A job is a row written in the caller's transaction. Workers claim due rows with FOR UPDATE SKIP LOCKED, woken
 * by NOTIFY on commit. The work and the row's end are one transaction: a worker that is killed leaves the row as
 * it was, so it runs again; an effect inside the database therefore happens exactly once.
 *
 *     ready --claim--> (row lock held) --ok--> done | --failed--> ready at now + back-off
 *                                                   | --failed max_attempts times--> dead: visible, revivable
 *
 * The row's lock is the claim: no heartbeat, no lease, nothing to expire. `unique_key` keeps a second ready job of
 * the same kind and key from being added. Done rows go after a day.
 */
#ifndef YAGURA_CORE_DB_JOB_H
#define YAGURA_CORE_DB_JOB_H

#include "core/db/db.h"

enum job_state { JOB_NONE, JOB_READY, JOB_DONE, JOB_DEAD };
extern const struct domain job_state_domain;

struct job_kind {
    const char *name;
    const char *prose;
    const struct shape *args;
    bool (*run)(struct scope *s, const void *args); /* inside the claiming transaction */
    /* For work outside the database, after `run` committed and without a transaction; then `finish` in a new one with
     * what came of it. The claim is held all the while. A crash between act and finish repeats `act`: it must be
     * harmless, or say why not. s->failure holds the reason when act failed. */
    bool (*act)(struct scope *s, const void *args);
    bool (*finish)(struct scope *s, const void *args, bool acted);
    int max_attempts;       /* 0: 10 */
    int back_off_first_s;   /* doubles with jitter up to an hour; 0: 5 */
};

/* tenant_id may be none: work for the platform. */
must_check bool job_add(struct scope *s, const struct job_kind *kind, struct uuid tenant_id, const void *args,
                        struct instant run_at, struct str unique_key);

struct job_catalogue {
    const struct job_kind *const *kinds;
    size_t count;
};

struct job_workers;
struct job_workers *job_workers_start(const struct db_settings *settings, const struct clock *clock,
                                      const struct job_catalogue *catalogue, const struct service *service, int threads);
void job_workers_stop(struct job_workers *w); /* finishes what runs */

#endif
