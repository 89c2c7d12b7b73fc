#include "model/checklist.h"

const struct shape checklist_item_shape = SHAPE(checklist_item,
    FIELD(checklist_item, text_en, "What is to be done, in English", .max = 300, .required = true),
    FIELD(checklist_item, text_ja, "What is to be done, in Japanese", .max = 300, .required = true));

const struct shape checklist_template_shape = SHAPE(checklist_template,
    FIELD(checklist_template, id, "Identity", .filter = true),
    FIELD(checklist_template, category_id, "Of which category; all when absent", .filter = true),
    FIELD(checklist_template, category, "Of which category, by name"),
    FIELD(checklist_template, name_en, "Name in English", .required = true, .sort = true, .search = true),
    FIELD(checklist_template, name_ja, "Name in Japanese", .required = true, .sort = true, .search = true),
    FIELD(checklist_template, items, "What is to be ticked off", .items = &checklist_item_shape, .required = true),
    FIELD(checklist_template, automatic, "Every new case begins with it", .filter = true),
    FIELD(checklist_template, active, "Offered at present", .filter = true),
    FIELD(checklist_template, created_at, "When it was made", .sort = true),
    FIELD(checklist_template, updated_at, "When it last changed", .sort = true),
    FIELD(checklist_template, version, "Grows with each change"));

#define TEMPLATE_SELECT                                                                                    \
    "SELECT c.id, c.category_id, CASE current_setting('yagura.language', true) WHEN 'en' THEN k.name_en"   \
    "       ELSE k.name_ja END AS category, c.name_en, c.name_ja, c.items, c.automatic, c.active,"         \
    "       c.created_at, c.updated_at, c.version"                                                         \
    "  FROM checklist_template c LEFT JOIN ticket_category k ON k.id = c.category_id"

const struct listing checklist_template_listing = {
    .name = "checklist_templates", .from = TEMPLATE_SELECT, .row = &checklist_template_shape, .key = "id",
    .sort = "created_at",
};

const struct query checklist_template_by_id = {
    .name = "checklist_template_by_id", .sql = TEMPLATE_SELECT " WHERE c.id = :id", .args = &id_args_shape,
    .row = &checklist_template_shape,
};

const struct query checklist_template_insert = {
    .name = "checklist_template_insert",
    .sql = "INSERT INTO checklist_template (tenant_id, id, category_id, name_en, name_ja, items, automatic, active,"
           "    created_at, updated_at)"
           " VALUES ('00000000-0000-7000-8000-000000000001', :id, :category_id, :name_en, :name_ja, :items,"
           "    :automatic, :active, :created_at, :created_at)",
    .args = &checklist_template_shape,
};

const struct query checklist_template_update = {
    .name = "checklist_template_update",
    .sql = "UPDATE checklist_template SET category_id = :category_id, name_en = :name_en, name_ja = :name_ja,"
           "    items = :items, automatic = :automatic, active = :active, updated_at = :updated_at,"
           "    version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &checklist_template_shape, .row = &id_args_shape,
};
