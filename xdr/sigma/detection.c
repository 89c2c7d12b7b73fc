/* detection: items of the form `field|modifier|modifier: values`, and the selections they make up. */
#include "core/base/text.h"
#include "xdr/number.h"
#include "xdr/regex.h"
#include "xdr/sigma/sigma.h"
#include "xdr/sigma/value.h"

enum { MODIFIERS_MAX = 12, VALUES_MAX = 100 * 1000, VALUE_BYTES_MAX = 64 * 1024, EXPANSIONS_MAX = 1000 };

/* What an item asks, once its modifiers are read. */
enum item_kind { ITEM_TEXT, ITEM_REGEX, ITEM_CIDR, ITEM_EXISTS, ITEM_NUMBER, ITEM_FIELD };

struct value {
    const struct yaml *node;
    struct str raw;     /* as written, placeholders filled in */
    struct str pattern; /* what the modifiers made of it */
    size_t written;     /* which of the values as written it comes from */
    bool is_bytes;      /* UTF-16 that only base64 makes text again */
};

struct item {
    struct sigma *sigma;
    struct str key;
    int line;
    struct str field;
    struct str modifiers[MODIFIERS_MAX];
    size_t modifier_count;
    struct value *values;
    size_t count;
    enum item_kind kind;
    enum relation relation;
    enum value_part part;
    unsigned regex_flags;
    bool all, cased, negated, expands, is_keyword;
    bool is_changed; /* some modifier has made other text of the values */
};

static bool
refuse_item(struct item *it, const char *why)
{
    return sigma_refuse(it->sigma, it->line, STR_FMT ": %s", STR_ARG(it->key), why);
}

static struct str
without_spaces(struct arena *a, struct str name)
{
    struct text t = text_new(a, name.len);
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] != ' ')
            text_add_char(&t, name.at[i]);
    return text_str(&t);
}

static bool
split_key(struct item *it)
{
    struct str rest = it->key, part;
    if (!str_cut(&rest, '|', &part))
        return refuse_item(it, "an item needs a field");
    it->field = without_spaces(it->sigma->arena, part);
    it->is_keyword = it->field.len == 0;
    if (it->is_keyword)
        it->field = STR_NONE;
    while (str_cut(&rest, '|', &part)) {
        if (it->modifier_count == MODIFIERS_MAX)
            return refuse_item(it, "too many modifiers");
        it->modifiers[it->modifier_count++] = part;
        it->expands = it->expands || str_is(part, "expand");
    }
    return true;
}

/* ---- values ---- */

static const struct placeholder *
placeholder_named(const struct ruleset_options *o, struct str name)
{
    for (size_t i = 0; i < o->placeholder_count; i++)
        if (str_eq(o->placeholders[i].name, name))
            return &o->placeholders[i];
    return NULL;
}

/* The next % at or behind `from` that no backslash stands before; text.len when there is none. */
static size_t
find_percent(struct str text, size_t from)
{
    for (size_t i = from; i < text.len; i++) {
        if (text.at[i] == '\\' && i + 1 < text.len && text.at[i + 1] == '%')
            i++;
        else if (text.at[i] == '%')
            return i;
    }
    return text.len;
}

/* The first %name% of the text and what stands around it. */
static bool
find_placeholder(struct str text, struct str *before, struct str *name, struct str *after)
{
    size_t open = find_percent(text, 0), close = open < text.len ? find_percent(text, open + 1) : text.len;
    if (close == text.len || close == open + 1)
        return false;
    *before = str_head(text, open);
    *name = str_head(str_skip(text, open + 1), close - open - 1);
    *after = str_skip(text, close + 1);
    return true;
}

static struct str
without_escaped_percents(struct arena *a, struct str text)
{
    struct text t = text_new(a, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '\\' || i + 1 == text.len || text.at[i + 1] != '%')
            text_add_char(&t, text.at[i]);
    return text_str(&t);
}

struct expansion {
    struct str *texts;
    size_t count;
};

/* Replaces the placeholders behind `done` one after the other: several multiply. */
static bool
expand_text(struct item *it, struct str done, struct str text, struct expansion *out)
{
    struct arena *a = it->sigma->arena;
    struct str before, name, after;
    if (!find_placeholder(text, &before, &name, &after)) {
        if (out->count == EXPANSIONS_MAX)
            return refuse_item(it, "placeholders make too many values");
        out->texts[out->count++] = str_printf(a, STR_FMT STR_FMT, STR_ARG(done),
                                              STR_ARG(without_escaped_percents(a, text)));
        return true;
    }
    const struct placeholder *p = placeholder_named(&it->sigma->set->options, name);
    if (!p || p->values.count == 0)
        return sigma_refuse(it->sigma, it->line, STR_FMT ": nothing says what %%" STR_FMT "%% stands for",
                            STR_ARG(it->key), STR_ARG(name));
    for (size_t i = 0; i < p->values.count; i++) {
        struct str so_far = str_printf(a, STR_FMT STR_FMT STR_FMT, STR_ARG(done),
                                       STR_ARG(without_escaped_percents(a, before)), STR_ARG(p->values.items[i]));
        if (!expand_text(it, so_far, after, out))
            return false;
    }
    return true;
}

static bool
take_value(struct item *it, const struct yaml *node, struct value *out)
{
    if (node->kind != YAML_SCALAR)
        return sigma_refuse(it->sigma, node->line, STR_FMT ": a value must be a text, a number or null",
                            STR_ARG(it->key));
    if (node->text.len > VALUE_BYTES_MAX)
        return sigma_refuse(it->sigma, node->line, STR_FMT ": a value is too long", STR_ARG(it->key));
    *out = (struct value){ .node = node, .raw = node->text };
    return true;
}

/* The values as written, one text each; with `expand`, as many as the placeholders make of them. */
static bool
take_values(struct item *it, const struct yaml *node)
{
    struct arena *a = it->sigma->arena;
    bool is_list = node->kind == YAML_LIST;
    size_t written = is_list ? node->count : 1;
    if (node->kind == YAML_MAP || written == 0 || written > VALUES_MAX)
        return refuse_item(it, written == 0 ? "the list of values is empty" : "a map or too many values");
    size_t room = it->expands ? EXPANSIONS_MAX : written;
    it->values = arena_array_of(a, room, struct value);
    for (size_t i = 0; i < written; i++) {
        struct value value;
        if (!take_value(it, is_list ? node->entries[i].value : node, &value))
            return false;
        if (is_list && yaml_is_null(value.node))
            return sigma_refuse(it->sigma, value.node->line, STR_FMT ": null cannot stand in a list; use a "
                                "second selection", STR_ARG(it->key));
        value.written = i;
        if (!it->expands) {
            it->values[it->count++] = value;
            continue;
        }
        struct expansion expansion = { arena_array_of(a, EXPANSIONS_MAX, struct str), 0 };
        if (!expand_text(it, STR(""), value.raw, &expansion))
            return false;
        for (size_t j = 0; j < expansion.count && it->count < room; j++) {
            it->values[it->count] = value;
            it->values[it->count++].raw = expansion.texts[j];
        }
    }
    return true;
}

/* ---- modifiers ---- */

static bool
needs_text(struct item *it)
{
    for (size_t i = 0; i < it->count; i++)
        if (yaml_is_null(it->values[i].node) && !it->expands)
            return refuse_item(it, "null takes no such modifier");
    it->is_changed = true;
    return it->kind == ITEM_TEXT || refuse_item(it, "these modifiers do not go together");
}

static bool
map_patterns(struct item *it, struct str (*change)(struct arena *, struct str))
{
    if (!needs_text(it))
        return false;
    for (size_t i = 0; i < it->count; i++)
        it->values[i].pattern = change(it->sigma->arena, it->values[i].pattern);
    return true;
}

static bool
encode_utf16(struct item *it, enum utf16_kind kind)
{
    if (!needs_text(it))
        return false;
    for (size_t i = 0; i < it->count; i++) {
        struct value *v = &it->values[i];
        if (v->is_bytes || !value_is_plain(v->pattern))
            return refuse_item(it, "an encoded value cannot hold wildcards");
        v->is_bytes = kind == UTF16_LE_WITH_MARK || str_characters(v->pattern) < v->pattern.len;
        v->pattern = value_utf16(it->sigma->arena, v->pattern, kind);
    }
    return true;
}

static bool
encode_base64(struct item *it)
{
    if (!needs_text(it))
        return false;
    for (size_t i = 0; i < it->count; i++) {
        struct value *v = &it->values[i];
        if (!v->is_bytes && !value_is_plain(v->pattern))
            return refuse_item(it, "an encoded value cannot hold wildcards");
        v->pattern = value_base64(it->sigma->arena, v->pattern);
        v->is_bytes = false;
    }
    return true;
}

/* One value becomes three. */
static bool
encode_base64_offset(struct item *it)
{
    if (!needs_text(it))
        return false;
    struct value *out = arena_array_of(it->sigma->arena, it->count * 3, struct value);
    for (size_t i = 0; i < it->count * 3; i++) {
        out[i] = it->values[i / 3];
        if (!out[i].is_bytes && !value_is_plain(out[i].pattern))
            return refuse_item(it, "an encoded value cannot hold wildcards");
        out[i].pattern = value_base64_offset(it->sigma->arena, out[i].pattern, i % 3);
        out[i].is_bytes = false;
        if (out[i].pattern.len == 0)
            return refuse_item(it, "the value is too short for base64offset");
    }
    it->values = out;
    it->count *= 3;
    return true;
}

static bool
become(struct item *it, enum item_kind kind)
{
    if ((it->kind != ITEM_TEXT && it->kind != kind) || it->is_changed)
        return refuse_item(it, "these modifiers do not go together");
    it->kind = kind;
    return true;
}

static bool
relate(struct item *it, enum relation relation)
{
    if (it->relation && it->kind == ITEM_NUMBER)
        return refuse_item(it, "two comparisons in one item");
    it->relation = relation;
    return become(it, ITEM_NUMBER);
}

static bool
extract(struct item *it, enum value_part part)
{
    if (it->part)
        return refuse_item(it, "two parts of a time in one item");
    it->part = part;
    return become(it, ITEM_NUMBER);
}

static bool
regex_option(struct item *it, enum regex_flag flag)
{
    if (it->kind != ITEM_REGEX)
        return refuse_item(it, "i, m and s only follow re");
    it->regex_flags |= flag;
    return true;
}

/* Anchoring means wildcards for text, and the kind of comparison for a reference to another field. */
static bool
anchor(struct item *it, enum relation relation)
{
    if (it->kind == ITEM_FIELD) {
        it->relation = relation;
        return true;
    }
    return map_patterns(it, relation == DOES_CONTAIN ? pattern_contains
                            : relation == DOES_START ? pattern_starts : pattern_ends);
}

static bool
refer(struct item *it)
{
    it->relation = IS_EQUAL;
    return become(it, ITEM_FIELD);
}

static bool set_all(struct item *it) { it->all = true; return true; }
static bool set_cased(struct item *it) { it->cased = true; return true; }
static bool set_negated(struct item *it) { it->negated = true; return true; }
static bool set_expands(struct item *it) { return it->expands; }
static bool set_contains(struct item *it) { return anchor(it, DOES_CONTAIN); }
static bool set_starts(struct item *it) { return anchor(it, DOES_START); }
static bool set_ends(struct item *it) { return anchor(it, DOES_END); }
static bool set_windash(struct item *it) { return map_patterns(it, value_windash); }
static bool set_wide(struct item *it) { return encode_utf16(it, UTF16_LE); }
static bool set_utf16be(struct item *it) { return encode_utf16(it, UTF16_BE); }
static bool set_utf16(struct item *it) { return encode_utf16(it, UTF16_LE_WITH_MARK); }
static bool set_re(struct item *it) { return become(it, ITEM_REGEX); }
static bool set_i(struct item *it) { return regex_option(it, REGEX_NOCASE); }
static bool set_m(struct item *it) { return regex_option(it, REGEX_MULTILINE); }
static bool set_s(struct item *it) { return regex_option(it, REGEX_DOTALL); }
static bool set_cidr(struct item *it) { return become(it, ITEM_CIDR); }
static bool set_exists(struct item *it) { return become(it, ITEM_EXISTS); }
static bool set_gt(struct item *it) { return relate(it, IS_GREATER); }
static bool set_gte(struct item *it) { return relate(it, IS_GREATER_OR_EQUAL); }
static bool set_lt(struct item *it) { return relate(it, IS_LESS); }
static bool set_lte(struct item *it) { return relate(it, IS_LESS_OR_EQUAL); }
static bool set_minute(struct item *it) { return extract(it, PART_MINUTE); }
static bool set_hour(struct item *it) { return extract(it, PART_HOUR); }
static bool set_day(struct item *it) { return extract(it, PART_DAY); }
static bool set_week(struct item *it) { return extract(it, PART_WEEK); }
static bool set_month(struct item *it) { return extract(it, PART_MONTH); }
static bool set_year(struct item *it) { return extract(it, PART_YEAR); }

static const struct modifier {
    const char *name;
    bool (*apply)(struct item *it);
} modifiers[] = {
    { "contains", set_contains },     { "startswith", set_starts },   { "endswith", set_ends },
    { "all", set_all },               { "cased", set_cased },         { "neq", set_negated },
    { "windash", set_windash },       { "wide", set_wide },           { "utf16le", set_wide },
    { "utf16be", set_utf16be },       { "utf16", set_utf16 },         { "base64", encode_base64 },
    { "base64offset", encode_base64_offset }, { "re", set_re },       { "i", set_i },
    { "m", set_m },                   { "s", set_s },                 { "cidr", set_cidr },
    { "exists", set_exists },         { "fieldref", refer },          { "expand", set_expands },
    { "gt", set_gt },                 { "gte", set_gte },             { "lt", set_lt },
    { "lte", set_lte },               { "minute", set_minute },       { "hour", set_hour },
    { "day", set_day },               { "week", set_week },           { "month", set_month },
    { "year", set_year },
};

static bool
apply_modifier(struct item *it, struct str name)
{
    for (size_t i = 0; i < COUNT_OF(modifiers); i++)
        if (str_is(name, modifiers[i].name))
            return modifiers[i].apply(it);
    return sigma_refuse(it->sigma, it->line, STR_FMT ": there is no modifier \"" STR_FMT "\"", STR_ARG(it->key),
                        STR_ARG(name));
}

/* Anchors of a field reference may stand before it, where they would be taken for wildcards. */
static bool
apply_modifiers(struct item *it)
{
    for (size_t i = 0; i < it->modifier_count; i++)
        if (str_is(it->modifiers[i], "fieldref") && !refer(it))
            return false;
    for (size_t i = 0; i < it->modifier_count; i++)
        if (!str_is(it->modifiers[i], "fieldref") && !apply_modifier(it, it->modifiers[i]))
            return false;
    return true;
}

/* ---- tests ---- */

static const struct expr *
null_test(struct item *it)
{
    struct arena *a = it->sigma->arena;
    struct test is_null = { .kind = TEST_NULL, .field = it->field };
    if (!it->sigma->set->options.null_is_also_empty)
        return expr_test(a, is_null);
    struct test is_empty = { .kind = TEST_TEXT, .field = it->field, .pattern = STR("") };
    return expr_or(a, (const struct expr *[]){ expr_test(a, is_null), expr_test(a, is_empty) }, 2);
}

static bool
text_test(struct item *it, const struct value *v, struct test *t)
{
    t->kind = TEST_TEXT;
    t->pattern = v->pattern;
    t->cased = it->cased;
    if (v->is_bytes)
        return refuse_item(it, "such UTF-16 is no text; base64 must follow");
    if (it->is_keyword) /* a keyword is searched for, wherever it stands in a value */
        t->pattern = pattern_contains(it->sigma->arena, v->pattern);
    return true;
}

static bool
regex_test(struct item *it, const struct value *v, struct test *t)
{
    struct str problem;
    t->kind = TEST_REGEX;
    t->pattern = v->raw;
    t->regex_flags = it->regex_flags;
    return regex_is_valid(it->sigma->arena, v->raw, it->regex_flags, &problem)
        || sigma_refuse(it->sigma, v->node->line, STR_FMT ": not a valid regex: " STR_FMT,
                        STR_ARG(it->key), STR_ARG(problem));
}

static bool
number_test(struct item *it, const struct value *v, struct test *t)
{
    t->kind = TEST_NUMBER;
    t->relation = it->relation ? it->relation : IS_EQUAL;
    t->part = it->part;
    return number_of(v->raw, &t->number)
        || sigma_refuse(it->sigma, v->node->line, STR_FMT ": \"" STR_FMT "\" is not a number", STR_ARG(it->key),
                        STR_ARG(v->raw));
}

static bool
field_test(struct item *it, const struct value *v, struct test *t)
{
    t->kind = TEST_FIELD;
    t->relation = it->relation;
    t->cased = it->cased;
    t->other = without_spaces(it->sigma->arena, v->raw);
    long double number;
    bool is_name = t->other.len && value_is_plain(v->pattern) && !(v->node->plain && number_of(v->raw, &number));
    return is_name || refuse_item(it, "fieldref needs the name of a field");
}

static const struct expr *
exists_test(struct item *it, const struct value *v)
{
    struct arena *a = it->sigma->arena;
    bool wanted;
    if (!yaml_is_bool(v->node, &wanted)) {
        refuse_item(it, "exists takes true or false");
        return NULL;
    }
    const struct expr *e = expr_test(a, (struct test){ .kind = TEST_EXISTS, .field = it->field });
    return wanted ? e : expr_not(a, e);
}

static const struct expr *
value_expr(struct item *it, const struct value *v)
{
    struct test t = { .field = it->field };
    bool ok = false;
    switch (it->kind) {
    case ITEM_EXISTS:
        return exists_test(it, v);
    case ITEM_TEXT:
        if (yaml_is_null(v->node) && !it->expands && !it->is_keyword)
            return null_test(it);
        ok = text_test(it, v, &t);
        break;
    case ITEM_REGEX:
        ok = regex_test(it, v, &t);
        break;
    case ITEM_CIDR:
        t.kind = TEST_CIDR;
        ok = network_of(v->raw, &t.network)
            || sigma_refuse(it->sigma, v->node->line, STR_FMT ": \"" STR_FMT "\" is not a network",
                            STR_ARG(it->key), STR_ARG(v->raw));
        t.pattern = v->raw;
        break;
    case ITEM_NUMBER:
        ok = number_test(it, v, &t);
        break;
    case ITEM_FIELD:
        ok = field_test(it, v, &t);
        break;
    }
    return ok ? expr_test(it->sigma->arena, t) : NULL;
}

static const struct expr *
item_expr(struct item *it)
{
    struct arena *a = it->sigma->arena;
    const struct expr **forms = arena_array_of(a, it->count, const struct expr *);
    const struct expr **parts = arena_array_of(a, it->count, const struct expr *);
    size_t count = 0;
    for (size_t i = 0; i < it->count; i++) {
        forms[i] = value_expr(it, &it->values[i]);
        if (!forms[i])
            return NULL;
    }
    /* What one written value became (offsets, placeholders) are its forms: any of them will do. */
    for (size_t begin = 0, end; begin < it->count; begin = end) {
        for (end = begin + 1; end < it->count && it->values[end].written == it->values[begin].written;)
            end++;
        parts[count++] = expr_or(a, forms + begin, end - begin);
    }
    const struct expr *joined = it->all ? expr_and(a, parts, count) : expr_or(a, parts, count);
    return it->negated ? expr_not(a, joined) : joined;
}

static bool
keyword_is_possible(struct item *it)
{
    bool searchable = it->kind == ITEM_TEXT || it->kind == ITEM_REGEX;
    return !it->is_keyword || searchable || refuse_item(it, "this needs a field to look at");
}

static const struct expr *
read_item(struct sigma *s, struct str key, const struct yaml *node)
{
    struct item it = { .sigma = s, .key = key, .line = node->line };
    if (!split_key(&it) || !take_values(&it, node))
        return NULL;
    for (size_t i = 0; i < it.count; i++)
        it.values[i].pattern = value_parse(s->arena, it.values[i].raw);
    if (!apply_modifiers(&it) || !keyword_is_possible(&it))
        return NULL;
    return item_expr(&it);
}

static const struct expr *
read_map(struct sigma *s, const struct yaml *map)
{
    const struct expr **parts = arena_array_of(s->arena, map->count + 1, const struct expr *);
    for (size_t i = 0; i < map->count; i++) {
        parts[i] = read_item(s, map->entries[i].key, map->entries[i].value);
        if (!parts[i])
            return NULL;
    }
    if (map->count == 0)
        sigma_refuse(s, map->line, "a selection is empty");
    return map->count ? expr_and(s->arena, parts, map->count) : NULL;
}

const struct expr *
sigma_selection(struct sigma *s, const struct yaml *node)
{
    if (node->kind == YAML_MAP)
        return read_map(s, node);
    if (node->kind == YAML_SCALAR)
        return read_item(s, STR(""), node);
    const struct expr **parts = arena_array_of(s->arena, node->count + 1, const struct expr *);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *part = node->entries[i].value;
        if (part->kind == YAML_LIST)
            sigma_refuse(s, part->line, "a list inside a list of a selection");
        parts[i] = part->kind == YAML_LIST ? NULL : sigma_selection(s, part);
        if (!parts[i])
            return NULL;
    }
    if (node->count == 0)
        sigma_refuse(s, node->line, "a selection is empty");
    return node->count ? expr_or(s->arena, parts, node->count) : NULL;
}
