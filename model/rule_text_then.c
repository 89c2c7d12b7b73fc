#include "model/rule_text_then.h"

static const struct shape then_shape = SHAPE(rule_text_then,
    FIELD(rule_text_then, body, ""), FIELD(rule_text_then, event, ""),
    FIELD(rule_text_then, origin, "", .of = &detection_origin_domain));

const struct query rule_text_then = {
    .name = "rule_text_then",
    .sql = "SELECT coalesce(v.body, r.body) AS body, d.event, d.origin FROM detection d"
           "  LEFT JOIN rule r ON r.id = d.rule_id"
           "  LEFT JOIN rule_version v ON v.tenant_id = r.tenant_id AND v.rule_id = d.rule_id"
           "       AND v.version = d.rule_version"
           " WHERE d.id = :id",
    .args = &id_args_shape, .row = &then_shape,
};
