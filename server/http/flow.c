#include "server/http/flow.h"

#include <microhttpd.h>
#include <pthread.h>

struct flow {
    pthread_mutex_t lock;
    struct MHD_Connection *connection;
    char *bytes;
    size_t room, begin, length; /* a ring */
    bool parked, ended, broken;
    void (*hungry)(void *maker);
    void *maker;
};

static void
end_lock(void *flow)
{
    struct flow *f = flow;
    pthread_mutex_destroy(&f->lock);
}

struct flow *
flow_new(struct arena *a, struct MHD_Connection *connection, size_t room, void (*hungry)(void *maker), void *maker)
{
    struct flow *f = arena_new_of(a, struct flow);
    pthread_mutex_init(&f->lock, NULL);
    arena_defer(a, end_lock, f);
    f->connection = connection;
    f->bytes = arena_alloc(a, room);
    f->room = room;
    f->hungry = hungry;
    f->maker = maker;
    return f;
}

static void
wake(struct flow *f)
{
    if (!f->parked)
        return;
    f->parked = false;
    MHD_resume_connection(f->connection);
}

bool
flow_add(struct flow *f, struct str piece)
{
    pthread_mutex_lock(&f->lock);
    bool fits = !f->ended && piece.len <= f->room - f->length;
    if (fits) {
        size_t at = (f->begin + f->length) % f->room;
        size_t first = piece.len < f->room - at ? piece.len : f->room - at;
        memcpy(f->bytes + at, piece.at, first);
        memcpy(f->bytes, piece.at + first, piece.len - first);
        f->length += piece.len;
        wake(f);
    }
    pthread_mutex_unlock(&f->lock);
    return fits;
}

void
flow_end(struct flow *f, bool broken)
{
    pthread_mutex_lock(&f->lock);
    f->ended = true;
    f->broken |= broken;
    wake(f);
    pthread_mutex_unlock(&f->lock);
}

static size_t
take(struct flow *f, char *to, size_t room)
{
    size_t count = f->length < room ? f->length : room;
    size_t first = count < f->room - f->begin ? count : f->room - f->begin;
    memcpy(to, f->bytes + f->begin, first);
    memcpy(to + first, f->bytes, count - first);
    f->begin = (f->begin + count) % f->room;
    f->length -= count;
    return count;
}

ssize_t
flow_read(void *flow, uint64_t position, char *to, size_t room)
{
    struct flow *f = flow;
    (void)position;
    pthread_mutex_lock(&f->lock);
    size_t count = take(f, to, room);
    ssize_t result = (ssize_t)count;
    bool hungry = false;
    if (count == 0 && f->ended) {
        result = f->broken ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
    } else if (count == 0) {
        f->parked = true;
        MHD_suspend_connection(f->connection);
        hungry = f->hungry != NULL;
    }
    pthread_mutex_unlock(&f->lock);
    if (hungry)
        f->hungry(f->maker);
    return result;
}
