#include "model/canned_answer.h"

const struct shape canned_answer_shape = SHAPE(canned_answer,
    FIELD(canned_answer, id, "Identity", .filter = true),
    FIELD(canned_answer, tenant_id, "Where it belongs"),
    FIELD(canned_answer, category_id, "Of which category; any when absent", .filter = true),
    FIELD(canned_answer, category, "Of which category, in words", .sort = true),
    FIELD(canned_answer, title_en, "What engineers call it, in English", .required = true, .sort = true,
          .search = true),
    FIELD(canned_answer, title_ja, "What engineers call it, in Japanese", .required = true, .sort = true,
          .search = true),
    FIELD(canned_answer, body_en, "The text in English, in Markdown", .required = true, .search = true,
          .format = FORMAT_MARKDOWN),
    FIELD(canned_answer, body_ja, "The text in Japanese, in Markdown", .required = true, .search = true,
          .format = FORMAT_MARKDOWN),
    FIELD(canned_answer, created_at, "When it was written"),
    FIELD(canned_answer, updated_at, "When it last changed", .sort = true),
    FIELD(canned_answer, updated_by, "Who changed it last", .required = true),
    FIELD(canned_answer, version, "Grows with each change"));

#define ANSWER_SELECT                                                                                              \
    "SELECT a.id, a.tenant_id, a.category_id, CASE current_setting('yagura.language', true) WHEN 'en'"             \
    "       THEN k.name_en ELSE k.name_ja END AS category, a.title_en, a.title_ja, a.body_en, a.body_ja,"          \
    "       a.created_at, a.updated_at, a.updated_by, a.version"                                                   \
    "  FROM canned_answer a LEFT JOIN ticket_category k ON k.id = a.category_id"

const struct listing canned_answer_listing = {
    .name = "canned_answers", .from = ANSWER_SELECT, .row = &canned_answer_shape, .key = "id", .sort = "title_en",
};

const struct query canned_answer_by_id = {
    .name = "canned_answer_by_id", .sql = ANSWER_SELECT " WHERE a.id = :id",
    .args = &id_args_shape, .row = &canned_answer_shape,
};

const struct query canned_answer_insert = {
    .name = "canned_answer_insert",
    .sql = "INSERT INTO canned_answer (tenant_id, id, category_id, title_en, title_ja, body_en, body_ja, created_at,"
           "    updated_at, updated_by)"
           " VALUES (:tenant_id, :id, :category_id, :title_en, :title_ja, :body_en, :body_ja, :updated_at, :updated_at,"
           "    :updated_by)",
    .args = &canned_answer_shape,
};

const struct query canned_answer_update = {
    .name = "canned_answer_update",
    .sql = "UPDATE canned_answer SET category_id = :category_id, title_en = :title_en, title_ja = :title_ja,"
           "    body_en = :body_en, body_ja = :body_ja, updated_at = :updated_at, updated_by = :updated_by,"
           "    version = version + 1"
           " WHERE id = :id AND version = :version RETURNING id",
    .args = &canned_answer_shape, .row = &id_args_shape,
};

const struct query canned_answer_delete = {
    .name = "canned_answer_delete", .sql = "DELETE FROM canned_answer WHERE id = :id", .args = &id_args_shape,
};

const struct query canned_answers_for = {
    .name = "canned_answers_for",
    .sql = ANSWER_SELECT " JOIN ticket t ON t.id = :id WHERE a.category_id IS NULL OR a.category_id = t.category_id"
                         " ORDER BY a.category_id IS NULL, a.title_en, a.id LIMIT 200",
    .args = &id_args_shape, .row = &canned_answer_shape,
};
