#include "server/http/stream.h"

#include <microhttpd.h>
#include <pthread.h>

#include "core/base/log.h"
#include "server/http/arenas.h"
#include "server/http/parts.h"
#include "server/http/peers.h"

/* What a crash may cost of a resumable body, and how much of one that was refused midway is read and thrown away, so
 * that its sender reads why. */
enum { MARK_BYTES = 64 * 1024 * 1024, MARK_SECONDS = 10, DISCARD_MAX = 4 * 1024 * 1024 };
/* One sender gets a part of all places, so that nobody keeps the others out. */
enum { SENDER_SHARE = 4, SENDER_RETRY_S = 5 };

struct stream {
    struct task task; /* first: a writer gets the stream by it */
    struct exchange *x;
    const struct sink *sink;
    void *taker;
    struct arena *scratch; /* of take, mark and abandon */
    int64_t unmarked_bytes, marked_us;
    pthread_mutex_t lock;  /* guards what follows */
    char *filling, *emptying;
    size_t room, filled, to_empty;
    bool busy;   /* a writer has the stream, or will */
    bool parked; /* the connection waits until a buffer is empty */
    bool ended;  /* the connection waits for the answer */
    bool lost;   /* there is no connection any more */
    bool failed; /* the exchange's scope says why; the sink was abandoned */
};

static void
give_back(void *handle)
{
    struct http *h = handle;
    atomic_fetch_sub(&h->streams, 1);
}

/* Whose bodies arrive: a person's, or, where nobody signs in, an address's. */
struct sender {
    struct sender *next;
    struct http *http;
    struct uuid person_id;
    struct str address;
};

static void
leave(void *handle)
{
    struct sender *e = handle;
    pthread_mutex_lock(&e->http->senders_lock);
    struct sender **at = &e->http->senders;
    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    pthread_mutex_unlock(&e->http->senders_lock);
}

static bool
is_same(const struct sender *a, const struct sender *b)
{
    return uuid_eq(a->person_id, b->person_id) && (!uuid_is_none(a->person_id) || str_eq(a->address, b->address));
}

bool
stream_join(struct exchange *x)
{
    struct http *h = x->http;
    struct sender *e = arena_new_of(x->arena, struct sender);
    int64_t same = 0, most = (h->settings.uploads_max + SENDER_SHARE - 1) / SENDER_SHARE;
    *e = (struct sender){ .http = h, .address = x->address,
                          .person_id = x->scope.who ? x->scope.who->person_id : (struct uuid){ { 0 } } };
    pthread_mutex_lock(&h->senders_lock);
    for (struct sender *other = h->senders; other; other = other->next)
        same += is_same(e, other);
    bool may = same < most;
    if (may) {
        e->next = h->senders;
        h->senders = e;
    }
    pthread_mutex_unlock(&h->senders_lock);
    if (may) {
        arena_defer(x->arena, leave, e);
        return true;
    }
    x->scope.failure.retry_after_s = SENDER_RETRY_S;
    return fail(&x->scope, &problem_rate_limited, "at most %lld uploads at once", (long long)most);
}

bool
stream_reserve(struct exchange *x)
{
    struct http *h = x->http;
    bool free_place = atomic_fetch_add(&h->streams, 1) < h->settings.uploads_max;
    if (free_place)
        arena_defer(x->arena, give_back, h);
    else
        give_back(h);
    return free_place;
}

/* ---- the writer's side ---- */

static struct scope
scratch_scope(struct stream *m)
{
    struct exchange *x = m->x;
    arena_reset(m->scratch);
    struct scope s = scope_new(m->scratch, clock_now(x->http->settings.clock));
    s.request_id = x->request_id;
    s.address = x->address;
    s.language = x->scope.language;
    s.service = x->http->settings.service;
    return s;
}

static void
abandon(struct stream *m, struct worker *w)
{
    struct scope s = scratch_scope(m);
    m->sink->abandon(&s, m->taker, worker_db(w));
    db_end(&s);
}

/* The failure outlives the memory it was made in. */
static void
keep_failure(struct stream *m, struct worker *w, const struct scope *s)
{
    struct exchange *x = m->x;
    x->scope.failure = s->failure;
    x->scope.failure.detail = str_copy(x->arena, s->failure.detail);
    for (size_t i = 0; i < s->failure.violation_count; i++) {
        x->scope.failure.violations[i].pointer = str_copy(x->arena, s->failure.violations[i].pointer);
        x->scope.failure.violations[i].expected = str_copy(x->arena, s->failure.violations[i].expected);
    }
    abandon(m, w);
}

static bool
mark_when_due(struct stream *m, struct worker *w, struct scope *s)
{
    int64_t now_us = clock_monotonic_us();
    if (!m->sink->mark || (m->unmarked_bytes < MARK_BYTES && now_us - m->marked_us < SECONDS(MARK_SECONDS)))
        return true;
    m->unmarked_bytes = 0;
    m->marked_us = now_us;
    bool marked = m->sink->mark(s, m->taker, worker_db(w));
    db_end(s);
    return marked;
}

static bool
empty_buffer(struct stream *m, struct worker *w)
{
    struct scope s = scratch_scope(m);
    m->unmarked_bytes += (int64_t)m->to_empty;
    if (m->sink->take(&s, m->taker, (struct str){ m->emptying, m->to_empty }) && mark_when_due(m, w, &s))
        return true;
    keep_failure(m, w, &s);
    return false;
}

static void
answer(struct stream *m, struct worker *w)
{
    struct exchange *x = m->x;
    if (m->failed) {
        exchange_refuse(x);
        return;
    }
    exchange_scope(x, x->arena);
    bool answered = answer_closing(x, w, m->taker);
    db_end(&x->scope);
    if (!answered)
        abandon(m, w);
    if (answered)
        exchange_send(x);
    else
        exchange_refuse(x);
}

/* Under the lock: the full buffer becomes the writer's. */
static void
turn_over(struct stream *m)
{
    char *full = m->filling;
    m->filling = m->emptying;
    m->emptying = full;
    m->to_empty = m->failed ? 0 : m->filled;
    m->filled = 0;
}

static void
let_go_on(struct stream *m)
{
    if (!m->parked)
        return;
    m->parked = false;
    if (m->x->peer)
        peer_turns(m->x->peer, PEER_BODY);
    MHD_resume_connection(m->x->connection);
}

enum turn { TURN_AGAIN, TURN_REST, TURN_ANSWER, TURN_BURY };

static enum turn
next_turn(struct stream *m, bool failed)
{
    enum turn turn = TURN_REST;
    pthread_mutex_lock(&m->lock);
    m->failed |= failed;
    m->to_empty = 0;
    if (m->lost && !m->filled)
        turn = TURN_BURY;
    else if (m->ended && !m->filled)
        turn = TURN_ANSWER;
    else if (m->parked || m->ended || m->lost)
        turn = TURN_AGAIN;
    if (turn == TURN_AGAIN) {
        turn_over(m);
        let_go_on(m);
    }
    m->busy = turn != TURN_REST;
    pthread_mutex_unlock(&m->lock);
    return turn;
}

/* One buffer at a time, so that all streams get on. */
static void
write_on(struct worker *w, struct task *t)
{
    struct stream *m = (struct stream *)t;
    bool failed = m->to_empty && !m->failed && !empty_buffer(m, w);
    switch (next_turn(m, failed)) {
    case TURN_REST:
        break;
    case TURN_AGAIN:
        workers_push_more(m->x->http->writers, &m->task);
        break;
    case TURN_ANSWER:
        answer(m, w);
        break;
    case TURN_BURY:
        if (!m->failed)
            abandon(m, w);
        log_info(&m->x->scope, "http.stream_cut", "%s", m->x->match.route->path);
        exchange_end(m->x);
    }
}

/* ---- the beginning ---- */

static void
end_stream(void *handle)
{
    struct stream *m = handle;
    pthread_mutex_destroy(&m->lock);
    arenas_give(m->x->http->arenas, m->scratch);
}

static struct stream *
stream_new(struct exchange *x, void *taker)
{
    struct stream *m = arena_new_of(x->arena, struct stream);
    *m = (struct stream){ .task.run = write_on, .x = x, .sink = x->match.route->sink, .taker = taker,
                          .marked_us = clock_monotonic_us() };
    pthread_mutex_init(&m->lock, NULL);
    m->room = m->sink->piece_bytes ? m->sink->piece_bytes : SINK_PIECE_BYTES;
    m->task.owner = m->sink->owner ? m->sink->owner(taker) : 0;
    m->scratch = arenas_take(x->http->arenas);
    arena_defer(x->arena, end_stream, m);
    m->filling = arena_alloc(x->arena, m->room);
    m->emptying = arena_alloc(x->arena, m->room);
    return m;
}

void
stream_admit(struct worker *w, struct task *t)
{
    struct exchange *x = (struct exchange *)t;
    void *taker = NULL;
    exchange_scope(x, x->arena);
    bool admitted = answer_opening(x, w, &taker);
    db_end(&x->scope);
    if (!admitted) {
        exchange_refuse(x);
        return;
    }
    x->stream = stream_new(x, taker);
    x->state = EXCHANGE_ADMITTED;
    MHD_resume_connection(x->connection);
}

/* ---- the loop's side ---- */

static bool
must_stop(const struct stream *m)
{
    const struct http *h = m->x->http;
    return atomic_load(&h->cutting) || (m->sink->mark && atomic_load(&h->draining));
}

/* With the lock held; false when it must wait for the writer. */
static bool
hand_over(struct stream *m)
{
    if (m->busy)
        return false;
    turn_over(m);
    m->busy = true;
    workers_push_more(m->x->http->writers, &m->task);
    return true;
}

static void
fill(struct stream *m, struct str piece, size_t *taken)
{
    while (*taken < piece.len) {
        size_t room = m->room - m->filled, rest = piece.len - *taken;
        size_t bytes = rest < room ? rest : room;
        memcpy(m->filling + m->filled, piece.at + *taken, bytes);
        m->filled += bytes;
        *taken += bytes;
        if (m->filled < m->room)
            continue;
        if (m->x->peer)
            peer_turns(m->x->peer, PEER_BODY); /* the next buffer has its own time to arrive */
        if (hand_over(m))
            continue;
        m->parked = true;
        if (m->x->peer)
            peer_turns(m->x->peer, PEER_WORK); /* now it waits for us */
        MHD_suspend_connection(m->x->connection);
        return;
    }
}

static bool
is_suspended(const struct exchange *x)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_SUSPENDED);
    return info && info->suspended == MHD_YES;
}

/* Of chunks that lie in its buffer libmicrohttpd gives the next one although the one before suspended the connection.
 * To suspend it again, or to end it now, would break its lists: so nothing is taken until it was truly resumed. */
bool
stream_take(struct exchange *x, struct str piece, size_t *taken)
{
    struct stream *m = x->stream;
    *taken = 0;
    if (is_suspended(x))
        return true;
    if (must_stop(m))
        return false;
    if (x->peer)
        peer_hears(x->peer, piece.len);
    pthread_mutex_lock(&m->lock);
    bool failed = m->failed;
    if (!failed)
        fill(m, piece, taken);
    pthread_mutex_unlock(&m->lock);
    if (!failed)
        return true;
    *taken = piece.len;
    x->discarded += piece.len;
    return x->discarded <= DISCARD_MAX;
}

void
stream_body_ends(struct exchange *x)
{
    struct stream *m = x->stream;
    x->state = EXCHANGE_WORK;
    if (x->peer)
        peer_turns(x->peer, PEER_WORK);
    pthread_mutex_lock(&m->lock);
    if (!m->parked)
        MHD_suspend_connection(x->connection); /* twice would break the library's lists */
    m->parked = false;
    m->ended = true;
    (void)hand_over(m); /* or the writer sees it */
    pthread_mutex_unlock(&m->lock);
}

bool
stream_outlives(struct exchange *x)
{
    struct stream *m = x->stream;
    if (!m || x->state == EXCHANGE_ANSWERED)
        return false;
    x->peer = NULL;
    pthread_mutex_lock(&m->lock);
    m->lost = true;
    (void)hand_over(m);
    pthread_mutex_unlock(&m->lock);
    return true;
}
