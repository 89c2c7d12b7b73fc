/* detector: the rules of everybody, asked about every event that arrives.
 *
 * One process has one detector. It holds a *world*: all rules of the provider and of every customer, what each customer
 * does with them, and the exclusions, compiled into one engine. A thread of its own listens for NOTIFY yagura_rules,
 * compiles the next world off to the side and swaps it in; batches under way end with the world they began with. A
 * world that cannot be made leaves the old one in place, and the status page says so.
 *
 * A batch is evaluated while it arrives, without a database: detecting_begin, detecting_event for each line, and in the
 * transaction that closes the batch detecting_settle. A match counts only if the rule is the provider's or the tenant's
 * own, active, and not switched off there; a rule that is still tested is counted and makes no detection; a match that
 * an exclusion covers is counted as hidden.
 *
 *     match --> hidden by an exclusion: counted
 *           \-> same rule, computer, process and command line as an open detection of the last day: one more occurrence
 *           \-> else a new detection
 */
#ifndef YAGURA_WORKFLOWS_DETECTOR_H
#define YAGURA_WORKFLOWS_DETECTOR_H

#include "core/db/db.h"
#include "xdr/facts.h"

struct detector;  /* scope->service->detector; NULL in a program that asks no rules */
struct detecting; /* one batch of one tenant */
struct inventory_names; /* workflows/inventory.h; computers are found by name in the database, so it may be NULL */

/* Reads and compiles the rules before it returns, when the database answers; else as soon as it does. The settings are
 * those of yagura_jobs: only that role can go through all tenants. */
struct detector *detector_start(const struct db_settings *db, const struct clock *clock);
void detector_stop(struct detector *d);

struct detector_facts { /* for the status page */
    int64_t generation, rules, correlations, exclusions, refused;
    struct instant loaded_at, failed_at; /* failed_at: the newest rules could not be taken over; absent: they could */
    struct str problem;                  /* why; in the memory of the arena asked with */
};
void detector_tell(struct detector *d, struct arena *a, struct detector_facts *out);

/* Returns once a world of at least this generation (rule_generation.number) is in place, or the time is over. */
bool detector_wait(struct detector *d, int64_t generation, int timeout_ms);

/* 503 while there is no world yet. Any thread; until detecting_end it belongs to one thread at a time. */
must_check bool detecting_begin(struct scope *s, struct uuid tenant_id, struct detecting **out);

/* One event. Never fails: of a line that is no event facts->problem says why. `facts` live until the next event. */
void detecting_event(struct detecting *g, struct str line, uint32_t index, struct instant arrived,
                     struct event_facts *facts);

struct ingest_batch_ref {
    struct uuid id;
    struct instant arrived_at;
};

struct detect_counts {
    int64_t matches, hidden, tested; /* tested: of rules that are not active yet */
    int64_t detections, repeated;    /* new ones, and occurrences of known ones */
    int64_t observations;            /* for correlations */
};

/* The event last told is not kept after all (it speaks of a foreign computer): what it matched is forgotten. */
void detecting_drop(struct detecting *g);

/* In the transaction that closes the batch, behind the inventory's: writes everything collected, in an order that lets
 * concurrent batches wait for each other but never in a circle. Adds the jobs that go on from here. */
must_check bool detecting_settle(struct scope *s, struct detecting *g, const struct ingest_batch_ref *batch,
                                 const struct inventory_names *computers, struct detect_counts *out);
void detecting_end(struct detecting *g); /* always; NULL is fine */

#endif
