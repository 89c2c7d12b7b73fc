/* The answers of sources, read strictly: a text that is not what they document is trouble and not a verdict. */
#include "core/base/json.h"
#include "workflows/reputations.h"

enum { LABELS_MAX = 10, MALICIOUS_LEAST = 3 };

/* The raw value behind a name of an object; absent: it has none. */
static struct str
member(struct scope *s, struct str object, const char *name)
{
    struct json_reader r = json_reader_new(object);
    struct str key, raw, found = STR_NONE;
    bool more = false;
    if (!object.len || json_peek(&r) != JSON_OBJECT || !json_enter(&r, JSON_OBJECT))
        return STR_NONE;
    while (json_member(&r, s->arena, &key, &more) && more)
        if (!json_skip(&r, &raw))
            return STR_NONE;
        else if (str_is(key, name))
            found = raw;
    return found;
}

static struct str
text_of(struct scope *s, struct str raw)
{
    struct json_reader r = json_reader_new(raw);
    struct str text;
    return raw.len && json_peek(&r) == JSON_STRING && json_string(&r, s->arena, &text) ? text : STR_NONE;
}

static int64_t
number_of(struct str raw)
{
    struct json_reader r = json_reader_new(raw);
    struct str spelled;
    int64_t n;
    return raw.len && json_peek(&r) == JSON_NUMBER && json_number(&r, &spelled) && str_int(spelled, &n) && n >= 0
        ? n : 0;
}

static void
add_label(struct reputation_reading *out, struct scope *s, struct str label)
{
    if (!out->labels.items)
        out->labels.items = arena_array_of(s->arena, LABELS_MAX, struct str);
    if (label.len && label.len <= 200 && out->labels.count < LABELS_MAX)
        out->labels.items[out->labels.count++] = label;
}

bool
reputation_read_virustotal(struct scope *s, struct str body, struct reputation_reading *out)
{
    *out = (struct reputation_reading){ .known = true };
    if (!json_validate(s, body))
        return false;
    struct str attributes = member(s, member(s, body, "data"), "attributes");
    struct str stats = member(s, attributes, "last_analysis_stats");
    if (!stats.len)
        return fail(s, &problem_fetch_failed, "no last_analysis_stats in the answer");
    out->malicious = number_of(member(s, stats, "malicious"));
    out->suspicious = number_of(member(s, stats, "suspicious"));
    out->harmless = number_of(member(s, stats, "harmless")) + number_of(member(s, stats, "undetected"));
    struct str named = member(s, attributes, "popular_threat_classification");
    add_label(out, s, text_of(s, member(s, named, "suggested_threat_label")));
    out->verdict = out->malicious >= MALICIOUS_LEAST ? REPUTATION_MALICIOUS
        : out->malicious || out->suspicious >= MALICIOUS_LEAST ? REPUTATION_UNWANTED
        : out->harmless ? REPUTATION_CLEAN : REPUTATION_NONE;
    return true;
}

static bool
is_true(struct str raw)
{
    return str_is(raw, "true") || str_is(raw, "\"1\"") || str_is(raw, "1");
}

/* Attributes that are meant for detection say malicious; others only say that somebody wrote the thing down. */
bool
reputation_read_misp(struct scope *s, struct str body, struct reputation_reading *out)
{
    *out = (struct reputation_reading){ .known = false };
    if (!json_validate(s, body))
        return false;
    struct str list = member(s, member(s, body, "response"), "Attribute"), raw;
    struct json_reader r = json_reader_new(list);
    bool more = false;
    if (!list.len || json_peek(&r) != JSON_ARRAY || !json_enter(&r, JSON_ARRAY))
        return fail(s, &problem_fetch_failed, "no response.Attribute in the answer");
    while (json_item(&r, &more) && more) {
        if (!json_skip(&r, &raw))
            return fail(s, &problem_fetch_failed, "an attribute that cannot be read");
        out->known = true;
        if (is_true(member(s, raw, "to_ids")))
            out->malicious++;
        else
            out->suspicious++;
        add_label(out, s, text_of(s, member(s, member(s, raw, "Event"), "info")));
    }
    out->verdict = out->malicious ? REPUTATION_MALICIOUS : out->known ? REPUTATION_UNWANTED : REPUTATION_NONE;
    return true;
}
