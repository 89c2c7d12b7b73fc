#include "core/base/crypto.h"
#include "core/base/shape_value.h"

enum { ESCAPED_BYTES = 6, NUMBER_ROOM = 32 };

static bool
is_plain(unsigned char c)
{
    return c >= 0x20 && c != '"' && c != '\\';
}

static size_t
escape(char *to, unsigned char c)
{
    static const char digits[] = "0123456789abcdef";
    char letter = c == '\n' ? 'n' : c == '\t' ? 't' : c == '\r' ? 'r' : c < 0x20 ? 'u' : (char)c;
    to[0] = '\\';
    to[1] = letter;
    if (letter != 'u')
        return 2;
    to[2] = to[3] = '0';
    to[4] = digits[c >> 4];
    to[5] = digits[c & 15];
    return ESCAPED_BYTES;
}

static void
write_escaped(struct text *t, struct str s)
{
    char escaped[ESCAPED_BYTES];
    for (size_t from = 0; from < s.len;) {
        size_t to = from;
        while (to < s.len && is_plain((unsigned char)s.at[to]))
            to++;
        text_add(t, (struct str){ s.at + from, to - from });
        if (to < s.len)
            text_add(t, (struct str){ escaped, escape(escaped, (unsigned char)s.at[to++]) });
        from = to;
    }
}

/* Most texts need no escape: copied while looked at, and only then done again with care. */
void
json_write_str(struct text *t, struct str s)
{
    char *to = text_reserve(t, s.len + 2);
    if (!to)
        return;
    *to++ = '"';
    size_t i = 0;
    while (i < s.len && is_plain((unsigned char)s.at[i]))
        i++;
    if (i)
        memcpy(to, s.at, i);
    if (i == s.len) {
        to[i] = '"';
        text_grow(t, s.len + 2);
        return;
    }
    text_grow(t, i + 1);
    write_escaped(t, str_skip(s, i));
    text_add_char(t, '"');
}

static void
write_uuid(struct text *t, struct uuid u)
{
    char *to = text_reserve(t, UUID_TEXT_BYTES + 2);
    if (!to)
        return;
    to[0] = to[UUID_TEXT_BYTES + 1] = '"';
    uuid_write(to + 1, u);
    text_grow(t, UUID_TEXT_BYTES + 2);
}

static void
write_instant(struct text *t, struct instant at)
{
    char *to = text_reserve(t, NUMBER_ROOM + 2);
    if (!to)
        return;
    size_t length = instant_write(to + 1, at);
    to[0] = to[length + 1] = '"';
    text_grow(t, length + 2);
}

/* The shortest spelling that reads back as the same number. */
static void
write_real(struct text *t, double value)
{
    char room[NUMBER_ROOM];
    if (!(value - value == 0)) { /* JSON has no infinities */
        text_add_c(t, "null");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(room, sizeof room, "%.*g", digits, value);
        if (strtod(room, NULL) == value)
            break;
    }
    text_add_c(t, room);
}

static void
write_list(struct text *t, const struct field *f, const void *at)
{
    const struct rows *list = at; /* struct strs and struct uuids are a pointer and a count as well */
    text_add_char(t, '[');
    for (size_t i = 0; i < list->count; i++) {
        if (i)
            text_add_char(t, ',');
        if (f->kind == KIND_TEXTS)
            json_write_str(t, ((const struct str *)list->items)[i]);
        else if (f->kind == KIND_UUIDS)
            write_uuid(t, ((const struct uuid *)list->items)[i]);
        else
            shape_write_json(t, f->items, (const char *)list->items + i * f->items->size);
    }
    text_add_char(t, ']');
}

void
shape_write_value(struct text *t, const struct field *f, const void *record)
{
    const void *at = shape_at_const(f, record);
    if (field_is_absent(f, record)) {
        text_add_c(t, "null");
        return;
    }
    switch (f->kind) {
    case KIND_BOOL:
        text_add_c(t, *(const bool *)at ? "true" : "false");
        break;
    case KIND_INT:
        text_add_int(t, *(const int64_t *)at);
        break;
    case KIND_REAL:
        write_real(t, *(const double *)at);
        break;
    case KIND_TEXT:
        json_write_str(t, *(const struct str *)at);
        break;
    case KIND_UUID:
        write_uuid(t, *(const struct uuid *)at);
        break;
    case KIND_INSTANT:
        write_instant(t, *(const struct instant *)at);
        break;
    case KIND_DOMAIN:
        json_write_str(t, domain_label(f->of, *(const int *)at));
        break;
    case KIND_JSON:
        text_add(t, ((const struct json *)at)->raw);
        break;
    case KIND_BYTES:
        json_write_str(t, base64_of(t->arena, *(const struct bytes *)at));
        break;
    case KIND_TEXTS:
    case KIND_UUIDS:
    case KIND_ROWS:
        if (f->single)
            shape_write_json(t, f->items, ((const struct rows *)at)->items);
        else
            write_list(t, f, at);
        break;
    }
}

static void
write_fields(struct text *t, const struct shape *sh, const void *record, bool with_secrets)
{
    bool first = true;
    text_add_char(t, '{');
    for (size_t i = 0; i < sh->count; i++) {
        const struct field *f = &sh->fields[i];
        if (f->secret && !with_secrets)
            continue;
        size_t length = strlen(f->name);
        char *to = text_reserve(t, length + 4);
        if (!to)
            return;
        if (!first)
            *to++ = ',';
        *to++ = '"';
        memcpy(to, f->name, length);
        memcpy(to + length, "\":", 2);
        text_grow(t, length + 3 + !first);
        first = false;
        shape_write_value(t, f, record);
    }
    text_add_char(t, '}');
}

void
shape_write_json(struct text *t, const struct shape *sh, const void *record)
{
    write_fields(t, sh, record, false);
}

void
shape_write_stored(struct text *t, const struct shape *sh, const void *record)
{
    write_fields(t, sh, record, true);
}

static struct str
value_text(struct arena *a, const struct field *f, const void *record)
{
    struct text t = text_new(a, SIZE_MAX / 2);
    if (!record || field_is_absent(f, record))
        return STR("null");
    if (f->secret)
        return STR("\"***\"");
    shape_write_value(&t, f, record);
    return text_str(&t);
}

/* Secrets are compared by what they are and shown as what they may be. */
static bool
is_same(struct arena *a, const struct field *f, const void *before, const void *after)
{
    struct field open = *f;
    open.secret = false;
    return str_eq(value_text(a, &open, before), value_text(a, &open, after));
}

struct json
shape_difference(struct arena *a, const struct shape *sh, const void *before, const void *after)
{
    struct text t = text_new(a, SIZE_MAX / 2);
    text_add_char(&t, '{');
    for (size_t i = 0; i < sh->count; i++) {
        const struct field *f = &sh->fields[i];
        if (is_same(a, f, before, after))
            continue;
        if (t.len > 1)
            text_add_char(&t, ',');
        json_write_str(&t, str_of(f->name));
        text_add_c(&t, ":[");
        text_add(&t, value_text(a, f, before));
        text_add_char(&t, ',');
        text_add(&t, value_text(a, f, after));
        text_add_char(&t, ']');
    }
    text_add_char(&t, '}');
    return (struct json){ text_str(&t) };
}
