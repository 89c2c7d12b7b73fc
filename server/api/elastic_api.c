/* The face that senders know who speak Elasticsearch: its bulk call, and harmless answers to what they ask before.
 *
 * Documents become events; indices, templates and policies are nothing here, so whoever sets them up is told that all
 * is well. Every answer carries the header by which clients know the product they talk to. */
#include "core/base/crypto.h"
#include "model/permission.h"
#include "server/api/routes.h"
#include "server/http/reply.h"
#include "server/http/request.h"
#include "server/http/sink.h"
#include "workflows/ingest.h"

enum { BULK_ANSWER_MAX = 64 * 1024 * 1024, SWALLOW_MAX = 4 * 1024 * 1024 };

#define ELASTIC_TYPE "application/json"

struct named {
    struct str index, name;
};
static const struct shape index_shape = SHAPE(named,
    FIELD(named, index, "Of the documents; it changes nothing here", .max = 255));
static const struct shape name_shape = SHAPE(named, FIELD(named, name, "Of what is set up", .max = 255));

static bool
enter(struct scope *s, struct sender_row *out)
{
    return sender_enter(s, sender_key(s->arena, request_header(s, "Authorization")), out);
}

static bool
say(struct scope *s, struct str body)
{
    reply_header(s, "X-Elastic-Product", STR("Elasticsearch"));
    reply_body(s, ELASTIC_TYPE, body);
    return true;
}

/* ---- bulk ---- */

struct bulk {
    struct ingest *ingest;
    int64_t begun_us;
};

/* It comes back in the answer as it is. */
static bool
is_index_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] == '"' || name.at[i] == '\\' || (unsigned char)name.at[i] < ' ')
            return false;
    return true;
}

static bool
open_bulk(struct scope *s, const void *in, void **taker)
{
    const struct named *path = in;
    struct ingest_plan plan = { .form = INGEST_BULK, .index = path ? str_copy(s->arena, path->index) : STR_NONE };
    struct bulk *b = arena_new_of(s->arena, struct bulk);
    b->begun_us = clock_monotonic_us();
    *taker = b;
    if (!is_index_name(plan.index))
        return fail(s, &problem_malformed, "this is no name of an index");
    return enter(s, &plan.sender) && coding_parse(s, request_header(s, "Content-Encoding"), &plan.coding)
        && ingest_begin(s, &plan, &b->ingest);
}

static bool
take_bulk(struct scope *s, void *taker, struct str piece)
{
    return ingest_take(s, ((struct bulk *)taker)->ingest, piece);
}

static void
add_item(struct text *t, const struct ingest_item *item, struct str batch)
{
    text_addf(t, "{\"%s\":{\"_index\":\"" STR_FMT "\",\"_id\":", bulk_verb_name(item->verb), STR_ARG(item->index));
    if (item->event < 0) {
        text_add(t, STR("null,\"status\":400,\"error\":{\"type\":\"mapper_parsing_exception\",\"reason\":"));
        json_write_str(t, str_of(item->reason));
        text_add(t, STR("}}}"));
        return;
    }
    text_addf(t, "\"" STR_FMT ".%lld\",\"_version\":1,\"result\":\"created\",\"_shards\":{\"total\":1,\"successful\":1,"
              "\"failed\":0},\"_seq_no\":%lld,\"_primary_term\":1,\"status\":201}}", STR_ARG(batch),
              (long long)item->event, (long long)item->event);
}

static bool
close_bulk(struct scope *s, void *taker, void *out)
{
    struct bulk *b = taker;
    struct sender_row sender;
    struct ingest_answer answer;
    (void)out;
    if (!sender_enter_again(s, sender_key(s->arena, request_header(s, "Authorization")), &sender)
        || !ingest_close(s, b->ingest, &answer))
        return false;
    struct text t = text_new(s->arena, BULK_ANSWER_MAX);
    struct str batch = uuid_format(s->arena, answer.batch_id);
    text_addf(&t, "{\"took\":%lld,\"errors\":%s,\"items\":[",
              (long long)((clock_monotonic_us() - b->begun_us) / 1000), answer.refused_count ? "true" : "false");
    for (size_t i = 0; i < ingest_item_count(b->ingest); i++) {
        struct ingest_item item = ingest_item_at(b->ingest, i);
        if (i)
            text_add_char(&t, ',');
        add_item(&t, &item, batch);
    }
    text_add(&t, STR("]}"));
    ingest_give_up(b->ingest);
    return (!t.full || fail(s, &problem_internal, "the answer is too large")) && say(s, text_str(&t));
}

static uint64_t
owner_of_bulk(const void *taker)
{
    return ingest_owner(((const struct bulk *)taker)->ingest);
}

static void
abandon_bulk(struct scope *s, void *taker, struct db *db)
{
    struct bulk *b = taker;
    (void)s, (void)db;
    if (b->ingest)
        ingest_give_up(b->ingest);
}

static const struct sink_header bulk_headers[] = {
    { "Authorization", "An ingest key, as Bearer, ApiKey or Basic", true },
    { "Content-Encoding", "gzip or zstd", false },
};
static const struct sink bulk = {
    .media_type = "application/x-ndjson", .headers = bulk_headers, .header_count = COUNT_OF(bulk_headers),
    .own_shares = true, .owner = owner_of_bulk, .piece_bytes = INGEST_PIECE,
    .open = open_bulk, .take = take_bulk, .close = close_bulk, .abandon = abandon_bulk,
};

/* ---- what senders set up: read, and forgotten ---- */

struct swallow {
    size_t bytes;
};

static bool
open_swallow(struct scope *s, const void *in, void **taker)
{
    struct sender_row sender;
    (void)in;
    *taker = arena_new_of(s->arena, struct swallow);
    return enter(s, &sender);
}

static bool
take_swallow(struct scope *s, void *taker, struct str piece)
{
    struct swallow *w = taker;
    w->bytes += piece.len;
    return w->bytes <= SWALLOW_MAX || fail(s, &problem_too_large, "at most %d bytes", SWALLOW_MAX);
}

static bool
close_swallow(struct scope *s, void *taker, void *out)
{
    struct sender_row sender;
    (void)taker, (void)out;
    return enter(s, &sender) && say(s, STR("{\"acknowledged\":true,\"shards_acknowledged\":true}"));
}

static void
abandon_swallow(struct scope *s, void *taker, struct db *db)
{
    (void)s, (void)taker, (void)db;
}

static const struct sink set_up = {
    .media_type = ELASTIC_TYPE, .headers = bulk_headers, .header_count = 1, .own_shares = true,
    .open = open_swallow, .take = take_swallow, .close = close_swallow, .abandon = abandon_swallow,
};

/* ---- what senders ask ---- */

#define VERSION "8.11.0"

static bool
answer_info(struct scope *s, const void *in, struct reply *reply)
{
    struct sender_row sender;
    (void)in, (void)reply;
    return enter(s, &sender)
        && say(s, STR("{\"name\":\"yagura\",\"cluster_name\":\"yagura\",\"cluster_uuid\":\"yagura\",\"version\":{"
                      "\"number\":\"" VERSION "\",\"build_flavor\":\"default\",\"build_type\":\"deb\","
                      "\"build_hash\":\"0000000\",\"build_date\":\"2023-11-04T10:04:57.184859352Z\","
                      "\"build_snapshot\":false,\"lucene_version\":\"9.8.0\","
                      "\"minimum_wire_compatibility_version\":\"7.17.0\","
                      "\"minimum_index_compatibility_version\":\"7.0.0\"},\"tagline\":\"You Know, for Search\"}"));
}

#define LICENSE "{\"status\":\"active\",\"uid\":\"yagura\",\"type\":\"basic\",\"mode\":\"basic\"}"

static bool
answer_license(struct scope *s, const void *in, struct reply *reply)
{
    struct sender_row sender;
    (void)in, (void)reply;
    return enter(s, &sender) && say(s, STR("{\"license\":" LICENSE ",\"features\":{}}"));
}

static bool
answer_health(struct scope *s, const void *in, struct reply *reply)
{
    struct sender_row sender;
    (void)in, (void)reply;
    return enter(s, &sender)
        && say(s, STR("{\"cluster_name\":\"yagura\",\"status\":\"green\",\"timed_out\":false,\"number_of_nodes\":1,"
                      "\"number_of_data_nodes\":1,\"active_primary_shards\":1,\"active_shards\":1,"
                      "\"relocating_shards\":0,\"initializing_shards\":0,\"unassigned_shards\":0}"));
}

static bool
answer_cat_health(struct scope *s, const void *in, struct reply *reply)
{
    struct sender_row sender;
    (void)in, (void)reply;
    if (!enter(s, &sender))
        return false;
    reply_header(s, "X-Elastic-Product", STR("Elasticsearch"));
    reply_body(s, "text/plain; charset=UTF-8", STR("yagura green 1 1 1 1 0 0 0 0 - 100.0%\n"));
    return true;
}

/* Whatever is asked for by its name is there already, so nobody needs to bring it. */
static bool
answer_thing(struct scope *s, const void *in, struct reply *reply)
{
    struct sender_row sender;
    (void)in, (void)reply;
    return enter(s, &sender) && say(s, STR("{}"));
}

#define ASK(path, shape, prose_, action)                                                                         \
    { GET, "/elastic" path, PUBLIC, prose_, .in = shape, .raw = action, .answers = ELASTIC_TYPE, .any_query = true, \
      .own_door = true }
#define SET_UP(path, shape, prose_)                                                                     \
    { PUT, "/elastic" path, PUBLIC, prose_, .in = shape, .sink = &set_up, .any_query = true, .own_door = true }
#define BULK(method_, path, shape)                                                                              \
    { method_, "/elastic" path, PUBLIC, "Send documents as to Elasticsearch; answered once they are durable",   \
      .in = shape, .sink = &bulk, .any_query = true, .own_door = true }
#define THING(path, prose_)                                                     \
    ASK(path, &name_shape, "Ask for " prose_ ": it is there", answer_thing),     \
    SET_UP(path, &name_shape, "Bring " prose_ ": taken and not needed")

static const struct route rows[] = {
    BULK(POST, "/_bulk", NULL),
    BULK(PUT, "/_bulk", NULL),
    BULK(POST, "/{index}/_bulk", &index_shape),
    BULK(PUT, "/{index}/_bulk", &index_shape),
    ASK("", NULL, "Ask which Elasticsearch this is like", answer_info),
    ASK("/_license", NULL, "Ask for the licence", answer_license),
    ASK("/_xpack", NULL, "Ask for the licence, as older senders do", answer_license),
    ASK("/_cluster/health", NULL, "Ask how the cluster is", answer_health),
    ASK("/_cat/health", NULL, "Ask how the cluster is, as text", answer_cat_health),
    THING("/{name}", "an index"),
    THING("/_template/{name}", "a template"),
    THING("/_index_template/{name}", "an index template"),
    THING("/_component_template/{name}", "a component template"),
    THING("/_ilm/policy/{name}", "a lifecycle policy"),
    THING("/_data_stream/{name}", "a data stream"),
    THING("/_alias/{name}", "an alias"),
    THING("/_ingest/pipeline/{name}", "a pipeline"),
};

const struct routes elastic_routes = ROUTES(rows);
