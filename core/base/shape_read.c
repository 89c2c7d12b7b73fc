/* JSON into records. The text was validated as a whole before the first field is set, so what remains here is
 * whether it fits the shape. */
#include "core/base/shape_value.h"

enum { LIST_FIRST = 8 };

struct reading {
    struct scope *s;
    struct json_reader *r;
    bool stored; /* our own text back from the database: bounds were kept when it was written */
};

struct list {
    char *items;
    size_t count, room;
};

static bool read_object(struct reading *in, const struct shape *sh, const struct json_place *place, void *record);

static void *
list_add(struct list *l, struct arena *a, size_t bytes)
{
    if (l->count == l->room) {
        size_t room = l->room ? l->room * 2 : LIST_FIRST;
        char *items = arena_array(a, room, bytes);
        if (l->count)
            memcpy(items, l->items, l->count * bytes);
        l->items = items;
        l->room = room;
    }
    return l->items + l->count++ * bytes;
}

static bool
wrong_type(struct reading *in, const struct json_place *place, const char *expected)
{
    struct str raw;
    value_fault(in->s, place, FAULT_WRONG_TYPE, str_of(expected));
    return json_skip(in->r, &raw);
}

static bool
read_text_entry(struct reading *in, const struct field *f, const struct json_place *place, struct list *list)
{
    struct str word;
    if (json_peek(in->r) != JSON_STRING)
        return wrong_type(in, place, "string");
    if (!json_string(in->r, in->s->arena, &word))
        return false;
    if (in->stored || field_check_word(in->s, f, word, place))
        *(struct str *)list_add(list, in->s->arena, sizeof word) = word;
    return true;
}

static bool
read_uuid_entry(struct reading *in, const struct json_place *place, struct list *list)
{
    struct str text;
    struct uuid id;
    if (json_peek(in->r) != JSON_STRING)
        return wrong_type(in, place, "string");
    if (!json_string(in->r, in->s->arena, &text))
        return false;
    if (!uuid_parse(text, &id))
        value_fault(in->s, place, FAULT_BAD_UUID, STR_NONE);
    else
        *(struct uuid *)list_add(list, in->s->arena, sizeof id) = id;
    return true;
}

static bool
read_row_entry(struct reading *in, const struct field *f, const struct json_place *place, struct list *list)
{
    if (json_peek(in->r) != JSON_OBJECT)
        return wrong_type(in, place, "object");
    void *record = list_add(list, in->s->arena, f->items->size);
    shape_clear(f->items, record);
    return read_object(in, f->items, place, record);
}

static bool
read_entry(struct reading *in, const struct field *f, const struct json_place *place, struct list *list)
{
    if (f->kind == KIND_TEXTS)
        return read_text_entry(in, f, place, list);
    return f->kind == KIND_UUIDS ? read_uuid_entry(in, place, list) : read_row_entry(in, f, place, list);
}

static bool
read_list(struct reading *in, const struct field *f, const struct json_place *place, void *record)
{
    struct list list = { 0 };
    struct str raw;
    bool more;
    if (json_peek(in->r) != JSON_ARRAY)
        return wrong_type(in, place, "array");
    if (!json_enter(in->r, JSON_ARRAY))
        return false;
    for (struct json_place entry = { .up = place };; entry.index++) {
        if (!json_item(in->r, &more))
            return false;
        if (!more)
            break;
        bool fits = in->stored || field_check_count(in->s, f, entry.index + 1, place);
        if (fits ? !read_entry(in, f, &entry, &list) : !json_skip(in->r, &raw))
            return false;
    }
    if (!in->stored && f->min && (int64_t)list.count < f->min)
        value_fault(in->s, place, FAULT_TOO_SMALL, str_printf(in->s->arena, "%lld", (long long)f->min));
    struct rows *out = shape_at(f, record); /* pointer and count, as struct strs and struct uuids are */
    out->items = list.items ? list.items : arena_alloc(in->s->arena, 1); /* present, though empty */
    out->count = list.count;
    return true;
}

static bool
read_number(struct reading *in, const struct field *f, const struct json_place *place, void *record)
{
    struct str digits;
    if (json_peek(in->r) != JSON_NUMBER)
        return wrong_type(in, place, f->kind == KIND_INT ? "integer" : "number");
    if (!json_number(in->r, &digits))
        return false;
    field_set_text(in->s, f, digits, place, record);
    return true;
}

static bool
read_flag(struct reading *in, const struct field *f, const struct json_place *place, void *record)
{
    if (json_peek(in->r) != JSON_BOOL)
        return wrong_type(in, place, "boolean");
    return json_bool(in->r, shape_at(f, record));
}

static bool
read_spelled(struct reading *in, const struct field *f, const struct json_place *place, void *record)
{
    struct str text;
    if (json_peek(in->r) != JSON_STRING)
        return wrong_type(in, place, "string");
    if (!json_string(in->r, in->s->arena, &text))
        return false;
    if (in->stored && f->kind == KIND_TEXT)
        *(struct str *)shape_at(f, record) = text;
    else
        field_set_text(in->s, f, text, place, record);
    return true;
}

static bool
read_field(struct reading *in, const struct field *field, const struct json_place *place, void *record)
{
    struct field unbounded = *field;
    unbounded.min = unbounded.max = 0;
    unbounded.format = FORMAT_NONE;
    const struct field *f = in->stored ? &unbounded : field;
    bool always_there = f->kind == KIND_BOOL || f->kind == KIND_REAL || (f->kind == KIND_INT && !f->optional);
    if (json_peek(in->r) == JSON_NULL && !always_there) {
        field_clear(f, record);
        return json_null(in->r);
    }
    switch (f->kind) {
    case KIND_BOOL:
        return read_flag(in, f, place, record);
    case KIND_INT:
    case KIND_REAL:
        return read_number(in, f, place, record);
    case KIND_JSON:
        return json_skip(in->r, shape_at(f, record));
    case KIND_TEXTS:
    case KIND_UUIDS:
    case KIND_ROWS:
        return read_list(in, f, place, record);
    default:
        return read_spelled(in, f, place, record);
    }
}

static bool
read_object(struct reading *in, const struct shape *sh, const struct json_place *place, void *record)
{
    bool more;
    if (!json_enter(in->r, JSON_OBJECT))
        return false;
    for (;;) {
        struct str name = STR(""), raw;
        if (!json_member(in->r, in->s->arena, &name, &more))
            return false;
        if (!more)
            return true;
        struct json_place here = { .up = place, .name = name };
        const struct field *f = shape_field(sh, name);
        bool refused = !f || (f->read_only && !in->stored);
        if (refused && !in->stored)
            value_fault(in->s, &here, f ? FAULT_READ_ONLY : FAULT_UNKNOWN, STR_NONE);
        if (refused ? !json_skip(in->r, &raw) : !read_field(in, f, &here, record))
            return false;
    }
}

bool
shape_read_json(struct scope *s, const struct shape *sh, struct str body, void *out)
{
    struct json_reader r = json_reader_new(body);
    struct reading in = { .s = s, .r = &r };
    if (json_peek(&r) != JSON_OBJECT)
        return fail(s, &problem_malformed, "expected a JSON object");
    r = json_reader_new(body);
    if (!json_validate(s, body))
        return false;
    if (!read_object(&in, sh, NULL, out))
        return fail(s, &problem_malformed, "%s", r.trouble ? r.trouble : "not JSON");
    return !scope_has_failed(s);
}

bool
shape_read_stored(struct scope *s, const struct shape *sh, struct str body, void *out)
{
    struct json_reader r = json_reader_new(body);
    struct reading in = { .s = s, .r = &r, .stored = true };
    shape_clear(sh, out);
    return (read_object(&in, sh, NULL, out) && !scope_has_failed(s))
        || fail(s, &problem_internal, "stored %s does not read: %s", sh->name, r.trouble ? r.trouble : "values");
}

bool
shape_read_stored_rows(struct scope *s, const struct shape *items, struct str body, struct rows *out)
{
    struct json_reader r = json_reader_new(body);
    struct reading in = { .s = s, .r = &r, .stored = true };
    const struct field list = { .name = items->name, .kind = KIND_ROWS, .items = items };
    return (read_list(&in, &list, NULL, out) && !scope_has_failed(s))
        || fail(s, &problem_internal, "stored list of %s does not read", items->name);
}
