/* A query string becomes a listing_ask; whatever is unknown or does not fit is a violation at its parameter. */
#include "core/base/crypto.h"
#include "core/base/shape_value.h"
#include "core/base/text.h"
#include "core/db/listing.h"
#include "core/db/statement.h"

struct reading {
    struct scope *s;
    const struct listing *l;
    void *args;
    struct listing_ask *ask;
    struct str sort, cursor;
};

struct operator_name {
    const char *suffix;
    enum filter_operator op;
};

static const struct operator_name operator_names[] = {
    { "ne", FILTER_IS_NOT }, { "gte", FILTER_GTE }, { "gt", FILTER_GT }, { "lte", FILTER_LTE }, { "lt", FILTER_LT },
    { "contains", FILTER_CONTAINS }, { "absent", FILTER_ABSENT },
};

static bool
violation(struct scope *s, struct str name, enum fault fault, struct str expected)
{
    const struct json_place place = { .name = name };
    note_violation(s, json_pointer(s->arena, &place), fault, expected);
    return false;
}

static int
hex_digit(char c)
{
    char lower = (char)(c | 0x20);
    return c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool
decode(struct scope *s, struct str part, struct str *out)
{
    char *text = arena_alloc(s->arena, part.len + 1), *to = text;
    for (size_t i = 0; i < part.len; i++) {
        bool escaped = part.at[i] == '%';
        int high = escaped && i + 2 < part.len ? hex_digit(part.at[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(part.at[i + 2]) : -1;
        if (escaped && low < 0)
            return fail(s, &problem_malformed, "the query string has a %% without two hex digits");
        *to++ = escaped ? (char)(high << 4 | low) : part.at[i] == '+' ? ' ' : part.at[i];
        i += escaped ? 2 : 0;
    }
    *out = (struct str){ text, (size_t)(to - text) };
    return str_is_utf8(*out) || fail(s, &problem_malformed, "the query string is not UTF-8, or contains NUL");
}

bool
listing_value(struct scope *s, const struct field *f, struct str name, struct str value, struct str *out)
{
    const struct json_place place = { .name = name };
    struct field loose = *f; /* one looks for parts of an address, and for values older than a bound */
    union {
        bool flag;
        int64_t number;
        double real;
        int label;
        struct uuid id;
        struct instant at;
    } room = { .number = 0 };
    loose.offset = 0;
    loose.format = FORMAT_NONE;
    loose.min = loose.max = 0;
    loose.optional = false;
    loose.read_only = false;
    if (f->kind == KIND_UUIDS)
        loose.kind = KIND_UUID;
    if (f->kind == KIND_TEXTS)
        loose.kind = f->of ? KIND_DOMAIN : KIND_TEXT;
    if (loose.kind == KIND_TEXT) {
        *out = value; /* UTF-8 by now, and anything may be looked for */
        return true;
    }
    if (!field_set_text(s, &loose, value, &place, &room))
        return false;
    *out = field_sql_text(s->arena, &loose, &room);
    return out->at != NULL || violation(s, name, FAULT_NOT_FOUND, STR_NONE);
}

/* ---- sort and cursor ---- */

static bool
is_sorted_by(const struct listing_ask *ask, const struct field *f)
{
    for (size_t i = 0; i < ask->sort_count; i++)
        if (ask->sort[i].field == f)
            return true;
    return false;
}

static struct str
sortable_names(struct arena *a, const struct shape *sh)
{
    struct text t = text_new(a, 1000);
    for (size_t i = 0; i < sh->count; i++)
        if (sh->fields[i].sort)
            text_addf(&t, "%s%s", t.len ? ", " : "", sh->fields[i].name);
    return text_str(&t);
}

bool
listing_sort(struct scope *s, const struct listing *l, struct str sort, struct listing_ask *ask)
{
    const struct field *key = shape_field(l->row, str_of(l->key));
    struct str word;
    bool descending = false;
    ask->sort_count = 0;
    while (sort.len && str_cut(&sort, ',', &word)) {
        descending = str_starts(word, STR("-"));
        const struct field *f = shape_field(l->row, str_skip(word, descending));
        if (!f || !(f->sort || f == key))
            return violation(s, STR("sort"), FAULT_NOT_IN_DOMAIN, sortable_names(s->arena, l->row));
        if (is_sorted_by(ask, f))
            return violation(s, STR("sort"), FAULT_DUPLICATE_KEY, STR_NONE);
        if (ask->sort_count == SORT_MAX - 1)
            return violation(s, STR("sort"), FAULT_TOO_MANY, STR("3"));
        ask->sort[ask->sort_count++] = (struct sort_column){ f, descending };
        if (f == key)
            return true; /* nothing behind a unique column changes the order */
    }
    ask->sort[ask->sort_count++] = (struct sort_column){ key, descending };
    return true;
}

struct str
listing_sort_text(struct arena *a, const struct listing_ask *ask)
{
    struct text t = text_new(a, 1000);
    for (size_t i = 0; i < ask->sort_count; i++)
        text_addf(&t, "%s%s%s", i ? "," : "", ask->sort[i].descending ? "-" : "", ask->sort[i].field->name);
    return text_str(&t);
}

/* ["-opened_at,-id",["2026-…","0199…"]]: the order it belongs to, then the last row's values. */
static bool
read_cursor(struct scope *s, struct json_reader *r, struct listing_ask *ask)
{
    struct str sort, name = STR("cursor");
    bool more;
    if (!json_enter(r, JSON_ARRAY) || !json_item(r, &more) || !more || !json_string(r, s->arena, &sort)
        || !str_eq(sort, listing_sort_text(s->arena, ask)))
        return false;
    for (size_t i = 0; i < ask->sort_count; i++) {
        struct str text;
        if (!json_item(r, &more) || !more)
            return false;
        if (json_peek(r) == JSON_NULL ? !json_null(r) : !json_string(r, s->arena, &text))
            return false;
        ask->after[i] = STR_NONE;
        if (r->at[-1] == '"' && !listing_value(s, ask->sort[i].field, name, text, &ask->after[i]))
            return false;
    }
    return json_item(r, &more) && !more && ask->after[ask->sort_count - 1].at;
}

bool
listing_cursor_read(struct scope *s, const struct listing *l, struct str cursor, struct listing_ask *ask)
{
    struct bytes text;
    struct scope trial = scope_new(s->arena, s->now);
    (void)l;
    if (!base64url_read(s->arena, cursor, &text) || !json_validate(&trial, text.raw))
        return violation(s, STR("cursor"), FAULT_BAD_FORMAT, STR_NONE);
    struct json_reader r = json_reader_new(text.raw);
    ask->continues = read_cursor(&trial, &r, ask);
    return ask->continues || violation(s, STR("cursor"), FAULT_BAD_FORMAT, STR_NONE);
}

/* ---- filters ---- */

static bool
takes_order(const struct field *f)
{
    return f->kind == KIND_INT || f->kind == KIND_REAL || f->kind == KIND_INSTANT || f->kind == KIND_TEXT;
}

static struct filter *
filter_of(struct reading *in, const struct field *f, enum filter_operator op, bool *repeated)
{
    struct listing_ask *ask = in->ask;
    for (size_t i = 0; i < ask->filter_count; i++)
        if (ask->filters[i].field == f && ask->filters[i].op == op) {
            *repeated = true;
            return &ask->filters[i];
        }
    *repeated = false;
    if (ask->filter_count == FILTERS_MAX)
        return NULL;
    ask->filters[ask->filter_count] = (struct filter){ .field = f, .op = op };
    return &ask->filters[ask->filter_count++];
}

static bool
add_filter(struct reading *in, const struct field *f, enum filter_operator op, struct str name, struct str value)
{
    struct scope *s = in->s;
    struct str checked = STR_NONE;
    bool repeated, several = op == FILTER_IS || op == FILTER_IS_NOT;
    if (op >= FILTER_GTE && op <= FILTER_LT && !takes_order(f))
        return violation(s, name, FAULT_NOT_ALLOWED, STR_NONE);
    if (op == FILTER_CONTAINS && f->kind != KIND_TEXT)
        return violation(s, name, FAULT_NOT_ALLOWED, STR_NONE);
    if (op == FILTER_ABSENT && !str_is(value, "true") && !str_is(value, "false"))
        return violation(s, name, FAULT_WRONG_TYPE, STR("true, false"));
    if (op == FILTER_ABSENT)
        op = str_is(value, "true") ? FILTER_ABSENT : FILTER_PRESENT;
    else if (!listing_value(s, f, name, value, &checked))
        return false;
    struct filter *filter = filter_of(in, f, op, &repeated);
    if (!filter)
        return violation(s, name, FAULT_TOO_MANY, str_printf(s->arena, "%d", FILTERS_MAX));
    if (repeated && !several)
        return violation(s, name, FAULT_DUPLICATE_KEY, STR_NONE);
    if (!checked.at)
        return true;
    if (filter->values.count == FILTER_VALUES_MAX)
        return violation(s, name, FAULT_TOO_MANY, str_printf(s->arena, "%d", FILTER_VALUES_MAX));
    struct str *values = arena_array_of(s->arena, filter->values.count + 1, struct str);
    if (filter->values.count)
        memcpy(values, filter->values.items, filter->values.count * sizeof *values);
    values[filter->values.count] = checked;
    filter->values = (struct strs){ values, filter->values.count + 1 };
    return true;
}

/* ---- terms of a language ---- */

static bool
term_of(struct scope *s, const struct listing *l, const struct listing_term *term, struct filter *out)
{
    const struct field *f = term->where ? NULL : shape_field(l->row, str_of(term->column));
    struct str *values = arena_array_of(s->arena, term->values.count + 1, struct str);
    if (!term->where && !f)
        return fail(s, &problem_internal, "a term of ours names the column %s, which is not there", term->column);
    for (size_t i = 0; i < term->values.count; i++) {
        values[i] = term->values.items[i];
        if (f && !listing_value(s, f, str_of(f->name), term->values.items[i], &values[i]))
            return false;
    }
    *out = (struct filter){ .field = f, .op = term->where ? FILTER_WHERE : term->op, .where = term->where,
                            .parts = term->parts, .negated = term->negated,
                            .values = { values, term->values.count } };
    if (!term->or_else)
        return true;
    struct filter *other = arena_new_of(s->arena, struct filter);
    out->or_else = other;
    return term_of(s, l, term->or_else, other);
}

bool
listing_add(struct scope *s, const struct listing *l, struct listing_ask *ask, const struct listing_term *term)
{
    if (ask->filter_count == FILTERS_MAX)
        return violation(s, STR("query"), FAULT_TOO_MANY, str_printf(s->arena, "%d", FILTERS_MAX));
    return term_of(s, l, term, &ask->filters[ask->filter_count++]);
}

int64_t
listing_first_page(struct scope *s, const struct listing *l, const struct listing_ask *ask, size_t terms)
{
    struct listing_ask plain;
    bool own_order = listing_plain(s, l, &plain)
        && str_eq(listing_sort_text(s->arena, ask), listing_sort_text(s->arena, &plain));
    return own_order && !ask->continues && ask->word_count == 0 && ask->filter_count == terms ? ask->limit + 1 : 0;
}

bool
listing_counts(const struct listing_ask *ask)
{
    return ask->total;
}

void
listing_uncounted(struct listing_ask *ask)
{
    ask->total = false;
}

void
listing_count_to(struct listing_ask *ask, int64_t most)
{
    ask->total_most = most;
}

static bool
read_filter(struct reading *in, struct str name, struct str value)
{
    struct str suffix = name, member;
    str_cut(&suffix, '.', &member);
    const struct field *f = shape_field(in->l->row, member);
    /* The key says "these rows" in every listing: what somebody chose among them. */
    if (f && !suffix.at && (f->filter || str_is(member, in->l->key)))
        return add_filter(in, f, FILTER_IS, name, value);
    if (!f || !f->filter)
        return violation(in->s, name, FAULT_UNKNOWN, STR_NONE);
    for (size_t i = 0; i < COUNT_OF(operator_names); i++)
        if (str_is(suffix, operator_names[i].suffix))
            return add_filter(in, f, operator_names[i].op, name, value);
    return violation(in->s, name, FAULT_UNKNOWN, STR_NONE);
}

static bool
read_words(struct reading *in, struct str text)
{
    static const struct field word_field = { .name = "q", .kind = KIND_TEXT };
    for (size_t from = 0; from < text.len && in->ask->word_count < WORDS_MAX;) {
        const struct str wide = STR("\u3000");
        struct str rest = str_skip(text, from);
        size_t space = str_find(rest, STR(" ")), wide_space = str_find(rest, wide);
        size_t end = space < wide_space ? space : wide_space;
        struct str word = str_trim(str_head(rest, end));
        if (word.len && !listing_value(in->s, &word_field, STR("q"), word, &in->ask->words[in->ask->word_count]))
            return false;
        in->ask->word_count += word.len > 0;
        from += end + (space < wide_space ? 1 : wide.len);
    }
    return true;
}

static bool
read_limit(struct reading *in, struct str value)
{
    int64_t most = in->l->limit_max ? in->l->limit_max : LISTING_LIMIT_MAX;
    struct str bound = str_printf(in->s->arena, "%lld", (long long)most);
    if (!str_int(value, &in->ask->limit))
        return violation(in->s, STR("limit"), FAULT_WRONG_TYPE, STR("integer"));
    if (in->ask->limit < 1)
        return violation(in->s, STR("limit"), FAULT_TOO_SMALL, STR("1"));
    return in->ask->limit <= most || violation(in->s, STR("limit"), FAULT_TOO_LARGE, bound);
}

static bool
read_total(struct reading *in, struct str value)
{
    in->ask->total = str_is(value, "true");
    return in->ask->total || str_is(value, "false")
        || violation(in->s, STR("total"), FAULT_WRONG_TYPE, STR("true, false"));
}

static bool
read_parameter(struct reading *in, struct str name, struct str value)
{
    const struct field *own = in->l->args ? shape_field(in->l->args, name) : NULL;
    if (own)
        return shape_read_text(in->s, own, value, in->args);
    if (str_is(name, "limit"))
        return read_limit(in, value);
    if (str_is(name, "total"))
        return read_total(in, value);
    if (str_is(name, "q"))
        return read_words(in, value);
    if (str_is(name, "sort"))
        return (in->sort = value, true);
    if (str_is(name, "cursor"))
        return (in->cursor = value, true);
    return read_filter(in, name, value);
}

bool
listing_plain(struct scope *s, const struct listing *l, struct listing_ask *out)
{
    *out = (struct listing_ask){ .limit = l->limit_default ? l->limit_default : LISTING_LIMIT };
    return listing_sort(s, l, str_of(l->sort), out);
}

bool
listing_read(struct scope *s, const struct listing *l, struct str query_string, void *args, struct listing_ask **out)
{
    struct listing_ask *ask = arena_new_of(s->arena, struct listing_ask);
    struct reading in = { .s = s, .l = l, .args = args, .ask = ask };
    struct str part, raw_name, name, value;
    bool sound = listing_plain(s, l, ask);
    while (query_string.len && str_cut(&query_string, '&', &part)) {
        struct str raw_value = part;
        if (part.len == 0)
            continue;
        str_cut(&raw_value, '=', &raw_name);
        if (!decode(s, raw_name, &name) || !decode(s, raw_value, &value))
            return false;
        sound = read_parameter(&in, name, value) && sound;
    }
    if (in.sort.at)
        sound = listing_sort(s, l, in.sort, ask) && sound;
    if (in.cursor.at && sound)
        sound = listing_cursor_read(s, l, in.cursor, ask);
    if (l->understand && sound)
        l->understand(s, l, args, ask);
    *out = ask;
    return sound && !scope_has_failed(s);
}

bool
listing_continue(struct scope *s, const struct listing *l, struct listing_ask *ask, struct str cursor, int64_t limit)
{
    if (limit)
        ask->limit = limit;
    return listing_cursor_read(s, l, cursor, ask);
}
