#include "workflows/forms.h"

#include "core/base/civil.h"
#include "model/tenant.h"
#include "workflows/audit.h"

enum { VALUE_MAX = 500, FIELDS_MAX = 40 };

const struct shape form_entry_shape = SHAPE(form_entry,
    FIELD(form_entry, key, "Which field", .max = 60, .required = true),
    FIELD(form_entry, value, "What was filled in", .max = 2000));

const struct shape form_write_shape = SHAPE(form_write,
    FIELD(form_write, id, "The category", .read_only = true),
    FIELD(form_write, version, "What the change is based on", .read_only = true),
    FIELD(form_write, fields, "What is asked, in this order", .items = &form_field_shape, .max = FIELDS_MAX),
    FIELD(form_write, sum_max, "Most that all summed numbers may come to", .optional = true, .min = 0,
          .max = 1000000));

/* ---- filling in ---- */

static bool
fault_at(struct scope *s, struct str key, enum fault fault, const char *expected)
{
    return fail_field(s, str_printf(s->arena, "/answers/" STR_FMT, STR_ARG(key)).at, fault, expected);
}

static bool
is_hash(struct str value)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < value.len; i++)
        if (!memchr(digits, value.at[i], sizeof digits - 1))
            return false;
    return value.len == 32 || value.len == 40 || value.len == 64;
}

static bool
take_number(struct scope *s, const struct form_field *f, struct form_answer *a, int64_t *sum)
{
    int64_t n;
    if (!str_int(a->value, &n))
        return fault_at(s, f->key, FAULT_WRONG_TYPE, "number");
    if (f->min != INT_NONE && n < f->min)
        return fault_at(s, f->key, FAULT_TOO_SMALL, str_printf(s->arena, "%lld", (long long)f->min).at);
    if (f->max != INT_NONE && n > f->max)
        return fault_at(s, f->key, FAULT_TOO_LARGE, str_printf(s->arena, "%lld", (long long)f->max).at);
    if (f->summed && __builtin_add_overflow(*sum, n, sum))
        return fault_at(s, f->key, FAULT_TOO_LARGE, NULL);
    a->value = str_printf(s->arena, "%lld", (long long)n);
    return true;
}

static bool
take_choice(struct scope *s, const struct form_field *f, struct form_answer *a)
{
    const struct form_choice *choices = f->choices.items;
    for (size_t i = 0; i < f->choices.count; i++)
        if (str_eq(choices[i].key, a->value)) {
            a->shown_en = choices[i].label_en;
            a->shown_ja = choices[i].label_ja;
            return true;
        }
    return fault_at(s, f->key, FAULT_NOT_IN_DOMAIN, NULL);
}

static bool
take(struct scope *s, const struct form_field *f, struct form_answer *a, int64_t *sum)
{
    int64_t day;
    switch (f->kind) {
    case FORM_TEXT:
        return str_characters(a->value) <= VALUE_MAX || fault_at(s, f->key, FAULT_TOO_LONG, "500");
    case FORM_CHOICE:
        return take_choice(s, f, a);
    case FORM_NUMBER:
        return take_number(s, f, a, sum);
    case FORM_DATE:
        return civil_date_parse(a->value, &day) || fault_at(s, f->key, FAULT_BAD_FORMAT, "2026-11-21");
    case FORM_HASH:
        a->value = str_lower(s->arena, a->value);
        return is_hash(a->value) || fault_at(s, f->key, FAULT_BAD_FORMAT, "SHA-1, MD5, SHA-256");
    default:
        return fail(s, &problem_internal, "a form holds a kind nobody wrote");
    }
}

/* What was filled in for a field; filled in twice is told, and the first counts. */
static struct str
entry_for(struct scope *s, const struct rows *entries, struct str key, size_t *used)
{
    struct str value = STR_NONE;
    bool seen = false;
    for (size_t i = 0; i < entries->count; i++) {
        const struct form_entry *e = (const struct form_entry *)entries->items + i;
        if (!str_eq(e->key, key))
            continue;
        ++*used;
        if (seen)
            (void)fault_at(s, key, FAULT_DUPLICATE_KEY, NULL);
        else
            value = str_trim(e->value);
        seen = true;
    }
    return value;
}

static void
tell_strangers(struct scope *s, const struct ticket_form *form, const struct rows *entries)
{
    const struct form_field *fields = form->fields.items;
    for (size_t i = 0; i < entries->count; i++) {
        const struct form_entry *e = (const struct form_entry *)entries->items + i;
        bool known = false;
        for (size_t k = 0; k < form->fields.count; k++)
            known = known || str_eq(fields[k].key, e->key);
        if (!known)
            (void)fault_at(s, e->key, FAULT_UNKNOWN, NULL);
    }
}

bool
form_check(struct scope *s, const struct ticket_form *form, const struct rows *entries, struct rows *answers)
{
    const struct form_field *fields = form->fields.items;
    struct form_answer *taken = arena_array_of(s->arena, form->fields.count + 1, struct form_answer);
    size_t used = 0;
    int64_t sum = 0;
    *answers = (struct rows){ taken, 0 };
    for (size_t i = 0; i < form->fields.count; i++) {
        const struct form_field *f = &fields[i];
        struct form_answer a = { .key = f->key, .kind = f->kind, .label_en = f->label_en, .label_ja = f->label_ja,
                                 .value = entry_for(s, entries, f->key, &used) };
        if (a.value.len && take(s, f, &a, &sum))
            taken[answers->count++] = a;
        else if (!a.value.len && f->required)
            (void)fault_at(s, f->key, FAULT_REQUIRED, NULL);
    }
    if (used < entries->count)
        tell_strangers(s, form, entries);
    if (form->sum_max != INT_NONE && sum > form->sum_max)
        (void)fail_field(s, "/answers", FAULT_TOO_LARGE,
                         str_printf(s->arena, "%lld", (long long)form->sum_max).at);
    return !scope_has_failed(s);
}

bool
form_fill(struct scope *s, struct uuid category_id, const struct rows *entries, struct rows *answers)
{
    struct ticket_form form;
    return db_one(s, &ticket_form_by_id, &(struct id_args){ category_id }, &form)
        && form_check(s, &form, entries, answers);
}

/* ---- writing a form ---- */

static bool
is_key(struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.at[i];
        bool fine = (c >= 'a' && c <= 'z') || (i && ((c >= '0' && c <= '9') || c == '_'));
        if (!fine)
            return false;
    }
    return key.len > 0;
}

static bool
fits(struct scope *s, const struct rows *fields, size_t nth)
{
    const struct form_field *all = fields->items, *f = &all[nth];
    const char *at = str_printf(s->arena, "/fields/%zu/", nth).at;
    if (!is_key(f->key))
        return fail_field(s, str_printf(s->arena, "%skey", at).at, FAULT_BAD_FORMAT, "file_name");
    for (size_t i = 0; i < nth; i++)
        if (str_eq(all[i].key, f->key))
            return fail_field(s, str_printf(s->arena, "%skey", at).at, FAULT_TAKEN, NULL);
    if ((f->kind == FORM_CHOICE) != (f->choices.count > 0))
        return fail_field(s, str_printf(s->arena, "%schoices", at).at,
                          f->kind == FORM_CHOICE ? FAULT_REQUIRED : FAULT_NOT_ALLOWED, NULL);
    bool bounded = f->min != INT_NONE || f->max != INT_NONE || f->summed;
    if (bounded && f->kind != FORM_NUMBER)
        return fail_field(s, str_printf(s->arena, "%skind", at).at, FAULT_NOT_ALLOWED, NULL);
    return f->min == INT_NONE || f->max == INT_NONE || f->min <= f->max
        || fail_field(s, str_printf(s->arena, "%smax", at).at, FAULT_TOO_SMALL, NULL);
}

static const struct shape logged = SHAPE(ticket_form,
    FIELD(ticket_form, fields, "", .items = &form_field_shape), FIELD(ticket_form, sum_max, "", .optional = true));

bool
form_change(struct scope *s, const struct form_write *in, struct ticket_form *out)
{
    struct ticket_form before;
    struct id_args id = { in->id }, saved;
    bool is_saved;
    if (!db_one(s, &ticket_form_by_id, &id, &before))
        return false;
    for (size_t i = 0; i < in->fields.count; i++)
        if (!fits(s, &in->fields, i))
            return false;
    struct ticket_form row = { .id = in->id, .fields = in->fields, .sum_max = in->sum_max, .updated_at = s->now,
                               .updated_by_name = s->who->name, .version = in->version };
    if (!db_maybe(s, &ticket_form_save, &row, &saved, &is_saved))
        return false;
    if (!is_saved)
        return fail(s, &problem_stale, "version %lld is newer", (long long)before.version);
    return db_one(s, &ticket_form_by_id, &id, out)
        && audit_record(s, &(struct deed){ .tenant_id = provider_tenant_id, .action = "case_form.changed",
                                           .noun = "case_form", .object_id = in->id, .object_name = out->category,
                                           .change = shape_difference(s->arena, &logged, &before, out) });
}
