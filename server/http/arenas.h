/* arenas: the memory of calls, kept from one call to the next so that a busy server asks the system for nothing. */
#ifndef YAGURA_SERVER_HTTP_ARENAS_H
#define YAGURA_SERVER_HTTP_ARENAS_H

#include "core/base/arena.h"

struct arenas;

struct arenas *arenas_new(struct arena *a);
void arenas_end(struct arenas *p);
struct arena *arenas_take(struct arenas *p);
void arenas_give(struct arenas *p, struct arena *a);

#endif
