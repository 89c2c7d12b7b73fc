#include "core/base/format.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/base/cron.h"

enum { EMAIL_MAX = 254, LOCAL_PART_MAX = 64, LABEL_MAX = 63, ZONE_MAX = 64 };

static bool
is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

static bool
all_in(struct str s, const char *also)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.at[i]) && (!s.at[i] || !strchr(also, s.at[i])))
            return false;
    return s.len > 0;
}

/* Words of `also` and letters between single dots. */
static bool
is_dotted(struct str s, const char *also, size_t word_max)
{
    struct str word;
    if (s.len == 0)
        return false;
    while (str_cut(&s, '.', &word))
        if (word.len > word_max || !all_in(word, also))
            return false;
    return true;
}

static bool
is_host(struct str s)
{
    return is_dotted(s, "-", LABEL_MAX) && s.at[0] != '-' && s.at[s.len - 1] != '-';
}

/* The form mail servers take in practice: no quoted local parts, no address literals, a domain with a dot. */
static bool
is_email(struct str s)
{
    struct str local, host = s;
    return s.len <= EMAIL_MAX && str_cut(&host, '@', &local) && host.at && local.len <= LOCAL_PART_MAX
        && is_dotted(local, "!#$%&'*+-/=?^_`{|}~", LOCAL_PART_MAX) && is_host(host)
        && str_contains(host, STR("."));
}

static bool
is_port(struct str s)
{
    int64_t port;
    return str_int(s, &port) && port > 0 && port <= 65535;
}

static bool
is_authority(struct str s)
{
    if (str_starts(s, STR("["))) {
        size_t end = str_find(s, STR("]"));
        struct str inner = str_head(str_skip(s, 1), end ? end - 1 : 0), after = str_skip(s, end + 1);
        bool ends_well = after.len == 0 || (after.at[0] == ':' && is_port(str_skip(after, 1)));
        return end < s.len && all_in(inner, ":.") && ends_well;
    }
    struct str host, port = s;
    if (!str_cut(&port, ':', &host))
        return false;
    return is_host(host) && (!port.at || is_port(port));
}

/* http and https with a plain host: no name or password before it, no bytes that want escaping. */
static bool
is_url(struct str s)
{
    size_t scheme = str_starts(s, STR("https://")) ? 8 : str_starts(s, STR("http://")) ? 7 : 0;
    if (!scheme)
        return false;
    struct str rest = str_skip(s, scheme);
    size_t end = 0;
    while (end < rest.len && !strchr("/?#", rest.at[end]))
        end++;
    for (size_t i = end; i < rest.len; i++)
        if ((unsigned char)rest.at[i] <= ' ' || (unsigned char)rest.at[i] >= 0x7F || strchr("\"<>\\^`{|}", rest.at[i]))
            return false;
    return is_authority(str_head(rest, end));
}

/* A name is a path below the zone folder: only words are let in, then the file must be a compiled zone. */
static bool
is_time_zone(struct str s)
{
    char path[ZONE_MAX + 32], magic[4];
    struct str rest = s, part;
    if (s.len == 0 || s.len > ZONE_MAX || str_starts(s, STR("posix/")) || str_starts(s, STR("right/")))
        return false;
    while (str_cut(&rest, '/', &part))
        if (!all_in(part, "_+-"))
            return false;
    snprintf(path, sizeof path, "/usr/share/zoneinfo/" STR_FMT, STR_ARG(s));
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool compiled = read(fd, magic, sizeof magic) == sizeof magic && memcmp(magic, "TZif", 4) == 0;
    close(fd);
    return compiled;
}

static bool
is_slug(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] >= 'A' && s.at[i] <= 'Z')
            return false;
    return all_in(s, "-_") && is_alnum(s.at[0]);
}

static bool
is_hex(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_alnum(s.at[i]) || (s.at[i] | 0x20) > 'f')
            return false;
    return s.len > 0 && s.len % 2 == 0;
}

static bool
is_date(struct str s)
{
    char room[32];
    struct instant t;
    if (s.len != 10)
        return false;
    snprintf(room, sizeof room, STR_FMT "T00:00:00Z", STR_ARG(s));
    return instant_parse(str_of(room), &t);
}

static bool
is_cron(struct str s)
{
    struct cron c;
    struct cron_fault fault;
    return cron_parse(s, &c, &fault);
}

enum fault
format_fault(enum format format, struct str text, const char **expected)
{
    *expected = NULL;
    switch (format) {
    case FORMAT_EMAIL:
        return is_email(text) ? FAULT_NONE : FAULT_BAD_EMAIL;
    case FORMAT_URL:
        return is_url(text) ? FAULT_NONE : FAULT_BAD_URL;
    case FORMAT_TIME_ZONE:
        return is_time_zone(text) ? FAULT_NONE : FAULT_BAD_TIME_ZONE;
    case FORMAT_SLUG:
        *expected = "aoba-1";
        return is_slug(text) ? FAULT_NONE : FAULT_BAD_FORMAT;
    case FORMAT_HEX:
        *expected = "0a1b2c";
        return is_hex(text) ? FAULT_NONE : FAULT_BAD_FORMAT;
    case FORMAT_DATE:
        *expected = "2026-11-21";
        return is_date(text) ? FAULT_NONE : FAULT_BAD_FORMAT;
    case FORMAT_CRON:
        *expected = "0 0 9 ? * MON-FRI *";
        return is_cron(text) ? FAULT_NONE : FAULT_BAD_FORMAT;
    case FORMAT_NONE:
    case FORMAT_PASSWORD:
    case FORMAT_MARKDOWN:
        break;
    }
    return FAULT_NONE;
}

const char *
format_schema_name(enum format format)
{
    switch (format) {
    case FORMAT_EMAIL:
        return "email";
    case FORMAT_URL:
        return "uri";
    case FORMAT_DATE:
        return "date";
    case FORMAT_PASSWORD:
        return "password";
    case FORMAT_TIME_ZONE:
        return "time-zone";
    case FORMAT_MARKDOWN:
        return "markdown";
    case FORMAT_CRON:
        return "cron";
    default:
        return NULL;
    }
}

const char *
format_schema_pattern(enum format format)
{
    switch (format) {
    case FORMAT_SLUG:
        return "^[a-z0-9][a-z0-9_-]*$";
    case FORMAT_HEX:
        return "^([0-9A-Fa-f]{2})+$";
    default:
        return NULL;
    }
}
