/* promise: a time promise on a case, and the arithmetic that anybody can repeat.
 *
 * "The first answer of a human within two hours" is a target; the promise is one running instance of it. Nothing about
 * it is a counter that ticks: a promise is the ledger of what happened to it, and everything else is computed.
 *
 *     STARTED ── PAUSED ── RESUMED ── … ── STOPPED          and RETARGETED anywhere between
 *
 * Time counts while the promise runs and, for targets in business time, while the calendar is open. An allowance of
 * business days becomes, at the start, the open time until that day, so that a pause moves it like any other.
 *
 * CORRECTED takes back a pause that was accepted as none: it and its resumption count as never written, while both
 * lines stay in the ledger for whoever reads it. DISPUTED only tells. Both may follow STOPPED: a result is corrected.
 *
 * RETARGETED (the severity changed) counts again from the start under the new target, with the pauses kept; the
 * new deadline is never earlier than `mercy_us` after the change: nobody is late by surprise. Where mercy helped, that
 * much counting time is left: it waits for the morning, and a later pause moves the merciful deadline, too.
 */
#ifndef YAGURA_WORKFLOWS_PROMISE_H
#define YAGURA_WORKFLOWS_PROMISE_H

#include "model/promise.h"
#include "workflows/calendar.h"

struct promise_target {
    enum promise_pace pace;
    int64_t allowance; /* microseconds, or days for PACE_BUSINESS_DAYS */
};

struct promise_entry {
    enum promise_event event;
    struct instant at;
    struct promise_target target; /* STARTED and RETARGETED */
    int64_t mercy_us;             /* RETARGETED */
    int64_t corrects;             /* CORRECTED: which entry, the first is 1 */
};

struct promise_standing {
    enum promise_state state;
    int64_t allowance_us; /* open time promised in all */
    int64_t elapsed_us;   /* open time used until `now`, or until it stopped */
    struct instant due_at; /* if it goes on running from now; absent while paused */
    bool late;
};

enum segment_kind { SEGMENT_NONE, SEGMENT_RUN, SEGMENT_PAUSED, SEGMENT_OUT_OF_HOURS };

struct promise_segment {
    enum segment_kind kind;
    struct instant start, end;
    size_t entry; /* the ledger entry that began it */
};

struct promise_segments {
    struct promise_segment *items;
    size_t count;
};

/* The ledger as the rows of one promise, oldest first. */
struct promise_ledger {
    const struct promise_entry *entries;
    size_t count;
    const struct calendar *calendar; /* may be NULL when no target is in business time */
};

/* False when the entries are no ledger: not begun by STARTED, out of order, resumed while running … */
bool promise_ledger_is_sound(const struct promise_ledger *l);

/* False only when the calendar never opens long enough for the promise to end. */
must_check bool promise_stand(const struct promise_ledger *l, struct instant now, struct promise_standing *out);

/* When `percent` of the allowance will be used if it goes on running; absent while paused or stopped, and when passed:
 * the instant it was passed is not asked for, warnings are sent once by a job that was set before. */
must_check bool promise_reaches(const struct promise_ledger *l, struct instant now, int percent, struct instant *out);

/* Every instant from the start until `now` (or the stop) in exactly one segment, in order. */
struct promise_segments promise_segments(struct arena *a, const struct promise_ledger *l, struct instant now);

#endif
