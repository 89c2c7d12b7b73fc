/* Expressions of strangers: never a crash; what is refused has a field and a sentence in both languages, what is taken
 * runs later than now or never. */
#include "core/base/cron.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 16);
    struct str text = str_copy(a, (struct str){ (const char *)data, size });
    struct cron c;
    struct cron_fault fault;
    const struct zone *z;
    struct instant now = { DAYS(20000) }, next;
    if (!cron_parse(text, &c, &fault)) {
        if (fault.field < 0 || fault.field > CRON_FIELDS || !fault.why.en || !fault.why.ja)
            abort();
    } else if (zone_load(a, STR("Europe/Berlin"), &z) && cron_next(&c, z, now, &next) && next.us <= now.us) {
        abort();
    }
    arena_free(a);
    return 0;
}
