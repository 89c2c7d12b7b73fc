#include "xdr/engine_parts.h"

static struct str
relation_words(enum relation relation)
{
    static const char *const words[] = {
        [IS_EQUAL] = "equals", [IS_NOT_EQUAL] = "is not", [IS_LESS] = "is less than",
        [IS_LESS_OR_EQUAL] = "is at most", [IS_GREATER] = "is greater than", [IS_GREATER_OR_EQUAL] = "is at least",
        [DOES_CONTAIN] = "contains", [DOES_START] = "begins with", [DOES_END] = "ends with",
    };
    return str_of(relation < COUNT_OF(words) ? words[relation] : NULL);
}

static struct str
text_words(struct arena *a, const struct test *t)
{
    struct str inner, shown;
    const char *verb = "fits";
    enum check_kind kind = pattern_class(t->pattern, &inner);
    if (kind == CHECK_ANY_VALUE)
        return STR("has a value");
    verb = kind == CHECK_EQUALS ? "equals" : kind == CHECK_STARTS ? "begins with" : kind == CHECK_ENDS ? "ends with"
        : kind == CHECK_INSIDE ? "contains" : verb;
    shown = pattern_show(a, kind == CHECK_GLOB ? t->pattern : inner);
    return str_printf(a, "%s \"" STR_FMT "\"%s", verb, STR_ARG(shown), t->cased ? " (case counts)" : "");
}

static struct str
number_words(struct arena *a, const struct test *t)
{
    static const char *const parts[] = {
        [PART_WHOLE] = "", [PART_MINUTE] = "minute ", [PART_HOUR] = "hour ", [PART_DAY] = "day ",
        [PART_WEEKDAY] = "weekday ", [PART_WEEK] = "week ", [PART_MONTH] = "month ", [PART_YEAR] = "year ",
    };
    return str_printf(a, "%s" STR_FMT " %.12Lg", parts[t->part], STR_ARG(relation_words(t->relation)), t->number);
}

static struct str
test_words(struct arena *a, const struct test *t)
{
    switch (t->kind) {
    case TEST_TEXT:
        return text_words(a, t);
    case TEST_REGEX:
        return str_printf(a, "matches /" STR_FMT "/%s%s%s", STR_ARG(t->pattern),
                          t->regex_flags & REGEX_NOCASE ? "i" : "", t->regex_flags & REGEX_MULTILINE ? "m" : "",
                          t->regex_flags & REGEX_DOTALL ? "s" : "");
    case TEST_CIDR:
        return str_printf(a, "is an address of " STR_FMT, STR_ARG(t->pattern));
    case TEST_NUMBER:
        return number_words(a, t);
    case TEST_EXISTS:
        return STR("exists");
    case TEST_NULL:
        return STR("is absent or null");
    case TEST_FIELD:
        return str_printf(a, STR_FMT " the field " STR_FMT, STR_ARG(relation_words(t->relation)), STR_ARG(t->other));
    }
    return STR("");
}

static struct explanation explain(struct matcher *m, struct arena *a, const struct expr *e);

static void
explain_test(struct matcher *m, struct arena *a, const struct test *t, struct explanation *out)
{
    struct str value;
    out->field = t->field.at ? t->field : STR("(anywhere)");
    out->what = test_words(a, t);
    out->holds = matcher_test_holds(m, t, &value);
    out->value_present = t->field.at && matcher_field(m, t->field, 0, &value);
    out->value = out->value_present ? str_copy(a, value) : STR_NONE;
}

static struct explanation
explain(struct matcher *m, struct arena *a, const struct expr *e)
{
    struct explanation out = { .kind = e->kind, .label = e->label };
    if (e->kind == EXPR_TEST) {
        explain_test(m, a, &e->test, &out);
        return out;
    }
    struct explanation *parts = arena_array_of(a, e->count + 1, struct explanation);
    out.holds = e->kind != EXPR_OR;
    for (size_t i = 0; i < e->count; i++) {
        parts[i] = explain(m, a, e->parts[i]);
        out.holds = e->kind == EXPR_OR ? out.holds || parts[i].holds : out.holds && parts[i].holds;
    }
    if (e->kind == EXPR_NOT)
        out.holds = !parts[0].holds;
    out.parts = parts;
    out.count = e->count;
    return out;
}

const struct explanation *
matcher_explain(struct matcher *m, struct arena *a, uint32_t rule)
{
    struct explanation *out = arena_new_of(a, struct explanation);
    *out = explain(m, a, m->engine->set->rules[rule].condition);
    return out;
}

/* ---- what made it match ---- */

enum { MATCHED_MAX = 64 };

struct found {
    struct matcher *matcher;
    struct arena *arena;
    struct matched_field *items;
    size_t count;
};

static void
add_found(struct found *f, struct str name, struct str value)
{
    for (size_t i = 0; i < f->count; i++)
        if (str_eq(f->items[i].name, name) && (name.at || str_eq(f->items[i].value, value)))
            return;
    if (f->count < MATCHED_MAX)
        f->items[f->count++] = (struct matched_field){ name, value.at ? str_copy(f->arena, value) : STR_NONE };
}

/* Whether it holds; what was found of a part that does not is forgotten. */
static bool
find_reasons(struct found *f, const struct expr *e)
{
    size_t before = f->count;
    bool holds = e->kind != EXPR_OR;
    struct str value;
    if (e->kind == EXPR_TEST) {
        holds = matcher_test_holds(f->matcher, &e->test, &value);
        if (holds)
            add_found(f, e->test.field, value);
        return holds;
    }
    for (size_t i = 0; i < e->count; i++) {
        bool part = find_reasons(f, e->parts[i]);
        holds = e->kind == EXPR_OR ? holds || part : holds && part;
    }
    holds = e->kind == EXPR_NOT ? !holds : holds;
    if (!holds || e->kind == EXPR_NOT)
        f->count = before;
    return holds;
}

size_t
matcher_matched_fields(struct matcher *m, struct arena *a, uint32_t rule, const struct matched_field **out)
{
    struct found f = { m, a, arena_array_of(a, MATCHED_MAX, struct matched_field), 0 };
    find_reasons(&f, m->engine->set->rules[rule].condition);
    *out = f.items;
    return f.count;
}
