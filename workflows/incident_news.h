/* incident_news: who hears of incidents. Engineers hear of a new one, at once when it is grave; the customer when an
 * engineer says so, or decides a level of which customers are told. A muted computer is nobody's news. */
#ifndef YAGURA_WORKFLOWS_INCIDENT_NEWS_H
#define YAGURA_WORKFLOWS_INCIDENT_NEWS_H

#include "model/incident.h"

must_check bool incident_tell_new(struct scope *s, struct uuid tenant_id, struct uuid incident_id);
/* Detections joined it: followers see it, and if it has become grave engineers are told. */
must_check bool incident_grew(struct scope *s, const struct incident *before, const struct incident *now);
must_check bool incident_relate(struct scope *s, struct uuid tenant_id, struct uuid older, struct uuid younger);
must_check bool incident_tell_assignee(struct scope *s, const struct incident *i);
must_check bool incident_tell_customer(struct scope *s, const struct incident *i, struct str words);
must_check bool incident_tell_comment(struct scope *s, const struct incident *i, bool internal, struct str words);

#endif
