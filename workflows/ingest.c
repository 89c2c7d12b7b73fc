/* A batch while it arrives: bytes to lines, lines to events, events into the segment. */
#include <openssl/core_names.h>
#include <openssl/params.h>

#include "core/base/crypto.h"
#include "workflows/ingest_parts.h"
#include "workflows/service.h"

enum { NAMES_MAX = 64, ITEMS_FIRST = 1024, KEY_BYTES = 16 };

const struct problem ingest_bad_bulk = {
    400, "bulk-format",
    { "The bulk call cannot be read: each document needs a line before it that says create or index.",
      "bulk 形式として読み取れません。各ドキュメントの前に create または index の行が必要です。" },
};

static const char too_long[] = "the event is larger than 1 MiB";
static const char foreign_host[] = "the key is bound to another computer";
static const char only_adds[] = "only create and index are taken: what has arrived stays as it was";
static const char no_document[] = "the document is missing";

static void
release(void *handle)
{
    ingest_give_up(handle);
}

void
ingest_give_up(struct ingest *g)
{
    if (!g->place)
        return;
    g->dropped = true;
    if (g->front)
        front_end(g->front);
    EVP_MAC_CTX_free(g->hash);
    detecting_end(g->detecting);
    ingest_leave(g->place);
    g->place = NULL;
}

/* Texts are told apart by GMAC: it costs a quarter of what SHA-256 does, which was a fifteenth of all work. The key is
 * the house's secret, and what comes of it is told to nobody: else who holds a key that several computers share could
 * make a text that passes for another's, which would be taken for sent already. */
static bool
begin_hash(struct scope *s, struct ingest *g)
{
    char cipher[] = "AES-128-GCM";
    unsigned char nonce[12] = { 0 };
    const struct secret_key *secret = &s->service->key;
    struct bytes key = hmac_sha256(s->arena, (struct str){ (const char *)secret->bytes, sizeof secret->bytes },
                                   STR("texts of batches"));
    const OSSL_PARAM settings[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher, 0),
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_IV, nonce, sizeof nonce),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "GMAC", NULL);
    g->hash = mac ? EVP_MAC_CTX_new(mac) : NULL;
    EVP_MAC_free(mac);
    return (g->hash && EVP_MAC_init(g->hash, (const unsigned char *)key.raw.at, KEY_BYTES, settings))
        || fail(s, &problem_internal, "the library for hashes does not start");
}

bool
ingest_begin(struct scope *s, const struct ingest_plan *plan, struct ingest **out)
{
    struct ingest *g = arena_new_of(s->arena, struct ingest);
    *g = (struct ingest){ .plan = *plan, .arrived = s->now, .id = uuid_new(s->now) };
    if (!ingest_enter(s, s->service->ingest, &plan->sender, &g->place))
        return false;
    arena_defer(s->arena, release, g);
    g->tools = ingest_place_tools(g->place);
    g->arena = g->tools->batch;
    g->sightings = sightings_new(g->arena);
    g->names = arena_array_of(g->arena, NAMES_MAX, struct str);
    g->own = facts_host_key(plan->sender.host, g->own_host);
    segment_begin(g->tools->writer);
    *out = g;
    return begin_hash(s, g) && detecting_begin(s, plan->sender.tenant_id, &g->detecting);
}

/* ---- one event ---- */

static void
refuse(struct ingest *g, int64_t line, const char *reason, struct str of)
{
    if (g->refused < INGEST_REFUSALS_TOLD) {
        struct str text = str_of(reason);
        if (of.at)
            text = str_printf(g->arena, "%s: " STR_FMT, reason, STR_ARG(str_head(of, FACTS_HOST_MAX)));
        g->told[g->refused] = (struct ingest_refusal){ line, text };
    }
    g->refused++;
}

/* NULL when the event was stored as the next one. */
static const char *
keep(struct ingest *g, struct str line, int64_t number)
{
    struct event_facts facts;
    struct instant arrived = g->scope->now;
    detecting_event(g->detecting, line, (uint32_t)g->stored, arrived, &facts);
    const char *reason = facts.problem;
    struct str host = facts_host_key(facts.host, g->host);
    if (!reason && g->own.at && host.at && !str_eq(host, g->own))
        reason = foreign_host;
    if (!reason && g->own.at && !host.at)
        host = facts.host = g->own;
    struct segment_event event = { .line = line, .arrival_ms = arrived.us / 1000, .host = host, .kind = facts.kind,
                                   .event_ms = facts.has_time ? facts.time_ms : SEGMENT_NO_TIME };
    if (!reason)
        reason = segment_take(g->tools->writer, &event);
    if (reason) {
        detecting_drop(g->detecting);
        refuse(g, number, reason, reason == foreign_host ? facts.host : STR_NONE);
        return reason;
    }
    sightings_note(g->sightings, &facts);
    g->stored++;
    g->bytes += (int64_t)line.len;
    return NULL;
}

static void
from_front(void *to, struct str json, uint64_t line)
{
    struct ingest *g = to;
    if (!g->dropped)
        (void)keep(g, json, (int64_t)line);
}

static bool
take_event_line(struct ingest *g, struct str line)
{
    int64_t number = g->lines++;
    if (!g->front_asked) {
        g->front_asked = true;
        if (front_is_needed(line))
            g->front = front_new(g->arena, from_front, g);
    }
    if (g->front)
        front_take(g->front, line, (uint64_t)number);
    else
        (void)keep(g, line, number);
    return true;
}

/* ---- the bulk form ---- */

static uint16_t
name_number(struct ingest *g, struct str name)
{
    for (size_t i = 0; i < g->name_count; i++)
        if (str_eq(g->names[i], name))
            return (uint16_t)i;
    if (g->name_count == NAMES_MAX)
        return NAMES_MAX - 1;
    g->names[g->name_count] = str_copy(g->arena, name.at ? name : STR(""));
    return (uint16_t)g->name_count++;
}

static bool
add_item(struct ingest *g, const char *reason)
{
    if (g->item_count == INGEST_ITEMS_MAX)
        return fail(g->scope, &coding_lies, "at most %d documents in one call", INGEST_ITEMS_MAX);
    if (g->item_count == g->item_room) {
        g->item_room = g->item_room ? g->item_room * 2 : ITEMS_FIRST;
        struct bulk_item *items = arena_array_of(g->arena, g->item_room, struct bulk_item);
        if (g->item_count)
            memcpy(items, g->items, g->item_count * sizeof *items);
        g->items = items;
    }
    g->items[g->item_count++] = (struct bulk_item){
        .verb = (uint8_t)g->action.verb, .index = name_number(g, g->action.index),
        .event = reason ? ITEM_REFUSED : (int32_t)(g->stored - 1), .reason = reason };
    return true;
}

static bool
take_document(struct ingest *g, struct str line)
{
    g->document_due = false;
    const char *reason = only_adds;
    if (g->action.verb == BULK_UPDATE)
        refuse(g, g->lines, reason, STR_NONE);
    else
        reason = keep(g, line, g->lines);
    g->lines++;
    return add_item(g, reason);
}

static bool
take_action(struct ingest *g, struct str line)
{
    struct bulk_action action;
    if (!bulk_action_read(line, &action))
        return fail(g->scope, &ingest_bad_bulk, "document %lld", (long long)g->lines);
    if (!action.index.at)
        action.index = g->plan.index;
    action.index = g->names[name_number(g, action.index)];
    g->action = action;
    g->document_due = action.verb != BULK_DELETE;
    if (g->document_due)
        return true;
    refuse(g, g->lines++, only_adds, STR_NONE);
    return add_item(g, only_adds);
}

/* ---- lines ---- */

static bool
take_line(struct ingest *g, struct str line)
{
    if (line.len && line.at[line.len - 1] == '\r')
        line.len--;
    bool empty = str_trim(line).len == 0;
    if (g->plan.form == INGEST_BULK)
        return g->document_due ? take_document(g, line) : empty || take_action(g, line);
    return empty || take_event_line(g, line);
}

static bool
take_overlong(struct ingest *g)
{
    g->overlong = false;
    g->carried = 0;
    refuse(g, g->lines++, too_long, STR_NONE);
    if (g->plan.form != INGEST_BULK)
        return true;
    if (!g->document_due)
        return fail(g->scope, &ingest_bad_bulk, "document %lld", (long long)g->lines);
    g->document_due = false;
    return add_item(g, too_long);
}

static void
carry(struct ingest *g, struct str part)
{
    if (g->carried + part.len > INGEST_EVENT_MAX)
        g->overlong = true;
    if (g->overlong)
        return;
    memcpy(g->tools->carried + g->carried, part.at, part.len);
    g->carried += part.len;
}

static bool
end_line(struct ingest *g, struct str part)
{
    if (g->carried == 0 && !g->overlong && part.len <= INGEST_EVENT_MAX)
        return take_line(g, part);
    carry(g, part);
    if (g->overlong)
        return take_overlong(g);
    struct str line = { g->tools->carried, g->carried };
    g->carried = 0;
    return take_line(g, line);
}

static bool
take_text(struct scope *s, void *to, struct str text)
{
    struct ingest *g = to;
    g->scope = s;
    if (!EVP_MAC_update(g->hash, (const unsigned char *)text.at, text.len))
        return fail(s, &problem_internal, "the library for hashes stopped");
    while (text.len) {
        const char *end = memchr(text.at, '\n', text.len);
        struct str part = end ? str_head(text, (size_t)(end - text.at)) : text;
        if (!end) {
            carry(g, part);
            break;
        }
        if (!end_line(g, part))
            return false;
        text = str_skip(text, part.len + 1);
    }
    return true;
}

bool
ingest_take(struct scope *s, struct ingest *g, struct str piece)
{
    if (!g->begun) {
        g->begun = true;
        decoder_begin(g->tools->decoder, g->plan.coding, take_text, g);
    }
    bool taken = decoder_add(s, g->tools->decoder, piece);
    ingest_spend(g->place, g->stored + g->refused - g->spent);
    g->spent = g->stored + g->refused;
    return taken;
}

bool
ingest_end_text(struct scope *s, struct ingest *g)
{
    g->scope = s;
    if (g->begun && !decoder_end(s, g->tools->decoder))
        return false;
    if ((g->carried || g->overlong) && !end_line(g, STR("")))
        return false;
    if (g->document_due) {
        g->document_due = false;
        refuse(g, g->lines++, no_document, STR_NONE);
        if (!add_item(g, no_document))
            return false;
    }
    if (g->front) {
        front_end(g->front);
        g->front = NULL;
    }
    return true;
}

uint64_t
ingest_owner(const struct ingest *g)
{
    uint64_t random;
    memcpy(&random, g->plan.sender.tenant_id.bytes + 8, sizeof random);
    return random;
}

size_t
ingest_item_count(const struct ingest *g)
{
    return g->item_count;
}

struct ingest_item
ingest_item_at(const struct ingest *g, size_t at)
{
    const struct bulk_item *item = &g->items[at];
    return (struct ingest_item){ .verb = (enum bulk_verb)item->verb, .index = g->names[item->index],
                                 .event = item->event, .reason = item->reason };
}
