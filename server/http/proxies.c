#include <arpa/inet.h>

#include "server/http/peers.h"

enum { PROXIES_MAX = 64, ADDRESS_BITS = 128 };

struct network {
    uint8_t bytes[16];
    int bits;
};

struct proxies {
    struct network items[PROXIES_MAX];
    size_t count;
};

/* Every address as IPv6; IPv4 is ::ffff:a.b.c.d. */
static bool
address_read(struct str text, uint8_t bytes[16], bool *is_v4)
{
    char c[PEER_ADDRESS_BYTES] = "";
    if (text.len == 0 || text.len >= sizeof c)
        return false;
    memcpy(c, text.at, text.len);
    memset(bytes, 0, 16);
    *is_v4 = inet_pton(AF_INET, c, bytes + 12) == 1;
    if (*is_v4)
        bytes[10] = bytes[11] = 0xFF;
    return *is_v4 || inet_pton(AF_INET6, c, bytes) == 1;
}

static bool
network_read(struct str text, struct network *out)
{
    struct str address, bits = text;
    bool is_v4;
    int64_t count;
    if (!str_cut(&bits, '/', &address) || !address_read(str_trim(address), out->bytes, &is_v4))
        return false;
    if (!bits.at)
        count = is_v4 ? 32 : ADDRESS_BITS;
    else if (!str_int(bits, &count) || count < 0 || count > (is_v4 ? 32 : ADDRESS_BITS))
        return false;
    out->bits = (int)count + (is_v4 ? 96 : 0);
    return true;
}

struct proxies *
proxies_parse(struct arena *a, struct str list)
{
    struct proxies *p = arena_new_of(a, struct proxies);
    struct str part;
    while (str_cut(&list, ',', &part)) {
        part = str_trim(part);
        if (part.len == 0)
            continue;
        if (p->count == PROXIES_MAX || !network_read(part, &p->items[p->count++]))
            return NULL;
    }
    return p;
}

static bool
network_holds(const struct network *n, const uint8_t bytes[16])
{
    int whole = n->bits / 8, rest = n->bits % 8;
    if (memcmp(n->bytes, bytes, (size_t)whole) != 0)
        return false;
    return rest == 0 || (n->bytes[whole] ^ bytes[whole]) >> (8 - rest) == 0;
}

bool
proxies_trust(const struct proxies *p, struct str address)
{
    uint8_t bytes[16];
    bool is_v4;
    if (!address_read(address, bytes, &is_v4))
        return false;
    for (size_t i = 0; i < p->count; i++)
        if (network_holds(&p->items[i], bytes))
            return true;
    return false;
}

struct str
client_address(struct arena *a, const struct proxies *p, struct str peer, struct str forwarded_for)
{
    struct str client = peer;
    while (forwarded_for.len && proxies_trust(p, client)) {
        size_t comma = forwarded_for.len;
        while (comma > 0 && forwarded_for.at[comma - 1] != ',')
            comma--;
        struct str last = str_trim(str_skip(forwarded_for, comma));
        uint8_t bytes[16];
        bool is_v4;
        if (!address_read(last, bytes, &is_v4))
            break; /* not an address: what stands before it cannot be believed either */
        client = last;
        forwarded_for = str_head(forwarded_for, comma ? comma - 1 : 0);
    }
    return str_copy(a, client);
}
