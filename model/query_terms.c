/* From terms to conditions of a listing. */
#include "model/query_text.h"

#include "core/base/text.h"

enum { SPAN_MAX = 100000 };

/* ---- times ---- */

static bool
read_span(struct str text, int64_t *out)
{
    static const struct { char unit; int64_t us; } units[] = {
        { 'm', MINUTES(1) }, { 'h', HOURS(1) }, { 'd', DAYS(1) }, { 'w', DAYS(7) } };
    int64_t number;
    if (text.len < 2 || text.at[0] == '-' || text.at[0] == '+' || !str_int(str_head(text, text.len - 1), &number)
        || number > SPAN_MAX)
        return false;
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if ((text.at[text.len - 1] | 0x20) == units[i].unit)
            return (*out = number * units[i].us, true);
    return false;
}

static struct instant
instant_of(const struct zone *zone, int64_t day, int64_t second)
{
    return zone ? zone_instant(zone, day, second) : (struct instant){ DAYS(day) + SECONDS(second) };
}

static struct query_time
whole_day(const struct zone *zone, int64_t day)
{
    struct instant begin = instant_of(zone, day, 0);
    return (struct query_time){ .at = begin, .lasts_us = instant_of(zone, day + 1, 0).us - begin.us };
}

static bool
read_named_day(struct str text, int64_t today, int64_t *out)
{
    static const struct { const char *en, *ja; int64_t days; } names[] = {
        { "today", "今日", 0 }, { "tomorrow", "明日", 1 }, { "yesterday", "昨日", -1 } };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_eq_nocase(text, str_of(names[i].en)) || str_is(text, names[i].ja))
            return (*out = today + names[i].days, true);
    return false;
}

static bool
two_digits(struct str text, size_t at, int64_t most, int64_t *out)
{
    return str_int(str_head(str_skip(text, at), 2), out) && text.at[at] != '-' && text.at[at] != '+' && *out <= most;
}

/* 2026-11-21T09:30 */
static bool
read_minute(struct str text, int64_t *day, int64_t *second)
{
    int64_t hour, minute;
    if (text.len != 16 || (text.at[10] != 'T' && text.at[10] != 't') || text.at[13] != ':'
        || !civil_date_parse(str_head(text, 10), day) || !two_digits(text, 11, 23, &hour)
        || !two_digits(text, 14, 59, &minute))
        return false;
    *second = hour * 3600 + minute * 60;
    return true;
}

bool
query_time_read(struct str text, struct instant now, const struct zone *zone, bool back, struct query_time *out)
{
    int64_t span = 0, day, second, today = zone ? zone_local_day(zone, now) : floor_div(now.us, DAYS(1));
    *out = (struct query_time){ 0 };
    if (str_eq_nocase(text, STR("now")) || read_span(text, &span)) {
        *out = (struct query_time){ .at = instant_plus(now, back ? -span : span), .is_span = true };
        return true;
    }
    if (read_named_day(text, today, &day) || (text.len == 10 && civil_date_parse(text, &day))) {
        *out = whole_day(zone, day);
        return true;
    }
    if (!read_minute(text, &day, &second))
        return false;
    *out = (struct query_time){ .at = instant_of(zone, day, second), .lasts_us = MINUTES(1) };
    return true;
}

/* ---- conditions ---- */

struct adding {
    struct scope *s;
    const struct listing *l;
    const struct query_language *language;
    const struct zone *zone;
    struct listing_ask *ask;
    struct text words;
    struct strs phrases, told[QUERY_INDEX_OF_OWNERS + 1];
};

static struct strs
one_value(struct adding *a, struct str value)
{
    struct str *items = arena_array_of(a->s->arena, 1, struct str);
    items[0] = value;
    return (struct strs){ items, 1 };
}

static struct listing_term *
next_or(struct adding *a, struct listing_term **last)
{
    struct listing_term *made = arena_new_of(a->s->arena, struct listing_term);
    if (*last)
        (*last)->or_else = made;
    *last = made;
    return made;
}

/* Within a day, or a minute. The column's name is our table's. */
static void
within(struct adding *a, const struct query_field *f, struct query_time time, struct listing_term *out)
{
    struct str *items = arena_array_of(a->s->arena, 2, struct str);
    items[0] = instant_format(a->s->arena, time.at);
    items[1] = instant_format(a->s->arena, instant_plus(time.at, time.lasts_us));
    out->values = (struct strs){ items, 2 };
    out->where = str_printf(a->s->arena, "page.%s >= (?)[1]::timestamptz AND page.%s < (?)[2]::timestamptz", f->column,
                            f->column).at;
}

static enum filter_operator
turned(enum filter_operator op)
{
    switch (op) {
    case FILTER_LT:
        return FILTER_GT;
    case FILTER_LTE:
        return FILTER_GTE;
    case FILTER_GT:
        return FILTER_LT;
    case FILTER_GTE:
        return FILTER_LTE;
    default:
        return op;
    }
}

/* A span is an age where one looks back: younger is later. A day begins and ends: after it means after its end. */
static void
time_term(struct adding *a, const struct query_field *f, enum filter_operator op, struct str text,
          struct listing_term *out)
{
    struct query_time time;
    bool back = f->kind == QUERY_BACK;
    if (!query_time_read(text, a->s->now, a->zone, back, &time))
        return; /* the reader has refused it */
    *out = (struct listing_term){ .column = f->column, .op = op };
    if (op == FILTER_IS && !time.is_span) {
        within(a, f, time, out);
        return;
    }
    if (time.is_span) {
        op = op == FILTER_IS ? FILTER_LTE : op;
        out->op = back ? turned(op) : op;
    } else if (op == FILTER_LTE || op == FILTER_GT) {
        time.at = instant_plus(time.at, time.lasts_us);
        out->op = op == FILTER_LTE ? FILTER_LT : FILTER_GTE;
    }
    out->values = one_value(a, instant_format(a->s->arena, time.at));
}

static struct strs
split(struct adding *a, struct strs so_far, const char *labels)
{
    struct str rest = str_of(labels), label;
    while (rest.at && str_cut(&rest, ',', &label)) {
        struct str *items = arena_array_of(a->s->arena, so_far.count + 1, struct str);
        if (so_far.count)
            memcpy(items, so_far.items, so_far.count * sizeof *items);
        items[so_far.count] = label;
        so_far = (struct strs){ items, so_far.count + 1 };
    }
    return so_far;
}

/* Words of the field that stand for labels are one condition; every other one is its own. */
static void
add_known(struct adding *a, const struct query_term *term, struct listing_term **last)
{
    struct strs labels = { NULL, 0 };
    for (size_t i = 0; i < term->value_count; i++) {
        const struct query_word *w = term->values[i].word;
        if (!w)
            continue;
        if (w->labels)
            labels = split(a, labels, w->labels);
        else
            *next_or(a, last) = (struct listing_term){ .column = term->field->column, .op = w->op, .where = w->where };
    }
    if (labels.count)
        *next_or(a, last) = (struct listing_term){ .column = term->field->column, .values = labels };
}

/* `next_or` links before the record is written, so the link of the one before stays. */
static void
add_written(struct adding *a, const struct query_term *term, struct listing_term **last)
{
    struct str *texts = arena_array_of(a->s->arena, term->value_count, struct str);
    const struct query_field *f = term->field;
    struct strs values = { texts, 0 };
    for (size_t i = 0; i < term->value_count; i++) {
        if (term->values[i].word)
            continue;
        if (f->kind == QUERY_AHEAD || f->kind == QUERY_BACK)
            time_term(a, f, term->op, term->values[i].text, next_or(a, last));
        else if (f->kind == QUERY_NUMBER)
            *next_or(a, last) = (struct listing_term){ .column = f->column, .op = term->op,
                                                       .values = one_value(a, term->values[i].text) };
        else
            texts[values.count++] = term->values[i].text;
    }
    if (f->index && !term->negated && a->told[f->index].count == 0)
        a->told[f->index] = values;
    if (values.count)
        *next_or(a, last) = (struct listing_term){ .column = f->column, .where = f->where, .values = values,
                                                   .parts = f->kind == QUERY_PARTS };
}

static bool
add_field(struct adding *a, const struct query_term *term)
{
    struct listing_term *last = NULL, *first = next_or(a, &last), *tail = first;
    add_known(a, term, &tail);
    add_written(a, term, &tail);
    struct listing_term *head = arena_new_of(a->s->arena, struct listing_term);
    *head = *first->or_else; /* `first` only holds the chain */
    head->negated = term->negated;
    return listing_add(a->s, a->l, a->ask, head);
}

static bool
add_words(struct adding *a, const struct query_term *term)
{
    struct str said = str_trim(term->values[0].text);
    struct listing_term condition = { .values = one_value(a, said), .negated = term->negated };
    bool named = !term->quoted && a->language->is_name && a->language->is_name(said);
    condition.parts = term->quoted;
    condition.where = term->quoted ? a->language->phrase_where
                    : named        ? a->language->name_where
                                   : a->language->word_where;
    if (term->negated || named)
        return listing_add(a->s, a->l, a->ask, &condition);
    text_addf(&a->words, "%s" STR_FMT, a->words.len ? " " : "", STR_ARG(said));
    if (term->quoted)
        a->phrases.items[a->phrases.count++] = said;
    return true;
}

bool
query_text_add(struct scope *s, const struct listing *l, const struct query_language *language,
               const struct zone *zone, const struct query_reading *reading, struct listing_ask *ask,
               struct query_sought *out)
{
    struct adding a = { .s = s, .l = l, .language = language, .zone = zone, .ask = ask,
                        .words = text_new(s->arena, QUERY_TEXT_MAX * 5),
                        .phrases = { arena_array_of(s->arena, QUERY_TERMS_MAX, struct str), 0 } };
    for (size_t i = 0; i < reading->count; i++) {
        const struct query_term *term = &reading->terms[i];
        if (!(term->field ? add_field(&a, term) : add_words(&a, term)))
            return false;
    }
    *out = (struct query_sought){ a.words.len ? text_str(&a.words) : STR_NONE, a.phrases,
                                  a.told[QUERY_INDEX_OF_PARTS], a.told[QUERY_INDEX_OF_OWNERS] };
    return true;
}
