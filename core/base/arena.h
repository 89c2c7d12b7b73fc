/* arena: memory with a life, not with frees.
 *
 * Everything of one piece of work (a request, a job, a parsed rule set) is taken from one arena and goes with
 * it. arena_alloc never returns NULL: inputs are bounded, so arenas are too; when memory really ends the
 * process aborts, because its state is in PostgreSQL. Memory comes zeroed and aligned for any type.
 *
 * A foreign handle joins the life with arena_defer; the last one deferred ends first.
 * arena_reset ends the life and keeps the first block, so a worker's next request allocates nothing.
 */
#ifndef YAGURA_CORE_BASE_ARENA_H
#define YAGURA_CORE_BASE_ARENA_H

#include "core/base/base.h"

struct arena;

struct arena *arena_new(size_t block_bytes);
void arena_free(struct arena *a);
void arena_reset(struct arena *a);
void arena_end(struct arena **a); /* for scoped() */

void *arena_alloc(struct arena *a, size_t bytes);
void *arena_array(struct arena *a, size_t count, size_t bytes); /* aborts on overflow */
void arena_defer(struct arena *a, void (*end)(void *), void *handle);
size_t arena_used(const struct arena *a); /* bytes handed out in this life */

#define arena_new_of(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_array_of(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))

#endif
