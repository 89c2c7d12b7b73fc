/* Rules: their texts, states and versions, what customers do with them, and trying them. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "workflows/detection_rules.h"
#include "workflows/rule_lab.h"

enum { RULE_BODY_MAX = 1024 * 1024, EVENT_BODY_MAX = 2 * 1024 * 1024 };

#define WRITE(function, verb)                                        \
    static bool function(struct scope *s, const void *in, void *out) \
    {                                                                \
        return verb(s, in, out);                                     \
    }
WRITE(create, detection_rule_create)
WRITE(change, detection_rule_change)
WRITE(set_state, detection_rule_set_state)
WRITE(set, rule_setting_set)
WRITE(check, rule_check)
WRITE(explain, rule_explain)
#undef WRITE

static bool
forget(struct scope *s, const void *in, void *out)
{
    (void)out;
    return rule_setting_forget(s, in);
}

static const struct route rows[] = {
    { GET, "/rules", CAN_READ(RULES), "List detection rules", .out = &detection_rule_row_shape,
      .list = &detection_rule_listing },
    { POST, "/rules", CAN_WRITE(RULES), "Write a rule", .in = &detection_rule_new_shape,
      .out = &detection_rule_shape, .write = create, .creates = true, .body_max = RULE_BODY_MAX },
    { POST, "/rules/check", CAN_READ(RULES), "Look at a text: what is wrong with it, and do its tests pass",
      .in = &rule_check_shape, .out = &rule_check_answer_shape, .write = check, .body_max = RULE_BODY_MAX },
    { POST, "/rules/explain", CAN_READ(RULES), "Why a text matches an event, or does not",
      .in = &rule_explain_shape, .out = &rule_explanation_shape, .write = explain, .body_max = EVENT_BODY_MAX },
    { GET, "/rules/{id}", CAN_READ(RULES), "Read one rule", .in = &id_args_shape, .out = &detection_rule_shape,
      .one = &detection_rule_by_id },
    { PUT, "/rules/{id}", CAN_WRITE(RULES), "Give a rule another text: a new version",
      .in = &detection_rule_update_shape, .out = &detection_rule_shape, .write = change, .if_match = true,
      .body_max = RULE_BODY_MAX },
    { POST, "/rules/{id}/state", CAN_WRITE(RULES), "Test, activate or retire a rule",
      .in = &detection_rule_state_shape, .out = &detection_rule_shape, .write = set_state },
    { GET, "/rules/{id}/versions", CAN_READ(RULES), "List every text a rule has had", .in = &id_args_shape,
      .out = &detection_rule_version_shape, .list = &detection_rule_version_listing },
    { GET, "/rules/{id}/settings", CAN_READ(RULES), "List what customers do with a rule", .in = &id_args_shape,
      .out = &rule_setting_shape, .list = &rule_settings_of_listing },
    { POST, "/rules/{rule_id}/set", CAN_WRITE(RULES), "Switch a rule off for a customer, or judge it otherwise",
      .in = &rule_setting_put_shape, .out = &rule_setting_shape, .write = set },
    { POST, "/rules/{rule_id}/unset", CAN_WRITE(RULES), "Do with it as the rule says again",
      .in = &rule_setting_ref_shape, .write = forget },
    { GET, "/rule-settings", CAN_READ(RULES), "List what customers do with rules", .out = &rule_setting_shape,
      .list = &rule_setting_listing },
};

const struct routes rule_routes = ROUTES(rows);
