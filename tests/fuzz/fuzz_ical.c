/* Holiday files of strangers: never a crash, and what is accepted is ascending and within the years asked for. */
#include "tests/fuzz/fuzz.h"
#include "workflows/ical.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 16);
    struct scope s = scope_new(a, (struct instant){ 1 });
    const struct zone *zone;
    struct ical_days days;
    if (!zone_load(a, STR("Europe/Berlin"), &zone))
        abort();
    if (ical_read(&s, str_copy(a, (struct str){ (const char *)data, size }), zone, 2000, 2100, &days)) {
        for (size_t i = 0; i < days.count; i++) {
            int year = civil_of_day(days.items[i].day).year;
            if (year < 2000 || year > 2100 || (i && days.items[i].day <= days.items[i - 1].day))
                abort();
        }
    } else if (!scope_has_failed(&s)) {
        abort();
    }
    arena_free(a);
    return 0;
}
