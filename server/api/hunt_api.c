/* Looking into stored telemetry: searches and hunts, process trees, a computer's events. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/hunts.h"
#include "workflows/process_tree.h"

enum { ASK_BYTES = 256 * 1024 };

static bool
start(struct scope *s, const void *in, void *out)
{
    return hunt_start(s, in, out);
}

static bool
check(struct scope *s, const void *in, void *out)
{
    return hunt_check(s, in, out);
}

static bool
cancel(struct scope *s, const void *in, void *out)
{
    return hunt_cancel(s, ((const struct id_args *)in)->id, out);
}

static bool
put_away(struct scope *s, const void *in, void *out)
{
    (void)out;
    return hunt_remove(s, ((const struct id_args *)in)->id);
}

static bool
read_tree(struct scope *s, const void *in, void *out)
{
    return process_tree_read(s, in, out);
}

static bool
read_events(struct scope *s, const void *in, void *out)
{
    return host_events_read(s, in, out);
}

static const struct route rows[] = {
    { GET, "/hunts", CAN_READ(HUNTS), "List searches and hunts", .out = &hunt_shape, .list = &hunt_listing },
    { POST, "/hunts", CAN_USE(HUNTS), "Ask stored events", .in = &hunt_ask_shape, .out = &hunt_shape, .write = start,
      .creates = true, .body_max = ASK_BYTES },
    { POST, "/hunts/check", CAN_USE(HUNTS), "Read a question without asking it", .in = &hunt_check_shape,
      .out = &hunt_checked_shape, .write = check, .body_max = ASK_BYTES },
    { GET, "/hunts/{id}", CAN_READ(HUNTS), "Read one search or hunt, and how far it is", .in = &id_args_shape,
      .out = &hunt_shape, .one = &hunt_by_id },
    { POST, "/hunts/{id}/cancel", CAN_USE(HUNTS), "End a search or hunt that still runs", .in = &id_args_shape,
      .out = &hunt_shape, .write = cancel },
    { DELETE, "/hunts/{id}", CAN_USE(HUNTS), "Put away a search or hunt with what it found", .in = &id_args_shape,
      .write = put_away },
    { GET, "/hunts/{hunt_id}/hits", CAN_READ(HUNTS), "List the events that were found", .in = &hunt_ref_shape,
      .out = &hunt_hit_shape, .list = &hunt_hit_listing },
    { GET, "/process-tree", CAN_READ(DETECTIONS), "Where a process came from and what it did",
      .in = &process_tree_ask_shape, .out = &process_tree_shape, .read = read_tree },
    { GET, "/host-events", CAN_READ(DETECTIONS), "A computer's events around a time", .in = &host_events_ask_shape,
      .out = &host_events_shape, .read = read_events },
};

const struct routes hunt_routes = ROUTES(rows);
