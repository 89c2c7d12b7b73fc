#include "model/ticket_work.h"

#include "model/ticket_post.h"

const struct domain link_kind_domain = DOMAIN(link_kind, "related", "duplicate", "child", "split", "merged");
const struct domain ticket_relation_domain =
    DOMAIN(ticket_relation, "related", "duplicate_of", "duplicated_by", "child_of", "parent_of", "split_from",
           "split_into", "merged_into", "merged_from");

/* ---- who follows a case ---- */

const struct shape ticket_watcher_shape = SHAPE(ticket_watcher,
    FIELD(ticket_watcher, tenant_id, "Whose case"), FIELD(ticket_watcher, ticket_id, "Which case"),
    FIELD(ticket_watcher, person_id, "Who follows it"),
    FIELD(ticket_watcher, person_name, "Who, by name", .required = true),
    FIELD(ticket_watcher, side, "For which side", .of = &post_side_domain, .required = true),
    FIELD(ticket_watcher, created_at, "Since when"));

const struct query ticket_watcher_add = {
    .name = "ticket_watcher_add",
    .sql = "INSERT INTO ticket_watcher (tenant_id, ticket_id, person_id, person_name, side, created_at)"
           " VALUES (:tenant_id, :ticket_id, :person_id, :person_name, :side, :created_at) ON CONFLICT DO NOTHING",
    .args = &ticket_watcher_shape,
};

const struct query ticket_watcher_remove = {
    .name = "ticket_watcher_remove",
    .sql = "DELETE FROM ticket_watcher WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id"
           "   AND person_id = :person_id",
    .args = &ticket_watcher_shape,
};

/* ---- computers ---- */

const struct shape ticket_computer_shape = SHAPE(ticket_computer,
    FIELD(ticket_computer, id, "Identity"), FIELD(ticket_computer, tenant_id, "Whose case"),
    FIELD(ticket_computer, ticket_id, "Which case"),
    FIELD(ticket_computer, name, "Name people give it", .required = true),
    FIELD(ticket_computer, address, "IP address"),
    FIELD(ticket_computer, computer_id, "Which one of the inventory"),
    FIELD(ticket_computer, added_by_id, "Who named it"),
    FIELD(ticket_computer, added_by_name, "Who named it, by name", .required = true),
    FIELD(ticket_computer, created_at, "When it was named"));

#define COMPUTER_COLUMNS "id, tenant_id, ticket_id, name, address, computer_id, added_by_id, added_by_name, created_at"

const struct query ticket_computer_by_id = {
    .name = "ticket_computer_by_id", .sql = "SELECT " COMPUTER_COLUMNS " FROM ticket_computer WHERE id = :id",
    .args = &id_args_shape, .row = &ticket_computer_shape,
};

const struct query ticket_computer_insert = {
    .name = "ticket_computer_insert",
    .sql = "INSERT INTO ticket_computer (" COMPUTER_COLUMNS ")"
           " VALUES (:id, :tenant_id, :ticket_id, :name, :address,"
           "         coalesce(:computer_id, " COMPUTER_OF_NAME(":tenant_id", ":name::text") "), :added_by_id,"
           "         :added_by_name, :created_at) ON CONFLICT DO NOTHING",
    .args = &ticket_computer_shape,
};

const struct query ticket_computer_delete = {
    .name = "ticket_computer_delete", .sql = "DELETE FROM ticket_computer WHERE id = :id", .args = &id_args_shape,
};

/* ---- links ---- */

static const struct shape link_shape = SHAPE(ticket_link,
    FIELD(ticket_link, id, "Identity"), FIELD(ticket_link, tenant_id, "Whose cases"),
    FIELD(ticket_link, ticket_id, "The case"), FIELD(ticket_link, other_id, "What it is linked to"),
    FIELD(ticket_link, kind, "How", .of = &link_kind_domain), FIELD(ticket_link, created_at, "When"),
    FIELD(ticket_link, created_by_id, "Who linked them"), FIELD(ticket_link, created_by_name, "Who, by name"));

#define LINK_COLUMNS "id, tenant_id, ticket_id, other_id, kind, created_at, created_by_id, created_by_name"

const struct query ticket_link_by_id = {
    .name = "ticket_link_by_id", .sql = "SELECT " LINK_COLUMNS " FROM ticket_link WHERE id = :id",
    .args = &id_args_shape, .row = &link_shape,
};

const struct query ticket_link_insert = {
    .name = "ticket_link_insert",
    .sql = "INSERT INTO ticket_link (" LINK_COLUMNS ") VALUES (:id, :tenant_id, :ticket_id, :other_id, :kind,"
           " :created_at, :created_by_id, :created_by_name) ON CONFLICT DO NOTHING",
    .args = &link_shape,
};

const struct query ticket_link_delete = {
    .name = "ticket_link_delete", .sql = "DELETE FROM ticket_link WHERE id = :id", .args = &id_args_shape,
};

/* When a case is no longer part of another. */
const struct query ticket_link_end = {
    .name = "ticket_link_end",
    .sql = "DELETE FROM ticket_link WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id AND kind = :kind",
    .args = &link_shape,
};

const struct query ticket_link_would_circle = {
    .name = "ticket_link_would_circle",
    .sql = "WITH RECURSIVE above AS ("
           "    SELECT :other_id AS id"
           "    UNION SELECT l.other_id FROM ticket_link l JOIN above a ON l.ticket_id = a.id"
           "     WHERE l.tenant_id = :tenant_id AND l.kind = 'child')"
           " SELECT id FROM above WHERE id = :ticket_id",
    .args = &link_shape, .row = &id_args_shape,
};

const struct query ticket_watchers_join = {
    .name = "ticket_watchers_join",
    .sql = "INSERT INTO ticket_watcher (tenant_id, ticket_id, person_id, person_name, side, created_at)"
           " SELECT tenant_id, :other_id, person_id, person_name, side, :created_at FROM ticket_watcher"
           "  WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id"
           " UNION SELECT tenant_id, :other_id, requester_id, requester_name, 'customer', :created_at FROM ticket"
           "  WHERE tenant_id = :tenant_id AND id = :ticket_id AND requester_id IS NOT NULL"
           " ON CONFLICT DO NOTHING",
    .args = &link_shape,
};

const struct query ticket_merged_follow = {
    .name = "ticket_merged_follow",
    .sql = "UPDATE ticket SET merged_into_id = :other_id"
           " WHERE tenant_id = :tenant_id AND merged_into_id = :ticket_id",
    .args = &link_shape,
};

static const struct shape ref_shape = SHAPE(ticket_ref, FIELD(ticket_ref, tenant_id, "Whose"),
                                            FIELD(ticket_ref, id, "Which case"));

const struct query ticket_recount = {
    .name = "ticket_recount",
    .sql = "WITH said AS ("
           "    SELECT count(*) FILTER (WHERE p.visibility = 'customer' AND p.kind <> 'automatic') AS messages,"
           "           max(p.created_at) FILTER (WHERE p.visibility = 'customer') AS last_at,"
           "           coalesce(string_agg(p.body, ' ') FILTER (WHERE p.visibility = 'customer'), '') AS open,"
           "           coalesce(string_agg(p.body, ' '), '') AS every"
           "      FROM ticket_post p WHERE p.tenant_id = :tenant_id AND p.ticket_id IN ("
           "           SELECT :id UNION ALL SELECT m.id FROM ticket m"
           "            WHERE m.tenant_id = :tenant_id AND m.merged_into_id = :id))"
           " UPDATE ticket t SET post_count = said.messages, last_post_at = greatest(said.last_at, t.opened_at),"
           "        words = array_to_tsvector(ticket_words(t.subject || ' ' || t.description || ' ' || said.open"
           "            || ' ' || ticket_answer_words(t.answers))),"
           "        words_all = array_to_tsvector(ticket_words(t.subject || ' ' || t.description || ' ' || said.every"
           "            || ' ' || ticket_answer_words(t.answers)))"
           "   FROM said WHERE t.tenant_id = :tenant_id AND t.id = :id",
    .args = &ref_shape,
};

static const struct shape reference_shape = SHAPE(ticket_reference_args,
    FIELD(ticket_reference_args, tenant_id, "Whose case"), FIELD(ticket_reference_args, reference, "Which case"));

const struct query ticket_by_reference = {
    .name = "ticket_by_reference",
    .sql = "SELECT t.id FROM ticket t JOIN tenant c ON c.id = t.tenant_id WHERE t.tenant_id = :tenant_id"
           "   AND t.number = nullif(substring(:reference from '([0-9]{1,18})$'), '')::bigint"
           "   AND upper(:reference) IN (t.number::text, upper(c.short_code) || '-' || t.number)",
    .args = &reference_shape, .row = &id_args_shape,
};

/* ---- checklists ---- */

const struct shape ticket_check_shape = SHAPE(ticket_check,
    FIELD(ticket_check, id, "Identity"), FIELD(ticket_check, tenant_id, "Whose case"),
    FIELD(ticket_check, ticket_id, "Which case"), FIELD(ticket_check, template_id, "From which template"),
    FIELD(ticket_check, list_en, "Name of the list, in English", .required = true),
    FIELD(ticket_check, list_ja, "Name of the list, in Japanese", .required = true),
    FIELD(ticket_check, position, "Place in the list"),
    FIELD(ticket_check, text_en, "What is to be done, in English", .required = true),
    FIELD(ticket_check, text_ja, "What is to be done, in Japanese", .required = true),
    FIELD(ticket_check, done_at, "When it was ticked off"), FIELD(ticket_check, done_by_id, "Who ticked it off"),
    FIELD(ticket_check, done_by_name, "Who ticked it off, by name"), FIELD(ticket_check, created_at, "Since when"));

#define CHECK_COLUMNS \
    "id, tenant_id, ticket_id, template_id, list_en, list_ja, position, text_en, text_ja, done_at, done_by_id," \
    " done_by_name, created_at"

const struct query ticket_check_by_id = {
    .name = "ticket_check_by_id", .sql = "SELECT " CHECK_COLUMNS " FROM ticket_check WHERE id = :id",
    .args = &id_args_shape, .row = &ticket_check_shape,
};

const struct query ticket_check_insert = {
    .name = "ticket_check_insert",
    .sql = "INSERT INTO ticket_check (" CHECK_COLUMNS ")"
           " SELECT :id, :tenant_id, :ticket_id, :template_id, :list_en, :list_ja, coalesce(max(position), 0) + 1,"
           "        :text_en, :text_ja, :done_at, :done_by_id, :done_by_name, :created_at"
           "   FROM ticket_check WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id",
    .args = &ticket_check_shape,
};

const struct query ticket_check_tick_row = {
    .name = "ticket_check_tick_row",
    .sql = "UPDATE ticket_check SET done_at = :done_at, done_by_id = :done_by_id, done_by_name = :done_by_name"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &ticket_check_shape,
};

const struct query ticket_check_delete = {
    .name = "ticket_check_delete", .sql = "DELETE FROM ticket_check WHERE id = :id", .args = &id_args_shape,
};

static const struct shape checks_shape = SHAPE(ticket_checks_args,
    FIELD(ticket_checks_args, tenant_id, "Whose case"), FIELD(ticket_checks_args, ticket_id, "Which case"),
    FIELD(ticket_checks_args, category_id, "Its category"), FIELD(ticket_checks_args, template_id, "Which list"),
    FIELD(ticket_checks_args, at, "When"));

const struct query ticket_checks_begin = {
    .name = "ticket_checks_begin", .sql = "SELECT ticket_checks_begin(:tenant_id, :ticket_id, :category_id, :at)",
    .args = &checks_shape,
};

const struct query ticket_checks_add = {
    .name = "ticket_checks_add",
    .sql = "INSERT INTO ticket_check (tenant_id, id, ticket_id, template_id, list_en, list_ja, position, text_en,"
           "    text_ja, created_at)"
           " SELECT :tenant_id, gen_random_uuid(), :ticket_id, c.id, c.name_en, c.name_ja,"
           "    (SELECT coalesce(max(position), 0) FROM ticket_check"
           "      WHERE tenant_id = :tenant_id AND ticket_id = :ticket_id) + item.nth,"
           "    item.row->>'text_en', item.row->>'text_ja', :at"
           "   FROM checklist_template c, jsonb_array_elements(c.items) WITH ORDINALITY AS item (row, nth)"
           "  WHERE c.id = :template_id AND c.active AND NOT EXISTS (SELECT FROM ticket_check k"
           "        WHERE k.tenant_id = :tenant_id AND k.ticket_id = :ticket_id AND k.template_id = c.id)"
           " RETURNING id",
    .args = &checks_shape, .row = &id_args_shape,
};

/* ---- time ---- */

const struct shape ticket_time_shape = SHAPE(ticket_time,
    FIELD(ticket_time, id, "Identity"), FIELD(ticket_time, tenant_id, "For which customer", .filter = true),
    FIELD(ticket_time, tenant_name, "The customer's name", .sort = true, .search = true),
    FIELD(ticket_time, ticket_id, "On which case", .filter = true),
    FIELD(ticket_time, reference, "On which case, as people say it", .search = true),
    FIELD(ticket_time, subject, "What the case is about", .search = true),
    FIELD(ticket_time, person_id, "Who worked", .filter = true),
    FIELD(ticket_time, person_name, "Who worked, by name", .required = true, .sort = true, .search = true),
    FIELD(ticket_time, worked_on, "On which day", .format = FORMAT_DATE, .required = true, .sort = true,
          .filter = true),
    FIELD(ticket_time, minutes, "For how many minutes", .sort = true),
    FIELD(ticket_time, note, "Doing what", .search = true),
    FIELD(ticket_time, created_at, "When it was written down", .sort = true));

#define TIME_SELECT                                                                                             \
    "SELECT w.id, w.tenant_id, c.name AS tenant_name, w.ticket_id, c.short_code || '-' || t.number AS reference," \
    "       t.subject, w.person_id, w.person_name, w.worked_on::text AS worked_on, w.minutes, w.note,"           \
    "       w.created_at"                                                                                        \
    "  FROM ticket_time w JOIN ticket t ON t.tenant_id = w.tenant_id AND t.id = w.ticket_id"                     \
    "  JOIN tenant c ON c.id = w.tenant_id"

const struct listing ticket_time_listing = {
    .name = "ticket_times", .from = TIME_SELECT, .row = &ticket_time_shape, .key = "id", .sort = "-worked_on",
};

const struct query ticket_time_by_id = {
    .name = "ticket_time_by_id", .sql = TIME_SELECT " WHERE w.id = :id", .args = &id_args_shape,
    .row = &ticket_time_shape,
};

const struct query ticket_time_insert = {
    .name = "ticket_time_insert",
    .sql = "INSERT INTO ticket_time (tenant_id, id, ticket_id, person_id, person_name, worked_on, minutes, note,"
           "    created_at)"
           " VALUES (:tenant_id, :id, :ticket_id, :person_id, :person_name, :worked_on::text::date, :minutes, :note,"
           "    :created_at)",
    .args = &ticket_time_shape,
};

const struct query ticket_time_delete = {
    .name = "ticket_time_delete", .sql = "DELETE FROM ticket_time WHERE id = :id", .args = &id_args_shape,
};

const struct shape ticket_time_sum_shape = SHAPE(ticket_time_sum,
    FIELD(ticket_time_sum, id, "Which case", .filter = true),
    FIELD(ticket_time_sum, tenant_id, "For which customer", .filter = true),
    FIELD(ticket_time_sum, tenant_name, "The customer's name", .required = true, .sort = true, .search = true),
    FIELD(ticket_time_sum, reference, "Which case, as people say it", .required = true, .search = true),
    FIELD(ticket_time_sum, subject, "What the case is about", .required = true, .sort = true, .search = true),
    FIELD(ticket_time_sum, minutes, "All time spent on it, in minutes", .sort = true, .filter = true),
    FIELD(ticket_time_sum, entries, "In how many entries", .sort = true),
    FIELD(ticket_time_sum, last_worked_on, "The last day of work", .format = FORMAT_DATE, .required = true,
          .sort = true, .filter = true));

const struct listing ticket_time_sum_listing = {
    .name = "ticket_time_sums",
    .from = "SELECT t.id, t.tenant_id, c.name AS tenant_name, c.short_code || '-' || t.number AS reference, t.subject,"
            "       w.minutes, w.entries, w.last_worked_on"
            "  FROM (SELECT tenant_id, ticket_id, sum(minutes)::bigint AS minutes, count(*) AS entries,"
            "               max(worked_on)::text AS last_worked_on FROM ticket_time GROUP BY tenant_id, ticket_id) w"
            "  JOIN ticket t ON t.tenant_id = w.tenant_id AND t.id = w.ticket_id JOIN tenant c ON c.id = t.tenant_id",
    .row = &ticket_time_sum_shape, .key = "id", .sort = "-last_worked_on",
};

/* ---- tags ---- */

const struct shape ticket_tag_shape = SHAPE(ticket_tag,
    FIELD(ticket_tag, id, "Identity"), FIELD(ticket_tag, tenant_id, "Whose cases have it", .filter = true),
    FIELD(ticket_tag, tag, "The tag", .required = true, .sort = true, .search = true),
    FIELD(ticket_tag, uses, "How often it was given", .sort = true),
    FIELD(ticket_tag, last_used_at, "When it was last given", .sort = true));

const struct listing ticket_tag_listing = {
    .name = "ticket_tags", .from = "SELECT id, tenant_id, tag, uses, last_used_at FROM ticket_tag",
    .row = &ticket_tag_shape, .key = "id", .sort = "-uses",
};

static const struct shape tags_shape = SHAPE(ticket_tags_args,
    FIELD(ticket_tags_args, tenant_id, "Whose case"), FIELD(ticket_tags_args, tags, "What was given"),
    FIELD(ticket_tags_args, at, "When"));

const struct query ticket_tags_remember = {
    .name = "ticket_tags_remember",
    .sql = "INSERT INTO ticket_tag AS k (tenant_id, tag, uses, last_used_at)"
           " SELECT :tenant_id, tag, 1, :at FROM (SELECT DISTINCT unnest(:tags::text[]) AS tag ORDER BY 1) given"
           " ON CONFLICT (tenant_id, tag) DO UPDATE SET uses = k.uses + 1, last_used_at = excluded.last_used_at",
    .args = &tags_shape,
};
