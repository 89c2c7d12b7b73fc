/* name_index: a table from names to numbers, made once and then asked often. Names are not copied. */
#ifndef YAGURA_XDR_NAME_INDEX_H
#define YAGURA_XDR_NAME_INDEX_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct name_index;

struct name_index *name_index_new(struct arena *a);
void name_index_add(struct name_index *index, struct str name, uint32_t number); /* the first one of a name stays */
bool name_index_find(const struct name_index *index, struct str name, uint32_t *number);
/* The number of a name, which becomes the next free one when the name is new. */
uint32_t name_index_take(struct name_index *index, struct str name);
size_t name_index_count(const struct name_index *index);

#endif
