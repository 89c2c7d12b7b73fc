/* incident_rules: changing when detections are an incident, and what a level means. */
#ifndef YAGURA_WORKFLOWS_INCIDENT_RULES_H
#define YAGURA_WORKFLOWS_INCIDENT_RULES_H

#include "model/incident_rule.h"
#include "model/incident_work.h"

must_check bool incident_rule_create(struct scope *s, const struct incident_rule_write *in, struct incident_rule *out);
must_check bool incident_rule_change(struct scope *s, const struct incident_rule_write *in, struct incident_rule *out);
must_check bool incident_rule_remove(struct scope *s, struct uuid id);
must_check bool incident_level_change(struct scope *s, const struct incident_level_write *in,
                                      struct incident_level *out);
must_check bool incident_level_remove(struct scope *s, struct uuid id); /* the provider's holds again */

#endif
