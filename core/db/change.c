#include "core/db/change.h"

struct change {
    struct uuid tenant_id, object_id;
    struct str noun, verb;
    struct instant at;
};

static const struct shape change_shape = SHAPE(change,
    FIELD(change, tenant_id, "Whose"),
    FIELD(change, noun, "What it is"),
    FIELD(change, object_id, "Which"),
    FIELD(change, verb, "What was done to it"),
    FIELD(change, at, "When"));

const struct query change_record_query = {
    .name = "change_record",
    .sql = "SELECT change_record(:tenant_id, :noun, :object_id, :verb, :at)",
    .args = &change_shape,
};

bool
change_record(struct scope *s, struct uuid tenant_id, const char *noun, struct uuid object_id, const char *verb)
{
    const struct change c = { tenant_id, object_id, str_of(noun), str_of(verb), s->now };
    return db_run(s, &change_record_query, &c, NULL);
}
