/* correlation_parts: what observing (many threads) hands to correlating (one). */
#ifndef YAGURA_XDR_CORRELATION_PARTS_H
#define YAGURA_XDR_CORRELATION_PARTS_H

#include "xdr/correlation.h"

struct observation {
    uint32_t correlation, member; /* who reads it, and as which of its rules */
    int64_t unix_ms;
    uint64_t event;
    struct str group; /* the values grouped by, one after the other */
    struct str value; /* what value_count counts; absent when the event has no such field */
    long double number;
    bool has_time, has_number;
    const struct observation *upward; /* the same event as those see it that read this correlation */
    size_t upward_count;
};

struct observations {
    struct arena *arena; /* emptied when taken */
    const struct engine *engine;
    struct observation **items;
    size_t count, room;
};

#endif
