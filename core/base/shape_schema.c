#include "core/base/format.h"
#include "core/base/shape_value.h"

static const char *
type_of(const struct field *f)
{
    if (f->single)
        return "object";
    switch (f->kind) {
    case KIND_BOOL:
        return "boolean";
    case KIND_INT:
        return "integer";
    case KIND_REAL:
        return "number";
    case KIND_TEXTS:
    case KIND_UUIDS:
    case KIND_ROWS:
        return "array";
    case KIND_JSON:
        return NULL;
    default:
        return "string";
    }
}

static void
member(struct text *t, const char *name, const char *value)
{
    text_addf(t, ",\"%s\":", name);
    json_write_str(t, str_of(value));
}

static void
words(struct text *t, const struct domain *d, bool nullable)
{
    text_add_c(t, ",\"enum\":[");
    for (size_t i = 1; i < d->count; i++) {
        if (i > 1)
            text_add_char(t, ',');
        json_write_str(t, str_of(d->labels[i]));
    }
    text_add_c(t, nullable ? ",null]" : "]");
}

static void
bound(struct text *t, const char *name, int64_t value)
{
    text_addf(t, ",\"%s\":%lld", name, (long long)value);
}

static void
write_text_bounds(struct text *t, const struct field *f)
{
    const char *name = format_schema_name(f->format), *pattern = format_schema_pattern(f->format);
    if (name)
        member(t, "format", name);
    if (pattern)
        member(t, "pattern", pattern);
    if (f->min || f->required)
        bound(t, "minLength", f->min ? f->min : 1);
    if (f->max)
        bound(t, "maxLength", f->max);
}

static void write_members(struct text *t, const struct shape *sh, bool input);

static void
write_items(struct text *t, const struct field *f, bool input)
{
    if (f->single) {
        text_add_char(t, ',');
        write_members(t, f->items, input);
        return;
    }
    text_add_c(t, ",\"items\":");
    if (f->kind == KIND_ROWS) {
        shape_write_schema(t, f->items, input);
    } else {
        text_add_c(t, "{\"type\":\"string\"");
        if (f->kind == KIND_UUIDS)
            member(t, "format", "uuid");
        else if (f->of)
            words(t, f->of, false);
        text_add_char(t, '}');
    }
    if (input && f->required)
        bound(t, "minItems", f->min ? f->min : 1);
    if (f->max)
        bound(t, "maxItems", f->max);
}

static void
write_bounds(struct text *t, const struct field *f, bool nullable, bool input)
{
    switch (f->kind) {
    case KIND_TEXT:
        write_text_bounds(t, f);
        break;
    case KIND_INT:
    case KIND_REAL:
        if (f->min || f->max)
            bound(t, "minimum", f->min);
        if (f->max > f->min)
            bound(t, "maximum", f->max);
        break;
    case KIND_UUID:
        member(t, "format", "uuid");
        break;
    case KIND_INSTANT:
        member(t, "format", "date-time");
        break;
    case KIND_BYTES:
        member(t, "contentEncoding", "base64");
        break;
    case KIND_DOMAIN:
        words(t, f->of, nullable);
        break;
    case KIND_TEXTS:
    case KIND_UUIDS:
    case KIND_ROWS:
        write_items(t, f, input);
        break;
    case KIND_BOOL:
    case KIND_JSON:
        break;
    }
}

static bool
may_be_null(const struct field *f)
{
    bool always_there = f->kind == KIND_BOOL || f->kind == KIND_REAL || (f->kind == KIND_INT && !f->optional);
    return !f->required && !always_there && strcmp(f->name, "id") != 0;
}

static void
write_field(struct text *t, const struct field *f, bool input)
{
    const char *type = type_of(f);
    bool nullable = may_be_null(f);
    json_write_str(t, str_of(f->name));
    text_add_c(t, ":{\"description\":");
    json_write_str(t, str_of(f->prose));
    if (type)
        text_addf(t, nullable ? ",\"type\":[\"%s\",\"null\"]" : ",\"type\":\"%s\"", type);
    write_bounds(t, f, nullable, input);
    if (f->read_only)
        text_add_c(t, ",\"readOnly\":true");
    if (f->secret)
        text_add_c(t, ",\"writeOnly\":true");
    text_add_char(t, '}');
}

static bool
is_shown(const struct field *f, bool input)
{
    return input ? !f->read_only : !f->secret;
}

static void
write_members(struct text *t, const struct shape *sh, bool input)
{
    bool first = true;
    text_add_c(t, "\"additionalProperties\":false,\"properties\":{");
    for (size_t i = 0; i < sh->count; i++) {
        if (!is_shown(&sh->fields[i], input))
            continue;
        if (!first)
            text_add_char(t, ',');
        first = false;
        write_field(t, &sh->fields[i], input);
    }
    text_add_c(t, "},\"required\":[");
    first = true;
    for (size_t i = 0; i < sh->count; i++) {
        if (!is_shown(&sh->fields[i], input) || (input && !sh->fields[i].required))
            continue;
        if (!first)
            text_add_char(t, ',');
        first = false;
        json_write_str(t, str_of(sh->fields[i].name));
    }
    text_add_char(t, ']');
}

void
shape_write_schema(struct text *t, const struct shape *sh, bool input)
{
    text_add_c(t, "{\"type\":\"object\",");
    write_members(t, sh, input);
    text_add_char(t, '}');
}
