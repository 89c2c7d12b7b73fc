#include "xdr/rule_tar.h"

#include "core/base/text.h"
#include "xdr/rule_files.h"

enum { BLOCK = 512, NAME_BYTES = 100, SIZE_AT = 124, SIZE_BYTES = 12, TYPE_AT = 156, MAGIC_AT = 257, PREFIX_AT = 345,
       PREFIX_BYTES = 155, LONG_MAX = 64 << 10, ARENA_BLOCK = 256 << 10 };

struct walk {
    struct rule_tar *of;
    struct arena *arena; /* of one entry, and of the long name before it */
    struct str long_name;
    uint64_t bytes;
    size_t entries;
};

struct head {
    struct str name;
    uint64_t size;
    char type;
};

/* ---- headers ---- */

static struct str
field(const char *at, size_t most)
{
    return (struct str){ at, strnlen(at, most) };
}

static bool
octal(struct str text, uint64_t *out)
{
    struct str digits = str_trim(text);
    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '7' || *out >> 56)
            return false;
        *out = *out * 8 + (uint64_t)(digits.at[i] - '0');
    }
    return true;
}

/* The name alone, or behind the folder that did not fit beside it. */
static struct str
name_of(struct arena *a, const char *block)
{
    struct str name = field(block, NAME_BYTES), prefix = field(block + PREFIX_AT, PREFIX_BYTES);
    bool ustar = memcmp(block + MAGIC_AT, "ustar", 6) == 0; /* GNU's ends in blanks, and keeps other things there */
    return ustar && prefix.len ? str_printf(a, STR_FMT "/" STR_FMT, STR_ARG(prefix), STR_ARG(name)) : str_copy(a, name);
}

/* False at the end: a block of nothing, or no block. */
static bool
read_head(struct walk *w, struct head *out, const char **problem)
{
    char block[BLOCK];
    if (w->of->read(w->of->from, block, BLOCK) != BLOCK || !block[0])
        return false;
    *out = (struct head){ .name = name_of(w->arena, block), .type = block[TYPE_AT] };
    if (!octal(field(block + SIZE_AT, SIZE_BYTES), &out->size))
        *problem = "no tar archive";
    else if (++w->entries > RULE_TAR_ENTRIES_MAX)
        *problem = "too many files in it";
    else if ((w->bytes += out->size) > (uint64_t)RULE_TAR_BYTES_MAX)
        *problem = "it unpacks to too much";
    return *problem == NULL;
}

/* ---- bodies: padded to whole blocks ---- */

static uint64_t
padded(uint64_t size)
{
    return (size + BLOCK - 1) / BLOCK * BLOCK;
}

static bool
skip(struct walk *w, uint64_t size)
{
    char block[BLOCK];
    for (uint64_t left = padded(size); left > 0; left -= BLOCK)
        if (w->of->read(w->of->from, block, BLOCK) != BLOCK)
            return false;
    return true;
}

static bool
read_body(struct walk *w, uint64_t size, struct str *out)
{
    size_t whole = (size_t)padded(size);
    char *at = arena_alloc(w->arena, whole + 1);
    *out = (struct str){ at, (size_t)size };
    return w->of->read(w->of->from, at, whole) == whole;
}

/* "30 path=some/where/rule.yml\n": the number counts the whole record. */
static struct str
path_of_pax(struct str records)
{
    struct str path = STR_NONE;
    while (records.len) {
        struct str number, value = records, key;
        int64_t length;
        if (!str_cut(&value, ' ', &number) || !str_int(number, &length) || length <= (int64_t)number.len
            || (uint64_t)length > records.len)
            return path;
        struct str record = str_skip(str_head(records, (size_t)length), number.len + 1);
        if (record.len && record.at[record.len - 1] == '\n')
            record.len--;
        value = record;
        if (str_cut(&value, '=', &key) && value.at && str_is(key, "path"))
            path = value;
        records = str_skip(records, (size_t)length);
    }
    return path;
}

static bool
take_long_name(struct walk *w, const struct head *h)
{
    struct str body;
    if (h->size > LONG_MAX)
        return skip(w, h->size);
    if (!read_body(w, h->size, &body))
        return false;
    struct str name = h->type == 'L' ? field(body.at, body.len) : path_of_pax(body);
    if (name.len && name.len <= RULE_TAR_NAME_MAX)
        w->long_name = name;
    return true;
}

/* ---- entries ---- */

/* Only what comes before an entry outlives its header. */
static bool
take_entry(struct walk *w, const struct head *h)
{
    struct str body, path = w->long_name.len ? w->long_name : h->name;
    bool wanted = (h->type == '0' || h->type == 0) && h->size <= RULE_TAR_FILE_MAX && rule_file_is_one(path);
    if (!(wanted ? read_body(w, h->size, &body) : skip(w, h->size)))
        return false;
    w->of->stopped = wanted && !w->of->take(w->of->to, path, body);
    w->long_name = STR_NONE;
    arena_reset(w->arena);
    return true;
}

const char *
rule_tar_walk(struct rule_tar *t)
{
    struct walk w = { .of = t, .arena = arena_new(ARENA_BLOCK) };
    const char *problem = NULL;
    struct head h;
    t->stopped = false;
    while (!problem && !t->stopped && read_head(&w, &h, &problem)) {
        bool names = h.type == 'L' || h.type == 'x';
        if (!(names ? take_long_name(&w, &h) : take_entry(&w, &h)))
            problem = "it ends too soon";
    }
    arena_free(w.arena);
    return problem;
}
