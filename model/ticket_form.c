#include "model/ticket_form.h"

const struct domain form_kind_domain = DOMAIN(form_kind, "text", "choice", "number", "date", "hash");

static const struct shape form_choice_shape = SHAPE(form_choice,
    FIELD(form_choice, key, "Name for programs", .max = 60, .format = FORMAT_SLUG, .required = true),
    FIELD(form_choice, label_en, "What people read, in English", .max = 200, .required = true),
    FIELD(form_choice, label_ja, "What people read, in Japanese", .max = 200, .required = true));

const struct shape form_field_shape = SHAPE(form_field,
    FIELD(form_field, key, "Name for programs", .max = 60, .required = true),
    FIELD(form_field, kind, "What is filled in; hash: MD5, SHA-1 or SHA-256 of a file", .of = &form_kind_domain,
          .required = true),
    FIELD(form_field, label_en, "Label in English", .max = 200, .required = true),
    FIELD(form_field, label_ja, "Label in Japanese", .max = 200, .required = true),
    FIELD(form_field, hint_en, "Help in English", .max = 300),
    FIELD(form_field, hint_ja, "Help in Japanese", .max = 300),
    FIELD(form_field, required, "Must be filled in"),
    FIELD(form_field, min, "Least number", .optional = true),
    FIELD(form_field, max, "Greatest number", .optional = true),
    FIELD(form_field, summed, "Is added to the form's sum"),
    FIELD(form_field, choices, "What can be chosen", .items = &form_choice_shape, .max = 50));

const struct shape ticket_form_shape = SHAPE(ticket_form,
    FIELD(ticket_form, id, "The category", .filter = true),
    FIELD(ticket_form, category, "The category, by name", .required = true, .search = true),
    FIELD(ticket_form, fields, "What is asked", .items = &form_field_shape, .required = true),
    FIELD(ticket_form, sum_max, "Most that all summed numbers may come to", .optional = true),
    FIELD(ticket_form, updated_at, "When it last changed"),
    FIELD(ticket_form, updated_by_name, "Who changed it"),
    FIELD(ticket_form, version, "Grows with each change", .sort = true));

const struct shape form_answer_shape = SHAPE(form_answer,
    FIELD(form_answer, key, "Which field", .required = true),
    FIELD(form_answer, kind, "What was filled in", .of = &form_kind_domain, .required = true),
    FIELD(form_answer, label_en, "The label it had, in English", .required = true),
    FIELD(form_answer, label_ja, "The label it had, in Japanese", .required = true),
    FIELD(form_answer, value, "The answer", .required = true),
    FIELD(form_answer, shown_en, "The choice as people read it, in English"),
    FIELD(form_answer, shown_ja, "The choice as people read it, in Japanese"));

#define FORM_SELECT                                                                                             \
    "SELECT k.id, CASE current_setting('yagura.language', true) WHEN 'en' THEN k.name_en ELSE k.name_ja END"    \
    "       AS category, coalesce(f.fields, '[]') AS fields, f.sum_max, f.updated_at, f.updated_by_name,"       \
    "       coalesce(f.version, 0) AS version, k.position"                                                      \
    "  FROM ticket_category k LEFT JOIN ticket_form f ON f.category_id = k.id WHERE k.active"
#define FORM_COLUMNS "id, category, fields, sum_max, updated_at, updated_by_name, version"

const struct listing ticket_form_listing = {
    .name = "ticket_forms", .from = "SELECT " FORM_COLUMNS " FROM (" FORM_SELECT ") form", .row = &ticket_form_shape,
    .key = "id", .sort = "version",
};

const struct query ticket_form_by_id = {
    .name = "ticket_form_by_id", .sql = "SELECT " FORM_COLUMNS " FROM (" FORM_SELECT ") form WHERE id = :id",
    .args = &id_args_shape, .row = &ticket_form_shape,
};

/* The first version makes the row; later ones fit the version they are based on. */
const struct query ticket_form_save = {
    .name = "ticket_form_save",
    .sql = "INSERT INTO ticket_form AS f (category_id, fields, sum_max, updated_at, updated_by_name)"
           " SELECT :id, :fields, :sum_max, :updated_at, :updated_by_name"
           "  WHERE :version = 0 OR EXISTS (SELECT FROM ticket_form WHERE category_id = :id)"
           " ON CONFLICT (category_id) DO UPDATE SET fields = excluded.fields, sum_max = excluded.sum_max,"
           "    updated_at = excluded.updated_at, updated_by_name = excluded.updated_by_name, version = f.version + 1"
           "  WHERE f.version = :version RETURNING category_id AS id",
    .args = &ticket_form_shape, .row = &id_args_shape,
};
