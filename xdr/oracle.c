/* oracle: the plainest evaluation there is, against which the engine is held.
 *
 * It walks the expression as the front end built it: no folded copies, no literal sets, no order of costs. Letters
 * are compared as they are met and wildcards by trying every way. Only the event's values and regular expressions
 * are shared with the engine.
 */
#include "xdr/engine_parts.h"
#include "xdr/fold.h"
#include "xdr/number.h"

/* Bytes of the character at the head, and the character without case when asked. */
static size_t
take_character(struct str s, bool cased, char out[4])
{
    size_t n = 1;
    unsigned char lead = (unsigned char)s.at[0];
    size_t wanted = lead >= PATTERN_DASH ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    while (n < wanted && n < s.len && ((unsigned char)s.at[n] & 0xC0) == 0x80)
        n++;
    char folded[4 + FOLD_SLACK];
    fold_into(folded, str_head(s, n));
    memcpy(out, cased ? s.at : folded, n);
    return n;
}

static bool
is_dash(const char *at, size_t bytes)
{
    static const char *const dashes[] = { "-", "/", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x95" };
    for (size_t i = 0; i < COUNT_OF(dashes); i++)
        if (strlen(dashes[i]) == bytes && memcmp(dashes[i], at, bytes) == 0)
            return true;
    return false;
}

static bool fits(struct str pattern, struct str text, bool cased);

static bool
fits_many(struct str pattern, struct str text, bool cased)
{
    char ignored[4];
    while (pattern.len && (unsigned char)pattern.at[0] == PATTERN_MANY)
        pattern = str_skip(pattern, 1);
    if (pattern.len == 0)
        return true;
    for (;;) {
        if (fits(pattern, text, cased))
            return true;
        if (text.len == 0)
            return false;
        text = str_skip(text, take_character(text, true, ignored));
    }
}

static bool
fits(struct str pattern, struct str text, bool cased)
{
    while (pattern.len) {
        unsigned char mark = (unsigned char)pattern.at[0];
        char wanted[4], there[4];
        if (mark == PATTERN_MANY)
            return fits_many(pattern, text, cased);
        if (text.len == 0)
            return false;
        size_t pattern_bytes = take_character(pattern, cased, wanted), text_bytes = take_character(text, cased, there);
        bool same = pattern_bytes == text_bytes && memcmp(wanted, there, text_bytes) == 0;
        if (mark == PATTERN_DASH)
            same = is_dash(there, text_bytes);
        if (!same && mark != PATTERN_ONE)
            return false;
        pattern = str_skip(pattern, mark >= PATTERN_DASH ? 1 : pattern_bytes);
        text = str_skip(text, text_bytes);
    }
    return text.len == 0;
}

static bool
number_fits(const struct test *t, struct str text)
{
    long double n;
    int64_t part = 0;
    bool readable = t->part ? time_part(text, t->part, &part) : number_of(text, &n);
    return readable && number_stands(t->part ? (long double)part : n, t->relation, t->number);
}

static bool
value_fits(struct matcher *m, const struct test *t, struct str text)
{
    uint8_t address[16];
    switch (t->kind) {
    case TEST_TEXT:
        return fits(t->pattern, text, t->cased);
    case TEST_REGEX:
        return regex_finds(engine_find_regex(m->engine, t->pattern, t->regex_flags), m->regex, text);
    case TEST_CIDR:
        return address_of(text, address) && network_holds(&t->network, address);
    case TEST_NUMBER:
        return number_fits(t, text);
    default:
        return false;
    }
}

static const struct event_values *
values_of(struct matcher *m, struct str field)
{
    uint32_t number = FIELD_ANYWHERE;
    if (field.at && !name_index_find(m->engine->fields, field, &number))
        abort(); /* every field of a rule was registered when it was compiled */
    return matcher_values(m, (uint16_t)number);
}

static bool
field_fits(const struct test *t, struct str left, struct str right)
{
    char buffer[4096];
    size_t len = 0;
    if (right.len + 2 > sizeof buffer)
        return t->relation == IS_EQUAL && str_eq(left, right);
    if (t->relation == DOES_CONTAIN || t->relation == DOES_END)
        buffer[len++] = (char)PATTERN_MANY;
    memcpy(buffer + len, right.at, right.len);
    len += right.len;
    if (t->relation == DOES_CONTAIN || t->relation == DOES_START)
        buffer[len++] = (char)PATTERN_MANY;
    return fits((struct str){ buffer, len }, left, t->cased);
}

static bool
refers(struct matcher *m, const struct test *t)
{
    struct event_values left = *values_of(m, t->field), right = *values_of(m, t->other);
    for (uint32_t i = 0; i < left.count; i++)
        for (uint32_t j = 0; j < right.count; j++)
            if (field_fits(t, left.items[i].text, right.items[j].text))
                return true;
    return false;
}

bool
matcher_test_holds(struct matcher *m, const struct test *t, struct str *value)
{
    const struct event_values values = *values_of(m, t->field);
    *value = values.count ? values.items[0].text : STR_NONE;
    if (t->kind == TEST_FIELD)
        return refers(m, t);
    if (t->kind == TEST_EXISTS)
        return values.is_present;
    if (t->kind == TEST_NULL)
        return !values.is_present || values.is_null;
    for (uint32_t i = 0; i < values.count; i++) {
        *value = values.items[i].text;
        if (value_fits(m, t, *value))
            return true;
    }
    return false;
}

bool
oracle_holds(struct matcher *m, const struct expr *e)
{
    struct str value;
    switch (e->kind) {
    case EXPR_AND:
        for (size_t i = 0; i < e->count; i++)
            if (!oracle_holds(m, e->parts[i]))
                return false;
        return true;
    case EXPR_OR:
        for (size_t i = 0; i < e->count; i++)
            if (oracle_holds(m, e->parts[i]))
                return true;
        return false;
    case EXPR_NOT:
        return !oracle_holds(m, e->parts[0]);
    default:
        return matcher_test_holds(m, &e->test, &value);
    }
}
