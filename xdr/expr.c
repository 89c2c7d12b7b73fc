#include "xdr/expr.h"

#include <arpa/inet.h>

#include "core/base/text.h"

const struct expr *
expr_test(struct arena *a, struct test test)
{
    struct expr *e = arena_new_of(a, struct expr);
    *e = (struct expr){ .kind = EXPR_TEST, .test = test };
    return e;
}

static const struct expr *
expr_of(struct arena *a, enum expr_kind kind, const struct expr *const *parts, size_t count)
{
    const struct expr **copy = arena_array_of(a, count ? count : 1, const struct expr *);
    for (size_t i = 0; i < count; i++)
        copy[i] = parts[i];
    struct expr *e = arena_new_of(a, struct expr);
    *e = (struct expr){ .kind = kind, .parts = copy, .count = count };
    return e;
}

const struct expr *
expr_not(struct arena *a, const struct expr *part)
{
    return expr_of(a, EXPR_NOT, &part, 1);
}

const struct expr *
expr_and(struct arena *a, const struct expr *const *parts, size_t count)
{
    return count == 1 ? parts[0] : expr_of(a, EXPR_AND, parts, count);
}

const struct expr *
expr_or(struct arena *a, const struct expr *const *parts, size_t count)
{
    return count == 1 ? parts[0] : expr_of(a, EXPR_OR, parts, count);
}

const struct expr *
expr_labelled(struct arena *a, const struct expr *e, struct str label)
{
    struct expr *copy = arena_new_of(a, struct expr);
    *copy = *e;
    copy->label = label;
    return copy;
}

size_t
expr_size(const struct expr *e, size_t most)
{
    size_t size = 1;
    for (size_t i = 0; i < e->count && size < most; i++)
        size += expr_size(e->parts[i], most - size);
    return size;
}

/* A field stands in few places of a tree, but a list of a thousand values is a thousand tests of one. */
static void
add_field(struct strs *fields, struct str name)
{
    for (size_t i = fields->count; name.at && i > 0; i--)
        if (str_eq(fields->items[i - 1], name))
            return;
    if (name.at)
        fields->items[fields->count++] = name;
}

static void
add_fields(struct strs *fields, const struct expr *e)
{
    if (e->kind == EXPR_TEST) {
        add_field(fields, e->test.field);
        add_field(fields, e->test.other);
    }
    for (size_t i = 0; i < e->count; i++)
        add_fields(fields, e->parts[i]);
}

struct strs
expr_fields(struct arena *a, const struct expr *e)
{
    struct strs fields = { arena_array_of(a, 2 * expr_size(e, SIZE_MAX) + 1, struct str), 0 };
    add_fields(&fields, e);
    return fields;
}

static struct str
pattern_around(struct arena *a, struct str text, bool before, bool after)
{
    char *at = arena_alloc(a, text.len + 3);
    size_t len = 0;
    if (before)
        at[len++] = (char)PATTERN_MANY;
    if (text.len)
        memcpy(at + len, text.at, text.len);
    len += text.len;
    if (after)
        at[len++] = (char)PATTERN_MANY;
    return (struct str){ at, len };
}

struct str
pattern_equal(struct arena *a, struct str text)
{
    return pattern_around(a, text, false, false);
}

struct str
pattern_contains(struct arena *a, struct str text)
{
    return pattern_around(a, text, true, true);
}

struct str
pattern_starts(struct arena *a, struct str text)
{
    return pattern_around(a, text, false, true);
}

struct str
pattern_ends(struct arena *a, struct str text)
{
    return pattern_around(a, text, true, false);
}

struct str
pattern_show(struct arena *a, struct str pattern)
{
    struct text t = text_new(a, pattern.len * 5 + 1);
    for (size_t i = 0; i < pattern.len; i++) {
        unsigned char c = (unsigned char)pattern.at[i];
        if (c == PATTERN_MANY)
            text_add_char(&t, '*');
        else if (c == PATTERN_ONE)
            text_add_char(&t, '?');
        else if (c == PATTERN_DASH)
            text_add_c(&t, "[-/]");
        else
            text_add_char(&t, (char)c);
    }
    return text_str(&t);
}

bool
address_of(struct str text, uint8_t out[16])
{
    char buffer[INET6_ADDRSTRLEN + 1];
    if (text.len == 0 || text.len >= sizeof buffer || memchr(text.at, 0, text.len))
        return false;
    memcpy(buffer, text.at, text.len);
    buffer[text.len] = 0;
    memset(out, 0, 12);
    if (inet_pton(AF_INET, buffer, out + 12) == 1) {
        out[10] = out[11] = 0xFF;
        return true;
    }
    return inet_pton(AF_INET6, buffer, out) == 1;
}

bool
network_of(struct str text, struct network *out)
{
    struct str rest = text, host;
    if (!str_cut(&rest, '/', &host) || !address_of(host, out->address))
        return false;
    bool is_v4 = memchr(host.at, ':', host.len) == NULL;
    int64_t widest = is_v4 ? 32 : 128, bits = widest;
    if (rest.at && (!str_int(rest, &bits) || bits < 0 || bits > widest))
        return false;
    out->bits = (uint8_t)(is_v4 ? bits + 96 : bits);
    return true;
}

bool
network_holds(const struct network *n, const uint8_t address[16])
{
    static const uint8_t v4_prefix[12] = { [10] = 0xFF, [11] = 0xFF };
    size_t whole = n->bits / 8, rest = n->bits % 8;
    if (n->bits < 96 && memcmp(address, v4_prefix, sizeof v4_prefix) == 0)
        return false; /* ::/0 is every IPv6 address, and no IPv4 one */
    if (memcmp(n->address, address, whole) != 0)
        return false;
    return rest == 0 || ((n->address[whole] ^ address[whole]) & (0xFF00 >> rest) & 0xFF) == 0;
}
