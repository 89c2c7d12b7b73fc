/* Exclusions: written, tried on what is stored, decided about; and learning mode. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/exclusions.h"

enum { EXCLUSION_BODY_MAX = 512 * 1024 };

#define WRITE(function, verb)                                        \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return verb(s, in, out);                                     \
    }
WRITE(create, exclusion_create)
WRITE(change, exclusion_change)
WRITE(replay, exclusion_replay)
WRITE(learning, learning_put)
#undef WRITE

#define MOVE(function, verb)                                         \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return exclusion_move(s, verb, in, out);                     \
    }
MOVE(submit, EXCLUSION_SUBMIT)
MOVE(activate, EXCLUSION_ACTIVATE)
MOVE(reject, EXCLUSION_REJECT)
MOVE(end, EXCLUSION_END)
#undef MOVE

static bool
discard(struct scope *s, const void *in, void *out)
{
    (void)out;
    return exclusion_discard(s, ((const struct id_args *)in)->id);
}

static bool
learn(struct scope *s, const void *in, void *out)
{
    return exclusions_learn(s, ((const struct id_args *)in)->id, out);
}

#define DECIDE(path, needed, prose, function)                                                            \
    { POST, "/exclusions/{id}/" path, needed, prose, .in = &exclusion_decide_shape, .out = &exclusion_shape, \
      .write = function }

static const struct route rows[] = {
    { GET, "/exclusions", CAN_READ(RULES), "List exclusions", .out = &exclusion_shape, .list = &exclusion_listing },
    { POST, "/exclusions", CAN_WRITE(RULES), "Write an exclusion: a draft", .in = &exclusion_new_shape,
      .out = &exclusion_shape, .write = create, .creates = true, .body_max = EXCLUSION_BODY_MAX },
    { POST, "/exclusions/replay", CAN_WRITE(RULES), "What it would have hidden of the stored detections",
      .in = &exclusion_replay_shape, .out = &exclusion_replay_answer_shape, .write = replay,
      .body_max = EXCLUSION_BODY_MAX },
    { GET, "/exclusions/{id}", CAN_READ(RULES), "Read one exclusion", .in = &id_args_shape, .out = &exclusion_shape,
      .one = &exclusion_by_id },
    { PUT, "/exclusions/{id}", CAN_WRITE(RULES), "Change a draft", .in = &exclusion_update_shape,
      .out = &exclusion_shape, .write = change, .if_match = true, .body_max = EXCLUSION_BODY_MAX },
    { DELETE, "/exclusions/{id}", CAN_WRITE(RULES), "Discard a draft", .in = &id_args_shape, .write = discard },
    DECIDE("submit", CAN_WRITE(RULES), "Put it to the customer", submit),
    DECIDE("activate", CAN_USE(RULES), "Let it hold", activate),
    DECIDE("reject", CAN_USE(RULES), "Decide against it", reject),
    DECIDE("end", CAN_WRITE(RULES), "Let it hold no longer", end),
    { GET, "/learning", CAN_READ(RULES), "List customers with their learning mode", .out = &learning_shape,
      .list = &learning_listing },
    { PUT, "/learning/{id}", CAN_WRITE(RULES), "Switch learning mode on until a time, or off",
      .in = &learning_put_shape, .out = &learning_shape, .write = learning },
    { POST, "/learning/{id}/propose", CAN_WRITE(RULES), "Propose exclusions from the last week, as drafts",
      .in = &id_args_shape, .out = &learnt_shape, .write = learn },
};

const struct routes exclusion_routes = ROUTES(rows);
