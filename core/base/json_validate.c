#include "core/base/json.h"
#include "core/base/shape.h"

enum { NAMES_FIRST = 16 };

struct names {
    struct str *items;
    size_t count, room;
};

struct validation {
    struct scope *s;
    struct json_reader *r;
};

static bool check_value(struct validation *v, const struct json_place *place, int depth);

static bool
stop(struct validation *v, const struct json_place *place, const char *what)
{
    if (!v->r->trouble)
        v->r->trouble = what;
    if (!scope_has_failed(v->s)) {
        int line = 1, column = 1;
        for (const char *at = v->r->start; at < v->r->at; at++) {
            column = *at == '\n' ? 1 : column + 1;
            line += *at == '\n';
        }
        struct str pointer = json_pointer(v->s->arena, place);
        fail(v->s, &problem_malformed, "line %d, column %d: %s%s" STR_FMT, line, column, v->r->trouble,
             pointer.len ? ", at " : "", STR_ARG(pointer));
    }
    return false;
}

static void
violation(struct validation *v, const struct json_place *place, enum fault fault, struct str expected)
{
    note_violation(v->s, json_pointer(v->s->arena, place), fault, expected);
}

static bool
check_string(struct validation *v, const struct json_place *place, struct str *text)
{
    const char *from = v->r->at;
    if (!json_string(v->r, v->s->arena, text))
        return stop(v, place, NULL);
    if (!str_is_utf8((struct str){ from, (size_t)(v->r->at - from) }))
        return stop(v, place, "bad UTF-8 or a NUL byte");
    if (!str_is_utf8(*text))
        violation(v, place, FAULT_BAD_TEXT, STR_NONE);
    return true;
}

static void
names_add(struct names *n, struct arena *a, struct str name)
{
    if (n->count == n->room) {
        size_t room = n->room ? n->room * 2 : NAMES_FIRST;
        struct str *items = arena_array_of(a, room, struct str);
        if (n->count)
            memcpy(items, n->items, n->count * sizeof *items);
        n->items = items;
        n->room = room;
    }
    n->items[n->count++] = name;
}

static int
compare_names(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Sorted and compared with the neighbour: a hostile object of ten thousand names costs no square. */
static void
check_names(struct validation *v, const struct json_place *place, struct names *n)
{
    if (n->count > 1)
        qsort(n->items, n->count, sizeof *n->items, compare_names);
    for (size_t i = 1; i < n->count; i++)
        if (str_eq(n->items[i - 1], n->items[i])) {
            struct json_place twice = { .up = place, .name = n->items[i] };
            violation(v, &twice, FAULT_DUPLICATE_KEY, STR_NONE);
        }
}

static bool
check_object(struct validation *v, const struct json_place *place, int depth)
{
    struct names names = { 0 };
    bool more;
    if (!json_enter(v->r, JSON_OBJECT))
        return stop(v, place, NULL);
    for (;;) {
        struct str name;
        const char *from = v->r->at;
        if (!json_member(v->r, v->s->arena, &name, &more))
            return stop(v, place, NULL);
        if (!more)
            break;
        if (!str_is_utf8((struct str){ from, (size_t)(v->r->at - from) }))
            return stop(v, place, "bad UTF-8 or a NUL byte");
        struct json_place inner = { .up = place, .name = name.at ? name : STR("") };
        if (!str_is_utf8(name))
            violation(v, &inner, FAULT_BAD_TEXT, STR_NONE);
        names_add(&names, v->s->arena, inner.name);
        if (!check_value(v, &inner, depth + 1))
            return false;
    }
    check_names(v, place, &names);
    return true;
}

static bool
check_array(struct validation *v, const struct json_place *place, int depth)
{
    bool more;
    if (!json_enter(v->r, JSON_ARRAY))
        return stop(v, place, NULL);
    for (struct json_place inner = { .up = place };; inner.index++) {
        if (!json_item(v->r, &more))
            return stop(v, place, NULL);
        if (!more)
            return true;
        if (!check_value(v, &inner, depth + 1))
            return false;
    }
}

static bool
check_scalar(struct validation *v, const struct json_place *place, enum json_kind kind)
{
    struct str text;
    bool flag;
    switch (kind) {
    case JSON_STRING:
        return check_string(v, place, &text);
    case JSON_NUMBER:
        return json_number(v->r, &text) || stop(v, place, NULL);
    case JSON_BOOL:
        return json_bool(v->r, &flag) || stop(v, place, NULL);
    case JSON_NULL:
        return json_null(v->r) || stop(v, place, NULL);
    default:
        return stop(v, place, "expected a value");
    }
}

static bool
check_value(struct validation *v, const struct json_place *place, int depth)
{
    enum json_kind kind = json_peek(v->r);
    if (kind != JSON_ARRAY && kind != JSON_OBJECT)
        return check_scalar(v, place, kind);
    if (depth >= JSON_DEPTH_MAX) {
        violation(v, place, FAULT_TOO_DEEP, str_printf(v->s->arena, "%d", JSON_DEPTH_MAX));
        return false;
    }
    return kind == JSON_ARRAY ? check_array(v, place, depth) : check_object(v, place, depth);
}

bool
json_validate(struct scope *s, struct str text)
{
    struct json_reader r = json_reader_new(text);
    struct validation v = { .s = s, .r = &r };
    if (!check_value(&v, NULL, 0))
        return false;
    if (json_peek(&r) != JSON_BAD || r.at != r.end)
        return stop(&v, NULL, "something follows the end");
    return !scope_has_failed(s);
}
