#include "model/incident_view.h"

const struct shape timeline_row_shape = SHAPE(timeline_row,
    FIELD(timeline_row, id, "Of the detection or the entry", .required = true),
    FIELD(timeline_row, kind, "detection, or what kind of entry it is", .filter = true, .required = true),
    FIELD(timeline_row, at, "When it happened", .sort = true, .filter = true, .required = true),
    FIELD(timeline_row, last_at, "When it last happened"),
    FIELD(timeline_row, title, "Of a detection"),
    FIELD(timeline_row, body, "Words, in Markdown"),
    FIELD(timeline_row, author_name, "Who wrote it; absent: the platform"),
    FIELD(timeline_row, internal, "Only the service side reads it"),
    FIELD(timeline_row, by_staff, "Written by the service side"),
    FIELD(timeline_row, sections, "Of a comment after the form: words by heading"),
    FIELD(timeline_row, detail, "What else there is to say"),
    FIELD(timeline_row, score, "Of a detection", .optional = true),
    FIELD(timeline_row, occurrences, "How often it happened", .optional = true),
    FIELD(timeline_row, status, "Where the detection stands"),
    FIELD(timeline_row, computer_name, "On which computer"),
    FIELD(timeline_row, user_name, "Under which account"),
    FIELD(timeline_row, process_name, "In which process"),
    FIELD(timeline_row, command_line, "With which command line"),
    FIELD(timeline_row, techniques, "Which techniques"));

#define IN_LANGUAGE(en, ja)                                                                          \
    "CASE current_setting('yagura.language', true) WHEN 'en' THEN " en " ELSE coalesce(" ja ", " en ") END"

const struct listing incident_timeline = {
    .name = "incident_timeline",
    .from = "SELECT d.id, 'detection' AS kind, d.first_at AS at, d.last_at, "
            IN_LANGUAGE("d.title", "d.title_ja") " AS title,"
            "       NULL::text AS body, NULL::text AS author_name, false AS internal, false AS by_staff,"
            "       NULL::jsonb AS sections, NULL::jsonb AS detail, d.score, d.occurrences, d.status, d.computer_name,"
            "       d.user_name, d.process_name, d.command_line, d.techniques"
            "  FROM detection d WHERE d.incident_id = :id AND d.tenant_id = (SELECT i.tenant_id FROM"
            " incident i WHERE i.id = :id)"
            " UNION ALL "
            "SELECT e.id, e.kind, e.at, NULL, NULL, e.body, e.author_name, e.internal, e.by_staff,"
            " e.sections, e.detail,"
            "       NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
            "  FROM incident_entry e WHERE e.incident_id = :id"
            "   AND e.tenant_id = (SELECT i.tenant_id FROM incident i WHERE i.id = :id)",
    .args = &id_args_shape, .row = &timeline_row_shape, .key = "id", .sort = "at",
};

static const struct shape graph_shape = SHAPE(graph_detection,
    FIELD(graph_detection, id, ""), FIELD(graph_detection, computer_id, ""), FIELD(graph_detection, executable_id, ""),
    FIELD(graph_detection, title, ""), FIELD(graph_detection, computer_name, ""),
    FIELD(graph_detection, user_name, ""), FIELD(graph_detection, process_name, ""),
    FIELD(graph_detection, process_path, ""), FIELD(graph_detection, process_guid, ""),
    FIELD(graph_detection, parent_path, ""), FIELD(graph_detection, parent_guid, ""),
    FIELD(graph_detection, command_line, ""), FIELD(graph_detection, hash, ""), FIELD(graph_detection, verdict, ""),
    FIELD(graph_detection, addresses, ""), FIELD(graph_detection, score, ""), FIELD(graph_detection, resolved, ""),
    FIELD(graph_detection, first_at, ""));
const struct query graph_detections = {
    .name = "graph_detections",
    .sql = "SELECT d.id, d.computer_id, e.id AS executable_id, " IN_LANGUAGE("d.title", "d.title_ja") " AS title,"
           "       d.computer_name, d.user_name, d.process_name, d.process_path, d.process_guid, d.parent_path,"
           "       d.parent_guid, left(d.command_line, 500) AS command_line,"
           "       d.hash, e.verdict, d.addresses[1 : 8] AS"
           " addresses, d.score,"
           "       d.status = 'resolved' AS resolved, d.first_at"
           "  FROM (SELECT x.*, coalesce(x.sha256, x.sha1, x.md5) AS hash FROM detection x WHERE x.incident_id = :id"
           "           AND x.tenant_id = (SELECT i.tenant_id FROM incident i WHERE i.id = :id)"
           "         ORDER BY x.score DESC, x.first_at LIMIT 300) d"
           "  LEFT JOIN executable e ON e.tenant_id = d.tenant_id AND e.hash = d.hash"
           " ORDER BY d.first_at, d.id",
    .args = &id_args_shape, .row = &graph_shape,
};
static const struct shape layout_shape = SHAPE(graph_layout,
    FIELD(graph_layout, layout, ""), FIELD(graph_layout, detections, ""));
const struct query graph_layout = {
    .name = "graph_layout", .sql = "SELECT layout, detections FROM incident WHERE id = :id", .args = &id_args_shape,
    .row = &layout_shape,
};
