/* From an ask to SQL:
 *
 *     SELECT * FROM (<from>) AS page WHERE <filters> AND <words> AND <after the cursor> ORDER BY … LIMIT n + 1
 *
 * Values are parameters behind those of <from>, as text with a cast. PostgreSQL sorts NULL last going up and first
 * going down; indexes do the same, so the cursor's condition follows that.
 */
#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/db/listing.h"
#include "core/db/statement.h"

enum { SQL_MAX = 256 << 10, CURSOR_MAX = 16 << 10 };

struct writing {
    struct scope *s;
    const struct listing *l;
    const struct listing_ask *ask;
    struct text sql;
    size_t first;      /* parameters that `from` takes */
    struct strs extra;
};

static const char *
sql_type(const struct field *f)
{
    switch (f->kind) {
    case KIND_BOOL:
        return "bool";
    case KIND_INT:
        return "bigint";
    case KIND_REAL:
        return "float8";
    case KIND_UUID:
    case KIND_UUIDS:
        return "uuid";
    case KIND_INSTANT:
        return "timestamptz";
    default:
        return "text";
    }
}

/* Dates, enums and citext are texts to us, so they are compared as such; of a text column the cast means nothing. */
static void
column(struct writing *w, const struct field *f)
{
    bool as_text = f->kind == KIND_TEXT || f->kind == KIND_DOMAIN;
    text_addf(&w->sql, "page.\"%s\"%s", f->name, as_text ? "::text" : "");
}

static void
parameter(struct writing *w, struct str value, const char *type, const char *list)
{
    w->extra.items[w->extra.count++] = value;
    text_addf(&w->sql, "$%zu::%s%s", w->first + w->extra.count, type, list);
}

static struct str
like_pattern(struct arena *a, struct str word)
{
    struct text t = text_new(a, word.len * 2 + 2);
    text_add_char(&t, '%');
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] == '%' || word.at[i] == '_' || word.at[i] == '\\')
            text_add_char(&t, '\\');
        text_add_char(&t, word.at[i]);
    }
    text_add_char(&t, '%');
    return text_str(&t);
}

static struct str
array_literal(struct arena *a, struct strs values, bool parts)
{
    size_t room = 2;
    for (size_t i = 0; i < values.count; i++)
        room += 4 * values.items[i].len + 7; /* all of it escaped twice, quotes, comma, and the pattern's signs */
    struct text literal = text_new(a, room);
    text_add_char(&literal, '{');
    for (size_t i = 0; i < values.count; i++) {
        struct str value = parts ? like_pattern(a, values.items[i]) : values.items[i];
        text_add_c(&literal, i ? ",\"" : "\"");
        for (size_t k = 0; k < value.len; k++) {
            if (value.at[k] == '"' || value.at[k] == '\\')
                text_add_char(&literal, '\\');
            text_add_char(&literal, value.at[k]);
        }
        text_add_char(&literal, '"');
    }
    text_add_char(&literal, '}');
    return text_str(&literal);
}

/* SQL of ours: each ? is the same parameter. */
static void
write_where(struct writing *w, const struct filter *f)
{
    struct str rest = str_of(f->where), piece;
    bool takes = str_contains(rest, STR("?"));
    if (takes)
        w->extra.items[w->extra.count++] = array_literal(w->s->arena, f->values, f->parts);
    while (str_cut(&rest, '?', &piece)) {
        text_add(&w->sql, piece);
        if (rest.at)
            text_addf(&w->sql, "$%zu::text[]", w->first + w->extra.count);
    }
}

static bool
is_plain_word(struct str v)
{
    for (size_t i = 0; i < v.len; i++)
        if (!((v.at[i] >= 'a' && v.at[i] <= 'z') || (v.at[i] >= '0' && v.at[i] <= '9') || v.at[i] == '_'))
            return false;
    return v.len > 0;
}

/* Words of a domain stand in the text itself, where they are nothing but words: a plan that PostgreSQL keeps for any
 * parameters could not use an index of only some of them ("open ones"), and would walk past all others. */
static bool
write_words(struct writing *w, const struct filter *f)
{
    if (f->field->kind != KIND_DOMAIN || f->values.count == 0)
        return false;
    for (size_t i = 0; i < f->values.count; i++)
        if (!is_plain_word(f->values.items[i]))
            return false;
    text_add_c(&w->sql, f->values.count == 1 ? " = " : " = ANY (ARRAY[");
    for (size_t i = 0; i < f->values.count; i++)
        text_addf(&w->sql, "%s'" STR_FMT "'", i ? ", " : "", STR_ARG(f->values.items[i]));
    text_add_c(&w->sql, f->values.count == 1 ? "" : "])");
    return true;
}

static void
any_of(struct writing *w, const struct filter *f)
{
    bool list = f->field->kind == KIND_TEXTS || f->field->kind == KIND_UUIDS;
    column(w, f->field);
    if (write_words(w, f))
        return;
    if (!list && f->values.count == 1) { /* an index in whose order rows come follows an equality, and no array */
        text_add_c(&w->sql, " = ");
        parameter(w, f->values.items[0], sql_type(f->field), "");
        return;
    }
    text_add_c(&w->sql, list ? " && " : " = ANY (");
    parameter(w, array_literal(w->s->arena, f->values, false), sql_type(f->field), "[]");
    text_add_c(&w->sql, list ? "" : ")");
}

static void
write_condition(struct writing *w, const struct filter *f)
{
    static const char *const signs[] = { [FILTER_GTE] = " >= ", [FILTER_GT] = " > ", [FILTER_LTE] = " <= ",
                                         [FILTER_LT] = " < " };
    switch (f->op) {
    case FILTER_IS:
        any_of(w, f);
        break;
    case FILTER_IS_NOT:
        text_add_c(&w->sql, "(");
        any_of(w, f);
        text_add_c(&w->sql, ") IS NOT TRUE");
        break;
    case FILTER_CONTAINS:
        column(w, f->field);
        text_add_c(&w->sql, " ILIKE ");
        parameter(w, like_pattern(w->s->arena, f->values.items[0]), "text", "");
        break;
    case FILTER_WHERE:
        write_where(w, f);
        break;
    case FILTER_ABSENT:
    case FILTER_PRESENT:
        column(w, f->field);
        text_add_c(&w->sql, f->op == FILTER_ABSENT ? " IS NULL" : " IS NOT NULL");
        break;
    default:
        column(w, f->field);
        text_add_c(&w->sql, signs[f->op]);
        parameter(w, f->values.items[0], sql_type(f->field), "");
    }
}

/* NOT (x IS NULL) is said as x IS NOT NULL, which a partial index understands. */
static bool
has_opposite(const struct filter *f)
{
    return f->negated && !f->or_else && (f->op == FILTER_ABSENT || f->op == FILTER_PRESENT);
}

static void
write_filter(struct writing *w, const struct filter *f)
{
    if (has_opposite(f)) {
        struct filter opposite = *f;
        opposite.op = f->op == FILTER_ABSENT ? FILTER_PRESENT : FILTER_ABSENT;
        write_condition(w, &opposite);
        return;
    }
    text_add_char(&w->sql, '(');
    for (const struct filter *one = f; one; one = one->or_else) {
        text_add_c(&w->sql, one == f ? "(" : " OR (");
        write_condition(w, one);
        text_add_char(&w->sql, ')');
    }
    text_add_c(&w->sql, f->negated ? ") IS NOT TRUE" : ")");
}

static size_t
alternatives(const struct listing_ask *ask)
{
    size_t count = 0;
    for (size_t i = 0; i < ask->filter_count; i++)
        for (const struct filter *one = &ask->filters[i]; one; one = one->or_else)
            count++;
    return count;
}

/* A word that no column can hold finds nothing. */
static void
write_word(struct writing *w, struct str word)
{
    const struct shape *row = w->l->row;
    struct str pattern = like_pattern(w->s->arena, word);
    text_add_c(&w->sql, "(false");
    for (size_t i = 0; i < row->count; i++) {
        if (!row->fields[i].search)
            continue;
        text_add_c(&w->sql, " OR ");
        column(w, &row->fields[i]);
        text_add_c(&w->sql, " ILIKE ");
        parameter(w, pattern, "text", "");
    }
    text_add_c(&w->sql, ")");
}

static bool
is_never_null(const struct writing *w, const struct field *f)
{
    return f->required || strcmp(f->name, w->l->key) == 0;
}

static void
compare(struct writing *w, size_t i, const char *sign)
{
    const struct field *f = w->ask->sort[i].field;
    column(w, f);
    text_add_c(&w->sql, sign);
    parameter(w, w->ask->after[i], sql_type(f), "");
}

static void
write_equal(struct writing *w, size_t i)
{
    if (w->ask->after[i].at) {
        compare(w, i, " = ");
        return;
    }
    column(w, w->ask->sort[i].field);
    text_add_c(&w->sql, " IS NULL");
}

/* What comes after this value in this column alone. */
static void
write_after(struct writing *w, size_t i)
{
    const struct sort_column *c = &w->ask->sort[i];
    bool has_value = w->ask->after[i].at != NULL;
    if (!has_value) {
        column(w, c->field);
        text_add_c(&w->sql, c->descending ? " IS NOT NULL" : " IS NULL AND false");
        return;
    }
    compare(w, i, c->descending ? " < " : " > ");
    if (c->descending || is_never_null(w, c->field))
        return;
    text_add_c(&w->sql, " OR ");
    column(w, c->field);
    text_add_c(&w->sql, " IS NULL");
}

/* The first column alone bounds the page from one side: that is what an index can use. */
static void
write_bound(struct writing *w)
{
    const struct sort_column *first = &w->ask->sort[0];
    if (!w->ask->after[0].at || (!first->descending && !is_never_null(w, first->field)))
        return;
    compare(w, 0, first->descending ? " <= " : " >= ");
    text_add_c(&w->sql, " AND ");
}

static void
write_cursor(struct writing *w)
{
    write_bound(w);
    text_add_c(&w->sql, "(");
    for (size_t i = 0; i < w->ask->sort_count; i++) {
        text_add_c(&w->sql, i ? " OR (" : "(");
        for (size_t k = 0; k < i; k++) {
            write_equal(w, k);
            text_add_c(&w->sql, " AND ");
        }
        text_add_c(&w->sql, "(");
        write_after(w, i);
        text_add_c(&w->sql, "))");
    }
    text_add_c(&w->sql, ")");
}

static bool
write_from(struct writing *w, const char *select)
{
    const struct field *fields[PARAMETERS_MAX];
    size_t count = 0;
    w->sql = text_new(w->s->arena, SQL_MAX);
    text_addf(&w->sql, "SELECT %s FROM (", select);
    if (!sql_translate(w->s, w->l->name, str_of(w->l->from), w->l->args, &w->sql, fields, &count))
        return false;
    text_add_c(&w->sql, ") AS page WHERE true");
    w->first = count;
    size_t most = alternatives(w->ask) + w->ask->word_count * w->l->row->count + SORT_MAX * SORT_MAX;
    w->extra = (struct strs){ arena_array_of(w->s->arena, most + 1, struct str), 0 };
    for (size_t i = 0; i < w->ask->filter_count; i++) {
        text_add_c(&w->sql, " AND ");
        write_filter(w, &w->ask->filters[i]);
    }
    for (size_t i = 0; i < w->ask->word_count; i++) {
        text_add_c(&w->sql, " AND ");
        write_word(w, w->ask->words[i]);
    }
    return w->first + w->extra.count <= PARAMETERS_MAX - SORT_MAX * SORT_MAX
        || fail(w->s, &problem_invalid, "too many filters and words at once");
}

static void
write_order(struct writing *w)
{
    for (size_t i = 0; i < w->ask->sort_count; i++) {
        const struct sort_column *c = &w->ask->sort[i];
        text_add_c(&w->sql, i ? ", " : " ORDER BY ");
        column(w, c->field);
        text_add_c(&w->sql, c->descending ? " DESC" : "");
    }
    text_addf(&w->sql, " LIMIT %lld", (long long)w->ask->limit + 1);
}

bool
listing_compose(struct scope *s, const struct listing *l, const struct listing_ask *ask, struct listing_sql *out)
{
    struct writing w = { .s = s, .l = l, .ask = ask };
    *out = (struct listing_sql){ 0 };
    if (!write_from(&w, "page.*"))
        return false;
    if (ask->continues) {
        text_add_c(&w.sql, " AND ");
        write_cursor(&w);
    }
    write_order(&w);
    out->rows = text_str(&w.sql);
    out->rows_extra = w.extra;
    if (!ask->total)
        return true;
    if (!write_from(&w, ask->total_most ? "1" : "count(*) AS total"))
        return false;
    out->total = text_str(&w.sql);
    if (ask->total_most)
        out->total = str_printf(s->arena, "SELECT count(*) AS total FROM (" STR_FMT " LIMIT %lld) AS counted",
                                STR_ARG(out->total), (long long)ask->total_most);
    out->total_extra = w.extra;
    return true;
}

static struct str
cursor_of(struct arena *a, const struct listing_ask *ask, const void *row)
{
    struct text t = text_new(a, CURSOR_MAX);
    text_add_char(&t, '[');
    json_write_str(&t, listing_sort_text(a, ask));
    for (size_t i = 0; i < ask->sort_count; i++) {
        struct str value = field_sql_text(a, ask->sort[i].field, row);
        text_add_char(&t, ',');
        if (ask->sort[i].field->kind == KIND_BOOL)
            value = str_is(value, "t") ? STR("true") : STR("false");
        if (value.at)
            json_write_str(&t, value);
        else
            text_add_c(&t, "null");
    }
    text_add_char(&t, ']');
    return base64url_of(a, (struct bytes){ text_str(&t) });
}

void
listing_finish(struct scope *s, const struct listing_ask *ask, struct page *page, size_t row_bytes)
{
    size_t limit = (size_t)ask->limit;
    page->next_cursor = STR_NONE;
    if (page->rows.count <= limit)
        return;
    page->rows.count = limit;
    page->next_cursor = cursor_of(s->arena, ask, (const char *)page->rows.items + (limit - 1) * row_bytes);
}
