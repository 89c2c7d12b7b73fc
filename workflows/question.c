#include "workflows/question.h"

#include "core/base/text.h"
#include "xdr/rulexml/rulexml.h"

enum { TEXT_MAX = 256 << 10 };

/* ---- conditions ---- */

struct operator_row {
    const char *modifier; /* behind the field's name */
    bool negated, takes_values, numbers;
};

static const struct operator_row operators[] = {
    [ASK_IS] = { "", false, true, false },
    [ASK_IS_NOT] = { "", true, true, false },
    [ASK_CONTAINS] = { "|contains", false, true, false },
    [ASK_CONTAINS_NOT] = { "|contains", true, true, false },
    [ASK_STARTS] = { "|startswith", false, true, false },
    [ASK_ENDS] = { "|endswith", false, true, false },
    [ASK_PRESENT] = { "|exists", false, false, false },
    [ASK_ABSENT] = { "|exists", true, false, false },
    [ASK_IN_NETWORK] = { "|cidr", false, true, false },
    [ASK_ABOVE] = { "|gt", false, true, true },
    [ASK_BELOW] = { "|lt", false, true, true },
    [ASK_MATCHES] = { "|re", false, true, false },
    [ASK_HAS_WORD] = { "|re|i", false, true, false },
};

/* What people write is text: nothing in it is a wildcard. */
static struct str
plain_value(struct arena *a, struct str value)
{
    struct text t = text_new(a, 2 * value.len + 1);
    for (size_t i = 0; i < value.len; i++) {
        if (value.at[i] == '\\' || value.at[i] == '*' || value.at[i] == '?')
            text_add_char(&t, '\\');
        text_add_char(&t, value.at[i]);
    }
    return text_str(&t);
}

static bool
is_alphanumeric(char c)
{
    return (unsigned)(c - '0') < 10 || (unsigned)((c | 0x20) - 'a') < 26;
}

/* As a regular expression: no letter or digit before and behind. */
static struct str
word_value(struct arena *a, struct str value)
{
    struct text t = text_new(a, 2 * value.len + 64);
    text_add_c(&t, "(?<![0-9A-Za-z])");
    for (size_t i = 0; i < value.len; i++) {
        if (!is_alphanumeric(value.at[i]) && (unsigned char)value.at[i] < 0x80)
            text_add_char(&t, '\\');
        text_add_char(&t, value.at[i]);
    }
    text_add_c(&t, "(?![0-9A-Za-z])");
    return text_str(&t);
}

static void
put_value(struct scope *s, struct text *t, const struct hunt_condition *c, struct str value)
{
    bool verbatim = c->operator == ASK_MATCHES || c->operator == ASK_IN_NETWORK;
    if (operators[c->operator].numbers)
        text_add(t, value);
    else if (c->operator == ASK_HAS_WORD)
        json_write_str(t, word_value(s->arena, value));
    else
        json_write_str(t, verbatim ? value : plain_value(s->arena, value));
}

static bool
is_number(struct str value)
{
    int64_t number;
    return str_int(value, &number);
}

static void
check_condition(struct scope *s, const struct hunt_condition *c, size_t nth)
{
    const struct operator_row *o = &operators[c->operator];
    struct str values = str_printf(s->arena, "/conditions/%zu/values", nth);
    bool is_anywhere = c->operator == ASK_CONTAINS || c->operator == ASK_CONTAINS_NOT || c->operator == ASK_HAS_WORD;
    if (!c->field.at && !is_anywhere)
        note_violation(s, str_printf(s->arena, "/conditions/%zu/field", nth), FAULT_REQUIRED, STR_NONE);
    if (o->takes_values && c->values.count == 0)
        note_violation(s, values, FAULT_REQUIRED, STR_NONE);
    for (size_t i = 0; o->takes_values && i < c->values.count; i++) {
        struct network network;
        struct str value = c->values.items[i], at = str_printf(s->arena, STR_FMT "/%zu", STR_ARG(values), i);
        if (value.len == 0)
            note_violation(s, at, FAULT_REQUIRED, STR_NONE);
        else if (c->operator == ASK_IN_NETWORK && !network_of(value, &network))
            note_violation(s, at, FAULT_BAD_FORMAT, STR("10.0.0.0/8"));
        else if (o->numbers && !is_number(value))
            note_violation(s, at, FAULT_WRONG_TYPE, STR("42"));
    }
}

/* "c3":{"Image|endswith":["\\cmd.exe"]}; without a field a list of keywords. */
static void
put_condition(struct scope *s, struct text *t, const struct hunt_condition *c, size_t nth)
{
    const struct operator_row *o = &operators[c->operator];
    bool is_map = c->field.at || c->operator == ASK_HAS_WORD;
    text_addf(t, "\"c%zu\":", nth);
    if (is_map) {
        text_add_char(t, '{');
        json_write_str(t, str_printf(s->arena, STR_FMT "%s", STR_ARG(c->field), o->modifier));
        text_add_char(t, ':');
    }
    if (!o->takes_values) {
        text_add_c(t, "true");
    } else {
        text_add_char(t, '[');
        for (size_t i = 0; i < c->values.count; i++) {
            text_add_c(t, i ? "," : "");
            put_value(s, t, c, c->values.items[i]);
        }
        text_add_char(t, ']');
    }
    text_add_c(t, is_map ? "}," : ",");
}

/* JSON is YAML, too: a rule without a single question of quoting. */
bool
question_text(struct scope *s, const struct hunt_condition *conditions, size_t count, struct str *out)
{
    struct text t = text_new(s->arena, TEXT_MAX);
    for (size_t i = 0; i < count; i++)
        check_condition(s, &conditions[i], i);
    if (scope_has_failed(s))
        return false;
    if (count == 0)
        return fail_field(s, "/conditions", FAULT_REQUIRED, NULL);
    text_add_c(&t, "{\"title\":\"Search\",\"logsource\":{\"service\":\"any\"},\"detection\":{");
    for (size_t i = 0; i < count; i++)
        put_condition(s, &t, &conditions[i], i);
    text_add_c(&t, "\"condition\":\"");
    for (size_t i = 0; i < count; i++)
        text_addf(&t, "%s%sc%zu", i ? " and " : "", operators[conditions[i].operator].negated ? "not " : "", i);
    text_add_c(&t, "\"}}");
    *out = text_str(&t);
    return !t.full || fail_field(s, "/conditions", FAULT_TOO_LONG, "262144");
}

/* What the rule asks of a word by a regular expression is known of the event's words, too, and filters hold words. */
void
question_words(struct arena *a, const struct hunt_condition *conditions, size_t count, struct question *q)
{
    struct needle_clause *clauses = arena_array_of(a, count + 1, struct needle_clause);
    size_t clause_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct hunt_condition *c = &conditions[i];
        struct needle *words = arena_array_of(a, c->values.count + 1, struct needle);
        for (size_t j = 0; j < c->values.count; j++)
            words[j] = (struct needle){ NEEDLE_WORD, c->values.items[j] };
        /* "SHA256=..." may be made of hashes that an event keeps by themselves: the rule knows what of it is needed. */
        if (c->operator == ASK_HAS_WORD && !str_eq_nocase(c->field, STR("Hashes")))
            clauses[clause_count++] = (struct needle_clause){ words, c->values.count };
    }
    if (clause_count)
        q->needles = needles_both(a, needles_new(a, clauses, clause_count), q->needles);
}

/* ---- texts ---- */

static void
end_engine(void *engine)
{
    engine_free(engine);
}

static void
end_matcher(void *matcher)
{
    matcher_free(matcher);
}

void
question_compile(struct arena *a, const struct ruleset *set, struct question *q)
{
    const struct expr **conditions = arena_array_of(a, set->rule_count + 1, const struct expr *);
    for (size_t i = 0; i < set->rule_count; i++)
        conditions[i] = set->rules[i].condition;
    *q = (struct question){ .set = set, .needles = needles_of_exprs(a, conditions, set->rule_count),
                            .engine = engine_compile(set) };
    arena_defer(a, end_engine, q->engine);
}

void
question_ready(struct arena *a, struct question *q)
{
    q->matcher = matcher_new(q->engine);
    arena_defer(a, end_matcher, q->matcher);
}

static bool
refused(struct scope *s, const struct ruleset *set)
{
    if (set->refusal_count == 0) {
        note_sentence(s, STR("/body"), STR("This is no rule."), STR("ルールではありません。"));
        return false;
    }
    const struct refusal *r = &set->refusals[0];
    note_sentence(s, STR("/body"), str_printf(s->arena, "Line %d: " STR_FMT, r->line, STR_ARG(r->reason)),
                  str_printf(s->arena, "%d行目: " STR_FMT, r->line, STR_ARG(r->reason)));
    return false;
}

/* A rule says which log it is about, and is asked about that; conditions of a search are about any event. */
bool
question_of_text(struct scope *s, enum hunt_language language, struct str body, struct question *out)
{
    struct ruleset *set = ruleset_new(s->arena, &(struct ruleset_options){ .keep_deprecated = true });
    bool taken = language == HUNT_XML ? ruleset_add_xml(set, STR("search"), body)
                                      : ruleset_add_sigma(set, STR("search"), body);
    for (size_t i = 0; language == HUNT_CONDITIONS && i < set->rule_count; i++)
        set->rules[i].logsource = (struct logsource){ 0 };
    if (taken)
        ruleset_finish(set);
    if (!taken || set->refusal_count || set->rule_count == 0)
        return refused(s, set);
    question_compile(s->arena, set, out);
    question_ready(s->arena, out);
    return true;
}
