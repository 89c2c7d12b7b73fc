#include "xdr/syslog.h"

#include "core/base/text.h"
#include "xdr/front_parts.h"
#include "xdr/json_slice.h"

enum { HOST_MAX = 255, NAME_MAX_BYTES = 128 };

/* ---- frames ---- */

static enum syslog_frame
counted(struct str *rest, struct str *message)
{
    size_t digits = 0, length = 0;
    for (; digits < rest->len && rest->at[digits] >= '0' && rest->at[digits] <= '9'; digits++)
        if (length <= SYSLOG_MESSAGE_MAX)
            length = length * 10 + (size_t)(rest->at[digits] - '0');
    if (digits + 1 >= rest->len) /* whether it is a length at all is not seen yet */
        return rest->len > SYSLOG_MESSAGE_MAX ? SYSLOG_BROKEN : SYSLOG_MORE;
    if (length > SYSLOG_MESSAGE_MAX)
        return SYSLOG_BROKEN;
    if (rest->len - digits - 1 < length)
        return SYSLOG_MORE;
    *message = str_head(str_skip(*rest, digits + 1), length);
    *rest = str_skip(*rest, digits + 1 + length);
    return SYSLOG_FRAME;
}

/* However the bytes were cut: as long as it may still be a length, it is one that has not come to its end. */
static bool
is_counted(struct str text)
{
    size_t i = 0;
    while (i < text.len && text.at[i] >= '0' && text.at[i] <= '9')
        i++;
    if (i == 0 || text.at[0] == '0')
        return false;
    return i == text.len || (text.at[i] == ' ' && (i + 1 == text.len || text.at[i + 1] == '<'));
}

enum syslog_frame
syslog_next(struct str *rest, struct str *message)
{
    if (!rest->len)
        return SYSLOG_MORE;
    if (is_counted(*rest))
        return counted(rest, message);
    const char *end = memchr(rest->at, '\n', rest->len);
    if (!end)
        return rest->len > SYSLOG_MESSAGE_MAX ? SYSLOG_BROKEN : SYSLOG_MORE;
    *message = str_head(*rest, (size_t)(end - rest->at));
    *rest = str_skip(*rest, message->len + 1);
    while (message->len && (message->at[message->len - 1] == '\r' || message->at[message->len - 1] == '\0'))
        message->len--;
    return message->len > SYSLOG_MESSAGE_MAX ? SYSLOG_BROKEN : SYSLOG_FRAME;
}

/* ---- messages ---- */

static bool
take_word(struct str *rest, struct str *word)
{
    if (!rest->len)
        return false;
    const char *blank = memchr(rest->at, ' ', rest->len);
    *word = blank ? str_head(*rest, (size_t)(blank - rest->at)) : *rest;
    *rest = str_skip(*rest, word->len + (blank != NULL));
    if (str_is(*word, "-"))
        *word = STR_NONE;
    return true;
}

static void
take_priority(struct str *rest, int *priority)
{
    struct str text = *rest, digits;
    int64_t value;
    *priority = -1;
    if (!str_starts(text, STR("<")))
        return;
    text = str_skip(text, 1);
    if (!str_cut(&text, '>', &digits) || !text.at || digits.len > 3 || !str_int(digits, &value) || value < 0
        || value > 191)
        return;
    *priority = (int)value;
    *rest = text;
}

/* [id name="value" ...][...], with \" \\ \] inside of values; or "-". */
static bool
take_structured(struct str *rest, struct str *out)
{
    if (str_starts(*rest, STR("-")) && (rest->len == 1 || rest->at[1] == ' ')) {
        *rest = str_skip(*rest, rest->len == 1 ? 1 : 2);
        return true;
    }
    size_t i = 0;
    while (i < rest->len && rest->at[i] == '[') {
        bool quoted = false;
        for (i++; i < rest->len && (quoted || rest->at[i] != ']'); i++) {
            if (quoted && rest->at[i] == '\\')
                i++;
            else if (rest->at[i] == '"')
                quoted = !quoted;
        }
        if (i >= rest->len)
            return false;
        i++;
    }
    if (i == 0)
        return false;
    *out = str_head(*rest, i);
    *rest = str_skip(*rest, i + (i < rest->len && rest->at[i] == ' '));
    return true;
}

static bool
read_5424(struct str rest, struct syslog_message *out)
{
    struct str version, id;
    if (!take_word(&rest, &version) || !str_is(version, "1") || !take_word(&rest, &out->time)
        || !take_word(&rest, &out->host) || !take_word(&rest, &out->app) || !take_word(&rest, &out->process)
        || !take_word(&rest, &id) || !take_structured(&rest, &out->structured))
        return false;
    out->text = str_starts(rest, STR("\xEF\xBB\xBF")) ? str_skip(rest, 3) : rest;
    return true;
}

static bool
take_old_time(struct str *rest)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                                          "Dec" };
    enum { STAMP = 15 };
    for (size_t i = 0; i < COUNT_OF(months); i++)
        if (str_starts(*rest, str_of(months[i])) && rest->len > STAMP && rest->at[STAMP] == ' ' && rest->at[9] == ':') {
            *rest = str_skip(*rest, STAMP + 1);
            return true;
        }
    return false;
}

/* TAG[PID]: or TAG: */
static void
take_tag(struct str *rest, struct syslog_message *out)
{
    size_t i = 0;
    while (i < rest->len && i < NAME_MAX_BYTES && rest->at[i] != ':' && rest->at[i] != '[' && rest->at[i] != ' ')
        i++;
    if (i == 0 || i == rest->len || i == NAME_MAX_BYTES || rest->at[i] == ' ')
        return;
    struct str tag = str_head(*rest, i), after = str_skip(*rest, i), process = STR_NONE;
    if (after.at[0] == '[') {
        after = str_skip(after, 1);
        if (!str_cut(&after, ']', &process) || !str_starts(after, STR(":")))
            return;
    }
    out->app = tag;
    out->process = process;
    after = str_skip(after, 1);
    *rest = str_starts(after, STR(" ")) ? str_skip(after, 1) : after;
}

static void
read_3164(struct str rest, struct syslog_message *out)
{
    struct str stamp = rest, word;
    if (take_old_time(&rest)) {
        (void)take_word(&rest, &out->host);
    } else if (take_word(&stamp, &word) && word.len >= 20 && word.at[4] == '-' && word.at[10] == 'T') {
        out->time = word;
        rest = stamp;
        (void)take_word(&rest, &out->host);
    }
    take_tag(&rest, out);
    out->text = rest;
}

void
syslog_read(struct str message, struct syslog_message *out)
{
    struct str rest = message;
    *out = (struct syslog_message){ .priority = -1 };
    take_priority(&rest, &out->priority);
    int priority = out->priority;
    if (priority < 0 && !take_old_time(&(struct str){ rest.at, rest.len })) {
        out->text = message;
        return;
    }
    if (read_5424(rest, out))
        return;
    *out = (struct syslog_message){ .priority = priority };
    read_3164(rest, out);
}

struct str
syslog_param(struct str structured, const char *element, const char *param)
{
    struct str rest = structured, head = str_of(element), name = str_of(param);
    size_t begin = 0;
    while (begin + head.len + 2 < rest.len) {
        struct str at = str_skip(rest, begin);
        if (at.at[0] == '[' && str_starts(str_skip(at, 1), head) && at.at[1 + head.len] == '@') {
            struct str inside = at, end, key;
            if (!str_cut(&inside, ']', &end))
                return STR_NONE;
            for (struct str words = str_skip(end, 1); str_cut(&words, ' ', &key);) {
                struct str value = key, left;
                if (str_cut(&value, '=', &left) && value.len >= 2 && str_eq(left, name) && value.at[0] == '"')
                    return str_head(str_skip(value, 1), value.len - 2);
            }
            return STR_NONE;
        }
        begin++;
    }
    return STR_NONE;
}

/* ---- events ---- */

static void
add(struct pairs *p, const char *name, struct str value)
{
    if (value.len)
        pairs_add(p, str_of(name), value);
}

struct str
syslog_line(struct arena *a, const struct syslog_message *m)
{
    struct audit_record record;
    struct str text = str_trim(m->text), host = str_head(m->host, HOST_MAX);
    if (str_starts(text, STR("{")) || str_find(text, STR("<Event")) < text.len)
        return text;
    if (audit_record_of(text, &record))
        return record.node.at || !host.at
            ? text : str_printf(a, "node=" STR_FMT " " STR_FMT, STR_ARG(host), STR_ARG(text));
    struct pairs pairs = { .arena = a };
    add(&pairs, "@timestamp", m->time);
    add(&pairs, "Computer", host);
    add(&pairs, "product", STR("linux"));
    add(&pairs, "service", m->app);
    add(&pairs, "ProcessId", m->process);
    if (m->priority >= 0) {
        add(&pairs, "facility", str_printf(a, "%d", m->priority / 8));
        add(&pairs, "severity", str_printf(a, "%d", m->priority % 8));
    }
    add(&pairs, "message", text);
    return pairs_json(&pairs, a);
}
