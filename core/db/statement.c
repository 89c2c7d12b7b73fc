#include "core/db/statement.h"

#include "core/base/text.h"

enum { SQL_MAX = 256 << 10 };

static bool
is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The bytes of a quoted text, a comment or a dollar quote that begins here; 0 when none does. */
static size_t
opaque_length(struct str sql)
{
    char c = sql.at[0];
    struct str rest = str_skip(sql, 1);
    if (c == '\'' || c == '"')
        return 2 + str_find(rest, (struct str){ &c, 1 });
    if (str_starts(sql, STR("--")))
        return str_find(sql, STR("\n"));
    if (str_starts(sql, STR("/*")))
        return str_find(sql, STR("*/")) + 2;
    if (c != '$')
        return 0;
    size_t tag = 1;
    while (tag < sql.len && is_word(sql.at[tag]))
        tag++;
    if (tag >= sql.len || sql.at[tag] != '$')
        return 0;
    return 2 * (tag + 1) + str_find(str_skip(sql, tag + 1), str_head(sql, tag + 1));
}

static bool
number_of(struct scope *s, const char *label, struct str name, const struct shape *args, const struct field **fields,
          size_t *count, size_t *number)
{
    const struct field *f = args ? shape_field(args, name) : NULL;
    if (!f)
        return fail(s, &problem_internal, "query %s: :" STR_FMT " is no member of its args", label, STR_ARG(name));
    for (*number = 0; *number < *count; ++*number)
        if (fields[*number] == f)
            return true;
    if (*count == PARAMETERS_MAX)
        return fail(s, &problem_internal, "query %s: more than %d arguments", label, PARAMETERS_MAX);
    fields[(*count)++] = f;
    return true;
}

/* Nothing begins within these: most of a query is copied in a few pieces. */
static size_t
plain_length(struct str sql)
{
    size_t i = 0;
    while (i < sql.len && sql.at[i] != ':' && sql.at[i] != '\'' && sql.at[i] != '"' && sql.at[i] != '-'
           && sql.at[i] != '/' && sql.at[i] != '$')
        i++;
    return i;
}

bool
sql_translate(struct scope *s, const char *label, struct str sql, const struct shape *args, struct text *out,
              const struct field **fields, size_t *count)
{
    for (;;) {
        size_t plain = plain_length(sql);
        text_add(out, str_head(sql, plain));
        sql = str_skip(sql, plain);
        if (!sql.len)
            return true;
        size_t skip = opaque_length(sql), length = 0, number = 0;
        while (!skip && sql.at[0] == ':' && length + 1 < sql.len && is_word(sql.at[length + 1]))
            length++;
        if (!skip && str_starts(sql, STR("::")))
            skip = 2;
        if (!length) {
            text_add(out, str_head(sql, skip ? skip : 1));
            sql = str_skip(sql, skip ? skip : 1);
            continue;
        }
        if (!number_of(s, label, str_head(str_skip(sql, 1), length), args, fields, count, &number))
            return false;
        text_addf(out, "$%zu", number + 1);
        sql = str_skip(sql, length + 1);
    }
}

static uint64_t
hash_of(const void *owner, struct str composed)
{
    uint64_t h = 0xCBF29CE484222325u ^ (uint64_t)(uintptr_t)owner;
    for (size_t i = 0; i < composed.len; i++)
        h = (h ^ (unsigned char)composed.at[i]) * 0x100000001B3u;
    return (h * 0x9E3779B97F4A7C15u) >> 40;
}

static struct statement *
find(struct statements *known, const void *owner, struct str composed, struct statement ***bucket)
{
    *bucket = &known->buckets[hash_of(owner, composed) % STATEMENT_BUCKETS];
    for (struct statement *st = **bucket; st; st = st->next)
        if (st->owner == owner && str_eq(st->composed, composed))
            return st;
    return NULL;
}

static struct statement *
make(struct scope *s, struct statements *known, struct arena *a, struct statement **bucket, const char *label,
     struct str sql, const struct shape *args)
{
    struct statement *st = arena_new_of(a, struct statement);
    struct text t = text_new(a, SQL_MAX);
    if (!sql_translate(s, label, sql, args, &t, st->fields, &st->field_count))
        return NULL;
    st->label = label;
    st->sql = text_str(&t).at;
    st->next = *bucket;
    snprintf(st->name, sizeof st->name, "y%zu", ++known->count);
    *bucket = st;
    return st;
}

struct statement *
statement_of_query(struct scope *s, struct statements *known, struct arena *a, const struct query *q)
{
    struct statement **bucket, *st = find(known, q, STR_NONE, &bucket);
    if (st)
        return st;
    st = make(s, known, a, bucket, q->name, str_of(q->sql), q->args);
    if (st) {
        st->owner = q;
        st->row = q->row;
    }
    return st;
}

/* The composition was translated already; its fields come from `from`, which is translated the same way here. */
struct statement *
statement_of_listing(struct scope *s, struct statements *known, struct arena *a, const struct listing *l,
                     struct str sql, size_t extra_count)
{
    struct statement **bucket, *st = find(known, l, sql, &bucket);
    if (st)
        return st;
    struct text ignored = text_new(s->arena, SQL_MAX);
    st = arena_new_of(a, struct statement);
    if (!sql_translate(s, l->name, str_of(l->from), l->args, &ignored, st->fields, &st->field_count))
        return NULL;
    st->owner = l;
    st->composed = str_copy(a, sql);
    st->label = l->name;
    st->sql = st->composed.at;
    st->extra_count = extra_count;
    st->row = l->row;
    st->next = *bucket;
    snprintf(st->name, sizeof st->name, "y%zu", ++known->count);
    *bucket = st;
    return st;
}
