/* incidents, inside: what gathering and the verbs of people share. */
#ifndef YAGURA_WORKFLOWS_INCIDENTS_PARTS_H
#define YAGURA_WORKFLOWS_INCIDENTS_PARTS_H

#include "model/incident_gather.h"
#include "workflows/incident_match.h"

/* One customer's stories are changed by one transaction at a time. */
must_check bool incidents_hold_all(struct scope *s, struct uuid tenant_id);

struct match_detection match_detection_of(const struct gather_detection *d);

extern const struct incident_profile incident_profile_default;

/* These detections belong to the incident from now on: their rows, its objects, its figures and its title. */
must_check bool incident_take(struct scope *s, struct uuid tenant_id, struct uuid incident_id,
                              const struct incident_profile *profile, const struct gather_detection *const *detections,
                              size_t count);
must_check bool incident_refresh(struct scope *s, struct uuid tenant_id, struct uuid incident_id);
/* Its objects are made anew of the detections it has: after some have left. */
must_check bool incident_rebuild(struct scope *s, struct uuid tenant_id, struct uuid incident_id);
/* All that `from` has goes over to `into`, and `from` ends there. */
must_check bool incident_absorb(struct scope *s, struct uuid tenant_id, struct uuid from, struct uuid into,
                                struct str reason);

struct incident_word { /* an entry of its story */
    const char *kind;
    bool internal;
    struct str body;
    struct json sections, detail;
};
must_check bool incident_write(struct scope *s, struct uuid tenant_id, struct uuid incident_id,
                               const struct incident_word *word, struct uuid *entry_id); /* entry_id may be NULL */
must_check bool incident_hold(struct scope *s, struct uuid id, struct incident *out);
must_check bool incident_may(struct scope *s, const struct incident *i); /* be worked on: by the service side, open */
must_check bool incident_keep(struct scope *s, const char *action, const struct incident *before, struct incident *i,
                              const struct incident_word *word);
must_check bool incident_record(struct scope *s, const char *action, const struct incident *before,
                                const struct incident *after);

#endif
