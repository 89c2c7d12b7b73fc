/* Archives of strangers. An input that begins with 'T' is an archive: what is taken from it is a rule by its name, of a
 * rule's size, and stands in the archive as it was taken. Any other is made into an archive, in the three ways that
 * names are written, and read back. */
#include <assert.h>
#include <string.h>

#include "core/base/text.h"
#include "tests/fuzz/fuzz.h"
#include "xdr/rule_files.h"
#include "xdr/rule_tar.h"

enum { BLOCK = 512, NAME_MAX_HERE = 300, ARCHIVE_MAX = 8 << 20 };

struct source {
    struct str all;
    size_t at;
};

static size_t
read_source(void *from, char *to, size_t bytes)
{
    struct source *s = from;
    size_t left = s->all.len - s->at, count = bytes < left ? bytes : left;
    if (count)
        memcpy(to, s->all.at + s->at, count);
    s->at += count;
    return count;
}

/* ---- an archive as it is ---- */

static bool
take_found(void *to, struct str path, struct str body)
{
    const struct source *s = to;
    size_t end = s->at, begins = end - (body.len + BLOCK - 1) / BLOCK * BLOCK;
    assert(rule_file_is_one(path) && path.len <= RULE_TAR_NAME_MAX && body.len <= RULE_TAR_FILE_MAX);
    assert(end <= s->all.len && begins % BLOCK == 0);
    assert(body.len == 0 || memcmp(s->all.at + begins, body.at, body.len) == 0);
    return path.len % 16 != 7; /* some stop it */
}

static void
read_archive(struct str bytes)
{
    struct source s = { bytes, 0 };
    struct rule_tar t = { read_source, &s, take_found, &s, false };
    const char *problem = rule_tar_walk(&t);
    assert(!problem || !t.stopped);
}

/* ---- an archive made of the input ---- */

struct made {
    struct text archive;
    struct str names[64], bodies[64];
    size_t count, taken;
};

static void
put_padded(struct text *t, struct str body)
{
    static const char nothing[BLOCK];
    text_add(t, body);
    text_add(t, (struct str){ nothing, (BLOCK - body.len % BLOCK) % BLOCK });
}

static void
put_entry(struct text *t, struct str name, char type, struct str body)
{
    char block[BLOCK] = { 0 };
    memcpy(block, name.at, name.len < 100 ? name.len : 100);
    snprintf(block + 124, 12, "%011zo", body.len);
    block[156] = type;
    memcpy(block + 257, "ustar  ", 7);
    text_add(t, (struct str){ block, BLOCK });
    put_padded(t, body);
}

static void
put_pax(struct arena *a, struct text *t, struct str name)
{
    size_t length = name.len + 7, whole = 0;
    for (size_t digits = 1; !whole && digits < 6; digits++) {
        size_t now = length + digits, count = 0;
        for (size_t n = now; n; n /= 10)
            count++;
        whole = count == digits ? now : 0;
    }
    put_entry(t, STR("pax"), 'x', str_printf(a, "%zu path=" STR_FMT "\n", whole, STR_ARG(name)));
}

/* A byte for the way, one for the name's length, one for the body's; then the body. */
static bool
put_next(struct arena *a, struct made *m, struct str *rest)
{
    if (rest->len < 3 || m->count == COUNT_OF(m->names))
        return false;
    unsigned way = (unsigned char)rest->at[0] % 3, length = (unsigned char)rest->at[1];
    struct str body = str_head(str_skip(*rest, 3), (unsigned char)rest->at[2] * 5U);
    *rest = str_skip(*rest, 3 + body.len);
    if (way == 0 && length > 95)
        length %= 96;
    struct text name = text_new(a, NAME_MAX_HERE);
    for (unsigned i = 0; i < length + 1; i++)
        text_add_char(&name, (char)('a' + (i + m->count) % 26));
    text_add_c(&name, ".yml");
    struct str path = text_str(&name);
    if (way == 1)
        put_entry(&m->archive, STR("././@LongLink"), 'L', path);
    if (way == 2)
        put_pax(a, &m->archive, path);
    put_entry(&m->archive, path, '0', body);
    m->names[m->count] = path;
    m->bodies[m->count++] = body;
    return true;
}

static bool
take_made(void *to, struct str path, struct str body)
{
    struct made *m = to;
    assert(m->taken < m->count && str_eq(path, m->names[m->taken]) && str_eq(body, m->bodies[m->taken]));
    m->taken++;
    return true;
}

static void
make_and_read(struct str rest)
{
    struct arena *a = arena_new(64 * 1024);
    struct made *m = arena_new_of(a, struct made);
    m->archive = text_new(a, ARCHIVE_MAX);
    while (put_next(a, m, &rest))
        put_entry(&m->archive, STR("README"), '0', STR("no rule"));
    struct source s = { text_str(&m->archive), 0 };
    struct rule_tar t = { read_source, &s, take_made, m, false };
    const char *problem = rule_tar_walk(&t);
    assert(!problem && !t.stopped && m->taken == m->count);
    arena_free(a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str all = { (const char *)data, size };
    if (size && data[0] == 'T')
        read_archive(str_skip(all, 1));
    else if (size < 1 << 14)
        make_and_read(all);
    return 0;
}
