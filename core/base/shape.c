#include "core/base/shape.h"

#include "core/base/shape_value.h"

const struct field *
shape_field(const struct shape *sh, struct str name)
{
    for (size_t i = 0; i < sh->count; i++)
        if (str_is(name, sh->fields[i].name))
            return &sh->fields[i];
    return NULL;
}

void *
shape_at(const struct field *f, void *record)
{
    return (char *)record + f->offset;
}

const void *
shape_at_const(const struct field *f, const void *record)
{
    return (const char *)record + f->offset;
}

static size_t
kind_bytes(enum kind kind)
{
    switch (kind) {
    case KIND_BOOL:
        return sizeof(bool);
    case KIND_INT:
        return sizeof(int64_t);
    case KIND_REAL:
        return sizeof(double);
    case KIND_UUID:
        return sizeof(struct uuid);
    case KIND_INSTANT:
        return sizeof(struct instant);
    case KIND_DOMAIN:
        return sizeof(int);
    case KIND_TEXT:
    case KIND_JSON:
    case KIND_BYTES:
        return sizeof(struct str);
    case KIND_TEXTS:
    case KIND_UUIDS:
    case KIND_ROWS:
        return sizeof(struct strs);
    }
    return 0;
}

void
field_clear(const struct field *f, void *record)
{
    memset(shape_at(f, record), 0, kind_bytes(f->kind));
    if (f->kind == KIND_INT && f->optional)
        *(int64_t *)shape_at(f, record) = INT_NONE;
}

void
shape_clear(const struct shape *sh, void *record)
{
    memset(record, 0, sh->size);
    for (size_t i = 0; i < sh->count; i++)
        if (sh->fields[i].optional)
            field_clear(&sh->fields[i], record);
}

bool
field_is_absent(const struct field *f, const void *record)
{
    const void *at = shape_at_const(f, record);
    switch (f->kind) {
    case KIND_INT:
        return f->optional && *(const int64_t *)at == INT_NONE;
    case KIND_UUID:
        return uuid_is_none(*(const struct uuid *)at);
    case KIND_INSTANT:
        return ((const struct instant *)at)->us == 0;
    case KIND_DOMAIN:
        return *(const int *)at == 0;
    case KIND_TEXT:
    case KIND_JSON:
    case KIND_BYTES:
        return ((const struct str *)at)->at == NULL;
    case KIND_TEXTS:
    case KIND_UUIDS:
    case KIND_ROWS:
        return ((const struct strs *)at)->items == NULL;
    case KIND_BOOL:
    case KIND_REAL:
        break;
    }
    return false;
}

/* White space of either language's keyboard is nothing. */
static bool
is_blank(struct str s)
{
    const struct str wide = STR("\u3000");
    for (;;) {
        struct str rest = str_trim(s);
        while (str_starts(rest, wide))
            rest = str_skip(rest, wide.len);
        if (rest.len == s.len)
            return s.len == 0;
        s = rest;
    }
}

/* A plain int that must be there shows its absence only by a bound that forbids 0. */
static bool
is_missing(const struct field *f, const void *record)
{
    const void *at = shape_at_const(f, record);
    if (field_is_absent(f, record))
        return true;
    if (f->kind == KIND_TEXT)
        return is_blank(*(const struct str *)at);
    if (f->kind == KIND_INT)
        return *(const int64_t *)at == 0 && f->min > 0;
    bool list = f->kind == KIND_TEXTS || f->kind == KIND_UUIDS || f->kind == KIND_ROWS;
    return list && ((const struct strs *)at)->count == 0;
}

static void
check_fields(struct scope *s, const struct shape *sh, const struct json_place *place, const void *record)
{
    for (size_t i = 0; i < sh->count; i++) {
        const struct field *f = &sh->fields[i];
        struct json_place here = { .up = place, .name = str_of(f->name) };
        if (f->read_only)
            continue;
        if (f->required && is_missing(f, record))
            note_violation(s, json_pointer(s->arena, &here), FAULT_REQUIRED, STR_NONE);
        if (f->kind != KIND_ROWS)
            continue;
        const struct rows *rows = shape_at_const(f, record);
        for (size_t k = 0; k < rows->count; k++) {
            struct json_place item = { .up = &here, .index = k };
            check_fields(s, f->items, &item, (const char *)rows->items + k * f->items->size);
        }
    }
}

bool
shape_check(struct scope *s, const struct shape *sh, const void *record)
{
    check_fields(s, sh, NULL, record);
    return !scope_has_failed(s);
}
