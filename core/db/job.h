/* job: work that must happen later, or exactly once.
 *
 * A job is a row written in the caller's transaction. Workers claim due rows with FOR UPDATE SKIP LOCKED, woken by
 * NOTIFY on commit. Work inside the database (`run`) and the end of its row are one transaction: a worker that is
 * killed leaves the row as it was, so it runs again, and its effect happens exactly once. There the row's lock is the
 * claim: no heartbeat, no lease, nothing to expire.
 *
 *     ready --claim, run--> done
 *       ^  --claim, run--> acting --act--> finish --> done          (kinds with `act`)
 *       |--failed: back-off-- | |  --failed max_attempts times--> dead: visible, revivable
 *
 * Work outside the database (`act`: a mail, a call) may take long, and a transaction that stays open holds back
 * vacuum and a connection's locks. So its claim is the state `acting` plus a session-level advisory lock, which ends
 * with the worker's connection whatever kills it: a row that is `acting` while nobody holds its lock was abandoned,
 * and becomes ready again within seconds. `attempts` counts the claims and fences them: who lost the claim meanwhile
 * finds another number and writes nothing.
 *
 * Of several workers one never acts: a server that stalls cannot hold up what happens inside the database.
 *
 * Short jobs are claimed up to 50 at a time and share a transaction. When one fails all are rolled back, and each
 * runs in a transaction of its own. A kind of which thousands may be due in one second has `run_many`: it is claimed
 * by hundreds, of whichever tenants, and writes all of them with one statement each.
 *
 * A key makes jobs of a tenant and kind one piece of work. Who adds while such a job waits adds nothing: the one that
 * waits is kept from workers until the adder's transaction has ended, so it sees what that wrote. Who adds while it
 * runs (the job itself, too) adds a twin, which runs after it; of several twins one runs for all, and never two at a
 * time. Adding waits for nobody: a worker may be waiting for a row that the adder holds. Done rows go after a day.
 */
#ifndef YAGURA_CORE_DB_JOB_H
#define YAGURA_CORE_DB_JOB_H

#include "core/db/db.h"

enum job_state { JOB_NONE, JOB_READY, JOB_ACTING, JOB_DONE, JOB_DEAD };
extern const struct domain job_state_domain;

/* One of several that are run together. */
struct job_item {
    struct uuid tenant_id;
    void *args;
    bool later; /* out: somebody is in the way; it comes again at once, by itself, and may wait there */
};

/* The callbacks share one arena and one `args` record, zeroed before its shape's members are read: what `run` writes
 * into members outside the shape, `act` and `finish` find. The scope sees the job's tenant. */
struct job_kind {
    const char *name;
    const char *prose;
    const struct shape *args;
    bool (*run)(struct scope *s, void *args); /* inside the claiming transaction */
    /* In place of `run`, for as many as were claimed together: it waits for nobody's lock, since it holds so many
     * itself. The scope sees the tenants of all. When it fails, each comes again by `run`. May be NULL; not with
     * `act`. */
    bool (*run_many)(struct scope *s, struct job_item *items, size_t count);
    /* For work outside the database, after `run` committed and without a transaction; then `finish` in a new one with
     * what came of it. A crash between act and finish repeats run and act: act must be harmless, or say why not.
     * s->failure holds the reason when act failed; the job then comes again after its back-off. */
    bool (*act)(struct scope *s, void *args);
    bool (*finish)(struct scope *s, void *args, bool acted); /* may be NULL */
    int max_attempts;       /* 0: 10 */
    int parallel_max;       /* of `act`: so many at a time in one process, so that a slow server outside does not hold
                               every worker; 0: no limit */
    int back_off_first_s;   /* doubles with jitter up to an hour; 0: 5 */
    bool unhurried;         /* nobody is woken for it: who looks next does it, within a second. Of what is added many
                               times a second under one key, one is done then */
};

/* tenant_id may be none: work of the platform, which belongs to the provider. No run_at: now. No unique_key:
 * any number. */
must_check bool job_add(struct scope *s, const struct job_kind *kind, struct uuid tenant_id, const void *args,
                        struct instant run_at, struct str unique_key);

/* Several of a kind by one statement. */
struct job_order {
    struct uuid tenant_id;
    const void *args;
    struct instant run_at;
    struct str unique_key;
};
must_check bool job_add_many(struct scope *s, const struct job_kind *kind, const struct job_order *orders,
                             size_t count);

/* Inside a job of the platform: its transaction now sees all tenants. */
must_check bool job_see_every_tenant(struct scope *s);

struct job_catalogue {
    const struct job_kind *const *kinds;
    size_t count;
};

struct job_workers;
/* NULL when threads cannot be had. The catalogue and the clock live longer than the workers. */
struct job_workers *job_workers_start(const struct db_settings *settings, const struct clock *clock,
                                      const struct job_catalogue *catalogue, const struct service *service,
                                      int threads);
void job_workers_stop(struct job_workers *w); /* finishes what runs */

extern const struct query *const job_queries[]; /* for the catalogue of db_check */
extern const size_t job_query_count;

#endif
