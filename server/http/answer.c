/* answer: the life of an API call in a worker.
 *
 *     read input -> who asks? -> may they? -> handler -> commit -> reply
 *
 * A read by one query is a single round trip: who asks, the tenants it may see, the query and the commit travel
 * together, and what comes back is thrown away when the permission says no. Input that is wrong is told only to those
 * who may call the route at all. Losing a race with another transaction replays the handler once, and a read is tried
 * again when its connection had been lost.
 */
#include "model/permission.h"
#include "model/principal.h"
#include "server/http/credential.h"
#include "server/http/csv.h"
#include "server/http/etag.h"
#include "server/http/exchange.h"
#include "server/http/idempotency.h"
#include "server/http/input.h"
#include "server/http/parts.h"
#include "server/http/reply.h"
#include "server/http/request.h"
#include "server/http/stream.h"

enum { ATTEMPTS = 2 };

struct call {
    struct exchange *x;
    const struct route *route;
    void *in, *out;
    struct listing_ask *ask;
    struct page page;
    bool was_read; /* the pipeline brought the rows already */
};

static bool
may_call(struct exchange *x)
{
    struct scope *s = &x->scope;
    const struct route *r = x->match.route;
    const struct principal *who = s->who;
    if (!who)
        return r->permission.function == FUNCTION_PUBLIC || fail(s, &problem_unauthorized, "sign in first");
    if (x->is_cookie && r->method != GET
        && !equal_in_constant_time(csrf_token(s->arena, x->credential), exchange_header(x, "X-CSRF-Token")))
        return fail(s, &problem_csrf, "the token stands in GET /api/v1/session");
    if (r->permission.function == FUNCTION_PUBLIC)
        return true;
    if (who->stage != STAGE_COMPLETE && !r->any_stage)
        return fail(s, &problem_stage, "the sign-in of this session has a step left");
    if (r->permission.function != FUNCTION_SIGNED_IN && !principal_may(who, r->permission))
        return fail(s, &problem_forbidden, "this needs the permission %s:%s",
                    permission_functions[r->permission.function].spelling, level_name(r->permission.level));
    return !r->fresh_factor || factor_is_fresh(s) || fail(s, &problem_fresh_factor, "prove your second factor again");
}

static bool
take_rate(struct exchange *x)
{
    struct scope *s = &x->scope;
    if (!s->who || x->stream) /* the second half of a call is no second call */
        return true;
    struct str key = { (const char *)s->who->person_id.bytes, sizeof s->who->person_id.bytes };
    if (rate_take(x->http->per_person, key, clock_monotonic_us(), &x->rate))
        return true;
    s->failure.retry_after_s = x->rate.retry_s;
    return fail(s, &problem_rate_limited, "at most %lld calls a minute", (long long)x->rate.limit);
}

/* The read that may travel with the opening. */
static void
add_read(struct call *c, struct db_opening *o)
{
    if (c->route->one) {
        o->then = c->route->one;
        o->then_args = c->in;
        o->commit = true;
    } else if (c->route->list && !c->route->list->weigh && !c->route->list->owned) {
        o->page = c->route->list;
        o->page_args = c->in;
        o->ask = c->ask;
        o->commit = true;
    }
}

static bool
open_with_credential(struct call *c, struct db *db, bool input_is_good)
{
    struct exchange *x = c->x;
    struct scope *s = &x->scope;
    struct principal_ask ask;
    struct principal_row row = { 0 };
    struct db_opening o = { .opening = &principal_open, .opening_args = &ask, .opening_row = &row };
    if (!credential_ask(x, &ask))
        return false;
    if (input_is_good)
        add_read(c, &o);
    if (!db_begin_with(s, db, &o))
        return false;
    c->was_read = o.commit;
    c->page = o.page_rows;
    if (c->route->one)
        c->page.rows = o.then_rows;
    struct principal *who = arena_new_of(s->arena, struct principal);
    if (principal_read(s, &ask, &row, who)) {
        s->who = who;
        s->language = who->language ? who->language : s->language;
        return true;
    }
    if (c->route->permission.function != FUNCTION_PUBLIC)
        return false;
    scope_forgive(s); /* an old cookie does not keep anybody from signing in */
    return true;
}

static bool
open_call(struct call *c, struct db *db, bool input_is_good)
{
    struct exchange *x = c->x;
    if (x->credential.at)
        return open_with_credential(c, db, input_is_good);
    if (c->route->permission.function != FUNCTION_PUBLIC)
        return fail(&x->scope, &problem_unauthorized, "sign in first");
    return db_begin(&x->scope, db, (struct uuids){ 0 });
}

static bool
is_whole(struct scope *s, const struct text *t)
{
    return !t->full || fail(s, &problem_internal, "the answer is larger than %d bytes", ANSWER_MAX);
}

static bool
write_page(struct call *c)
{
    struct scope *s = &c->x->scope;
    const struct shape *row = c->route->list->row;
    struct text t = text_new(s->arena, ANSWER_MAX);
    text_add(&t, STR("{\"items\":["));
    for (size_t i = 0; i < c->page.rows.count; i++) {
        if (i)
            text_add_char(&t, ',');
        shape_write_json(&t, row, (const char *)c->page.rows.items + i * row->size);
    }
    text_add(&t, STR("],\"next_cursor\":"));
    if (c->page.next_cursor.at)
        json_write_str(&t, c->page.next_cursor);
    else
        text_add(&t, STR("null"));
    if (c->page.total == INT_NONE)
        text_add(&t, STR(",\"total\":null}"));
    else
        text_addf(&t, ",\"total\":%lld}", (long long)c->page.total);
    reply_body(s, "application/json", text_str(&t));
    return is_whole(s, &t);
}

static bool
write_record(struct call *c)
{
    struct scope *s = &c->x->scope;
    struct text t = text_new(s->arena, ANSWER_MAX);
    shape_write_json(&t, c->route->out, c->out);
    reply_body(s, "application/json", text_str(&t));
    etag_add(c->x, c->out);
    return is_whole(s, &t);
}

static bool
answer_one(struct call *c)
{
    struct scope *s = &c->x->scope;
    if (!c->was_read && !db_list(s, c->route->one, c->in, &c->page.rows))
        return false;
    if (c->page.rows.count == 0)
        return fail(s, &problem_not_found, "no such object, or not for you to see");
    c->out = c->page.rows.items;
    return (c->was_read || db_commit(s)) && write_record(c);
}

static bool
answer_list(struct call *c)
{
    struct scope *s = &c->x->scope;
    if (!c->was_read
        && !(db_page(s, c->route->list, c->in, c->ask, &c->page) && db_commit(s)))
        return false;
    if (!csv_is_wanted(c->x))
        return write_page(c);
    csv_begin(c->x, &c->page);
    return true;
}

/* What was tried is kept although it was refused. */
static bool
keep_tries(struct scope *s)
{
    struct failure refused = s->failure;
    if (refused.problem->status >= 500)
        return false;
    scope_forgive(s);
    if (!db_is_open(s) || db_commit(s))
        s->failure = refused;
    return false;
}

static bool
run_handler(struct call *c)
{
    struct scope *s = &c->x->scope;
    const struct route *r = c->route;
    c->out = r->out ? record_new(s->arena, r->out) : NULL;
    if (r->raw)
        return r->raw(s, c->in, s->reply);
    return r->read ? r->read(s, c->in, c->out) : r->write(s, c->in, c->out);
}

static bool
write_handled(struct call *c)
{
    struct scope *s = &c->x->scope;
    if (c->route->out && !write_record(c))
        return false;
    if (c->route->out && c->route->creates)
        location_add(c->x, c->out);
    if (!s->reply->status)
        reply_status(s, c->route->creates ? 201 : s->reply->content_type ? 200 : 204);
    return true;
}

static bool
answer_handler(struct call *c)
{
    struct scope *s = &c->x->scope;
    struct idempotency kept = { 0 };
    if (!idempotency_begin(c->x, &kept))
        return false;
    if (kept.is_replay)
        return true;
    if (!run_handler(c))
        return c->route->keeps_tries ? keep_tries(s) : false;
    return write_handled(c) && idempotency_end(c->x, &kept) && (!db_is_open(s) || db_commit(s));
}

/* Who asks, and may they? Afterwards the transaction is open, and what was asked is known. */
static bool
begin_call(struct call *c, struct db *db)
{
    struct exchange *x = c->x;
    struct scope *s = &x->scope;
    struct failure input_failure = { 0 };
    if (!c->route->own_door)
        credential_read(x);
    bool input_is_good = input_read(x, &c->in, &c->ask);
    if (!input_is_good) {
        input_failure = s->failure;
        scope_forgive(s);
    }
    if (!open_call(c, db, input_is_good) || !take_rate(x) || !may_call(x))
        return false;
    if (!input_is_good)
        s->failure = input_failure;
    return input_is_good;
}

bool
answer_opening(struct exchange *x, struct worker *w, void **taker)
{
    struct call c = { .x = x, .route = x->match.route };
    struct scope *s = &x->scope;
    return begin_call(&c, worker_db(w)) && (c.route->sink->own_shares || stream_join(x))
        && c.route->sink->open(s, c.in, taker)
        && (!db_is_open(s) || db_commit(s));
}

bool
answer_closing(struct exchange *x, struct worker *w, void *taker)
{
    struct call c = { .x = x, .route = x->match.route };
    struct scope *s = &x->scope;
    const struct route *r = c.route;
    if (!begin_call(&c, worker_db(w)))
        return false;
    c.out = r->out ? record_new(s->arena, r->out) : NULL;
    return r->sink->close(s, taker, c.out) && write_handled(&c) && (!db_is_open(s) || db_commit(s));
}

static bool
answer_call(struct call *c, struct db *db)
{
    if (!begin_call(c, db))
        return false;
    return c->route->one ? answer_one(c) : c->route->list ? answer_list(c) : answer_handler(c);
}

bool
answer_page(struct exchange *x, struct worker *w, struct page *out)
{
    struct call c = { .x = x, .route = x->match.route };
    struct scope *s = &x->scope;
    credential_read(x);
    if (!input_read(x, &c.in, &c.ask) || !open_call(&c, worker_db(w), true) || !may_call(x))
        return false;
    if (!c.was_read && !(db_page(s, c.route->list, c.in, c.ask, &c.page) && db_commit(s)))
        return false;
    *out = c.page;
    return true;
}

/* May the whole be done over? After a lost race nothing has happened. A connection that was lost may have carried a
 * commit, so there only a read is repeated; and a verb that commits by itself never is. */
static bool
may_repeat(const struct exchange *x)
{
    const struct route *r = x->match.route;
    const struct problem *why = x->scope.failure.problem;
    if (r->raw || (r->method != GET && r->no_idempotency))
        return false;
    return why == &problem_busy || (why == &problem_unavailable && r->method == GET);
}

void
answer_run(struct worker *w, struct task *t)
{
    struct exchange *x = (struct exchange *)t;
    bool answered = false;
    for (int attempt = 0; attempt < ATTEMPTS && !answered; attempt++) {
        if (attempt && !may_repeat(x))
            break;
        struct call c = { .x = x, .route = x->match.route };
        exchange_scope(x, x->arena);
        answered = answer_call(&c, worker_db(w));
        db_end(&x->scope);
    }
    if (answered && !x->reply.status)
        x->reply.status = 200;
    if (answered && etag_matches(x))
        etag_not_modified(x);
    if (answered)
        exchange_send(x);
    else
        exchange_refuse(x);
}
