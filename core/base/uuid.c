#include "core/base/uuid.h"

#include <sodium.h>
#include <stdatomic.h>

#include "core/base/arena.h"

/* The 60 bits of time and order that were given out last: 48 of milliseconds and 12 below them. Ids made in one
 * microsecond, or while a clock stands still or steps back, count on from here. */
static _Atomic uint64_t last_order;

static uint64_t
next_order(struct instant now)
{
    uint64_t us = now.us > 0 ? (uint64_t)now.us : 0;
    uint64_t wanted = (us / 1000) << 12 | (us % 1000) * 4096 / 1000;
    uint64_t last = atomic_load(&last_order), next;
    do
        next = wanted > last ? wanted : last + 1;
    while (!atomic_compare_exchange_weak(&last_order, &last, next));
    return next;
}

struct uuid
uuid_new(struct instant now)
{
    struct uuid u;
    uint64_t order = next_order(now), ms = order >> 12;
    randombytes_buf(u.bytes + 8, 8);
    for (int i = 0; i < 6; i++)
        u.bytes[i] = (uint8_t)(ms >> (40 - 8 * i));
    u.bytes[6] = (uint8_t)(0x70 | (order >> 8 & 0x0F));
    u.bytes[7] = (uint8_t)order;
    u.bytes[8] = (uint8_t)(0x80 | (u.bytes[8] & 0x3F));
    return u;
}

bool
uuid_is_none(struct uuid u)
{
    static const struct uuid none;
    return uuid_eq(u, none);
}

bool
uuid_eq(struct uuid a, struct uuid b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static int
hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
is_dash_place(size_t i)
{
    return i == 8 || i == 13 || i == 18 || i == 23;
}

bool
uuid_parse(struct str text, struct uuid *out)
{
    struct uuid u;
    if (text.len != UUID_TEXT_BYTES)
        return false;
    for (size_t i = 0, byte = 0; i < UUID_TEXT_BYTES;) {
        if (is_dash_place(i)) {
            if (text.at[i++] != '-')
                return false;
            continue;
        }
        int high = hex_digit(text.at[i]), low = hex_digit(text.at[i + 1]);
        if (high < 0 || low < 0)
            return false;
        u.bytes[byte++] = (uint8_t)(high << 4 | low);
        i += 2;
    }
    *out = u;
    return true;
}

void
uuid_write(char out[UUID_TEXT_BYTES], struct uuid u)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0, byte = 0; i < UUID_TEXT_BYTES;) {
        if (is_dash_place(i)) {
            out[i++] = '-';
            continue;
        }
        out[i++] = digits[u.bytes[byte] >> 4];
        out[i++] = digits[u.bytes[byte++] & 15];
    }
}

struct str
uuid_format(struct arena *a, struct uuid u)
{
    char *text = arena_alloc(a, UUID_TEXT_BYTES + 1);
    uuid_write(text, u);
    return (struct str){ text, UUID_TEXT_BYTES };
}
