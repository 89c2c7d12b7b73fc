/* Telemetry from whoever sends it, as lines. */
#include "model/permission.h"
#include "server/api/routes.h"
#include "server/http/request.h"
#include "server/http/sink.h"
#include "workflows/ingest.h"

static bool
name_is_good(struct str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.at[i] <= ' ' || name.at[i] > '~')
            return false;
    return name.len > 0 && name.len <= INGEST_NAME_MAX;
}

static bool
open_batch(struct scope *s, const void *in, void **taker)
{
    struct ingest_plan plan = { .form = INGEST_LINES };
    struct ingest *g;
    (void)in;
    struct str name = request_header(s, "X-Batch-Id");
    if (!sender_enter(s, sender_key(s->arena, request_header(s, "Authorization")), &plan.sender))
        return false;
    if (name.at && !name_is_good(name))
        return fail(s, &problem_malformed, "X-Batch-Id: 1 to %d printable characters without blanks", INGEST_NAME_MAX);
    plan.name = name.at ? str_copy(s->arena, name) : STR_NONE;
    if (!coding_parse(s, request_header(s, "Content-Encoding"), &plan.coding) || !ingest_begin(s, &plan, &g))
        return false;
    *taker = g;
    return true;
}

static bool
take(struct scope *s, void *taker, struct str piece)
{
    return ingest_take(s, taker, piece);
}

static bool
close_batch(struct scope *s, void *taker, void *out)
{
    struct sender_row sender;
    if (!sender_enter_again(s, sender_key(s->arena, request_header(s, "Authorization")), &sender)
        || !ingest_close(s, taker, out))
        return false;
    ingest_give_up(taker);
    return true;
}

static void
abandon(struct scope *s, void *taker, struct db *db)
{
    (void)s, (void)db;
    ingest_give_up(taker);
}

static uint64_t
owner(const void *taker)
{
    return ingest_owner(taker);
}

static const struct sink_header headers[] = {
    { "Authorization", "Bearer and an ingest key", true },
    { "X-Batch-Id", "What the sender calls it: sent again it is answered again. Absent: its content's hash", false },
    { "Content-Encoding", "gzip or zstd", false },
};

static const struct sink sink = {
    .media_type = "application/x-ndjson", .headers = headers, .header_count = COUNT_OF(headers), .own_shares = true,
    .owner = owner, .piece_bytes = INGEST_PIECE,
    .open = open_batch, .take = take, .close = close_batch, .abandon = abandon,
};

static const struct route rows[] = {
    { POST, "/ingest", PUBLIC, "Send events, one JSON object a line; answered once they are durable",
      .out = &ingest_answer_shape, .sink = &sink, .own_door = true },
};

const struct routes ingest_routes = ROUTES(rows);
