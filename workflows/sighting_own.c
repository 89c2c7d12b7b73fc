/* What a computer says about itself: its addresses and its system. */
#include <arpa/inet.h>
#include <ctype.h>

#include "workflows/inventory_parts.h"

enum { ASKED_MAX = 16, KEPT_MAX = 8, VERSION_BYTES = 200, ADDRESS_BYTES = 45 };

/* Those that everybody has tell nothing. */
static bool
is_own(const char *text, bool v6)
{
    unsigned char a[16];
    static const unsigned char zero[16], loopback[16] = { [15] = 1 };
    if (inet_pton(v6 ? AF_INET6 : AF_INET, text, a) != 1)
        return false;
    if (v6)
        return memcmp(a, zero, sizeof zero) != 0 && memcmp(a, loopback, sizeof loopback) != 0
            && !(a[0] == 0xFE && (a[1] & 0xC0) == 0x80);
    return a[0] != 0 && a[0] != 127 && !(a[0] == 169 && a[1] == 254);
}

static void
take_address(struct arena *a, struct str said, struct strs *out)
{
    struct str text = str_trim(said);
    if (!text.len || text.len > ADDRESS_BYTES || out->count == KEPT_MAX)
        return;
    text = str_lower(a, text);
    if (!is_own(str_c(a, text), str_contains(text, STR(":"))))
        return;
    for (size_t i = 0; i < out->count; i++)
        if (str_eq(out->items[i], text))
            return;
    if (!out->items)
        out->items = arena_array_of(a, KEPT_MAX, struct str);
    out->items[out->count++] = text;
}

/* "Windows 10 Pro 10.0 (19045.3570)", as far as it is told. */
static struct str
version_of(struct arena *a, const struct computer_facts *c)
{
    struct str name = str_trim(c->os_name), version = str_trim(c->os_version), build = str_trim(c->os_build);
    if (!name.len && !version.len)
        return STR_NONE;
    if (name.len + version.len + build.len > VERSION_BYTES)
        return STR_NONE;
    return str_printf(a, STR_FMT "%s" STR_FMT "%s" STR_FMT "%s", STR_ARG(name), name.len && version.len ? " " : "",
                      STR_ARG(version), build.len ? " (" : "", STR_ARG(build), build.len ? ")" : "");
}

static struct str
family_of(struct arena *a, struct str type)
{
    static const char *const families[] = { "windows", "linux", "macos" };
    struct str word = str_lower(a, str_head(str_trim(type), 20));
    for (size_t i = 0; i < COUNT_OF(families); i++)
        if (str_is(word, families[i]))
            return str_of(families[i]);
    return STR_NONE;
}

/* Events of logs that never say it are asked only a few times. */
void
sighting_take_own(struct arena *a, const struct event_facts *f, struct host_sight *h)
{
    struct computer_facts c;
    if (h->asked == ASKED_MAX || (h->row.addresses.count && h->row.os_version.at))
        return;
    h->asked++;
    computer_facts_read(f, &c);
    for (size_t i = 0; i < c.address_count; i++)
        take_address(a, c.addresses[i], &h->row.addresses);
    if (!h->row.os_version.at)
        h->row.os_version = version_of(a, &c);
    if (!h->row.os.at)
        h->row.os = family_of(a, c.os_type);
}
