#include "model/dashboard.h"

const struct shape dashboard_args_shape = SHAPE(dashboard_args,
    FIELD(dashboard_args, tenant_id, "Of one customer; of all one sees when absent"),
    FIELD(dashboard_args, days, "The span up to now; 7 when absent", .min = 1, .max = 31, .optional = true),
    FIELD(dashboard_args, time_zone, "Where days begin; UTC when absent", .format = FORMAT_TIME_ZONE));
static const struct shape days_args = SHAPE(dashboard_args,
    FIELD(dashboard_args, tenant_id, ""), FIELD(dashboard_args, days, ""), FIELD(dashboard_args, time_zone, ""),
    FIELD(dashboard_args, now, ""));
static const struct shape tenant_args = SHAPE(dashboard_args, FIELD(dashboard_args, tenant_id, ""));
static const struct shape since_args = SHAPE(dashboard_args,
    FIELD(dashboard_args, tenant_id, ""), FIELD(dashboard_args, since, ""));
static const struct shape now_args = SHAPE(dashboard_args,
    FIELD(dashboard_args, tenant_id, ""), FIELD(dashboard_args, now, ""));
static const struct shape zone_args = SHAPE(dashboard_args,
    FIELD(dashboard_args, tenant_id, ""), FIELD(dashboard_args, now, ""), FIELD(dashboard_args, time_zone, ""));
static const struct shape spans_args = SHAPE(dashboard_args,
    FIELD(dashboard_args, tenant_id, ""), FIELD(dashboard_args, since, ""), FIELD(dashboard_args, days, ""),
    FIELD(dashboard_args, time_zone, ""));

const struct shape figure_shape = SHAPE(figure,
    FIELD(figure, key, "What", .required = true), FIELD(figure, count, "How many"));
const struct shape day_figure_shape = SHAPE(day_figure,
    FIELD(day_figure, day, "The day", .required = true), FIELD(day_figure, opened, "Opened on it"),
    FIELD(day_figure, closed, "Closed on it"));
const struct shape time_figure_shape = SHAPE(time_figure,
    FIELD(time_figure, at, "Since then, for an hour or a day", .required = true),
    FIELD(time_figure, low, "Scores to 39"), FIELD(time_figure, warning, "Scores from 40"),
    FIELD(time_figure, threat, "Scores from 70"));
const struct shape top_rule_shape = SHAPE(top_rule,
    FIELD(top_rule, rule_id, "Which rule", .required = true), FIELD(top_rule, title, "What it finds", .required = true),
    FIELD(top_rule, band, "low, warning or threat", .required = true), FIELD(top_rule, detections, "How many"));
const struct shape top_computer_shape = SHAPE(top_computer,
    FIELD(top_computer, id, "Which computer", .required = true),
    FIELD(top_computer, tenant_id, "Whose", .required = true), FIELD(top_computer, tenant_name, "Their name"),
    FIELD(top_computer, name, "Its name", .required = true),
    FIELD(top_computer, unresolved, "Detections that are not resolved"),
    FIELD(top_computer, resolved, "Detections that are"),
    FIELD(top_computer, worst_score, "Of the worst that is not", .optional = true));
const struct shape top_executable_shape = SHAPE(top_executable,
    FIELD(top_executable, id, "Which file", .required = true),
    FIELD(top_executable, name, "Its name", .required = true),
    FIELD(top_executable, path, "Where it was first seen"), FIELD(top_executable, verdict, "Its reputation"),
    FIELD(top_executable, tenant_name, "Whose"),
    FIELD(top_executable, computers_here, "On how many computers of the customer"),
    FIELD(top_executable, computers_everywhere, "On how many of all customers"),
    FIELD(top_executable, customers_everywhere, "Of how many customers"),
    FIELD(top_executable, first_seen_at, "When it first ran", .required = true));

#define MINE(alias) "(:tenant_id IS NULL OR " alias ".tenant_id = :tenant_id)"
#define IN_LANGUAGE(en, ja)                                                                          \
    "CASE current_setting('yagura.language', true) WHEN 'en' THEN " en " ELSE coalesce(" ja ", " en ") END"

const struct query dashboard_incidents = {
    .name = "dashboard_incidents",
    .sql = "SELECT i.status AS key, count(*) AS count FROM incident i WHERE " MINE("i") " AND i.status <> 'closed'"
           " GROUP BY 1"
           " UNION ALL SELECT 'closed', count(*) FROM incident i WHERE " MINE("i")
           "   AND i.status = 'closed' AND i.closed_at >= :since HAVING count(*) > 0 ORDER BY 1",
    .args = &since_args, .row = &figure_shape,
};
/* Where the days begin in the zone is found out once; each incident is then put between two of them. */
#define BY_DAY(column, which)                                                                                  \
    "(SELECT width_bucket(i." column ", (SELECT array_agg(day.begins ORDER BY day.begins) FROM day)) AS nth,"  \
    "        count(*) AS count FROM incident i"                                                                \
    "  WHERE " MINE("i") " AND " which " i." column " >= (SELECT min(day.begins) FROM day) GROUP BY 1)"
const struct query dashboard_incident_days = {
    .name = "dashboard_incident_days",
    .sql = "WITH day AS MATERIALIZED ("
           "   SELECT d, row_number() OVER (ORDER BY d) AS nth, d AT TIME ZONE :time_zone AS begins"
           "     FROM generate_series(date_trunc('day', :now AT TIME ZONE :time_zone) - interval '1 day' * (:days - 1),"
           "                          date_trunc('day', :now AT TIME ZONE :time_zone), interval '1 day') d)"
           " SELECT to_char(day.d, 'YYYY-MM-DD') AS day, coalesce(o.count, 0) AS opened,"
           "        coalesce(c.count, 0) AS closed FROM day"
           "  LEFT JOIN " BY_DAY("opened_at", "") " o ON o.nth = day.nth"
           "  LEFT JOIN " BY_DAY("closed_at", "i.status = 'closed' AND") " c ON c.nth = day.nth ORDER BY day.nth",
    .args = &days_args, .row = &day_figure_shape,
};

/* Hours that are over, and what has arrived since. Where they begin is a query of its own, which is asked once and not
 * for every row. Without a row of hours, all of it stands where it arrived. */
#define BAND(score) "CASE WHEN " score " >= 70 THEN 'threat' WHEN " score " >= 40 THEN 'warning' ELSE 'low' END"
#define OF_BAND(band, score) "count(*) FILTER (WHERE " BAND(score) " = '" band "') AS " band
/* For each customer what arrived since the last hour that was counted: a range of the primary key each. Where it begins
 * is a column of its own: row-level security lets no index be asked with what a function makes of a column. */
#define NOT_COUNTED_YET                                                                                      \
    " FROM (SELECT t.id AS tenant_id, uuid_from_time(greatest(coalesce((SELECT n.until"                      \
    "              FROM detection_hours_done n WHERE n.tenant_id = t.id), :since),"                          \
    "              date_trunc('hour', :since))) AS from_id FROM tenant t"                                    \
    "        WHERE :tenant_id IS NULL OR t.id = :tenant_id OFFSET 0) f, LATERAL ("                           \
    "      SELECT x.arrived_at, x.rule_id, x.score, x.title, x.title_ja FROM detection x"                    \
    "       WHERE x.tenant_id = f.tenant_id AND x.id >= f.from_id OFFSET 0) d"

const struct query dashboard_top_rules = {
    .name = "dashboard_top_rules",
    .sql = "WITH counted AS ("
           "   SELECT r.rule_id, r.band, r.title, r.title_ja, r.detections FROM detection_rule_day r"
           "    WHERE " MINE("r") " AND r.day >= (SELECT (:since AT TIME ZONE 'UTC')::date)"
           "   UNION ALL SELECT d.rule_id, " BAND("d.score") ", d.title, d.title_ja, 1" NOT_COUNTED_YET ") "
           "SELECT rule_id, " IN_LANGUAGE("title", "title_ja") " AS title, band, detections FROM ("
           "   SELECT rule_id, min(title COLLATE \"C\") AS title, min(title_ja COLLATE \"C\") AS title_ja,"
           "      CASE WHEN bool_or(band = 'threat') THEN 'threat' WHEN bool_or(band = 'warning') THEN 'warning'"
           "           ELSE 'low' END AS band, sum(detections) AS detections FROM counted GROUP BY rule_id) r"
           " ORDER BY 4 DESC, 2 LIMIT 10",
    .args = &since_args, .row = &top_rule_shape,
};
const struct query dashboard_times = {
    .name = "dashboard_times",
    .sql = "WITH counted AS ("
           "   SELECT h.hour, sum(h.low) AS low, sum(h.warning) AS warning, sum(h.threat) AS threat"
           "     FROM detection_hour h WHERE " MINE("h") " AND h.hour >= (SELECT date_trunc('hour', :since)) GROUP BY 1"
           "   UNION ALL SELECT date_trunc('hour', d.arrived_at), " OF_BAND("low", "d.score") ", "
           OF_BAND("warning", "d.score") ", " OF_BAND("threat", "d.score") NOT_COUNTED_YET " GROUP BY 1)"
           " SELECT date_trunc(CASE WHEN :days <= 2 THEN 'hour' ELSE 'day' END, hour, :time_zone) AS at,"
           "   sum(low)::bigint AS low, sum(warning)::bigint AS warning, sum(threat)::bigint AS threat"
           "  FROM counted GROUP BY 1 ORDER BY 1",
    .args = &spans_args, .row = &time_figure_shape,
};

/* ---- executables ---- */

/* Several figures of one walk: those of a part follow each other. */
static const struct shape part_figure_shape = SHAPE(part_figure,
    FIELD(part_figure, part, ""), FIELD(part_figure, nth, ""), FIELD(part_figure, key, ""),
    FIELD(part_figure, count, ""));

#define FILE_BAND(computers)                                                                                \
    "CASE WHEN " computers " <= 1 THEN 1 WHEN " computers " <= 5 THEN 2 WHEN " computers " <= 20 THEN 3"     \
    "     WHEN " computers " <= 100 THEN 4 ELSE 5 END"
/* Of customers with very many files, as they were counted last; of others as it is. */
const struct query dashboard_files = {
    .name = "dashboard_files",
    .sql = "WITH f AS ("
           "   SELECT g.band, g.verdict, g.files AS count FROM file_figure g WHERE " MINE("g")
           "   UNION ALL SELECT " FILE_BAND("e.computers") ", coalesce(e.verdict, 'unknown'), e.count"
           "     FROM (SELECT t.id FROM tenant t WHERE (:tenant_id IS NULL OR t.id = :tenant_id)"
           "              AND NOT EXISTS (SELECT FROM file_figure n WHERE n.tenant_id = t.id) OFFSET 0) t,"
           "          LATERAL (SELECT x.computers, x.verdict, count(*) AS count FROM executable x"
           "                    WHERE x.tenant_id = t.id GROUP BY x.computers, x.verdict) e)"
           " SELECT 0::bigint AS part, 0::bigint AS nth, verdict AS key, sum(count)::bigint AS count"
           "   FROM f GROUP BY verdict"
           " UNION ALL SELECT 1, band, (ARRAY['1', '2-5', '6-20', '21-100', '101-'])[band], sum(count)::bigint"
           "  FROM f GROUP BY band"
           " ORDER BY 1, 2, 3",
    .args = &tenant_args, .row = &part_figure_shape,
};
static const struct shape counted_shape = SHAPE(files_counted, FIELD(files_counted, at, ""));
const struct query dashboard_files_at = {
    .name = "dashboard_files_at", .sql = "SELECT min(g.counted_at) AS at FROM file_figure g WHERE " MINE("g"),
    .args = &tenant_args, .row = &counted_shape,
};
static const struct shape count_shape = SHAPE(file_count_args,
    FIELD(file_count_args, at, ""), FIELD(file_count_args, least, ""));
const struct query file_figures_forget = {
    .name = "file_figures_forget", .sql = "DELETE FROM file_figure", .args = NULL,
};
const struct query file_figures_count = {
    .name = "file_figures_count",
    .sql = "WITH e AS MATERIALIZED (SELECT x.tenant_id, x.computers, x.verdict, count(*) AS count FROM executable x"
           "                         GROUP BY 1, 2, 3)"
           " INSERT INTO file_figure (tenant_id, band, verdict, files, counted_at)"
           " SELECT e.tenant_id, " FILE_BAND("e.computers") ", coalesce(e.verdict, 'unknown'), sum(e.count), :at"
           "   FROM e WHERE e.tenant_id IN (SELECT b.tenant_id FROM e b GROUP BY 1 HAVING sum(b.count) >= :least)"
           "  GROUP BY 1, 2, 3",
    .args = &count_shape,
};
/* The newest that are rare: what a hunter looks at first. */
const struct query dashboard_executables = {
    .name = "dashboard_executables",
    .sql = "SELECT e.id, e.name, e.path, e.verdict, (SELECT t.name FROM tenant t WHERE t.id = e.tenant_id)"
           " AS tenant_name,"
           "       e.computers AS computers_here, f.computers AS computers_everywhere,"
           "       f.customers AS customers_everywhere, e.first_seen_at"
           "  FROM (SELECT x.* FROM executable x WHERE " MINE("x") " AND x.first_seen_at >= :since AND x.computers <= 2"
           "         ORDER BY x.first_seen_at DESC LIMIT 10) e, LATERAL executable_spread(e.hash) f"
           " ORDER BY e.first_seen_at DESC",
    .args = &since_args, .row = &top_executable_shape,
};

/* ---- computers ---- */

/* Their colours, what is unresolved on those of each, and when they were last heard of. */
const struct query dashboard_computer_figures = {
    .name = "dashboard_computer_figures",
    .sql = "WITH c AS MATERIALIZED ("
           "   SELECT CASE WHEN c.worst_score >= 70 THEN 3 WHEN c.worst_score >= 40 THEN 2"
           "               WHEN c.worst_score >= 1 THEN 1 ELSE 0 END AS band,"
           "          CASE WHEN c.last_seen_at > :now THEN 0"
           "               WHEN c.last_seen_at > (SELECT :now - interval '1 hour') THEN 1"
           "               WHEN c.last_seen_at > (SELECT :now - interval '1 day') THEN 2"
           "               WHEN c.last_seen_at > (SELECT :now - interval '7 days') THEN 3 ELSE 4 END AS seen,"
           "          count(*) AS count, sum(c.open_detections) AS open"
           "     FROM computer c WHERE " MINE("c") " GROUP BY 1, 2)"
           " SELECT 0::bigint AS part, 0::bigint AS nth,"
           "        (ARRAY['none', 'low', 'warning', 'threat'])[c.band + 1] AS key, sum(c.count)::bigint AS count"
           "   FROM c GROUP BY c.band"
           " UNION ALL SELECT 1, 0, b.key,"
           "        coalesce((SELECT sum(c.open) FROM c WHERE c.band = b.band), 0)::bigint"
           "   FROM (VALUES (3, 'threat'), (2, 'warning'), (1, 'low')) b (band, key)"
           " UNION ALL SELECT 2, b.nth, b.key,"
           "        coalesce((SELECT sum(c.count) FROM c WHERE c.seen = b.nth), 0)::bigint"
           "   FROM (VALUES (1, 'hour'), (2, 'day'), (3, 'week'), (4, 'older')) b (nth, key)"
           " ORDER BY 1, 2, 3",
    .args = &now_args, .row = &part_figure_shape,
};
/* What is resolved is told by an index alone: all that was found there, without what is open. */
const struct query dashboard_computers = {
    .name = "dashboard_computers",
    .sql = "SELECT c.id, c.tenant_id, (SELECT t.name FROM tenant t WHERE t.id = c.tenant_id) AS tenant_name, c.name,"
           "       c.open_detections AS unresolved, greatest(0, (SELECT count(*) FROM detection d"
           "           WHERE d.tenant_id = c.tenant_id AND d.computer_id = c.id) - c.open_detections) AS resolved,"
           "       c.worst_score"
           "  FROM (SELECT x.* FROM computer x WHERE " MINE("x") " AND x.open_detections > 0"
           "         ORDER BY x.worst_score DESC NULLS LAST, x.open_detections DESC, x.id LIMIT 15) c"
           " ORDER BY c.worst_score DESC NULLS LAST, c.open_detections DESC, c.id",
    .args = &tenant_args, .row = &top_computer_shape,
};
const struct query dashboard_today = {
    .name = "dashboard_today",
    .sql = "SELECT 'events' AS key, coalesce(sum(g.events), 0)::bigint AS count FROM segment g"
           " WHERE " MINE("g") " AND g.id >= uuid_from_time(date_trunc('day', :now, :time_zone))",
    .args = &zone_args, .row = &figure_shape,
};
