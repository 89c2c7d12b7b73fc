#include "server/http/hub.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/base/log.h"
#include "server/http/credential.h"
#include "server/http/flow.h"
#include "server/http/parts.h"
#include "server/http/peers.h"
#include "server/http/reply.h"

enum {
    STREAMS_MAX = 2000, FLOW_BYTES = 32 * 1024, EVENT_MAX = 2048, WHO_BYTES = 4096, ARENA_BYTES = 32 * 1024,
    WAIT_MS = 1000, HEARTBEAT_US = 15000000, RECHECK_US = 30000000, TENANTS_MAX = 20000
};

struct stream {
    struct stream *next;
    struct hub *hub;
    struct flow *flow;
    uint64_t number;             /* tells it from a later one at the same place */
    struct principal_ask ask;    /* to ask again who it is; its texts live as long as the call */
    struct principal who;        /* lives in who_arena */
    struct arena *who_arena;
    struct feed_token token;     /* everything up to here was said */
    bool is_new, has_ended;
    int socket;                  /* looked at, never read: libmicrohttpd does not watch who is suspended */
    int64_t checked_us, spoke_us;
};

struct hub {
    struct http *http;
    pthread_t thread;
    pthread_mutex_t lock; /* of the streams */
    struct stream *first;
    int64_t count;
    uint64_t numbers;
    bool stopping;
    int wake_fd;
    struct db *db;        /* from here on the thread's own */
    struct arena *arena;
    struct feed_token token;
    bool is_listening, has_token;
};

static void
hub_wake(struct hub *h)
{
    uint64_t one = 1;
    if (write(h->wake_fd, &one, sizeof one) < 0)
        log_debug(NULL, "hub.wake", "%m"); /* it is awake already */
}

/* ---- streams, under the lock ---- */

/* The other side has ended the connection, or broken it off. Bytes that it had sent before do not hide that. */
static bool
has_gone(const struct stream *st)
{
    struct pollfd p = { .fd = st->socket, .events = POLLRDHUP };
    return poll(&p, 1, 0) == 1;
}

static struct uuids
copy_tenants(struct arena *a, const struct uuids *from)
{
    struct uuids copy = { arena_array_of(a, from->count + 1, struct uuid), from->count };
    if (from->count)
        memcpy(copy.items, from->items, from->count * sizeof(struct uuid));
    return copy;
}

/* What decides who hears what; names are not kept. */
static void
keep_who(struct stream *st, const struct principal *who)
{
    st->who = *who;
    st->who.name = st->who.email = st->who.time_zone = STR_NONE;
    st->who.tenants = copy_tenants(st->who_arena, &who->tenants);
}

static void
say(struct stream *st, struct str piece, int64_t now_us)
{
    if (st->has_ended)
        return;
    st->spoke_us = now_us;
    if (!flow_add(st->flow, piece)) {
        st->has_ended = true;
        flow_end(st->flow, false);
    }
}

static void
say_changes(struct hub *h, struct stream *st, const struct rows *rows, int64_t now_us)
{
    const struct change *items = rows->items;
    for (size_t i = 0; i < rows->count; i++) {
        struct feed_token token = { items[i].txid, items[i].id };
        if (!feed_token_before(st->token, token))
            continue;
        st->token = token;
        if (!change_is_for(&items[i], &st->who, &h->http->settings.nouns))
            continue;
        struct text t = text_new(h->arena, EVENT_MAX);
        change_write_event(&t, &items[i]);
        say(st, text_str(&t), now_us);
    }
}

static struct stream *
find_stream(struct hub *h, uint64_t number)
{
    struct stream *st = h->first;
    while (st && st->number != number)
        st = st->next;
    return st;
}

static void
leave(void *stream)
{
    struct stream *st = stream;
    struct hub *h = st->hub;
    pthread_mutex_lock(&h->lock);
    for (struct stream **at = &h->first; *at; at = &(*at)->next)
        if (*at == st) {
            *at = st->next;
            h->count--;
            break;
        }
    pthread_mutex_unlock(&h->lock);
    arena_free(st->who_arena);
}

/* ---- the thread ---- */

static bool
read_feed(struct scope *s, struct hub *h, struct uuids tenants, struct feed_token from, int64_t count,
          struct rows *rows)
{
    struct feed_ask ask = { from.txid, from.id, count };
    bool good = db_begin(s, h->db, tenants) && db_list(s, &feed_rows, &ask, rows) && db_commit(s);
    db_end(s);
    return good;
}

static bool
read_head(struct scope *s, struct hub *h)
{
    bool good = db_begin(s, h->db, (struct uuids){ 0 }) && db_one(s, &feed_head, NULL, &h->token) && db_commit(s);
    db_end(s);
    h->has_token = good;
    return good;
}

static void
add_tenants(struct uuids *all, const struct uuids *more)
{
    for (size_t i = 0; i < more->count; i++) {
        size_t k = 0;
        while (k < all->count && !uuid_eq(all->items[k], more->items[i]))
            k++;
        if (k == all->count && all->count < TENANTS_MAX)
            all->items[all->count++] = more->items[i];
    }
}

/* Whom the streams see, taken together. */
static struct uuids
all_tenants(struct hub *h)
{
    struct uuids all = { 0 };
    size_t most = 0;
    pthread_mutex_lock(&h->lock);
    for (struct stream *st = h->first; st; st = st->next)
        most += st->who.tenants.count;
    all.items = arena_array_of(h->arena, (most < TENANTS_MAX ? most : TENANTS_MAX) + 1, struct uuid);
    for (struct stream *st = h->first; st; st = st->next)
        add_tenants(&all, &st->who.tenants);
    pthread_mutex_unlock(&h->lock);
    return all;
}

static bool
tell_all(struct scope *s, struct hub *h)
{
    struct uuids tenants = all_tenants(h);
    struct rows rows;
    do {
        if (!read_feed(s, h, tenants, h->token, FEED_ROWS, &rows))
            return false;
        int64_t now_us = clock_monotonic_us();
        const struct change *items = rows.items;
        pthread_mutex_lock(&h->lock);
        for (struct stream *st = h->first; st; st = st->next)
            if (!st->is_new)
                say_changes(h, st, &rows, now_us);
        pthread_mutex_unlock(&h->lock);
        if (rows.count)
            h->token = (struct feed_token){ items[rows.count - 1].txid, items[rows.count - 1].id };
    } while (rows.count == FEED_ROWS);
    return true;
}

/* Takes a copy of a stream for which `is_due` holds, so that the database can be asked without the lock. */
static bool
pick(struct hub *h, bool (*is_due)(const struct stream *, int64_t), struct stream *copy)
{
    int64_t now_us = clock_monotonic_us();
    pthread_mutex_lock(&h->lock);
    struct stream *st = h->first;
    while (st && (st->has_ended || !is_due(st, now_us)))
        st = st->next;
    if (st) {
        *copy = *st;
        copy->ask.token_hash.raw = str_copy(h->arena, st->ask.token_hash.raw);
        copy->ask.address = str_copy(h->arena, st->ask.address);
        copy->who.tenants = copy_tenants(h->arena, &st->who.tenants);
    }
    pthread_mutex_unlock(&h->lock);
    return st != NULL;
}

static bool
is_new(const struct stream *st, int64_t now_us)
{
    (void)now_us;
    return st->is_new;
}

/* What a stream missed since its token, once; then it hears with the others. */
static bool
welcome(struct scope *s, struct hub *h)
{
    struct stream copy;
    while (pick(h, is_new, &copy)) {
        struct rows rows;
        if (!read_feed(s, h, copy.who.tenants, copy.token, FEED_ROWS + 1, &rows))
            return false;
        int64_t now_us = clock_monotonic_us();
        pthread_mutex_lock(&h->lock);
        struct stream *st = find_stream(h, copy.number);
        if (st) {
            st->is_new = false;
            if (rows.count > FEED_ROWS) {
                struct str id = feed_token_format(h->arena, h->token);
                say(st, str_printf(h->arena, "id: " STR_FMT "\nevent: reset\ndata: {}\n\n", STR_ARG(id)), now_us);
                st->token = h->token;
            } else {
                say_changes(h, st, &rows, now_us);
            }
        }
        pthread_mutex_unlock(&h->lock);
    }
    return true;
}

static bool
is_unchecked(const struct stream *st, int64_t now_us)
{
    return now_us - st->checked_us >= RECHECK_US;
}

/* Who is it now? Sessions end, people are disabled, tenants are granted and taken away. */
static bool
recheck_one(struct scope *s, struct hub *h, struct stream *copy)
{
    struct principal_row row = { 0 };
    struct db_opening o = { .opening = &principal_open, .opening_args = &copy->ask, .opening_row = &row,
                            .commit = true };
    struct principal who = { 0 };
    copy->ask.at = s->now;
    if (!db_begin_with(s, h->db, &o))
        return false;
    db_end(s);
    bool may = principal_read(s, &copy->ask, &row, &who) && who.stage == STAGE_COMPLETE;
    pthread_mutex_lock(&h->lock);
    struct stream *st = find_stream(h, copy->number);
    if (st) {
        st->checked_us = clock_monotonic_us();
        arena_reset(st->who_arena);
        keep_who(st, &who);
        if (!may) {
            st->has_ended = true;
            flow_end(st->flow, false);
        }
    }
    pthread_mutex_unlock(&h->lock);
    return true;
}

static bool
recheck(struct hub *h)
{
    struct stream copy;
    while (pick(h, is_unchecked, &copy)) {
        struct scope s = scope_new(h->arena, clock_now(h->http->settings.clock));
        bool asked = recheck_one(&s, h, &copy);
        db_end(&s);
        if (!asked)
            return false;
    }
    return true;
}

static void
keep_awake(struct hub *h)
{
    int64_t now_us = clock_monotonic_us();
    pthread_mutex_lock(&h->lock);
    for (struct stream *st = h->first; st; st = st->next) {
        if (!st->has_ended && has_gone(st)) {
            st->has_ended = true;
            flow_end(st->flow, true);
        } else if (now_us - st->spoke_us >= HEARTBEAT_US) {
            say(st, STR(": \n\n"), now_us);
        }
    }
    pthread_mutex_unlock(&h->lock);
}

static void
wait_without_database(struct hub *h)
{
    struct pollfd p = { .fd = h->wake_fd, .events = POLLIN };
    (void)poll(&p, 1, WAIT_MS);
}

static void
listen_and_wait(struct hub *h)
{
    struct scope s = scope_new(h->arena, clock_now(h->http->settings.clock));
    bool notified;
    uint64_t count;
    if (!h->is_listening)
        h->is_listening = db_listen(&s, h->db, "yagura_change");
    if (!h->is_listening)
        wait_without_database(h);
    else
        h->is_listening = db_wait(&s, h->db, WAIT_MS, h->wake_fd, &notified);
    if (read(h->wake_fd, &count, sizeof count) < 0)
        count = 0; /* nobody woke us: time passed, or a notification came */
}

/* Without streams nothing is read, and the next one begins where the feed is then. */
static void
work_once(struct hub *h)
{
    struct scope s = scope_new(h->arena, clock_now(h->http->settings.clock));
    bool is_needed = hub_streams(h) > 0;
    if (!is_needed || !h->is_listening) {
        h->has_token &= is_needed;
        return;
    }
    bool good = (h->has_token || read_head(&s, h)) && tell_all(&s, h) && welcome(&s, h) && recheck(h);
    if (!good)
        log_warn(&s, "hub.waits", "%s", s.failure.problem ? s.failure.problem->slug : "database");
    db_end(&s);
}

static void *
live(void *argument)
{
    struct hub *h = argument;
    for (;;) {
        arena_reset(h->arena);
        listen_and_wait(h);
        pthread_mutex_lock(&h->lock);
        bool stopping = h->stopping;
        pthread_mutex_unlock(&h->lock);
        if (stopping)
            break;
        work_once(h);
        keep_awake(h);
    }
    db_close(h->db);
    arena_free(h->arena);
    return NULL;
}

struct hub *
hub_start(struct arena *a, struct http *http)
{
    struct hub *h = arena_new_of(a, struct hub);
    h->http = http;
    pthread_mutex_init(&h->lock, NULL);
    h->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    h->db = db_open(&http->settings.db);
    h->arena = arena_new(ARENA_BYTES);
    if (h->wake_fd < 0 || pthread_create(&h->thread, NULL, live, h) != 0)
        abort();
    return h;
}

void
hub_stop(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->stopping = true;
    pthread_mutex_unlock(&h->lock);
    hub_wake(h);
    pthread_join(h->thread, NULL);
    pthread_mutex_lock(&h->lock);
    for (struct stream *st = h->first; st; st = st->next)
        flow_end(st->flow, false);
    pthread_mutex_unlock(&h->lock);
}

int64_t
hub_streams(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    int64_t count = h->count;
    pthread_mutex_unlock(&h->lock);
    return count;
}

/* ---- a new stream, in a worker ---- */

const struct change_nouns *
change_nouns_of(const struct scope *s)
{
    return &s->reply->exchange->http->settings.nouns;
}

static bool
join(struct scope *s, struct hub *h, struct stream *st)
{
    int64_t own = 0, own_max = h->http->settings.streams_per_person;
    pthread_mutex_lock(&h->lock);
    for (struct stream *each = h->first; each; each = each->next)
        own += uuid_eq(each->who.person_id, st->who.person_id) && !each->has_ended && !has_gone(each);
    bool stopping = h->stopping || h->count >= STREAMS_MAX;
    if (!stopping && own < own_max) {
        st->number = ++h->numbers;
        st->next = h->first;
        h->first = st;
        h->count++;
    }
    pthread_mutex_unlock(&h->lock);
    if (stopping)
        return fail(s, &problem_unavailable, "no more streams");
    return own < own_max
        || fail(s, &problem_rate_limited, "at most %lld streams for one person", (long long)own_max);
}

static bool
start_token(struct scope *s, struct exchange *x, struct feed_token *out)
{
    struct str last = exchange_header(x, "Last-Event-ID");
    if (!last.len)
        return db_one(s, &feed_head, NULL, out);
    return feed_token_parse(str_trim(last), out) || fail(s, &problem_malformed, "Last-Event-ID is no id of ours");
}

bool
stream_open(struct scope *s, const void *in, struct reply *reply)
{
    struct exchange *x = reply->exchange;
    struct hub *h = x->http->hub;
    struct stream *st = arena_new_of(x->arena, struct stream);
    (void)in;
    *st = (struct stream){ .hub = h, .is_new = true, .socket = x->peer->socket };
    st->checked_us = st->spoke_us = clock_monotonic_us();
    if (!start_token(s, x, &st->token) || !credential_ask(x, &st->ask))
        return false;
    st->flow = flow_new(x->arena, x->connection, FLOW_BYTES, NULL, NULL); /* before leave: what is last ends first */
    st->who_arena = arena_new(WHO_BYTES);
    arena_defer(x->arena, leave, st);
    keep_who(st, s->who);
    if (!flow_add(st->flow, STR("retry: 2000\n\n")) || !join(s, h, st))
        return false;
    reply_body(s, "text/event-stream", STR(""));
    reply_header(s, "X-Accel-Buffering", STR("no"));
    reply->flow = st->flow;
    hub_wake(h);
    return true;
}
