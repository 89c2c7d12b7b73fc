#include "workflows/checklists.h"

#include "model/tenant.h"
#include "model/ticket.h"
#include "workflows/audit.h"

const struct shape checklist_write_shape = SHAPE(checklist_write,
    FIELD(checklist_write, id, "Which one", .read_only = true),
    FIELD(checklist_write, version, "What the change is based on", .read_only = true),
    FIELD(checklist_write, category_id, "Of which category; all when absent"),
    FIELD(checklist_write, name_en, "Name in English", .max = 120, .required = true),
    FIELD(checklist_write, name_ja, "Name in Japanese", .max = 120, .required = true),
    FIELD(checklist_write, items, "What is to be ticked off", .items = &checklist_item_shape, .max = 50,
          .required = true),
    FIELD(checklist_write, automatic, "Every new case begins with it"),
    FIELD(checklist_write, active, "Offered at present"));

static const struct shape logged = SHAPE(checklist_template,
    FIELD(checklist_template, category, ""), FIELD(checklist_template, name_en, ""),
    FIELD(checklist_template, name_ja, ""), FIELD(checklist_template, items, "", .items = &checklist_item_shape),
    FIELD(checklist_template, automatic, ""), FIELD(checklist_template, active, ""));

static bool
record(struct scope *s, const char *action, const struct checklist_template *before,
       const struct checklist_template *after)
{
    return audit_record(s, &(struct deed){
        .tenant_id = provider_tenant_id, .action = action, .noun = "checklist_template", .object_id = after->id,
        .object_name = s->language == LANGUAGE_JA ? after->name_ja : after->name_en,
        .change = shape_difference(s->arena, &logged, before, after) });
}

static bool
has_category(struct scope *s, struct uuid id)
{
    struct ticket_category category;
    bool found;
    return uuid_is_none(id)
        || (db_maybe(s, &ticket_category_by_id, &(struct id_args){ id }, &category, &found)
            && (found || fail_field(s, "/category_id", FAULT_NOT_FOUND, NULL)));
}

static struct checklist_template
row_of(const struct checklist_write *in, struct instant now)
{
    return (struct checklist_template){
        .id = in->id, .category_id = in->category_id, .name_en = in->name_en, .name_ja = in->name_ja,
        .items = in->items, .automatic = in->automatic, .active = in->active, .created_at = now, .updated_at = now,
        .version = in->version,
    };
}

bool
checklist_create(struct scope *s, const struct checklist_write *in, struct checklist_template *out)
{
    struct checklist_template row = row_of(in, s->now);
    row.id = uuid_new(s->now);
    return has_category(s, in->category_id)
        && db_run(s, &checklist_template_insert, &row, NULL)
        && db_one(s, &checklist_template_by_id, &(struct id_args){ row.id }, out)
        && record(s, "checklist_template.created", NULL, out);
}

bool
checklist_change(struct scope *s, const struct checklist_write *in, struct checklist_template *out)
{
    struct checklist_template before, row = row_of(in, s->now);
    struct id_args id = { in->id }, changed;
    return db_one(s, &checklist_template_by_id, &id, &before)
        && has_category(s, in->category_id)
        && db_update(s, &checklist_template_update, &row, &changed, &checklist_template_by_id, in->id)
        && db_one(s, &checklist_template_by_id, &id, out)
        && record(s, "checklist_template.changed", &before, out);
}
