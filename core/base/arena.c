#include "core/base/arena.h"

#include <limits.h>
#include <stdalign.h>
#include <sys/mman.h>

enum { ALIGNMENT = alignof(max_align_t), LARGE_BYTES = 8, PAGE = 4096, HUGE_PAGE = 2 << 20 };

/* A sanitizer watches what malloc gave, and finds nothing in pages it knows nothing of. */
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
enum { MAPPED_FROM = INT_MAX };
#else
enum { MAPPED_FROM = HUGE_PAGE };
#endif

struct block {
    struct block *next;
    size_t size, used;
    size_t mapped; /* bytes from the kernel itself; 0: from malloc */
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
memory(size_t bytes, bool zeroed)
{
    void *p = zeroed ? calloc(1, bytes) : malloc(bytes);
    if (!p)
        abort();
    return p;
}

/* Of whole pages that begin at a huge one: a rule set of 27 MiB then costs 14 faults instead of 7,000. */
static char *
map(size_t bytes)
{
    char *p = mmap(NULL, bytes + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        abort();
    size_t before = -(uintptr_t)p & (HUGE_PAGE - 1);
    if (before)
        munmap(p, before);
    munmap(p + before + bytes, HUGE_PAGE - before);
    madvise(p + before, bytes, MADV_HUGEPAGE); /* without it, small pages do as well */
    return p + before;
}

/* Zeroed when it comes from the kernel or `zeroed` is asked for. */
static struct block *
block_new(size_t size, bool zeroed)
{
    size_t bytes = sizeof(struct block) + size, pages = (bytes + PAGE - 1) / PAGE * PAGE;
    bool is_mapped = bytes >= MAPPED_FROM;
    struct block *b = is_mapped ? (void *)map(pages) : memory(bytes, zeroed);
    *b = (struct block){ .size = size, .mapped = is_mapped ? pages : 0 };
    return b;
}

static void
blocks_free(struct block *b)
{
    while (b) {
        struct block *next = b->next;
        if (b->mapped)
            munmap(b, b->mapped);
        else
            free(b);
        b = next;
    }
}

struct arena *
arena_new(size_t block_bytes)
{
    struct arena *a = memory(sizeof *a, false);
    *a = (struct arena){ .block_bytes = block_bytes };
    a->first = a->current = block_new(block_bytes, false);
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
    struct block *b = block_new(bytes, true);
    b->next = a->large;
    a->large = b;
    return b->bytes;
}

void *
arena_alloc(struct arena *a, size_t bytes)
{
    if (bytes > SIZE_MAX / 2)
        abort();
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    a->used += rounded;
    if (rounded > a->block_bytes / LARGE_BYTES)
        return alloc_large(a, rounded);
    if (a->current->size - a->current->used < rounded) {
        a->current->next = block_new(a->block_bytes, false);
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
