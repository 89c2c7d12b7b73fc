#include "core/base/arena.h"

#include <stdalign.h>

enum { ALIGNMENT = alignof(max_align_t), LARGE_BYTES = 8 };

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};

struct deferred {
    struct deferred *next;
    void (*end)(void *);
    void *handle;
};

struct arena {
    struct block *first, *current;
    struct block *large; /* blocks of their own for what would waste a shared one */
    struct deferred *deferred;
    size_t block_bytes, used;
};

static void *
memory(size_t bytes)
{
    void *p = malloc(bytes);
    if (!p)
        abort();
    return p;
}

static struct block *
block_new(size_t size)
{
    struct block *b = memory(sizeof *b + size);
    *b = (struct block){ .size = size };
    return b;
}

static void
blocks_free(struct block *b)
{
    while (b) {
        struct block *next = b->next;
        free(b);
        b = next;
    }
}

struct arena *
arena_new(size_t block_bytes)
{
    struct arena *a = memory(sizeof *a);
    *a = (struct arena){ .block_bytes = block_bytes };
    a->first = a->current = block_new(block_bytes);
    return a;
}

static void
end_deferred(struct arena *a)
{
    while (a->deferred) {
        struct deferred *d = a->deferred;
        a->deferred = d->next;
        d->end(d->handle);
    }
}

void
arena_reset(struct arena *a)
{
    end_deferred(a);
    blocks_free(a->first->next);
    blocks_free(a->large);
    a->first->next = NULL;
    a->first->used = 0;
    a->current = a->first;
    a->large = NULL;
    a->used = 0;
}

void
arena_free(struct arena *a)
{
    if (!a)
        return;
    end_deferred(a);
    blocks_free(a->first);
    blocks_free(a->large);
    free(a);
}

void
arena_end(struct arena **a)
{
    arena_free(*a);
}

static void *
alloc_large(struct arena *a, size_t bytes)
{
    struct block *b = block_new(bytes);
    b->next = a->large;
    a->large = b;
    return memset(b->bytes, 0, bytes);
}

void *
arena_alloc(struct arena *a, size_t bytes)
{
    if (bytes > SIZE_MAX - ALIGNMENT)
        abort();
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    a->used += rounded;
    if (rounded > a->block_bytes / LARGE_BYTES)
        return alloc_large(a, rounded);
    if (a->current->size - a->current->used < rounded) {
        a->current->next = block_new(a->block_bytes);
        a->current = a->current->next;
    }
    void *p = a->current->bytes + a->current->used;
    a->current->used += rounded;
    return memset(p, 0, rounded);
}

void *
arena_array(struct arena *a, size_t count, size_t bytes)
{
    size_t total;
    if (__builtin_mul_overflow(count, bytes, &total))
        abort();
    return arena_alloc(a, total);
}

void
arena_defer(struct arena *a, void (*end)(void *), void *handle)
{
    struct deferred *d = arena_alloc(a, sizeof *d);
    *d = (struct deferred){ .next = a->deferred, .end = end, .handle = handle };
    a->deferred = d;
}

size_t
arena_used(const struct arena *a)
{
    return a->used;
}
