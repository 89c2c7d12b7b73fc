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

struct changes {
    struct str noun;
    struct instant at;
    struct rows rows; /* struct change_entry */
};

static const struct shape entry_shape = SHAPE(change_entry,
    FIELD(change_entry, tenant_id, "Whose"), FIELD(change_entry, object_id, "Which"),
    FIELD(change_entry, verb, "What was done to it"));
static const struct shape changes_shape = SHAPE(changes,
    FIELD(changes, noun, "What they are"), FIELD(changes, at, "When"),
    FIELD(changes, rows, "Which", .items = &entry_shape));

const struct query change_record_many_query = {
    .name = "change_record_many",
    .sql = "WITH added AS ("
           " INSERT INTO change (tenant_id, at, noun, object_id, verb)"
           " SELECT r.tenant_id, :at, :noun, r.object_id, r.verb"
           "  FROM jsonb_to_recordset(:rows) AS r (tenant_id uuid, object_id uuid, verb text) RETURNING noun)"
           "SELECT pg_notify('yagura_change', '') FROM added LIMIT 1",
    .args = &changes_shape,
};

bool
change_record_many(struct scope *s, const char *noun, const struct rows *entries)
{
    const struct changes c = { str_of(noun), s->now, *entries };
    return entries->count == 0 || db_run(s, &change_record_many_query, &c, NULL);
}
