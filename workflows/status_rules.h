/* status_rules: the tile about detection rules: are those at work that were written last? In doctor, which asks no
 * rules, there is no such tile. */
#ifndef YAGURA_WORKFLOWS_STATUS_RULES_H
#define YAGURA_WORKFLOWS_STATUS_RULES_H

#include "workflows/status_tile.h"

void tile_rules(struct scope *s, struct tile *t);

#endif
