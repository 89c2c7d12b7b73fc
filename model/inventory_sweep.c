#include "model/inventory_sweep.h"

static const struct shape args_shape = SHAPE(inventory_sweep_args,
    FIELD(inventory_sweep_args, at, "Now"), FIELD(inventory_sweep_args, limit, "So many at most"));
static const struct shape swept_shape = SHAPE(inventory_swept, FIELD(inventory_swept, count, "So many went"));

/* Who holds a script or a file holds it before its places, batches do the same: the places of a held row are nobody
 * else's. What a batch holds right now was seen right now. */

/* As long as the customer's detections, and as long as one of an incident has its command line. */
const struct query scripts_sweep = {
    .name = "scripts_sweep",
    .sql = "WITH old AS MATERIALIZED (SELECT s.tenant_id, s.id FROM tenant t JOIN script s ON s.tenant_id = t.id"
           "      AND s.last_seen_at < :at - make_interval(days => coalesce(t.detection_days, 31))"
           "    WHERE NOT EXISTS (SELECT FROM detection d WHERE d.tenant_id = s.tenant_id"
           "      AND d.incident_id IS NOT NULL AND d.command_line = s.command_line)"
           "    LIMIT :limit FOR UPDATE OF s SKIP LOCKED),"
           " places AS (DELETE FROM script_computer p USING old WHERE p.tenant_id = old.tenant_id"
           "    AND p.script_id = old.id RETURNING 1),"
           " gone AS (DELETE FROM script s USING old, (SELECT count(*) FROM places) first"
           "    WHERE s.tenant_id = old.tenant_id AND s.id = old.id RETURNING 1)"
           " SELECT count(*) AS count FROM gone",
    .args = &args_shape, .row = &swept_shape,
};

/* A year, or as long as detections if that is longer: until then it is known when a file was first seen and on how many
 * computers. What people or sources judged or marked stays, and what an incident or a detection is about. */
const struct query executables_sweep = {
    .name = "executables_sweep",
    .sql = "WITH old AS MATERIALIZED (SELECT e.tenant_id, e.id FROM tenant t JOIN executable e ON e.tenant_id = t.id"
           "      AND e.first_seen_at < :at - make_interval(days => greatest(365, coalesce(t.detection_days, 31)))"
           "      AND e.last_seen_at < :at - make_interval(days => greatest(365, coalesce(t.detection_days, 31)))"
           "    WHERE e.verdict IS NULL AND e.markers = '{}'"
           "      AND NOT EXISTS (SELECT FROM incident_object o WHERE o.tenant_id = e.tenant_id"
           "                      AND o.kind = 'executable' AND o.value = e.hash)"
           "      AND NOT EXISTS (SELECT FROM detection d WHERE d.tenant_id = e.tenant_id AND d.sha256 = e.sha256)"
           "    LIMIT :limit FOR UPDATE OF e SKIP LOCKED),"
           " places AS (DELETE FROM executable_computer p USING old WHERE p.tenant_id = old.tenant_id"
           "    AND p.executable_id = old.id RETURNING 1),"
           " gone AS (DELETE FROM executable e USING old, (SELECT count(*) FROM places) first"
           "    WHERE e.tenant_id = old.tenant_id AND e.id = old.id RETURNING 1)"
           " SELECT count(*) AS count FROM gone",
    .args = &args_shape, .row = &swept_shape,
};

/* Accounts on computers: as long as files. */
const struct query computer_users_sweep = {
    .name = "computer_users_sweep",
    .sql = "WITH old AS MATERIALIZED (SELECT u.tenant_id, u.id FROM tenant t JOIN computer_user u ON u.tenant_id = t.id"
           "      AND u.last_seen_at < :at - make_interval(days => greatest(365, coalesce(t.detection_days, 31)))"
           "    LIMIT :limit FOR UPDATE OF u SKIP LOCKED),"
           " gone AS (DELETE FROM computer_user u USING old WHERE u.tenant_id = old.tenant_id AND u.id = old.id"
           "    RETURNING 1)"
           " SELECT count(*) AS count FROM gone",
    .args = &args_shape, .row = &swept_shape,
};
