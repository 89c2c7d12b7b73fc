#include "model/detection_hour.h"

static const struct shape fill_shape = SHAPE(detection_hours_args,
    FIELD(detection_hours_args, tenant_id, "Whose"), FIELD(detection_hours_args, now, "When"));

/* An id tells its time of arrival, so an hour is a range of the primary key, whose ends are columns of their own:
 * row-level security lets no index be asked with what a function makes of a column. Five minutes later nothing of the
 * hour is still on its way. */
const struct query detection_hours_fill = {
    .name = "detection_hours_fill",
    .sql = "WITH span AS MATERIALIZED ("
           "   SELECT f.since, f.until, uuid_from_time(f.since) AS from_id, uuid_from_time(f.until) AS until_id FROM ("
           "       SELECT coalesce((SELECT until FROM detection_hours_done WHERE tenant_id = :tenant_id),"
           "                       date_trunc('hour', :now - interval '31 days')) AS since,"
           "              date_trunc('hour', :now - interval '5 minutes') AS until) f),"
           " counted AS MATERIALIZED ("
           "   SELECT date_trunc('hour', d.arrived_at) AS hour, d.rule_id,"
           "          CASE WHEN d.score >= 70 THEN 'threat' WHEN d.score >= 40 THEN 'warning' ELSE 'low' END AS band,"
           "          min(d.title) AS title, min(d.title_ja) AS title_ja, count(*) AS detections"
           "     FROM span, detection d"
           "    WHERE span.until > span.since AND d.tenant_id = :tenant_id AND d.id >= span.from_id"
           "      AND d.id < span.until_id"
           "    GROUP BY 1, 2, 3),"
           " hours AS ("
           "   INSERT INTO detection_hour AS h (tenant_id, hour, low, warning, threat)"
           "   SELECT :tenant_id, hour, coalesce(sum(detections) FILTER (WHERE band = 'low'), 0),"
           "          coalesce(sum(detections) FILTER (WHERE band = 'warning'), 0),"
           "          coalesce(sum(detections) FILTER (WHERE band = 'threat'), 0) FROM counted GROUP BY hour"
           "   ON CONFLICT (tenant_id, hour) DO UPDATE SET low = h.low + excluded.low,"
           "      warning = h.warning + excluded.warning, threat = h.threat + excluded.threat),"
           " days AS ("
           "   INSERT INTO detection_rule_day AS r (tenant_id, day, rule_id, band, title, title_ja, detections)"
           "   SELECT :tenant_id, (hour AT TIME ZONE 'UTC')::date, rule_id, band, min(title), min(title_ja),"
           "          sum(detections) FROM counted GROUP BY 2, rule_id, band"
           "   ON CONFLICT (tenant_id, day, rule_id, band) DO UPDATE"
           "   SET detections = r.detections + excluded.detections) "
           "INSERT INTO detection_hours_done AS h (tenant_id, until) SELECT :tenant_id, until FROM span"
           " WHERE until > since ON CONFLICT (tenant_id) DO UPDATE SET until = greatest(h.until, excluded.until)",
    .args = &fill_shape,
};
