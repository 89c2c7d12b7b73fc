/* group_members: who is in a group of computers, for those who do not turn pages.
 *
 * Exclusions may hold for a group. Of a dynamic one the answer is asked each minute, and when an exclusion is put into
 * force, and kept in computer_group_now, where the rules in memory are read from.
 */
#ifndef YAGURA_WORKFLOWS_GROUP_MEMBERS_H
#define YAGURA_WORKFLOWS_GROUP_MEMBERS_H

#include "core/db/job.h"
#include "model/computer_group.h"

enum { GROUP_MEMBERS_MAX = 100 * 1000 };

/* The customer's computers in the group right now; the group may be everybody's. */
must_check bool group_members(struct scope *s, struct uuid tenant_id, const struct computer_group *g,
                              struct uuids *out);

/* Of a dynamic group that an exclusion names. */
must_check bool group_now_refresh(struct scope *s, struct uuid tenant_id, const struct computer_group *g);

extern const struct job_kind exclusion_groups_job;

#endif
