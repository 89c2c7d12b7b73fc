#include "server/http/idempotency.h"

#include "core/base/crypto.h"
#include "server/http/reply.h"

enum { KEY_MAX = 200, HEADERS_TEXT_MAX = 4096 };

struct idempotency_row {
    struct uuid tenant_id, person_id;
    struct str key, route;
    struct bytes body_hash;
    int64_t status;
    struct str answer, headers;
    struct instant at;
};

static const struct shape idempotency_row_shape = SHAPE(idempotency_row,
    FIELD(idempotency_row, tenant_id, "Where the caller works"),
    FIELD(idempotency_row, person_id, "Who called"),
    FIELD(idempotency_row, key, "As it was sent"),
    FIELD(idempotency_row, route, "Method and path"),
    FIELD(idempotency_row, body_hash, "SHA-256 of the body"),
    FIELD(idempotency_row, status, "What was answered"),
    FIELD(idempotency_row, answer, "The answer's body"),
    FIELD(idempotency_row, headers, "The answer's headers, one on a line"),
    FIELD(idempotency_row, at, "When"));

/* A row of yesterday is taken over; one of today stays, and the claim finds nothing. */
const struct query idempotency_claim = {
    .name = "idempotency_claim",
    .sql = "INSERT INTO idempotency (tenant_id, person_id, key, route, body_hash, created_at)"
           " VALUES (:tenant_id, :person_id, :key, :route, :body_hash, :at)"
           " ON CONFLICT (tenant_id, person_id, key) DO UPDATE"
           " SET route = excluded.route, body_hash = excluded.body_hash, created_at = excluded.created_at,"
           " status = NULL, answer = NULL, headers = NULL"
           " WHERE idempotency.created_at < excluded.created_at - interval '24 hours'",
    .args = &idempotency_row_shape,
};

const struct query idempotency_read = {
    .name = "idempotency_read",
    .sql = "SELECT tenant_id, person_id, key, route, body_hash, coalesce(status, 0)::bigint AS status, answer,"
           " headers, created_at AS at FROM idempotency"
           " WHERE tenant_id = :tenant_id AND person_id = :person_id AND key = :key",
    .args = &idempotency_row_shape,
    .row = &idempotency_row_shape,
};

const struct query idempotency_fill = {
    .name = "idempotency_fill",
    .sql = "UPDATE idempotency SET status = :status::bigint::int, answer = :answer, headers = :headers"
           " WHERE tenant_id = :tenant_id AND person_id = :person_id AND key = :key",
    .args = &idempotency_row_shape,
};

/* Headers that belong to the answer and not to the moment. */
static const char *const kept_headers[] = { "ETag", "Location" };

static bool
key_read(struct scope *s, struct str sent, struct str *key)
{
    *key = str_trim(sent);
    if (key->len == 0 || key->len > KEY_MAX || !str_is_utf8(*key))
        return fail(s, &problem_malformed, "Idempotency-Key is 1 to %d characters", KEY_MAX);
    return true;
}

/* Row-level security lets only tenants in sight be written: a call narrowed to one customer keeps its key there. */
static struct uuid
place_of(const struct principal *who)
{
    return principal_sees(who, who->tenant_id) || !who->tenants.count ? who->tenant_id : who->tenants.items[0];
}

static struct idempotency_row
row_of(struct exchange *x, struct str key)
{
    struct scope *s = &x->scope;
    return (struct idempotency_row){
        .tenant_id = place_of(s->who), .person_id = s->who->person_id, .key = key,
        .route = str_printf(s->arena, "%s " STR_FMT, method_name(x->method), STR_ARG(x->target)),
        .body_hash = sha256_of(s->arena, text_str(&x->body)), .at = s->now };
}

static bool
replay(struct exchange *x, const struct idempotency_row *asked, const struct idempotency_row *kept)
{
    struct scope *s = &x->scope;
    if (!str_eq(asked->route, kept->route) || !str_eq(asked->body_hash.raw, kept->body_hash.raw))
        return fail(s, &problem_key_mismatch, "use a new key for a new call");
    reply_status(s, (int)kept->status);
    struct str lines = kept->headers, line, name;
    while (str_cut(&lines, '\n', &line)) {
        if (!str_cut(&line, ':', &name) || !line.at)
            continue;
        if (str_is(name, "Content-Type"))
            x->reply.content_type = str_c(x->arena, str_trim(line));
        else
            reply_header(s, str_c(x->arena, name), str_trim(line));
    }
    x->reply.body = kept->answer;
    reply_header(s, "Idempotency-Replayed", STR("true"));
    return true;
}

bool
idempotency_begin(struct exchange *x, struct idempotency *out)
{
    struct scope *s = &x->scope;
    const struct route *r = x->match.route;
    struct str sent = exchange_header(x, "Idempotency-Key");
    int64_t claimed;
    bool found;
    *out = (struct idempotency){ 0 };
    /* What commits although it was refused would leave a key without an answer. */
    if (!r->write || r->method == GET || r->no_idempotency || r->keeps_tries || !s->who || !sent.at)
        return true;
    if (!key_read(s, sent, &out->key))
        return false;
    struct idempotency_row asked = row_of(x, out->key), kept = { 0 };
    if (!db_run(s, &idempotency_claim, &asked, &claimed))
        return false;
    out->is_kept = claimed == 1;
    if (out->is_kept)
        return true;
    if (!db_maybe(s, &idempotency_read, &asked, &kept, &found))
        return false;
    if (!found || !kept.status)
        return fail(s, &problem_busy, "the first call with this key has just gone");
    out->is_replay = true;
    return replay(x, &asked, &kept);
}

static struct str
headers_of(const struct exchange *x)
{
    struct text t = text_new(x->arena, HEADERS_TEXT_MAX);
    if (x->reply.content_type)
        text_addf(&t, "Content-Type: %s\n", x->reply.content_type);
    for (size_t i = 0; i < x->reply.header_count; i++)
        for (size_t k = 0; k < COUNT_OF(kept_headers); k++)
            if (strcmp(x->reply.headers[i].name, kept_headers[k]) == 0)
                text_addf(&t, "%s: " STR_FMT "\n", kept_headers[k], STR_ARG(x->reply.headers[i].value));
    return text_str(&t);
}

bool
idempotency_end(struct exchange *x, const struct idempotency *kept)
{
    if (!kept->is_kept)
        return true;
    struct idempotency_row row = row_of(x, kept->key);
    row.status = x->reply.status;
    row.answer = x->reply.body;
    row.headers = headers_of(x);
    return db_run(&x->scope, &idempotency_fill, &row, NULL);
}
