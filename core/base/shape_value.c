#include "core/base/shape_value.h"

#include <errno.h>
#include <math.h>

#include "core/base/cron.h"
#include "core/base/crypto.h"
#include "core/base/format.h"

enum { MARKDOWN_MAX_DEFAULT = 20000, DOMAIN_WORDS_MAX = 2000 };

bool
value_fault(struct scope *s, const struct json_place *place, enum fault fault, struct str expected)
{
    note_violation(s, json_pointer(s->arena, place), fault, expected);
    return false;
}

static bool
bound_fault(struct scope *s, const struct json_place *place, enum fault fault, int64_t bound)
{
    return value_fault(s, place, fault, str_printf(s->arena, "%lld", (long long)bound));
}

struct str
domain_words(struct arena *a, const struct domain *d)
{
    struct text t = text_new(a, DOMAIN_WORDS_MAX);
    for (size_t i = 1; i < d->count; i++) {
        if (i > 1)
            text_add_c(&t, ", ");
        text_add_c(&t, d->labels[i]);
    }
    return text_str(&t);
}

static bool
has_controls(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || c == 0x7F)
            return true;
    }
    return false;
}

/* Seven fields are too many for "wrong form": the sentence says which one it is. */
static bool
check_cron(struct scope *s, struct str text, const struct json_place *place)
{
    struct cron c;
    struct cron_fault fault;
    if (cron_parse(text, &c, &fault))
        return true;
    note_sentence(s, json_pointer(s->arena, place), str_of(fault.why.en), str_of(fault.why.ja));
    return false;
}

static bool
check_text(struct scope *s, const struct field *f, struct str text, int64_t min, int64_t max,
           const struct json_place *place)
{
    if (!str_is_utf8(text) || has_controls(text))
        return value_fault(s, place, FAULT_BAD_TEXT, STR_NONE);
    int64_t characters = (int64_t)str_characters(text);
    if (characters > max)
        return bound_fault(s, place, FAULT_TOO_LONG, max);
    if (text.len == 0)
        return true; /* whether it may be empty is shape_check's question */
    if (characters < min)
        return bound_fault(s, place, FAULT_TOO_SHORT, min);
    if (f->format == FORMAT_CRON)
        return check_cron(s, text, place);
    const char *expected;
    enum fault fault = format_fault(f->format, text, &expected);
    return fault == FAULT_NONE || value_fault(s, place, fault, str_of(expected));
}

static bool
set_text(struct scope *s, const struct field *f, struct str text, const struct json_place *place, void *record)
{
    int64_t usual = f->format == FORMAT_MARKDOWN ? MARKDOWN_MAX_DEFAULT : JSON_TEXT_MAX_DEFAULT;
    if (!check_text(s, f, text, f->min, f->max ? f->max : usual, place))
        return false;
    *(struct str *)shape_at(f, record) = text.at ? text : STR("");
    return true;
}

bool
field_check_word(struct scope *s, const struct field *f, struct str word, const struct json_place *place)
{
    int value;
    if (f->of)
        return domain_value(f->of, word, &value)
            || value_fault(s, place, FAULT_NOT_IN_DOMAIN, domain_words(s->arena, f->of));
    return check_text(s, f, word, 0, JSON_TEXT_MAX_DEFAULT, place);
}

bool
field_check_count(struct scope *s, const struct field *f, size_t count, const struct json_place *place)
{
    int64_t max = f->max ? f->max : JSON_LIST_MAX_DEFAULT;
    return (int64_t)count <= max || bound_fault(s, place, FAULT_TOO_MANY, max);
}

static bool
set_bool(struct scope *s, const struct field *f, struct str text, const struct json_place *place, void *record)
{
    if (!str_is(text, "true") && !str_is(text, "false"))
        return value_fault(s, place, FAULT_WRONG_TYPE, STR("true, false"));
    *(bool *)shape_at(f, record) = str_is(text, "true");
    return true;
}

/* "12" and "-3"; "1.0" and "1e3" are no whole numbers here, whatever JavaScript thinks. */
bool
field_set_int(struct scope *s, const struct field *f, struct str text, const struct json_place *place, void *record)
{
    int64_t value;
    struct str digits = str_starts(text, STR("-")) ? str_skip(text, 1) : text;
    if (!str_int(text, &value) || value == INT_NONE) {
        for (size_t i = 0; i < digits.len; i++)
            if (digits.at[i] < '0' || digits.at[i] > '9')
                return value_fault(s, place, FAULT_WRONG_TYPE, STR("integer"));
        if (digits.len == 0)
            return value_fault(s, place, FAULT_WRONG_TYPE, STR("integer"));
        bool negative = digits.len < text.len;
        return value_fault(s, place, negative ? FAULT_TOO_SMALL : FAULT_TOO_LARGE, STR_NONE);
    }
    bool bounded = f->min || f->max;
    if (bounded && value < f->min)
        return bound_fault(s, place, FAULT_TOO_SMALL, f->min);
    if (bounded && f->max >= f->min && value > f->max)
        return bound_fault(s, place, FAULT_TOO_LARGE, f->max);
    *(int64_t *)shape_at(f, record) = value;
    return true;
}

static bool
set_real(struct scope *s, const struct field *f, struct str text, const struct json_place *place, void *record)
{
    char room[64], *end;
    double value = 0;
    bool spelled = text.len > 0 && text.len < sizeof room
        && strspn(str_c(s->arena, text), "0123456789+-.eE") == text.len;
    if (spelled) {
        memcpy(room, text.at, text.len);
        room[text.len] = 0;
        value = strtod(room, &end);
        spelled = end == room + text.len && isfinite(value);
    }
    if (!spelled)
        return value_fault(s, place, FAULT_WRONG_TYPE, STR("number"));
    bool bounded = f->min || f->max;
    if (bounded && value < (double)f->min)
        return bound_fault(s, place, FAULT_TOO_SMALL, f->min);
    if (bounded && f->max >= f->min && value > (double)f->max)
        return bound_fault(s, place, FAULT_TOO_LARGE, f->max);
    *(double *)shape_at(f, record) = value;
    return true;
}

static bool
set_domain(struct scope *s, const struct field *f, struct str text, const struct json_place *place, void *record)
{
    return domain_value(f->of, text, shape_at(f, record))
        || value_fault(s, place, FAULT_NOT_IN_DOMAIN, domain_words(s->arena, f->of));
}

static bool
set_bytes(struct scope *s, const struct field *f, struct str text, const struct json_place *place, void *record)
{
    struct bytes bytes;
    if (!base64_read(s->arena, text, &bytes))
        return value_fault(s, place, FAULT_BAD_FORMAT, STR("base64"));
    if (f->max && (int64_t)bytes.raw.len > f->max)
        return bound_fault(s, place, FAULT_TOO_LARGE, f->max);
    *(struct bytes *)shape_at(f, record) = bytes;
    return true;
}

/* Lists that come one entry at a time are short; the list is written anew for each, so a default is never touched. */
static bool
append(struct scope *s, const struct field *f, const void *entry, size_t bytes, const struct json_place *place,
       void *record)
{
    struct strs *list = shape_at(f, record); /* struct uuids looks the same but for the pointer's type */
    if (!field_check_count(s, f, list->count + 1, place))
        return false;
    char *items = arena_array(s->arena, list->count + 1, bytes);
    if (list->count)
        memcpy(items, list->items, list->count * bytes);
    memcpy(items + list->count * bytes, entry, bytes);
    list->items = (void *)items;
    list->count++;
    return true;
}

bool
field_set_text(struct scope *s, const struct field *f, struct str text, const struct json_place *place, void *record)
{
    struct uuid id;
    switch (f->kind) {
    case KIND_BOOL:
        return set_bool(s, f, text, place, record);
    case KIND_INT:
        return field_set_int(s, f, text, place, record);
    case KIND_REAL:
        return set_real(s, f, text, place, record);
    case KIND_TEXT:
        return set_text(s, f, text, place, record);
    case KIND_UUID:
        return uuid_parse(text, shape_at(f, record)) || value_fault(s, place, FAULT_BAD_UUID, STR_NONE);
    case KIND_INSTANT:
        return instant_parse(text, shape_at(f, record)) || value_fault(s, place, FAULT_BAD_INSTANT, STR_NONE);
    case KIND_DOMAIN:
        return set_domain(s, f, text, place, record);
    case KIND_BYTES:
        return set_bytes(s, f, text, place, record);
    case KIND_TEXTS:
        return field_check_word(s, f, text, place) && append(s, f, &text, sizeof text, place, record);
    case KIND_UUIDS:
        if (!uuid_parse(text, &id))
            return value_fault(s, place, FAULT_BAD_UUID, STR_NONE);
        return append(s, f, &id, sizeof id, place, record);
    case KIND_JSON:
    case KIND_ROWS:
        break;
    }
    return value_fault(s, place, FAULT_NOT_ALLOWED, STR_NONE);
}

bool
shape_read_text(struct scope *s, const struct field *f, struct str value, void *record)
{
    struct json_place place = { .name = str_of(f->name) };
    return field_set_text(s, f, value, &place, record);
}
