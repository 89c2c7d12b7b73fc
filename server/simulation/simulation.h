/* simulation: two companies at work, and one of them being broken into, told as the events their computers would send.
 *
 * A company has computers with people at them. Their day is made of habits: short sequences of steps that happen so
 * many times a day, at hours when somebody works, at places in time that depend on nothing but the company, the day and
 * the habit. So the same span always tells the same events, in any process, and a span can be cut anywhere.
 * A story is a longer sequence with several computers and people in it, told once: the intrusion.
 *
 *     habits x computers x time --+
 *                                 +--> steps --> events of Windows and Linux as forwarders send them, in order of time
 *     stories -------------------+
 *
 * Everything in it is made up; nothing here reaches out or does anything. No clock, no database.
 */
#ifndef YAGURA_SERVER_SIMULATION_SIMULATION_H
#define YAGURA_SERVER_SIMULATION_SIMULATION_H

#include "core/base/arena.h"
#include "core/base/instant.h"
#include "core/base/str.h"

struct sim_company;
struct sim_story;

extern const struct sim_company *const sim_companies[];
extern const size_t sim_company_count;
struct str sim_company_code(const struct sim_company *c); /* the customer's short code: AOBA */
size_t sim_computer_count(const struct sim_company *c);
const struct sim_company *sim_company_of(struct str code);

struct sim_event {
    struct instant at;
    struct str host;
    struct str line; /* one JSON object without a line end; valid during the call */
};

/* False ends the telling. */
typedef bool sim_tell(void *to, const struct sim_event *event);

/* What everyday work told in [from, to). False: the listener ended it. */
must_check bool sim_quiet(const struct sim_company *c, struct instant from, struct instant to, sim_tell *tell,
                          void *to_whom);

/* Stories, by the company they happen to. Told as far as they have come `until`, beginning at `begin` and `speed` times
 * as fast as they are written; steps before `since` are passed over, so that a story can be told in pieces. */
extern const struct sim_story *const sim_stories[];
extern const size_t sim_story_count;
const struct sim_company *sim_story_company(const struct sim_story *story);
struct str sim_story_name(const struct sim_story *story);
int64_t sim_story_length_us(const struct sim_story *story);
must_check bool sim_tell_story(const struct sim_story *story, struct instant begin, int64_t speed, struct instant since,
                               struct instant until, sim_tell *tell, void *to_whom);

#endif
