/* status_host: the tiles about the machine: space for files, the certificate, the clock, backups. They ask the system,
 * never the network. */
#ifndef YAGURA_WORKFLOWS_STATUS_HOST_H
#define YAGURA_WORKFLOWS_STATUS_HOST_H

#include "workflows/status_facts.h"
#include "workflows/status_tile.h"

bool status_is_local(struct str url); /* of this machine alone */

void tile_files(struct scope *s, struct tile *t);
void tile_certificate(struct scope *s, struct tile *t);
void tile_clock(struct scope *s, const struct database_facts *facts, struct tile *t);
void tile_backup(struct scope *s, const struct database_facts *facts, struct tile *t);

#endif
