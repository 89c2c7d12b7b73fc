/* demo_telemetry: what the demonstration's computers told in the last weeks, and what they tell right now.
 *
 *     yagura demo --history DAYS   two weeks of quiet work and three stories, up to now, as if it had arrived then
 *     yagura demo --live SPEED     goes on from now until Ctrl-C; the intrusion begins anew, SPEED times as fast
 *
 * Both go the way of every sender's events: into segments, through the rules, into detections and incidents. */
#ifndef YAGURA_SERVER_DEMO_TELEMETRY_H
#define YAGURA_SERVER_DEMO_TELEMETRY_H

#include "core/base/scope.h"

/* In the transaction of the demonstration: the keys that its senders use. */
must_check bool demo_ingest_keys(struct scope *s, const struct uuid *tenants);

int demo_history(const char *config, int64_t days);
int demo_live(const char *config, int64_t speed);

#endif
