#include "workflows/detection_rules.h"

#include "core/base/json.h"
#include "core/db/db.h"
#include "model/tenant.h"
#include "workflows/audit.h"

const struct problem rule_state_wrong = {
    409, "rule-state", { "The rule is in that state already.", "ルールは既にその状態です。" } };

const struct shape rule_setting_ref_shape = SHAPE(rule_setting_ref,
    FIELD(rule_setting_ref, rule_id, "Of which rule", .read_only = true),
    FIELD(rule_setting_ref, tenant_id, "For which customer", .required = true));

static const struct shape logged = SHAPE(detection_rule,
    FIELD(detection_rule, title, ""), FIELD(detection_rule, state, "", .of = &detection_rule_state_domain),
    FIELD(detection_rule, score, ""), FIELD(detection_rule, version, ""), FIELD(detection_rule, note, ""));

/* Thousands that are brought in at once are no news for whoever looks at the list. */
static bool
record(struct scope *s, const char *action, const struct detection_rule *before, const struct detection_rule *after)
{
    return audit_record(s, &(struct deed){
        .tenant_id = after->tenant_id, .action = action, .noun = "rule", .object_id = after->id,
        .quiet = strcmp(action, "rule.imported") == 0,
        .object_name = after->title, .change = shape_difference(s->arena, &logged, before, after) });
}

static bool
read_words(struct scope *s, const struct detection_rule_write *in, struct detection_rule *row)
{
    struct rule_reading reading;
    row->language = in->language ? in->language : rule_text_language(in->body);
    row->body = in->body;
    row->tests = in->tests;
    row->note = in->note;
    row->author_name = s->who->name;
    row->updated_at = s->now;
    return rule_text_read(s->arena, row->language, in->body, false, &reading, row)
        || rule_text_refuse(s, &reading, "/body");
}

/* A change of the row, and the text it now has among its versions. */
static bool
keep(struct scope *s, const struct detection_rule *row)
{
    struct id_args changed;
    return db_update(s, &detection_rule_save, row, &changed, &detection_rule_by_id, row->id)
        && db_run(s, &detection_rule_version_insert, row, NULL);
}

static bool
add(struct scope *s, struct detection_rule *row)
{
    row->id = uuid_new(s->now);
    row->version = 1;
    return db_run(s, &detection_rule_insert, row, NULL) && db_run(s, &detection_rule_version_insert, row, NULL);
}

bool
detection_rule_create(struct scope *s, const struct detection_rule_write *in, struct detection_rule *out)
{
    struct detection_rule row = { .origin = RULE_OWN, .state = in->state ? in->state : RULE_DRAFT };
    row.tenant_id = !uuid_is_none(in->tenant_id) ? in->tenant_id
        : s->who->side == SIDE_PROVIDER ? provider_tenant_id : s->who->tenant_id;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    return read_words(s, in, &row) && add(s, &row) && db_one(s, &detection_rule_by_id, &(struct id_args){ row.id }, out)
        && record(s, "rule.created", NULL, out);
}

bool
detection_rule_change(struct scope *s, const struct detection_rule_write *in, struct detection_rule *out)
{
    struct detection_rule before, row;
    struct id_args which = { in->id };
    if (!db_one(s, &detection_rule_by_id, &which, &before))
        return false;
    row = before;
    row.version = in->version;
    if (!read_words(s, in, &row))
        return false;
    if (!str_eq(row.key, before.key)) {
        note_sentence(s, STR("/body"), STR("The id in the text must stay; a rule with another id is another rule."),
                      STR("ルール内のIDは変更できません。IDが異なるものは別のルールとして作成してください。"));
        return false;
    }
    return keep(s, &row) && db_one(s, &detection_rule_by_id, &which, out) && record(s, "rule.updated", &before, out);
}

bool
detection_rule_set_state(struct scope *s, const struct detection_rule_write *in, struct detection_rule *out)
{
    struct detection_rule before, row;
    struct id_args which = { in->id };
    if (!db_one(s, &detection_rule_by_id, &which, &before))
        return false;
    if (before.state == in->state)
        return fail(s, &rule_state_wrong, "nothing changes");
    row = before;
    row.state = in->state;
    row.note = in->note;
    row.author_name = s->who->name;
    row.updated_at = s->now;
    return keep(s, &row) && db_one(s, &detection_rule_by_id, &which, out)
        && record(s, "rule.state-changed", &before, out);
}

/* ---- what customers do with them ---- */

static const struct shape logged_setting = SHAPE(rule_setting,
    FIELD(rule_setting, enabled, ""), FIELD(rule_setting, score, "", .optional = true),
    FIELD(rule_setting, reason, ""));

static bool
record_setting(struct scope *s, const struct detection_rule *rule, const struct rule_setting *before,
               const struct rule_setting *after)
{
    const struct rule_setting *x = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = x->tenant_id, .action = "rule.set", .noun = "rule", .object_id = rule->id,
        .object_name = rule->title, .change = shape_difference(s->arena, &logged_setting, before, after) });
}

static bool
is_settable(struct scope *s, const struct detection_rule *rule, struct uuid tenant)
{
    if (!principal_sees(s->who, tenant) || uuid_eq(tenant, provider_tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    return uuid_eq(rule->tenant_id, provider_tenant_id) || uuid_eq(rule->tenant_id, tenant)
        || fail_field(s, "/tenant_id", FAULT_NOT_ALLOWED, NULL);
}

bool
rule_setting_set(struct scope *s, const struct rule_setting *in, struct rule_setting *out)
{
    struct detection_rule rule;
    struct rule_setting row = *in, before;
    bool found;
    row.id = uuid_new(s->now);
    row.by_name = s->who->name;
    row.updated_at = s->now;
    return db_one(s, &detection_rule_by_id, &(struct id_args){ in->rule_id }, &rule)
        && is_settable(s, &rule, in->tenant_id) && db_maybe(s, &rule_setting_find, &row, &before, &found)
        && db_run(s, &rule_setting_put, &row, NULL) && db_one(s, &rule_setting_find, &row, out)
        && record_setting(s, &rule, found ? &before : NULL, out);
}

bool
rule_setting_forget(struct scope *s, const struct rule_setting_ref *in)
{
    struct detection_rule rule;
    struct rule_setting row = { .tenant_id = in->tenant_id, .rule_id = in->rule_id }, before;
    return db_one(s, &detection_rule_by_id, &(struct id_args){ in->rule_id }, &rule)
        && is_settable(s, &rule, in->tenant_id) && db_one(s, &rule_setting_find, &row, &before)
        && db_run(s, &rule_setting_delete, &row, NULL) && record_setting(s, &rule, &before, NULL);
}

/* ---- bringing them in ---- */

#define IMPORTER "yagura rules import"

static bool
refuse_import(struct rule_import *in, enum rule_import_result result, struct str reason)
{
    in->result = result;
    in->reason = reason;
    return true;
}

static bool
change_by_import(struct scope *s, struct rule_import *in, const struct detection_rule *before,
                 struct detection_rule *row)
{
    bool is_same = str_eq(before->body, row->body) && str_eq(before->tests.raw, row->tests.raw);
    if (str_eq(before->body, row->body) && (is_same || !row->tests.raw.at || before->tests.raw.at))
        return refuse_import(in, IMPORT_SAME, STR_NONE);
    if (before->origin == RULE_OWN || !str_is(before->author_name, IMPORTER))
        return refuse_import(in, IMPORT_KEPT, STR("it was changed here"));
    row->id = before->id;
    row->version = before->version;
    row->state = before->state;
    if (!row->tests.raw.at) /* an archive brings none; those that are there may still be right */
        row->tests = before->tests;
    in->result = IMPORT_CHANGED;
    return keep(s, row) && record(s, "rule.imported", before, row);
}

bool
detection_rule_import(struct scope *s, struct rule_import *in)
{
    struct detection_rule row = { .tenant_id = in->tenant_id, .origin = in->origin, .state = in->state,
                                  .body = in->body, .tests = { in->tests }, .note = in->path, .updated_at = s->now,
                                  .author_name = STR(IMPORTER), .language = rule_text_language(in->body) }, before;
    struct rule_reading reading;
    bool found;
    if (!rule_text_read(s->arena, row.language, in->body, false, &reading, &row)) {
        const struct rule_trouble *why = reading.troubles.items;
        return refuse_import(in, IMPORT_REFUSED, str_printf(s->arena, "line %lld: " STR_FMT, (long long)why->line,
                                                            STR_ARG(why->reason)));
    }
    if (!db_maybe(s, &detection_rule_by_key, &row, &before, &found))
        return false;
    if (found)
        return change_by_import(s, in, &before, &row);
    in->result = IMPORT_ADDED;
    return add(s, &row) && record(s, "rule.imported", NULL, &row);
}
