/* hunts: asking stored telemetry. A hunt is started, goes on by itself as a chain of jobs (hunt_slice_job), each of
 * which passes some segments and writes what it found together with how far it came; and is cancelled or put away.
 */
#ifndef YAGURA_WORKFLOWS_HUNTS_H
#define YAGURA_WORKFLOWS_HUNTS_H

#include "core/db/job.h"
#include "model/hunt.h"

struct hunt_ask {
    struct str title, note;
    enum hunt_purpose purpose;
    enum hunt_about about;
    enum hunt_language language;
    struct rows conditions; /* struct hunt_condition */
    struct str body;
    struct uuids tenant_ids;
    struct str host;
    struct instant from_at, until_at;
    bool shown; /* to the customer's side as well */
};
extern const struct shape hunt_ask_shape;

/* What would be asked, without asking: the text the conditions become. */
struct hunt_check {
    enum hunt_language language;
    struct rows conditions;
    struct str body;
};
struct hunt_checked {
    struct str body;
    int64_t rules;
    bool needs_all; /* nothing is known that an event must contain: every event is read */
};
extern const struct shape hunt_check_shape, hunt_checked_shape;

must_check bool hunt_check(struct scope *s, const struct hunt_check *in, struct hunt_checked *out);
must_check bool hunt_start(struct scope *s, const struct hunt_ask *in, struct hunt *out);
must_check bool hunt_cancel(struct scope *s, struct uuid id, struct hunt *out);
must_check bool hunt_remove(struct scope *s, struct uuid id);

/* In a transaction that sees all tenants: what old searches and hunts found goes. */
must_check bool hunts_sweep(struct scope *s);

struct hunt_slice { /* what the job takes */
    struct uuid tenant_id, id;
};
extern const struct job_kind hunt_slice_job;

#endif
