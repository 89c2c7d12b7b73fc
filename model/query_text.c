/* From text to terms. The reader looks at bytes, and counts characters only to tell where it stands. */
#include "model/query_text.h"

#include "core/base/text.h"

enum { NAME_MAX = 20, NEAR_ENOUGH = 2, SENTENCE_MAX = 1000 };

const struct domain query_kind_domain =
    DOMAIN(query_kind, "choice", "parts", "exact", "number", "ahead", "back");

struct reader {
    struct arena *arena;
    const struct query_language *language;
    struct str text;
    size_t at;
    struct query_reading *out;
};

/* ---- characters ---- */

static bool
has(const struct reader *r, const char *mark)
{
    return str_starts(str_skip(r->text, r->at), str_of(mark));
}

static bool
take(struct reader *r, const char *mark)
{
    bool found = has(r, mark);
    r->at += found ? strlen(mark) : 0;
    return found;
}

static bool
is_space(const struct reader *r)
{
    char c = r->text.at[r->at];
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || has(r, "\u3000");
}

static void
skip_space(struct reader *r)
{
    while (r->at < r->text.len && is_space(r))
        r->at += has(r, "\u3000") ? strlen("\u3000") : 1;
}

static size_t
character_bytes(const struct reader *r)
{
    size_t n = 1;
    while (r->at + n < r->text.len && ((unsigned char)r->text.at[r->at + n] & 0xc0) == 0x80)
        n++;
    return n;
}

static size_t
characters_to(const struct reader *r, size_t byte)
{
    return str_characters(str_head(r->text, byte));
}

/* ---- faults ---- */

static struct str
slice(const struct reader *r, size_t from, size_t to)
{
    return str_head(str_skip(r->text, from), to - from);
}

static bool
fault(struct reader *r, size_t from, size_t to, struct str suggestion, struct str en, struct str ja)
{
    struct query_fault *f = &r->out->fault;
    size_t at = characters_to(r, from);
    *f = (struct query_fault){ .at = at, .len = characters_to(r, to) - at, .suggestion = suggestion };
    f->en = str_printf(r->arena, "Character %zu: " STR_FMT "%s" STR_FMT "%s", at + 1, STR_ARG(en),
                       suggestion.at ? " Did you mean “" : "", STR_ARG(suggestion), suggestion.at ? "”?" : "");
    f->ja = str_printf(r->arena, "%zu文字目：" STR_FMT "%s" STR_FMT "%s", at + 1, STR_ARG(ja),
                       suggestion.at ? "「" : "", STR_ARG(suggestion), suggestion.at ? "」ではありませんか。" : "");
    return false;
}

/* ---- what was probably meant ---- */

static size_t
least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;
    return ab < c ? ab : c;
}

/* Letters to change, add or leave out to get from one to the other. */
static size_t
distance(struct str a, struct str b)
{
    size_t row[NAME_MAX * 3 + 1];
    if (a.len > NAME_MAX || b.len > NAME_MAX * 3)
        return SIZE_MAX;
    for (size_t k = 0; k <= b.len; k++)
        row[k] = k;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t k = 1; k <= b.len; k++) {
            size_t above = row[k];
            row[k] = least(row[k] + 1, row[k - 1] + 1, diagonal + (a.at[i - 1] != b.at[k - 1]));
            diagonal = above;
        }
    }
    return row[b.len];
}

/* The nearest name so far: the beginning of a name is as near as it gets. */
static void
consider(struct str typed, const char *name, size_t *best, struct str *out)
{
    size_t far = typed.len > 1 && str_starts(str_of(name), typed) ? 0 : distance(typed, str_of(name));
    size_t allowed = typed.len < 4 ? 1 : NEAR_ENOUGH;
    if (name && far <= allowed && far < *best) {
        *best = far;
        *out = str_of(name);
    }
}

static struct str
nearest_field(const struct reader *r, struct str typed)
{
    struct str found = STR_NONE, lower = str_lower(r->arena, typed);
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < r->language->count; i++)
        consider(lower, r->language->fields[i].name, &best, &found);
    return found;
}

static struct str
nearest_word(const struct reader *r, const struct query_field *f, struct str typed)
{
    struct str found = STR_NONE, lower = str_lower(r->arena, typed);
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < f->word_count; i++)
        consider(lower, f->words[i].word, &best, &found);
    return found;
}

static struct str
known_words(const struct reader *r, const struct query_field *f)
{
    struct text t = text_new(r->arena, SENTENCE_MAX);
    for (size_t i = 0; i < f->word_count; i++)
        text_addf(&t, "%s%s", i ? ", " : "", f->words[i].word);
    return text_str(&t);
}

/* ---- names and operators ---- */

static const struct query_field *
field_named(const struct query_language *l, struct str name)
{
    for (size_t i = 0; i < l->count; i++)
        if (str_eq_nocase(name, str_of(l->fields[i].name)) || str_is(name, l->fields[i].ja))
            return &l->fields[i];
    return NULL;
}

static const struct query_word *
word_named(const struct query_field *f, struct str name)
{
    for (size_t i = 0; i < f->word_count; i++)
        if (str_eq_nocase(name, str_of(f->words[i].word)) || (f->words[i].ja && str_is(name, f->words[i].ja)))
            return &f->words[i];
    return NULL;
}

static bool
take_operator(struct reader *r, enum filter_operator *op)
{
    static const struct { const char *mark; enum filter_operator op; } marks[] = {
        { "<=", FILTER_LTE }, { ">=", FILTER_GTE }, { "<", FILTER_LT }, { ">", FILTER_GT }, { ":", FILTER_IS },
        { "=", FILTER_IS }, { "：", FILTER_IS }, { "＜", FILTER_LT }, { "＞", FILTER_GT },
    };
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (take(r, marks[i].mark))
            return (*op = marks[i].op, true);
    return false;
}

/* A name is letters, or a Japanese name of the table. Addresses of the web, of files and of machines are words. */
static size_t
name_length(const struct reader *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->language->count; i++) {
        struct str ja = str_of(r->language->fields[i].ja);
        if (ja.len > n && str_starts(str_skip(r->text, r->at), ja))
            n = ja.len;
    }
    if (n)
        return n;
    for (char c; r->at + n < r->text.len && (c = (char)(r->text.at[r->at + n] | 0x20), (c >= 'a' && c <= 'z')
                                             || r->text.at[r->at + n] == '_');)
        n++;
    return n >= 2 && n <= NAME_MAX ? n : 0;
}

/* ---- values ---- */

static const char *
closing_quote(struct reader *r)
{
    static const char *const pairs[][2] = { { "\"", "\"" }, { "「", "」" }, { "“", "”" }, { "『", "』" } };
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (take(r, pairs[i][0]))
            return pairs[i][1];
    return NULL;
}

static bool
read_quoted(struct reader *r, size_t from, const char *closing, struct str *out)
{
    size_t begin = r->at;
    while (r->at < r->text.len && !has(r, closing))
        r->at += character_bytes(r);
    *out = slice(r, begin, r->at);
    return take(r, closing)
        || fault(r, from, r->text.len, STR_NONE, STR("the quotes are not closed."), STR("引用符が閉じられていません。"));
}

static struct str
read_plain(struct reader *r, bool commas_end)
{
    size_t from = r->at;
    while (r->at < r->text.len && !is_space(r) && !(commas_end && (has(r, ",") || has(r, "、"))))
        r->at += character_bytes(r);
    return slice(r, from, r->at);
}

static bool
value_fits(struct reader *r, const struct query_term *term, size_t from, const struct query_value *v)
{
    const struct query_field *f = term->field;
    struct query_time time;
    int64_t number;
    if (v->word)
        return term->op == FILTER_IS
            || fault(r, from, r->at, STR_NONE, STR("this word goes with a colon."),
                     STR("この語にはコロン（:）を使ってください。"));
    if (f->kind == QUERY_CHOICE) {
        struct str all = known_words(r, f);
        return fault(r, from, r->at, nearest_word(r, f, v->text),
                     str_printf(r->arena, "\"%s\" takes one of: " STR_FMT ".", f->name, STR_ARG(all)),
                     str_printf(r->arena, "「%s」に使えるのは " STR_FMT " です。", f->ja, STR_ARG(all)));
    }
    if (f->kind == QUERY_NUMBER && !str_int(v->text, &number))
        return fault(r, from, r->at, STR_NONE, STR("a number is needed here."), STR("数値を指定してください。"));
    if (f->kind != QUERY_AHEAD && f->kind != QUERY_BACK)
        return true;
    if (query_time_read(v->text, (struct instant){ DAYS(20000) }, NULL, f->kind == QUERY_BACK, &time))
        return true;
    return fault(r, from, r->at, nearest_word(r, f, v->text),
                 STR("a time is needed here, such as 2h, 3d, today or 2026-11-21."),
                 STR("日時を指定してください（例：2h、3d、today、2026-11-21）。"));
}

static bool
read_value(struct reader *r, struct query_term *term)
{
    size_t from = r->at;
    const char *closing = closing_quote(r);
    struct query_value *v = &term->values[term->value_count];
    *v = (struct query_value){ 0 };
    if (closing && !read_quoted(r, from, closing, &v->text))
        return false;
    if (!closing)
        v->text = read_plain(r, true);
    if (v->text.len == 0)
        return fault(r, from ? from - 1 : 0, r->at, STR_NONE, STR("a value is missing."), STR("値がありません。"));
    v->word = closing ? NULL : word_named(term->field, v->text);
    term->value_count++;
    return value_fits(r, term, from, v);
}

static bool
read_values(struct reader *r, struct query_term *term, size_t from)
{
    bool ordered = term->op != FILTER_IS;
    enum query_kind kind = term->field->kind;
    if (ordered && kind != QUERY_NUMBER && kind != QUERY_AHEAD && kind != QUERY_BACK)
        return fault(r, from, r->at, STR_NONE, STR("< and > go with numbers and times only."),
                     STR("「<」「>」は数値と日時だけに使えます。"));
    do {
        if (term->value_count == (ordered ? 1 : QUERY_VALUES_MAX))
            return fault(r, from, r->at, STR_NONE, STR("there are too many values."), STR("値が多すぎます。"));
        if (!read_value(r, term))
            return false;
    } while (take(r, ",") || take(r, "、"));
    if (r->at < r->text.len && !is_space(r))
        return fault(r, r->at, r->at + character_bytes(r), STR_NONE, STR("a space is needed here."),
                     STR("ここに空白が必要です。"));
    return true;
}

/* ---- terms ---- */

static bool
is_address(const struct reader *r)
{
    return has(r, "//") || has(r, "\\") || has(r, ":");
}

static bool
read_field_term(struct reader *r, struct query_term *term, size_t from, bool *found)
{
    size_t length = name_length(r), begin = r->at;
    struct str name = slice(r, r->at, r->at + length);
    r->at += length;
    *found = length && take_operator(r, &term->op) && !is_address(r);
    if (!*found) {
        r->at = begin;
        return true;
    }
    term->field = field_named(r->language, name);
    if (term->field)
        return read_values(r, term, from);
    return fault(r, begin, begin + length, nearest_field(r, name),
                 str_printf(r->arena, "there is no field \"" STR_FMT "\".", STR_ARG(name)),
                 str_printf(r->arena, "「" STR_FMT "」という項目はありません。", STR_ARG(name)));
}

static bool
read_words(struct reader *r, struct query_term *term, size_t from)
{
    size_t begin = r->at;
    const char *closing = closing_quote(r);
    struct query_value *v = &term->values[0];
    *v = (struct query_value){ 0 };
    if (closing && !read_quoted(r, begin, closing, &v->text))
        return false;
    if (!closing)
        v->text = read_plain(r, false);
    term->quoted = closing != NULL;
    term->value_count = 1;
    return str_trim(v->text).len
        || fault(r, from, r->at ? r->at : 1, STR_NONE, STR("words are missing."), STR("語がありません。"));
}

static bool
read_term(struct reader *r)
{
    struct query_term *term = &r->out->terms[r->out->count];
    size_t from = r->at;
    bool is_field;
    if (r->out->count == QUERY_TERMS_MAX)
        return fault(r, from, r->text.len, STR_NONE, STR("there are too many terms (16 at most)."),
                     STR("条件が多すぎます（16個まで）。"));
    *term = (struct query_term){ .negated = take(r, "-") || take(r, "−") };
    if (!read_field_term(r, term, from, &is_field) || (!is_field && !read_words(r, term, from)))
        return false;
    term->at = characters_to(r, from);
    term->len = characters_to(r, r->at) - term->at;
    r->out->count++;
    return true;
}

void
query_text_read(struct arena *a, const struct query_language *language, struct str text, struct query_reading *out)
{
    struct reader r = { .arena = a, .language = language, .text = text, .out = out };
    out->count = 0;
    out->fault = (struct query_fault){ 0 };
    out->understood = str_characters(text) <= QUERY_TEXT_MAX
        || fault(&r, 0, text.len, STR_NONE, STR("the query is too long."), STR("検索条件が長すぎます。"));
    for (skip_space(&r); out->understood && r.at < text.len; skip_space(&r))
        out->understood = read_term(&r);
}
