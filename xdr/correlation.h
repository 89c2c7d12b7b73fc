/* correlation: several matches within a time that mean more together.
 *
 * A matcher observes: for a match of a rule some correlation reads, an observation keeps the rule, the time the
 * event itself tells, and the values of the fields the correlation groups by and counts. Observations may be made
 * by many threads; one correlator takes them in the order of the stream and says which correlations fire.
 *
 *     event_count       so many observations of a group within the timespan
 *     value_count       so many different values            value_sum, _avg, _percentile: of a number
 *     temporal          all rules seen, in any order        temporal_ordered: in the order of the list
 *
 * The window slides with the time of events: an observation counts until a later one is more than the timespan
 * away. Events may come up to a timespan late; they are put in their place. An event without a time takes the
 * latest seen. A correlation that fires forgets the window of that group, so that a burst is told once.
 *
 * Memory is bounded: groups and observations per group have a most, and the group untouched for longest goes first.
 */
#ifndef YAGURA_XDR_CORRELATION_H
#define YAGURA_XDR_CORRELATION_H

#include "xdr/engine.h"

struct observations; /* of one worker, until they are taken */
struct correlator;

struct observations *observations_new(struct arena *a, const struct engine *e);

/* The rule matched the event last run; `event` is told again when a correlation fires. */
void observations_add(struct observations *o, struct matcher *m, uint32_t rule, uint64_t event);

/* An event that is no longer at hand, of which these fields were kept: for a stream that is gone through again. */
struct kept_event {
    const struct str *names, *values;
    size_t count;
    int64_t unix_ms;
};
void observations_add_kept(struct observations *o, const struct kept_event *kept, uint32_t rule, uint64_t event);

/* The fields that correlations over this rule need; none when nothing reads it. */
struct strs observed_fields(struct arena *a, const struct ruleset *set, uint32_t rule);

struct correlator *correlator_new(struct arena *a, const struct engine *e);

/* Takes and empties the observations. `fired` hears of correlations that are not only read by others. */
void correlator_take(struct correlator *c, struct observations *o,
                     void (*fired)(void *to, const struct correlation *c, uint64_t event), void *to);

struct correlator_stats {
    size_t groups, observations, dropped;
};

struct correlator_stats correlator_stats(const struct correlator *c);

#endif
