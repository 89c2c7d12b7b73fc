/* syslog: telemetry of senders that speak nothing else, above all auditd and Sysmon for Linux, by TCP or TLS.
 *
 * Who sends is told by an ingest key, once on a connection: alone on its first line, or in the structured data of its
 * first message ([yagura@0 key="ygi_..."]). What comes becomes batches, closed by size or after a second; nothing more
 * is read while a batch waits for the database, so that the sender waits with what is not durable. Syslog has no
 * acknowledgement: what was on its way when a side died is lost, a second's worth at most.
 */
#ifndef YAGURA_SERVER_SYSLOG_H
#define YAGURA_SERVER_SYSLOG_H

#include "core/db/db.h"
#include "server/settings.h"

struct syslog_doors;

/* None is opened where no address is set. */
must_check bool syslog_open(struct scope *s, const struct settings *settings, const struct db_settings *db,
                            struct syslog_doors **out);
void syslog_close(struct syslog_doors *d);

#endif
