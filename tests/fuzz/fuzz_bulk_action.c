/* The action line of a bulk call: never a crash, and what is taken out of it lies in it. */
#include "core/base/arena.h"
#include "tests/fuzz/fuzz.h"
#include "workflows/bulk_action.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 12);
    struct str line = str_copy(a, (struct str){ (const char *)data, size });
    struct bulk_action action;
    if (!bulk_action_read(line, &action))
        return 0;
    bool inside = !action.index.at
               || (action.index.at >= line.at && action.index.at + action.index.len <= line.at + line.len);
    if (action.verb == BULK_NONE || !inside)
        abort();
    return 0;
}
