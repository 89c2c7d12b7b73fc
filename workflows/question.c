#include "workflows/question.h"

#include "core/base/text.h"
#include "model/detection_rule.h"
#include "model/tenant.h"
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

static void
put_value(struct scope *s, struct text *t, const struct hunt_condition *c, struct str value)
{
    bool verbatim = c->operator == ASK_MATCHES || c->operator == ASK_IN_NETWORK;
    if (operators[c->operator].numbers)
        text_add(t, value);
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
    if (!c->field.at && c->operator != ASK_CONTAINS && c->operator != ASK_CONTAINS_NOT)
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
    text_addf(t, "\"c%zu\":", nth);
    if (c->field.at) {
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
    text_add_c(t, c->field.at ? "}," : ",");
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

static void
make_ready(struct scope *s, struct question *q)
{
    const struct expr **conditions = arena_array_of(s->arena, q->set->rule_count + 1, const struct expr *);
    for (size_t i = 0; i < q->set->rule_count; i++)
        conditions[i] = q->set->rules[i].condition;
    q->needles = needles_of_exprs(s->arena, conditions, q->set->rule_count);
    q->engine = engine_compile(q->set);
    arena_defer(s->arena, end_engine, q->engine);
    q->matcher = matcher_new(q->engine);
    arena_defer(s->arena, end_matcher, q->matcher);
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
    struct question q = { .set = ruleset_new(s->arena, &(struct ruleset_options){ .keep_deprecated = true }) };
    bool taken = language == HUNT_XML ? ruleset_add_xml(q.set, STR("search"), body)
                                      : ruleset_add_sigma(q.set, STR("search"), body);
    for (size_t i = 0; language == HUNT_CONDITIONS && i < q.set->rule_count; i++)
        q.set->rules[i].logsource = (struct logsource){ 0 };
    if (taken)
        ruleset_finish(q.set);
    if (!taken || q.set->refusal_count || q.set->rule_count == 0)
        return refused(s, q.set);
    make_ready(s, &q);
    *out = q;
    return true;
}

/* ---- all active rules ---- */

static bool
is_for(const struct rule_world_row *row, struct uuids tenant_ids)
{
    for (size_t i = 0; i < tenant_ids.count; i++)
        if (uuid_eq(tenant_ids.items[i], row->tenant_id))
            return true;
    return uuid_eq(row->tenant_id, provider_tenant_id);
}

bool
question_of_rules(struct scope *s, struct uuids tenant_ids, struct question *out)
{
    struct rows rows;
    struct question q = { .set = ruleset_new(s->arena, &(struct ruleset_options){ .keep_deprecated = true }) };
    if (!db_list(s, &rule_world_rules, NULL, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        const struct rule_world_row *row = (const struct rule_world_row *)rows.items + i;
        if (row->state != RULE_ACTIVE || !is_for(row, tenant_ids))
            continue;
        bool taken = row->language == RULE_IN_XML ? ruleset_add_xml(q.set, row->key, row->body)
                                                  : ruleset_add_sigma(q.set, row->key, row->body);
        (void)taken; /* what was refused stands in the list of rules already */
    }
    ruleset_finish(q.set);
    make_ready(s, &q);
    *out = q;
    return true;
}
