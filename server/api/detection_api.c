/* What rules found: the queue, one detection with its reasons, and what is done with it. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/detections.h"
#include "workflows/exclusions.h"
#include "workflows/rule_lab.h"

#define WRITE(function, verb)                                        \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return verb(s, in, out);                                     \
    }
WRITE(resolve, detection_resolve)
WRITE(reopen, detection_reopen)
WRITE(bulk, detection_bulk)
#undef WRITE

static bool
take(struct scope *s, const void *in, void *out)
{
    return detection_take(s, ((const struct id_args *)in)->id, out);
}

static bool
explain(struct scope *s, const void *in, void *out)
{
    return detection_explain(s, ((const struct id_args *)in)->id, out);
}

static bool
look_elsewhere(struct scope *s, const void *in, void *out)
{
    struct detection_marks marks;
    return db_plan_once(s) && db_one(s, &detection_marks, in, &marks)
        && db_one(s, &detection_elsewhere, &marks, out);
}

static bool
propose(struct scope *s, const void *in, void *out)
{
    return exclusion_proposal_for(s, ((const struct id_args *)in)->id, out);
}

static const struct route rows[] = {
    { GET, "/detections", CAN_READ(DETECTIONS), "List what rules found", .out = &detection_row_shape,
      .list = &detection_listing },
    { GET, "/detection-heaps", CAN_READ(DETECTIONS), "The same by rule or by computer",
      .in = &detection_heap_args_shape, .out = &detection_heap_shape, .list = &detection_heap_listing },
    { POST, "/detections/bulk", CAN_USE(DETECTIONS), "Do one thing with many; a result for each, or a dry run",
      .in = &detection_bulk_shape, .out = &bulk_answer_shape, .write = bulk },
    { GET, "/detections/{id}", CAN_READ(DETECTIONS), "Read one detection", .in = &id_args_shape,
      .out = &detection_shape, .one = &detection_by_id },
    { GET, "/detections/{id}/explanation", CAN_READ(DETECTIONS), "Why the rule matched: its condition part by part",
      .in = &id_args_shape, .out = &rule_explanation_shape, .read = explain },
    { GET, "/detections/{id}/occurrences", CAN_READ(DETECTIONS), "List where the events of a detection stand",
      .in = &id_args_shape, .out = &detection_occurrence_shape, .list = &detection_occurrence_listing },
    { GET, "/detections/{id}/elsewhere", CAN_READ(DETECTIONS), "Where else the same was seen", .in = &id_args_shape,
      .out = &detection_elsewhere_shape, .read = look_elsewhere },
    { GET, "/detections/{id}/exclusion-proposal", CAN_WRITE(RULES), "What an exclusion of it could say",
      .in = &id_args_shape, .out = &exclusion_proposal_shape, .read = propose },
    { POST, "/detections/{id}/take", CAN_USE(DETECTIONS), "Look into it oneself", .in = &id_args_shape,
      .out = &detection_shape, .write = take },
    { POST, "/detections/{id}/resolve", CAN_USE(DETECTIONS), "Say what it turned out to be, and why",
      .in = &detection_resolve_shape, .out = &detection_shape, .write = resolve },
    { POST, "/detections/{id}/reopen", CAN_USE(DETECTIONS), "Take a verdict back", .in = &detection_reopen_shape,
      .out = &detection_shape, .write = reopen },
};

const struct routes detection_routes = ROUTES(rows);
