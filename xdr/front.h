/* front: lines of text made events, for senders that do not speak JSON.
 *
 *     {...}                                   goes on as it is
 *     type=SYSCALL msg=audit(1.2:3): ...      audit records; those of one serial number become one event
 *     ... <Event>...</Event>                  Windows event XML, as Sysmon for Linux writes it into syslog
 *
 * Records of one audit event come as several lines, mixed with those of others. They are joined until the record that
 * ends them, two seconds of their own time, or too many open ones; a key that several records have becomes a list.
 * What is none of these goes on as it is too, and will be told to be no event.
 */
#ifndef YAGURA_XDR_FRONT_H
#define YAGURA_XDR_FRONT_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct front;

/* `line` is the number of the event's first line. The text lives until this returns. */
typedef void front_event(void *to, struct str json, uint64_t line);

struct front *front_new(struct arena *a, front_event *event, void *to);
void front_take(struct front *f, struct str line, uint64_t number);
void front_end(struct front *f); /* whatever is still open */

/* Whether a stream that begins with this line needs a front at all. */
bool front_is_needed(struct str first_line);

#endif
