/* uuid: identities. New ones are version 7: ordered by time of creation, so indexes grow at one end.
 * The zero value is "absent". */
#ifndef YAGURA_CORE_BASE_UUID_H
#define YAGURA_CORE_BASE_UUID_H

#include "core/base/instant.h"

enum { UUID_TEXT_BYTES = 36 };

struct uuid {
    uint8_t bytes[16];
};

struct uuids {
    struct uuid *items;
    size_t count;
};

struct uuid uuid_new(struct instant now); /* monotonic within a process even in one microsecond */
bool uuid_is_none(struct uuid u);
bool uuid_eq(struct uuid a, struct uuid b);
must_check bool uuid_parse(struct str text, struct uuid *out);
void uuid_write(char out[UUID_TEXT_BYTES], struct uuid u);
struct str uuid_format(struct arena *a, struct uuid u);

#endif
