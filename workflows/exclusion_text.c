#include "workflows/exclusion_text.h"

#include "core/base/json.h"
#include "core/base/text.h"
#include "workflows/rule_text.h"
#include "xdr/engine.h"

enum { TEXT_MAX = 512 * 1024, CONDITIONS_MAX = 30, VALUE_MAX = 4000, STEPS = 4 };

static const struct shape step_shape = SHAPE(exclusion_step,
    FIELD(exclusion_step, name, "exact, process, file: from the narrowest to the widest", .required = true),
    FIELD(exclusion_step, scope, "Where it would hold", .of = &exclusion_scope_domain, .required = true),
    FIELD(exclusion_step, fields, "Conditions that are switched on"));

const struct shape exclusion_proposal_shape = SHAPE(exclusion_proposal,
    FIELD(exclusion_proposal, tenant_id, "For which customer", .required = true),
    FIELD(exclusion_proposal, rule_id, "Of which rule", .required = true),
    FIELD(exclusion_proposal, detection_id, "From which detection", .required = true),
    FIELD(exclusion_proposal, computer_id, "On which computer"),
    FIELD(exclusion_proposal, computer_name, "Its name"),
    FIELD(exclusion_proposal, title, "A title to begin with", .required = true),
    FIELD(exclusion_proposal, conditions, "With the event's own values", .items = &exclusion_condition_shape),
    FIELD(exclusion_proposal, steps, "Which of them to switch on, the narrowest first", .items = &step_shape));

/* ---- text ---- */

/* As a Sigma value in a YAML text of double quotes: a backslash is one for each of them. */
static void
write_value(struct text *t, struct str value)
{
    text_add_char(t, '"');
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if (c == '\\')
            text_add_c(t, "\\\\\\\\");
        else if (c == '*' || c == '?')
            text_addf(t, "\\\\%c", c);
        else if (c == '"')
            text_add_c(t, "\\\"");
        else if (c < 0x20 || c == 0x7F)
            text_addf(t, "\\x%02x", c);
        else
            text_add_char(t, (char)c);
    }
    text_add_char(t, '"');
}

static void
write_key(struct text *t, const struct exclusion_condition *c)
{
    static const char *const modifiers[] = { [CONDITION_STARTS] = "|startswith", [CONDITION_ENDS] = "|endswith",
                                             [CONDITION_CONTAINS] = "|contains" };
    bool plain = c->operator == CONDITION_EQUALS || c->operator == EXCLUSION_OPERATOR_NONE;
    text_add_char(t, '"');
    for (size_t i = 0; i < c->field.len; i++)
        if (c->field.at[i] != '"' && c->field.at[i] != '\\' && c->field.at[i] != '|'
            && (unsigned char)c->field.at[i] >= 0x20)
            text_add_char(t, c->field.at[i]);
    text_addf(t, "%s\": ", plain ? "" : modifiers[c->operator]);
}

/* Each condition is a selection of its own: two may be about the same field. */
struct str
exclusion_text_write(struct arena *a, struct uuid id, struct str title, const struct rows *conditions)
{
    const struct exclusion_condition *items = conditions->items;
    struct text t = text_new(a, TEXT_MAX), selections = text_new(a, TEXT_MAX);
    size_t count = 0;
    text_add_c(&t, "title: ");
    json_write_str(&t, title);
    text_addf(&t, "\nid: " STR_FMT "\nlogsource:\n    definition: any\ndetection:\n", STR_ARG(uuid_format(a, id)));
    for (size_t i = 0; i < conditions->count; i++) {
        if (!items[i].enabled)
            continue;
        text_addf(&t, "    condition_%zu:\n        ", ++count);
        write_key(&t, &items[i]);
        write_value(&t, items[i].value);
        text_add_char(&t, '\n');
        text_addf(&selections, "%scondition_%zu", count > 1 ? " and " : "", count);
    }
    text_add_c(&t, "    condition: ");
    text_add(&t, text_str(&selections));
    text_add_char(&t, '\n');
    return count && !t.full ? text_str(&t) : STR_NONE;
}

/* ---- proposals ---- */

struct proposing {
    struct arena *arena;
    struct exclusion_condition *items;
    size_t count;
};

static void
offer(struct proposing *p, struct str field, enum exclusion_operator operator, struct str value)
{
    if (!value.len || value.len > VALUE_MAX || p->count == CONDITIONS_MAX)
        return;
    for (size_t i = 0; i < p->count; i++)
        if (str_eq(p->items[i].field, field))
            return;
    p->items[p->count++] = (struct exclusion_condition){ field, operator, value, false };
}

static void
offer_matched(struct proposing *p, struct str matched)
{
    struct json_reader j = json_reader_new(matched);
    bool more, member;
    if (!json_enter(&j, JSON_ARRAY))
        return;
    while (json_item(&j, &more) && more && json_enter(&j, JSON_OBJECT)) {
        struct str name, field = STR_NONE, value = STR_NONE;
        while (json_member(&j, p->arena, &name, &member) && member)
            if (!json_string(&j, p->arena, str_is(name, "field") ? &field : &value))
                return;
        offer(p, field, CONDITION_EQUALS, value);
    }
}

/* A condition that does not hold of the event it is proposed for helps nobody: the field is called otherwise there. */
static void
keep_what_holds(struct proposing *p, struct str event)
{
    size_t kept = 0;
    struct rule_reading reading;
    for (size_t i = 0; i < p->count && event.at; i++) {
        struct exclusion_condition one = p->items[i];
        struct rows alone = { &one, 1 };
        one.enabled = true;
        struct str text = exclusion_text_write(p->arena, (struct uuid){ 0 }, STR("proposal"), &alone);
        if (!text.at || !rule_text_read(p->arena, RULE_IN_SIGMA, text, true, &reading, NULL))
            continue;
        struct engine *e = engine_compile(reading.set);
        struct matcher *m = matcher_new(e);
        bool holds = !matcher_run(m, event).problem && matcher_holds(m, 0);
        matcher_free(m);
        engine_free(e);
        if (holds)
            p->items[kept++] = p->items[i];
    }
    p->count = event.at ? kept : p->count;
}

static bool
is_offered(const struct proposing *p, const char *field)
{
    for (size_t i = 0; i < p->count; i++)
        if (str_is(p->items[i].field, field))
            return true;
    return false;
}

static struct exclusion_step
step(const struct proposing *p, const char *name, enum exclusion_scope scope, const char *const *fields, size_t count)
{
    struct exclusion_step out = { .name = str_of(name), .scope = scope };
    out.fields.items = arena_array_of(p->arena, count + p->count + 1, struct str);
    for (size_t i = 0; i < count; i++)
        if (is_offered(p, fields[i]))
            out.fields.items[out.fields.count++] = str_of(fields[i]);
    return out;
}

/* Where an event has no command line, what its condition read takes the place. */
static void
add_matched(const struct proposing *p, struct exclusion_step *out)
{
    if (is_offered(p, "CommandLine"))
        return;
    for (size_t i = 0; i < p->count; i++) {
        bool there = false;
        for (size_t j = 0; j < out->fields.count; j++)
            there = there || str_eq(out->fields.items[j], p->items[i].field);
        if (!there && p->items[i].operator == CONDITION_EQUALS)
            out->fields.items[out->fields.count++] = p->items[i].field;
    }
}

static void
add_steps(struct proposing *p, bool on_computer, struct exclusion_proposal *out)
{
    static const char *const exact[] = { "Image", "CommandLine", "User", "ParentImage" };
    struct exclusion_step *steps = arena_array_of(p->arena, STEPS, struct exclusion_step);
    size_t count = 0;
    struct exclusion_step all[] = {
        step(p, "exact", on_computer ? EXCLUDE_COMPUTER : EXCLUDE_ALL, exact, 4),
        step(p, "process", EXCLUDE_ALL, exact, 2),
        step(p, "file", EXCLUDE_ALL, exact, 1),
    };
    add_matched(p, &all[0]);
    add_matched(p, &all[1]);
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (all[i].fields.count)
            steps[count++] = all[i];
    out->steps = (struct rows){ steps, count };
    for (size_t i = 0; count && i < p->count; i++)
        for (size_t j = 0; j < steps[0].fields.count; j++)
            p->items[i].enabled = p->items[i].enabled || str_eq(p->items[i].field, steps[0].fields.items[j]);
}

void
exclusion_propose(struct arena *a, const struct detection *d, struct exclusion_proposal *out)
{
    struct proposing p = { a, arena_array_of(a, CONDITIONS_MAX, struct exclusion_condition), 0 };
    *out = (struct exclusion_proposal){ .tenant_id = d->tenant_id, .rule_id = d->rule_id, .detection_id = d->id,
                                        .computer_id = d->computer_id, .computer_name = d->computer_name };
    out->title = d->process_name.at
        ? str_printf(a, STR_FMT ": " STR_FMT, STR_ARG(d->process_name), STR_ARG(str_head(d->title, 120)))
        : str_head(d->title, 160);
    offer(&p, STR("CommandLine"), CONDITION_EQUALS, d->command_line);
    offer(&p, STR("Image"), CONDITION_EQUALS, d->process_path);
    offer(&p, STR("User"), CONDITION_EQUALS, d->user_name);
    offer(&p, STR("ParentImage"), CONDITION_EQUALS, d->parent_path);
    if (d->sha256.len)
        offer(&p, STR("Hashes"), CONDITION_CONTAINS, str_printf(a, "SHA256=" STR_FMT, STR_ARG(d->sha256)));
    offer_matched(&p, d->matched.raw);
    keep_what_holds(&p, d->event);
    add_steps(&p, !uuid_is_none(d->computer_id), out);
    out->conditions = (struct rows){ p.items, p.count };
}
