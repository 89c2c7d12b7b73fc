/* hub: live events. One thread listens to the database's change feed and hands each change to the streams whose
 * person may see it: GET /api/v1/stream (server-sent events).
 *
 *     change row --NOTIFY--> hub --tenants, permission--> flow of each stream --> its connection
 *
 * The id of an event is the feed's resume token; a stream that comes back with Last-Event-ID gets what it missed, or
 * the event `reset` when that is too much: then the reader asks anew for what it shows. Every 30 seconds the hub asks
 * again who the person is; a stream whose person may no longer read ends. A comment every 15 seconds keeps proxies
 * awake. A reader that has gone is noticed within a second, and counts no more from the moment it went: who reloads a
 * page ten times meets no limit. A reader that is too slow is sent away, and comes back by its token.
 *
 * The list of streams has a lock, since a loop thread takes out the stream whose connection ended. The hub never asks
 * the database while it holds it: it works on a copy and looks afterwards whether the stream is still there.
 */
#ifndef YAGURA_SERVER_HTTP_HUB_H
#define YAGURA_SERVER_HTTP_HUB_H

#include "server/http/exchange.h"
#include "server/http/feed.h"

struct hub;

struct hub *hub_start(struct arena *a, struct http *h);
void hub_stop(struct hub *h); /* ends all streams */
int64_t hub_streams(struct hub *h);

/* Whom changes are for, as the program listed it. */
const struct change_nouns *change_nouns_of(const struct scope *s);

/* The .raw action of GET /stream. */
must_check bool stream_open(struct scope *s, const void *in, struct reply *reply);

#endif
