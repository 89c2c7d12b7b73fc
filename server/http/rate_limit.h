/* rate_limit: token buckets in a table of fixed size. A bucket holds a minute's worth of calls and refills evenly. A
 * table that is full forgets the fullest bucket nearby, which by then allows nearly everything anyway. */
#ifndef YAGURA_SERVER_HTTP_RATE_LIMIT_H
#define YAGURA_SERVER_HTTP_RATE_LIMIT_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct rate_table;

struct rate {
    int64_t limit;     /* calls a minute; 0: not limited, nothing to say */
    int64_t remaining;
    int64_t reset_s;   /* until the bucket is full again */
    int64_t retry_s;   /* set when the call is refused */
};

struct rate_table *rate_table_new(struct arena *a, int64_t per_minute);

/* Takes one call of `key`'s bucket; false: too many. */
bool rate_take(struct rate_table *t, struct str key, int64_t now_us, struct rate *out);

#endif
