/* zone: a time zone of the IANA database, read from the system's compiled files without touching the
 * process's own zone, so that every thread can think in another one.
 *
 * A zone is a row of periods of constant offset; after the last written transition the file's closing rule goes on
 * for ever. All questions are answered by zone_period_at: local = utc + offset within the period. A local time may
 * happen twice (clocks set back) or never (clocks set forward); who walks periods never has to guess.
 */
#ifndef YAGURA_CORE_BASE_ZONE_H
#define YAGURA_CORE_BASE_ZONE_H

#include "core/base/arena.h"
#include "core/base/civil.h"
#include "core/base/instant.h"

struct zone;

struct zone_period {
    int64_t start_s, end_s; /* UTC seconds, end excluded; INT64_MIN and INT64_MAX where there is no bound */
    int32_t offset_s;
    bool daylight;
};

/* False for a name that is not a zone of the system; names with dots, or absolute ones, are refused unseen. */
must_check bool zone_load(struct arena *a, struct str name, const struct zone **out);
bool zone_exists(struct str name);

struct zone_period zone_period_at(const struct zone *z, int64_t utc_s);
struct civil zone_civil(const struct zone *z, struct instant t);
int64_t zone_local_day(const struct zone *z, struct instant t); /* the day number on the wall */

/* The first instant whose local time is not before the given one: in a gap, the moment the clocks jump. */
struct instant zone_instant(const struct zone *z, int64_t local_day, int64_t second_of_day);

/* For people: 2026-11-21 09:50 (JST is not told: zones share abbreviations). */
struct str zone_format(struct arena *a, const struct zone *z, struct instant t);

#endif
