#include "server/syslog.h"

#include <pthread.h>

#include "core/base/log.h"
#include "core/net/stream_listener.h"
#include "workflows/ingest.h"
#include "workflows/service.h"
#include "xdr/front.h"
#include "xdr/syslog.h"

enum {
    READ_BYTES = 64 * 1024,
    BUFFER_BYTES = SYSLOG_MESSAGE_MAX + READ_BYTES,
    BATCH_BYTES = 2 * 1024 * 1024,
    BATCH_ROOM = BATCH_BYTES + 2 * SYSLOG_MESSAGE_MAX,
    BATCH_MS = 1000,
    KEY_MS = 30000,
    AGAIN_MS = 500,
    DATABASES = 2,
    BLOCK = 64 * 1024,
};

struct syslog_doors {
    struct stream_listener *listeners[2];
    size_t listener_count;
    const struct service *service;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t given;
    struct db *idle[DATABASES];
    size_t idle_count;
};

struct talk { /* one connection */
    struct syslog_doors *doors;
    struct stream_peer *peer;
    struct arena *life, *work; /* work: of one batch */
    struct front *front;
    struct str key;
    char *buffer, *text;
    size_t buffered, text_len;
    int64_t begun_us; /* of the batch; 0: none */
    bool over;
};

static struct db *
take_db(struct syslog_doors *d)
{
    pthread_mutex_lock(&d->lock);
    while (!d->idle_count)
        pthread_cond_wait(&d->given, &d->lock);
    struct db *db = d->idle[--d->idle_count];
    pthread_mutex_unlock(&d->lock);
    return db;
}

static void
give_db(struct syslog_doors *d, struct db *db)
{
    pthread_mutex_lock(&d->lock);
    d->idle[d->idle_count++] = db;
    pthread_cond_signal(&d->given);
    pthread_mutex_unlock(&d->lock);
}

/* ---- batches ---- */

static bool
write_batch(struct scope *s, struct talk *t, struct db *db)
{
    struct ingest_plan plan = { .coding = CODING_IDENTITY, .form = INGEST_LINES, .unnamed = true };
    struct ingest_answer answer;
    struct ingest *g;
    if (!db_begin(s, db, (struct uuids){ 0 }) || !sender_enter(s, t->key, &plan.sender) || !db_commit(s)
        || !ingest_begin(s, &plan, &g))
        return false;
    bool written = ingest_take(s, g, (struct str){ t->text, t->text_len }) && db_begin(s, db, (struct uuids){ 0 })
                && sender_enter_again(s, t->key, &plan.sender) && ingest_close(s, g, &answer);
    ingest_give_up(g);
    if (written && answer.refused_count)
        log_info(s, "syslog.refused", "%lld of %lld lines", (long long)answer.refused_count,
                 (long long)(answer.refused_count + answer.accepted));
    return written;
}

static bool
try_batch(struct talk *t, const struct problem **why)
{
    arena_reset(t->work);
    struct scope s = scope_new(t->work, clock_now(&t->doors->service->clock));
    struct db *db = take_db(t->doors);
    s.service = t->doors->service;
    s.address = stream_address(t->peer);
    bool written = write_batch(&s, t, db);
    db_end(&s);
    give_db(t->doors, db);
    *why = s.failure.problem;
    if (!written)
        log_warn(&s, "syslog.waits", "%s: " STR_FMT, s.failure.problem->slug, STR_ARG(s.failure.detail));
    return written;
}

/* Until it is durable: meanwhile nothing is read, so the sender waits. A key that is no longer good ends it. */
static void
close_batch(struct talk *t)
{
    const struct problem *why;
    while (t->text_len && !t->over && !try_batch(t, &why))
        t->over = why->status == 401 || why->status == 400 || !stream_rest(t->peer, AGAIN_MS);
    t->text_len = 0;
    t->begun_us = 0;
}

static void
add_event(void *to, struct str json, uint64_t number)
{
    struct talk *t = to;
    (void)number;
    if (json.len > SYSLOG_MESSAGE_MAX)
        return;
    if (t->text_len + json.len + 1 > BATCH_ROOM)
        close_batch(t);
    if (!t->begun_us)
        t->begun_us = clock_monotonic_us();
    for (size_t i = 0; i < json.len; i++) /* a line holds no end of a line */
        t->text[t->text_len + i] = json.at[i] == '\n' ? ' ' : json.at[i];
    t->text_len += json.len;
    t->text[t->text_len++] = '\n';
}

/* ---- messages ---- */

static bool
enter(struct talk *t, struct str key)
{
    struct sender_row sender;
    arena_reset(t->work);
    struct scope s = scope_new(t->work, clock_now(&t->doors->service->clock));
    struct db *db = take_db(t->doors);
    s.service = t->doors->service;
    s.address = stream_address(t->peer);
    bool good = db_begin(&s, db, (struct uuids){ 0 }) && sender_enter(&s, key, &sender) && db_commit(&s);
    db_end(&s);
    give_db(t->doors, db);
    if (good)
        t->key = str_copy(t->life, key);
    else
        log_info(&s, "syslog.not_let_in", STR_FMT, STR_ARG(s.failure.detail));
    return good;
}

static bool
take_message(struct talk *t, struct str message)
{
    struct syslog_message m;
    if (!t->key.at && str_starts(message, STR("ygi_")))
        return enter(t, str_trim(message));
    syslog_read(message, &m);
    if (!t->key.at && !enter(t, syslog_param(m.structured, "yagura", "key")))
        return false;
    if (!str_trim(m.text).len)
        return true;
    scoped(arena_end) struct arena *a = arena_new(BLOCK);
    front_take(t->front, syslog_line(a, &m), 0);
    return true;
}

/* False: no further message can be found in what comes. */
static bool
take_messages(struct talk *t)
{
    struct str rest = { t->buffer, t->buffered }, message;
    enum syslog_frame frame;
    while (!t->over && (frame = syslog_next(&rest, &message)) == SYSLOG_FRAME) {
        if (!take_message(t, message))
            return false;
        if (t->text_len >= BATCH_BYTES)
            close_batch(t);
    }
    if (!t->over && frame == SYSLOG_BROKEN) {
        log_info(NULL, "syslog.broken", STR_FMT ": a message is longer than %d bytes",
                 STR_ARG(stream_address(t->peer)), SYSLOG_MESSAGE_MAX);
        return false;
    }
    memmove(t->buffer, rest.at, rest.len);
    t->buffered = rest.len;
    return !t->over;
}

static int
patience_ms(const struct talk *t)
{
    if (!t->key.at)
        return KEY_MS;
    int64_t gone_ms = t->begun_us ? (clock_monotonic_us() - t->begun_us) / 1000 : 0;
    return gone_ms < BATCH_MS ? (int)(BATCH_MS - gone_ms) : 0;
}

static void
talk_on(struct talk *t)
{
    while (!t->over) {
        int got = stream_read(t->peer, t->buffer + t->buffered, BUFFER_BYTES - t->buffered, patience_ms(t));
        if (got < 0 || (got == 0 && !t->key.at))
            break;
        t->buffered += (size_t)got;
        if (got && !take_messages(t))
            break;
        if (got == 0)
            front_end(t->front); /* records whose last one never came */
        if (t->begun_us && patience_ms(t) == 0)
            close_batch(t);
    }
    /* A last line needs no end. */
    if (t->key.at && !t->over && t->buffered && t->buffered < BUFFER_BYTES) {
        t->buffer[t->buffered++] = '\n';
        (void)take_messages(t);
    }
    front_end(t->front);
    close_batch(t);
}

static void
serve(void *to, struct stream_peer *peer)
{
    scoped(arena_end) struct arena *life = arena_new(BLOCK);
    scoped(arena_end) struct arena *work = arena_new(BLOCK);
    struct talk t = { .doors = to, .peer = peer, .life = life, .work = work };
    t.front = front_new(life, add_event, &t);
    t.buffer = arena_alloc(life, BUFFER_BYTES);
    t.text = arena_alloc(life, BATCH_ROOM);
    talk_on(&t);
}

/* ---- the doors ---- */

static bool
open_door(struct scope *s, struct syslog_doors *d, struct stream_settings with)
{
    if (!with.listen.at)
        return true;
    if (!stream_listen(s, &with, &d->listeners[d->listener_count]))
        return false;
    log_info(s, "syslog.listens", "port=%d%s", stream_port(d->listeners[d->listener_count]),
             with.cert_file.at ? " tls" : "");
    d->listener_count++;
    return true;
}

bool
syslog_open(struct scope *s, const struct settings *from, const struct db_settings *db, struct syslog_doors **out)
{
    struct syslog_doors *d = arena_new_of(s->arena, struct syslog_doors);
    *d = (struct syslog_doors){ .service = s->service };
    *out = d;
    if (!from->syslog_listen.at && !from->syslog_tls_listen.at)
        return true;
    pthread_mutex_init(&d->lock, NULL);
    pthread_cond_init(&d->given, NULL);
    while (d->idle_count < DATABASES)
        d->idle[d->idle_count++] = db_open(db);
    const struct stream_settings plain = { .listen = from->syslog_listen, .serve = serve, .to = d,
                                           .connections_max = (int)from->syslog_connections };
    struct stream_settings tls = plain;
    tls.listen = from->syslog_tls_listen;
    tls.cert_file = from->syslog_tls_cert_file;
    tls.key_file = from->syslog_tls_key_file;
    tls.client_ca_file = from->syslog_tls_client_ca_file;
    if (open_door(s, d, plain) && open_door(s, d, tls))
        return true;
    syslog_close(d);
    return false;
}

void
syslog_close(struct syslog_doors *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->listener_count; i++)
        stream_stop(d->listeners[i]);
    while (d->idle_count)
        db_close(d->idle[--d->idle_count]);
}
