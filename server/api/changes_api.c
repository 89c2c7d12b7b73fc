/* What changed, as a feed to poll and as a stream of live events. */
#include "server/api/routes.h"
#include "server/http/hub.h"

enum { CHANGES_MAX = 500 };

struct changes_ask {
    struct str since;
    int64_t limit;
};

struct change_item {
    struct str noun, verb;
    struct uuid object_id, tenant_id;
    struct instant at;
};

struct changes {
    struct rows items;
    struct str next;
    bool more;
};

static const struct shape changes_ask_shape = SHAPE(changes_ask,
    FIELD(changes_ask, since, "`next` of the answer before; without it only a place to begin is answered", .max = 60),
    FIELD(changes_ask, limit, "How many changes at most", .min = 1, .max = CHANGES_MAX, .optional = true));

static const struct shape change_item_shape = SHAPE(change_item,
    FIELD(change_item, noun, "What kind of object"),
    FIELD(change_item, verb, "What happened to it"),
    FIELD(change_item, object_id, "The object that changed"),
    FIELD(change_item, tenant_id, "Whose object it is"),
    FIELD(change_item, at, "When"));

static const struct shape changes_shape = SHAPE(changes,
    FIELD(changes, items, "In the order of commit", .items = &change_item_shape),
    FIELD(changes, next, "Send it as `since` next time"),
    FIELD(changes, more, "There is more already"));

static bool
begin_reading(struct scope *s, struct changes *out)
{
    struct feed_token head;
    if (!db_one(s, &feed_head, NULL, &head))
        return false;
    *out = (struct changes){ .items.items = arena_alloc(s->arena, 1), .next = feed_token_format(s->arena, head) };
    return true;
}

/* What the caller may not hear of is passed over, and the token goes on behind it. */
static bool
read_changes(struct scope *s, const void *in, void *out)
{
    const struct changes_ask *ask = in;
    struct changes *answer = out;
    struct feed_token token;
    struct rows found;
    if (!ask->since.len)
        return begin_reading(s, answer);
    if (!feed_token_parse(ask->since, &token))
        return fail_field(s, "/since", FAULT_BAD_FORMAT, NULL);
    struct feed_ask feed = { token.txid, token.id, ask->limit == INT_NONE ? CHANGES_MAX : ask->limit };
    if (!db_list(s, &feed_rows, &feed, &found))
        return false;
    const struct change *changes = found.items;
    struct change_item *items = arena_array_of(s->arena, found.count + 1, struct change_item);
    answer->items.items = items;
    for (size_t i = 0; i < found.count; i++) {
        const struct change *c = &changes[i];
        token = (struct feed_token){ c->txid, c->id };
        if (change_is_for(c, s->who, change_nouns_of(s)))
            items[answer->items.count++] =
                (struct change_item){ c->noun, c->verb, c->object_id, c->tenant_id, c->at };
    }
    answer->next = feed_token_format(s->arena, token);
    answer->more = (int64_t)found.count == feed.count;
    return true;
}

static const struct route rows[] = {
    { GET, "/changes", SIGNED_IN, "Read what changed since the last time", .in = &changes_ask_shape,
      .out = &changes_shape, .read = read_changes },
    { GET, "/stream", SIGNED_IN, "Hear of changes as they happen (server-sent events)", .raw = stream_open,
      .answers = "text/event-stream" },
};

const struct routes changes_routes = ROUTES(rows);
