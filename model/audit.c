#include "model/audit.h"

const struct domain audit_result_domain = DOMAIN(audit_result, "done", "refused", "failed");

const struct shape audit_entry_shape = SHAPE(audit_entry,
    FIELD(audit_entry, id, "Identity"),
    FIELD(audit_entry, tenant_id, "In whose log it stands", .filter = true, .required = true),
    FIELD(audit_entry, tenant_name, "Name of that organisation", .required = true),
    FIELD(audit_entry, seq, "Place in that log's chain", .sort = true, .filter = true),
    FIELD(audit_entry, at, "When", .sort = true, .filter = true, .required = true),
    FIELD(audit_entry, actor_id, "Who", .filter = true),
    FIELD(audit_entry, actor_name, "Who, by name", .search = true),
    FIELD(audit_entry, on_behalf_of, "In whose place", .search = true),
    FIELD(audit_entry, address, "From where", .filter = true, .search = true),
    FIELD(audit_entry, action, "What, as noun.verb", .filter = true, .search = true, .required = true),
    FIELD(audit_entry, object_type, "To what kind of thing", .filter = true),
    FIELD(audit_entry, object_id, "To which one", .filter = true),
    FIELD(audit_entry, object_name, "To which one, by name", .search = true),
    FIELD(audit_entry, change, "Per field, before and after"),
    FIELD(audit_entry, result, "How it ended", .of = &audit_result_domain, .filter = true, .required = true),
    FIELD(audit_entry, hash, "The link of the chain, in hex", .required = true));

const struct listing audit_listing = {
    .name = "audit",
    .from = "SELECT e.id, e.tenant_id, t.name AS tenant_name, e.seq, e.at, e.actor_id, e.actor_name, e.on_behalf_of,"
            "       e.address, e.action, e.object_type, e.object_id, e.object_name, e.change, e.result,"
            "       encode(e.hash, 'hex') AS hash"
            "  FROM audit_entry e JOIN tenant t ON t.id = e.tenant_id",
    .row = &audit_entry_shape, .key = "id", .sort = "-at",
};

static const struct shape args_shape = SHAPE(audit_args,
    FIELD(audit_args, tenant_id, "In whose log"), FIELD(audit_args, id, "Identity"), FIELD(audit_args, at, "When"),
    FIELD(audit_args, actor_id, "Who"), FIELD(audit_args, actor_name, "Who, by name"),
    FIELD(audit_args, on_behalf_of, "In whose place"), FIELD(audit_args, address, "From where"),
    FIELD(audit_args, action, "What"), FIELD(audit_args, object_type, "To what kind of thing"),
    FIELD(audit_args, object_id, "To which one"), FIELD(audit_args, object_name, "By name"),
    FIELD(audit_args, change, "Before and after", .max = 1000000),
    FIELD(audit_args, result, "How it ended", .of = &audit_result_domain));

const struct query audit_insert = {
    .name = "audit_insert",
    .sql = "SELECT audit_append(:tenant_id, :id, :at, :actor_id, :actor_name, :on_behalf_of, :address, :action,"
           "                    :object_type, :object_id, :object_name, :change, :result)",
    .args = &args_shape,
};

const struct shape audit_chain_shape = SHAPE(audit_chain,
    FIELD(audit_chain, tenant_id, "Whose log"), FIELD(audit_chain, tenant_name, "Name of that organisation"),
    FIELD(audit_chain, entries, "How many entries it has"),
    FIELD(audit_chain, broken_seq, "The first entry that does not fit; absent when all do", .optional = true),
    FIELD(audit_chain, head_hash, "The last link; worth keeping elsewhere"));

static const struct shape audit_end_shape = SHAPE(audit_end,
    FIELD(audit_end, tenant_id, "Whose log"), FIELD(audit_end, tenant_name, "Name of that organisation"),
    FIELD(audit_end, head_seq, "The number that the head tells"), FIELD(audit_end, last_seq, "The last that is there"),
    FIELD(audit_end, head_hash, "The hash that the head tells"));

const struct query audit_ends = {
    .name = "audit_ends",
    .sql = "SELECT t.id AS tenant_id, t.name AS tenant_name, coalesce(h.seq, 0) AS head_seq, h.hash AS head_hash,"
           "       coalesce((SELECT max(e.seq) FROM audit_entry e WHERE e.tenant_id = t.id), 0) AS last_seq"
           "  FROM tenant t LEFT JOIN audit_heads() h ON h.tenant_id = t.id ORDER BY t.name, t.id",
    .row = &audit_end_shape,
};

static const struct shape audit_slice_args_shape = SHAPE(audit_slice_args,
    FIELD(audit_slice_args, tenant_id, "Whose log"), FIELD(audit_slice_args, after, "The number before the first"),
    FIELD(audit_slice_args, upto, "The number of the last"),
    FIELD(audit_slice_args, previous, "The hash before the first"));
static const struct shape audit_slice_shape = SHAPE(audit_slice,
    FIELD(audit_slice, entries, "How many there are"),
    FIELD(audit_slice, broken_seq, "The first that does not fit", .optional = true),
    FIELD(audit_slice, last_seq, "Number of the last"), FIELD(audit_slice, last_hash, "Hash of the last"));

const struct query audit_slice_read = {
    .name = "audit_slice_read",
    .sql = "WITH link AS ("
           "    SELECT e.seq, e.hash, e.hash = sha256(e.previous || audit_canonical(e))"
           "           AND e.previous = lag(e.hash, 1, :previous) OVER w"
           "           AND e.seq = lag(e.seq, 1, :after) OVER w + 1 AS fits"
           "      FROM audit_entry e WHERE e.tenant_id = :tenant_id AND e.seq > :after AND e.seq <= :upto"
           "    WINDOW w AS (ORDER BY e.seq))"
           " SELECT count(*) AS entries, min(seq) FILTER (WHERE NOT fits) AS broken_seq,"
           "        coalesce(max(seq), 0) AS last_seq, (array_agg(hash ORDER BY seq DESC))[1] AS last_hash"
           "   FROM link",
    .args = &audit_slice_args_shape, .row = &audit_slice_shape,
};
