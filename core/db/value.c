/* Members to PostgreSQL and back: arguments travel as text (bytes as they are), results in binary. */
#include "core/base/text.h"
#include "core/db/statement.h"

#include <endian.h>

enum oid {
    OID_BOOL = 16, OID_BYTEA = 17, OID_NAME = 19, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25,
    OID_JSON = 114, OID_FLOAT4 = 700, OID_FLOAT8 = 701, OID_TEXT_ARRAY = 1009, OID_VARCHAR_ARRAY = 1015,
    OID_BPCHAR = 1042, OID_VARCHAR = 1043, OID_DATE = 1082, OID_TIMESTAMPTZ = 1184, OID_UUID = 2950,
    OID_UUID_ARRAY = 2951, OID_JSONB = 3802, OID_FIRST_OF_USERS = 16384
};

enum { EPOCH_2000_DAYS = 10957, ARRAY_HEADER = 12, ARRAY_DIMENSION = 8, LITERAL_MAX = 64 << 20 };
#define EPOCH_2000_US (DAYS(EPOCH_2000_DAYS))

Oid
field_type(const struct field *f)
{
    static const Oid types[] = {
        [KIND_BOOL] = OID_BOOL, [KIND_INT] = OID_INT8, [KIND_REAL] = OID_FLOAT8, [KIND_TEXT] = OID_TEXT,
        [KIND_UUID] = OID_UUID, [KIND_INSTANT] = OID_TIMESTAMPTZ, [KIND_DOMAIN] = OID_TEXT,
        [KIND_TEXTS] = OID_TEXT_ARRAY, [KIND_UUIDS] = OID_UUID_ARRAY, [KIND_JSON] = OID_JSONB,
        [KIND_BYTES] = OID_BYTEA, [KIND_ROWS] = OID_JSONB };
    return types[f->kind];
}

/* Types that users make are enums and citext, which both travel as their text. */
static bool
is_text(Oid type)
{
    return type == OID_TEXT || type == OID_VARCHAR || type == OID_BPCHAR || type == OID_NAME
        || type >= OID_FIRST_OF_USERS;
}

bool
field_takes(const struct field *f, Oid type)
{
    switch (f->kind) {
    case KIND_INT:
        return type == OID_INT8 || type == OID_INT4 || type == OID_INT2;
    case KIND_REAL:
        return type == OID_FLOAT8 || type == OID_FLOAT4;
    case KIND_TEXT:
        return is_text(type) || type == OID_DATE;
    case KIND_DOMAIN:
        return is_text(type);
    case KIND_TEXTS:
        return type == OID_TEXT_ARRAY || type == OID_VARCHAR_ARRAY;
    case KIND_JSON:
    case KIND_ROWS:
        return type == OID_JSONB || type == OID_JSON;
    default:
        return type == field_type(f);
    }
}

/* ---- arguments ---- */

static void
add_quoted(struct text *t, struct str s)
{
    text_add_char(t, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"' || s.at[i] == '\\')
            text_add_char(t, '\\');
        text_add_char(t, s.at[i]);
    }
    text_add_char(t, '"');
}

static struct str
array_literal(struct arena *a, const struct field *f, const void *at)
{
    const struct strs *texts = at;
    const struct uuids *ids = at;
    struct text t = text_new(a, LITERAL_MAX);
    text_add_char(&t, '{');
    for (size_t i = 0; i < texts->count; i++) {
        char id[UUID_TEXT_BYTES];
        if (i)
            text_add_char(&t, ',');
        if (f->kind == KIND_TEXTS) {
            add_quoted(&t, texts->items[i]);
            continue;
        }
        uuid_write(id, ids->items[i]);
        text_add(&t, (struct str){ id, sizeof id });
    }
    text_add_char(&t, '}');
    return text_str(&t);
}

static struct str
rows_literal(struct arena *a, const struct field *f, const struct rows *rows)
{
    struct text t = text_new(a, LITERAL_MAX);
    text_add_char(&t, '[');
    for (size_t i = 0; i < rows->count; i++) {
        if (i)
            text_add_char(&t, ',');
        shape_write_stored(&t, f->items, (const char *)rows->items + i * f->items->size);
    }
    text_add_char(&t, ']');
    return text_str(&t);
}

static struct str
int_text(struct arena *a, const struct field *f, int64_t value)
{
    if (f->optional && value == INT_NONE)
        return STR_NONE;
    struct text t = text_new(a, 32);
    text_add_int(&t, value);
    return text_str(&t);
}

struct str
field_sql_text(struct arena *a, const struct field *f, const void *record)
{
    const void *at = shape_at_const(f, record);
    const struct strs *list = at;
    switch (f->kind) {
    case KIND_BOOL:
        return *(const bool *)at ? STR("t") : STR("f");
    case KIND_INT:
        return int_text(a, f, *(const int64_t *)at);
    case KIND_REAL:
        return str_printf(a, "%.17g", *(const double *)at);
    case KIND_UUID:
        return uuid_is_none(*(const struct uuid *)at) ? STR_NONE : uuid_format(a, *(const struct uuid *)at);
    case KIND_INSTANT:
        return ((const struct instant *)at)->us == 0 ? STR_NONE : instant_format(a, *(const struct instant *)at);
    case KIND_DOMAIN:
        return domain_label(f->of, *(const int *)at);
    case KIND_TEXTS:
    case KIND_UUIDS:
        return list->items ? array_literal(a, f, at) : STR_NONE;
    case KIND_ROWS:
        return list->items ? rows_literal(a, f, at) : STR_NONE;
    case KIND_TEXT:
    case KIND_JSON:
    case KIND_BYTES:
        break;
    }
    return *(const struct str *)at;
}

/* libpq reads text values up to their NUL, so texts that point into a larger one are copied. */
void
statement_values(struct arena *a, const struct statement *st, const void *args, const struct strs *extra,
                 struct values *out)
{
    for (size_t i = 0; i < st->field_count + st->extra_count; i++) {
        const struct field *f = i < st->field_count ? st->fields[i] : NULL;
        struct str value = f ? field_sql_text(a, f, args) : extra->items[i - st->field_count];
        bool ends_itself = f && (f->kind == KIND_INT || f->kind == KIND_UUID || f->kind == KIND_BYTES);
        out->at[i] = value.at && !ends_itself ? str_copy(a, value).at : value.at;
        out->lengths[i] = (int)value.len;
        out->formats[i] = f && f->kind == KIND_BYTES;
    }
}

/* ---- results ---- */

static uint32_t
get32(const char *at)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return be32toh(value);
}

static uint64_t
get64(const char *at)
{
    uint64_t value;
    memcpy(&value, at, sizeof value);
    return be64toh(value);
}

static int64_t
get_int(struct str v)
{
    uint16_t small;
    if (v.len == 8)
        return (int64_t)get64(v.at);
    if (v.len == 4)
        return (int32_t)get32(v.at);
    memcpy(&small, v.at, sizeof small);
    return (int16_t)be16toh(small);
}

static double
get_real(struct str v)
{
    float single;
    double real;
    uint64_t bits = v.len == 8 ? get64(v.at) : 0;
    uint32_t half = v.len == 4 ? get32(v.at) : 0;
    memcpy(&real, &bits, sizeof real);
    memcpy(&single, &half, sizeof single);
    return v.len == 8 ? real : (double)single;
}

/* infinity and -infinity become the last and first instants there are. */
static struct instant
get_instant(struct str v)
{
    int64_t us = (int64_t)get64(v.at);
    bool finite = us != INT64_MAX && us != INT64_MIN && us < INT64_MAX - EPOCH_2000_US;
    return (struct instant){ finite ? us + EPOCH_2000_US : us };
}

static struct str
get_date(struct arena *a, struct str v)
{
    struct instant t = { DAYS((int32_t)get32(v.at) + EPOCH_2000_DAYS) };
    return str_head(instant_format(a, t), 10);
}

/* An array of one dimension: flags, element type, count, lower bound, then length and bytes of each. */
static bool
get_array(struct arena *a, const struct field *f, struct str v, void *at)
{
    size_t bytes = f->kind == KIND_TEXTS ? sizeof(struct str) : sizeof(struct uuid);
    uint32_t dimensions = v.len >= ARRAY_HEADER ? get32(v.at) : 2;
    uint32_t count = dimensions == 1 && v.len >= ARRAY_HEADER + ARRAY_DIMENSION ? get32(v.at + ARRAY_HEADER) : 0;
    if (dimensions > 1 || count > v.len / 4)
        return false;
    struct rows *list = at; /* pointer and count, as struct strs and struct uuids are */
    list->items = arena_array(a, count + 1, bytes);
    list->count = count;
    v = str_skip(v, ARRAY_HEADER + ARRAY_DIMENSION);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length = v.len >= 4 ? get32(v.at) : UINT32_MAX;
        if (length > v.len - 4)
            return false; /* also NULL elements, which no list of ours holds */
        struct str element = str_head(str_skip(v, 4), length);
        if (f->kind == KIND_TEXTS)
            ((struct str *)list->items)[i] = element;
        else if (length == sizeof(struct uuid))
            memcpy((struct uuid *)list->items + i, element.at, length);
        v = str_skip(v, 4 + (size_t)length);
    }
    return true;
}

static bool
get_rows(struct scope *s, const struct field *f, struct str json, void *at)
{
    struct scope trial = scope_new(s->arena, s->now); /* the scope may carry an earlier failure that stands */
    return shape_read_stored_rows(&trial, f->items, json, at);
}

static bool
set_field(struct scope *s, const struct column *c, struct str v, void *record)
{
    const struct field *f = c->field;
    void *at = shape_at(f, record);
    struct str json = c->type == OID_JSONB ? str_skip(v, 1) : v; /* its first byte is the format's version */
    switch (f->kind) {
    case KIND_BOOL:
        *(bool *)at = v.at[0] != 0;
        return true;
    case KIND_INT:
        *(int64_t *)at = get_int(v);
        return true;
    case KIND_REAL:
        *(double *)at = get_real(v);
        return true;
    case KIND_TEXT:
        *(struct str *)at = c->type == OID_DATE ? get_date(s->arena, v) : v;
        return true;
    case KIND_BYTES:
        *(struct str *)at = v;
        return true;
    case KIND_JSON:
        *(struct str *)at = json;
        return true;
    case KIND_UUID:
        memcpy(at, v.at, sizeof(struct uuid));
        return true;
    case KIND_INSTANT:
        *(struct instant *)at = get_instant(v);
        return true;
    case KIND_DOMAIN:
        return domain_value(f->of, v, at);
    case KIND_TEXTS:
    case KIND_UUIDS:
        return get_array(s->arena, f, v, at);
    case KIND_ROWS:
        return get_rows(s, f, json, at);
    }
    return false;
}

static void
set_absent(const struct field *f, void *record)
{
    if (f->kind == KIND_INT && f->optional)
        *(int64_t *)shape_at(f, record) = INT_NONE;
    /* all else is absent already: the record comes zeroed */
}

bool
statement_row(struct scope *s, struct statement *st, const PGresult *r, int index, void *row)
{
    if (st->partial)
        shape_clear(st->row, row);
    else
        memset(row, 0, st->row->size);
    for (size_t i = 0; i < st->column_count; i++) {
        const struct column *c = &st->columns[i];
        int n = (int)i;
        struct str v = { PQgetvalue(r, index, n), (size_t)PQgetlength(r, index, n) };
        if (PQgetisnull(r, index, n))
            set_absent(c->field, row);
        else if (!set_field(s, c, v, row))
            return fail(s, &problem_internal, "query %s: column %s holds what %s.%s cannot", st->label, PQfname(r, n),
                        st->row->name, c->field->name);
    }
    return true;
}

bool
statement_rows(struct scope *s, struct statement *st, const PGresult *r, struct rows *out)
{
    size_t count = (size_t)PQntuples(r);
    out->items = arena_array(s->arena, count ? count : 1, st->row->size);
    out->count = count;
    for (size_t i = 0; i < count; i++)
        if (!statement_row(s, st, r, (int)i, (char *)out->items + i * st->row->size))
            return false;
    return true;
}

bool
statement_map(struct scope *s, struct statement *st, struct arena *a, const PGresult *r)
{
    if (st->columns || !st->row)
        return true;
    size_t count = (size_t)PQnfields(r);
    struct column *columns = arena_array_of(a, count + 1, struct column);
    for (size_t i = 0; i < count; i++) {
        const char *name = PQfname(r, (int)i);
        columns[i] = (struct column){ shape_field(st->row, str_of(name)), PQftype(r, (int)i) };
        if (!columns[i].field)
            return fail(s, &problem_internal, "query %s: column %s is no member of %s", st->label, name, st->row->name);
        if (!field_takes(columns[i].field, columns[i].type))
            return fail(s, &problem_internal, "query %s: column %s has a type (%u) that %s.%s cannot hold; cast it",
                        st->label, name, columns[i].type, st->row->name, name);
    }
    st->partial = count < st->row->count;
    st->columns = columns;
    st->column_count = count;
    return true;
}
