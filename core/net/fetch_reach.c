#include "core/net/fetch_reach.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* Every address is judged as sixteen bytes; IPv4 as ::ffff:a.b.c.d. */
struct network {
    uint8_t address[16];
    int bits;
};

struct fetch_reach {
    bool everything;
    struct network *networks;
    size_t count;
};

#define V4(a, b, c, d, length) { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, (a), (b), (c), (d) }, 96 + (length) }
#define PAIR(n) (n) >> 8, (n) & 255
#define V6(a, b, c, d, length) { { PAIR(a), PAIR(b), PAIR(c), PAIR(d) }, (length) }

/* IANA's special-purpose registries: nothing of these is a server on the public internet. */
static const struct network special[] = {
    V4(0, 0, 0, 0, 8),        /* this network */
    V4(10, 0, 0, 0, 8),       /* private */
    V4(100, 64, 0, 0, 10),    /* shared by a carrier's customers */
    V4(127, 0, 0, 0, 8),      /* loopback */
    V4(169, 254, 0, 0, 16),   /* link-local, and the metadata of clouds */
    V4(172, 16, 0, 0, 12),    /* private */
    V4(192, 0, 0, 0, 24),     /* protocol assignments */
    V4(192, 0, 2, 0, 24),     /* documentation */
    V4(192, 88, 99, 0, 24),   /* 6to4 relays */
    V4(192, 168, 0, 0, 16),   /* private */
    V4(198, 18, 0, 0, 15),    /* benchmarks */
    V4(198, 51, 100, 0, 24),  /* documentation */
    V4(203, 0, 113, 0, 24),   /* documentation */
    V4(224, 0, 0, 0, 4),      /* multicast */
    V4(240, 0, 0, 0, 4),      /* reserved, broadcast */
    V6(0x0064, 0xff9b, 1, 0, 48), /* NAT64, local */
    V6(0x0100, 0, 0, 0, 64),      /* discard */
    V6(0x2001, 0, 0, 0, 23),      /* protocol assignments, Teredo */
    V6(0x2001, 0x0db8, 0, 0, 32), /* documentation */
    V6(0x2002, 0, 0, 0, 16),      /* 6to4: hides an IPv4 address */
    V6(0x3fff, 0, 0, 0, 20),      /* documentation */
};

static const struct network v4_mapped = V4(0, 0, 0, 0, 0);
static const struct network nat64 = { { 0, 0x64, 0xff, 0x9b }, 96 };
static const struct network global_v6 = V6(0x2000, 0, 0, 0, 3);

static bool
network_holds(const struct network *n, const uint8_t address[16])
{
    int whole = n->bits / 8, rest = n->bits % 8;
    if (memcmp(n->address, address, (size_t)whole) != 0)
        return false;
    return rest == 0 || ((n->address[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

static bool
is_public(const uint8_t address[16])
{
    uint8_t inner[16];
    memcpy(inner, address, sizeof inner);
    if (network_holds(&nat64, address)) /* judged by the IPv4 address it carries */
        memcpy(inner, v4_mapped.address, 12);
    if (!network_holds(&v4_mapped, inner) && !network_holds(&global_v6, inner))
        return false;
    for (size_t i = 0; i < COUNT_OF(special); i++)
        if (network_holds(&special[i], inner))
            return false;
    return true;
}

static bool
reach_allows_bytes(const struct fetch_reach *reach, const uint8_t address[16])
{
    if (is_public(address) || (reach && reach->everything))
        return true;
    for (size_t i = 0; reach && i < reach->count; i++)
        if (network_holds(&reach->networks[i], address))
            return true;
    return false;
}

bool
fetch_reach_allows_socket(const struct fetch_reach *reach, const struct sockaddr *address)
{
    uint8_t bytes[16];
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        memcpy(bytes, &v6.sin6_addr, sizeof bytes);
        return reach_allows_bytes(reach, bytes);
    }
    if (address->sa_family != AF_INET)
        return false;
    struct sockaddr_in v4;
    memcpy(&v4, address, sizeof v4);
    memcpy(bytes, v4_mapped.address, 12);
    memcpy(bytes + 12, &v4.sin_addr, 4);
    return reach_allows_bytes(reach, bytes);
}

static bool
address_parse(struct str text, struct network *out)
{
    char c_text[INET6_ADDRSTRLEN + 1];
    if (text.len >= sizeof c_text)
        return false;
    memcpy(c_text, text.at, text.len);
    c_text[text.len] = 0;
    *out = v4_mapped;
    out->bits = 128;
    return inet_pton(AF_INET, c_text, out->address + 12) == 1 || inet_pton(AF_INET6, c_text, out->address) == 1;
}

bool
fetch_reach_allows(const struct fetch_reach *reach, struct str address)
{
    struct network n;
    return address.len && address_parse(address, &n) && reach_allows_bytes(reach, n.address);
}

static bool
network_parse(struct str text, struct network *out)
{
    struct str length = text, address;
    int64_t bits;
    if (!str_cut(&length, '/', &address) || !address.len || !address_parse(address, out))
        return false;
    if (!length.at)
        return true;
    int most = str_contains(address, STR(":")) ? 128 : 32;
    if (!str_int(length, &bits) || bits < 0 || bits > most)
        return false;
    out->bits = 128 - most + (int)bits;
    return true;
}

struct fetch_reach *
fetch_reach_parse(struct arena *a, struct str networks)
{
    struct fetch_reach *reach = arena_new_of(a, struct fetch_reach);
    struct str rest = str_trim(networks), one;
    reach->everything = str_is(rest, "*");
    if (reach->everything || !rest.len)
        return reach;
    reach->networks = arena_array_of(a, rest.len / 2 + 1, struct network);
    while (str_cut(&rest, ',', &one))
        if (!network_parse(str_trim(one), &reach->networks[reach->count++]))
            return NULL;
    return reach;
}
