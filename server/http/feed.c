#include "server/http/feed.h"

const struct shape feed_ask_shape = SHAPE(feed_ask,
    FIELD(feed_ask, txid, "The transaction of the last row read"),
    FIELD(feed_ask, id, "Its number"),
    FIELD(feed_ask, count, "How many rows at most"));

const struct shape feed_token_shape = SHAPE(feed_token,
    FIELD(feed_token, txid, "The transaction"),
    FIELD(feed_token, id, "The number of its row"));

const struct shape change_shape = SHAPE(change,
    FIELD(change, txid, "The transaction that made the change"),
    FIELD(change, id, "Its number"),
    FIELD(change, tenant_id, "Whose object changed"),
    FIELD(change, object_id, "The object that changed"),
    FIELD(change, noun, "What kind of object"),
    FIELD(change, verb, "What happened to it"),
    FIELD(change, at, "When"));

const struct query feed_rows = {
    .name = "feed_rows",
    .sql = "SELECT txid::text::bigint AS txid, id, tenant_id, object_id, noun, verb, at FROM change"
           " WHERE (txid, id) > (:txid::text::xid8, :id) AND txid < pg_snapshot_xmin(pg_current_snapshot())"
           " ORDER BY change.txid, change.id LIMIT :count",
    .args = &feed_ask_shape,
    .row = &change_shape,
};

const struct query feed_head = {
    .name = "feed_head",
    .sql = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1 AS txid, 9223372036854775807 AS id",
    .row = &feed_token_shape,
};

bool
change_is_for(const struct change *c, const struct principal *who, const struct change_nouns *nouns)
{
    if (!principal_sees(who, c->tenant_id))
        return false;
    for (size_t i = 0; i < nouns->count; i++)
        if (str_is(c->noun, nouns->items[i].noun))
            return principal_may(who, nouns->items[i].permission);
    return false;
}

bool
feed_token_before(struct feed_token a, struct feed_token b)
{
    return a.txid < b.txid || (a.txid == b.txid && a.id < b.id);
}

bool
feed_token_parse(struct str text, struct feed_token *out)
{
    struct str id = text, txid;
    return str_cut(&id, '-', &txid) && str_int(txid, &out->txid) && str_int(id, &out->id) && out->txid >= 0
        && out->id >= 0;
}

struct str
feed_token_format(struct arena *a, struct feed_token t)
{
    return str_printf(a, "%lld-%lld", (long long)t.txid, (long long)t.id);
}

static void
add_member(struct text *t, const char *name, struct str value)
{
    text_addf(t, "\"%s\":", name);
    json_write_str(t, value);
}

void
change_write_json(struct text *t, const struct change *c)
{
    struct arena *a = t->arena;
    text_add_char(t, '{');
    add_member(t, "noun", c->noun);
    text_add_char(t, ',');
    add_member(t, "object_id", uuid_format(a, c->object_id));
    text_add_char(t, ',');
    add_member(t, "verb", c->verb);
    text_add_char(t, ',');
    add_member(t, "tenant_id", uuid_format(a, c->tenant_id));
    text_add_char(t, ',');
    add_member(t, "at", instant_format(a, c->at));
    text_add_char(t, '}');
}

void
change_write_event(struct text *t, const struct change *c)
{
    text_addf(t, "id: %lld-%lld\nevent: " STR_FMT "." STR_FMT "\ndata: ", (long long)c->txid, (long long)c->id,
              STR_ARG(c->noun), STR_ARG(c->verb));
    change_write_json(t, c);
    text_add(t, STR("\n\n"));
}
