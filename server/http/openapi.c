#include "server/http/openapi.h"

#include <zlib.h>

#include "core/base/shape_value.h"
#include "model/permission.h"
#include "server/http/credential.h"
#include "server/http/router.h"
#include "server/http/sink.h"

enum { DOCUMENT_MAX = 8 * 1024 * 1024, SHAPES_MAX = 512, FIELDS_MAX = 256 };

struct document {
    struct text t;
    const struct shape *shapes[SHAPES_MAX]; /* those that answers name, each written once as a component */
    size_t count;
    bool first_member;
};

static void
add(struct document *d, const char *text)
{
    text_add_c(&d->t, text);
}

static void
add_text(struct document *d, const char *name, struct str value)
{
    text_addf(&d->t, "\"%s\":", name);
    json_write_str(&d->t, value);
}

/* The component's name: the shape's, with a number behind it when another shape took that name before. */
static struct str
component(struct document *d, const struct shape *sh)
{
    size_t i = 0, same = 0;
    while (i < d->count && d->shapes[i] != sh)
        same += strcmp(d->shapes[i++]->name, sh->name) == 0;
    if (i == d->count && d->count < SHAPES_MAX)
        d->shapes[d->count++] = sh;
    return same ? str_printf(d->t.arena, "%s_%zu", sh->name, same + 1) : str_of(sh->name);
}

static void
add_reference(struct document *d, const struct shape *sh)
{
    text_addf(&d->t, "{\"$ref\":\"#/components/schemas/" STR_FMT "\"}", STR_ARG(component(d, sh)));
}

static struct str
operation_id(struct arena *a, const struct route *r)
{
    static const char *const verbs[] = { "", "get", "post", "put", "delete", "patch", "options" };
    struct text t = text_new(a, 300);
    text_add_c(&t, r->list ? "list" : verbs[r->method]);
    for (const char *c = r->path; *c; c++)
        if (*c != '{' && *c != '}')
            text_add_char(&t, *c == '/' || *c == '-' || *c == '.' ? '_' : *c);
    return text_str(&t);
}

static bool
is_in_path(const struct route *r, const char *name)
{
    char member[80];
    snprintf(member, sizeof member, "{%s}", name);
    return strstr(r->path, member) != NULL;
}

/* One field, alone, as a schema: what the shape writer says of it, without the object around it. */
static void
add_field_schema(struct document *d, const struct field *f, bool is_list)
{
    struct field one = *f;
    one.required = true; /* a parameter that is sent is never null */
    one.read_only = one.secret = false;
    const struct shape alone = { .name = "alone", .fields = &one, .count = 1 };
    struct text t = text_new(d->t.arena, 16 * 1024);
    shape_write_schema(&t, &alone, true);
    struct str whole = text_str(&t), head = STR("\"properties\":{");
    struct str rest = str_skip(whole, str_find(whole, head) + head.len);
    rest = str_skip(rest, strlen(f->name) + 3); /* "name": */
    rest = str_head(rest, str_find(rest, STR("},\"required\":[")));
    if (is_list)
        add(d, "{\"type\":\"array\",\"items\":");
    text_add(&d->t, rest);
    if (is_list)
        add(d, "}");
}

static void
begin_parameter(struct document *d, const char *place, struct str name, bool required)
{
    add(d, d->first_member ? "{" : ",{");
    d->first_member = false;
    add_text(d, "name", name);
    text_addf(&d->t, ",\"in\":\"%s\",\"required\":%s,\"schema\":", place, required ? "true" : "false");
}

static void
add_parameter(struct document *d, const char *place, const char *name, bool required, const char *schema,
              const char *prose)
{
    begin_parameter(d, place, str_of(name), required);
    add(d, schema);
    add(d, ",");
    add_text(d, "description", str_of(prose));
    add(d, "}");
}

static void
add_field_parameter(struct document *d, const char *place, const struct field *f, const char *suffix, bool is_list)
{
    bool path = strcmp(place, "path") == 0;
    struct str name = str_printf(d->t.arena, "%s%s", f->name, suffix);
    begin_parameter(d, place, name, path || (!*suffix && !is_list && f->required));
    add_field_schema(d, f, is_list);
    add(d, ",");
    add_text(d, "description", str_of(f->prose));
    add(d, "}");
}

static bool
is_ordered(const struct field *f)
{
    return f->kind == KIND_INT || f->kind == KIND_REAL || f->kind == KIND_INSTANT;
}

static void
add_filter(struct document *d, const struct field *f)
{
    static const char *const ordered[] = { ".gte", ".gt", ".lte", ".lt" };
    add_field_parameter(d, "query", f, "", f->kind != KIND_BOOL && f->kind != KIND_TEXTS && f->kind != KIND_UUIDS);
    if (f->kind == KIND_BOOL)
        return;
    add_field_parameter(d, "query", f, ".ne", false);
    for (size_t i = 0; is_ordered(f) && i < COUNT_OF(ordered); i++)
        add_field_parameter(d, "query", f, ordered[i], false);
    if (f->kind == KIND_TEXT)
        add_field_parameter(d, "query", f, ".contains", false);
    add_parameter(d, "query", str_printf(d->t.arena, "%s.absent", f->name).at, false, "{\"type\":\"boolean\"}",
                  "Only rows where it is absent, or present");
}

static void
add_sort(struct document *d, const struct shape *row)
{
    bool first = true;
    begin_parameter(d, "query", STR("sort"), false);
    add(d, "{\"type\":\"string\",\"enum\":[");
    for (size_t i = 0; i < row->count; i++) {
        if (!row->fields[i].sort)
            continue;
        text_addf(&d->t, "%s\"%s\",\"-%s\"", first ? "" : ",", row->fields[i].name, row->fields[i].name);
        first = false;
    }
    add(d, "]},\"description\":\"The column to sort by; a minus in front turns the order around\"}");
}

/* An argument of the same name comes first: a path's {id}. */
static bool
is_key(const struct listing *l, const struct field *f)
{
    return strcmp(f->name, l->key) == 0 && !(l->args && shape_field(l->args, str_of(f->name)));
}

static void
add_listing_parameters(struct document *d, const struct listing *l)
{
    bool search = false, sort = false;
    char limit[100];
    snprintf(limit, sizeof limit, "{\"type\":\"integer\",\"minimum\":1,\"maximum\":%d,\"default\":%d}",
             l->limit_max ? l->limit_max : 200, l->limit_default ? l->limit_default : 50);
    add_parameter(d, "query", "limit", false, limit, "Rows on a page");
    add_parameter(d, "query", "cursor", false, "{\"type\":\"string\"}", "next_cursor of the page before");
    add_parameter(d, "query", "total", false, "{\"type\":\"boolean\"}", "Count all rows as well");
    for (size_t i = 0; i < l->row->count; i++) {
        search |= l->row->fields[i].search;
        sort |= l->row->fields[i].sort;
    }
    if (search)
        add_parameter(d, "query", "q", false, "{\"type\":\"string\"}", "Text to look for");
    if (sort)
        add_sort(d, l->row);
    for (size_t i = 0; i < l->row->count; i++)
        if (l->row->fields[i].filter)
            add_filter(d, &l->row->fields[i]);
        else if (is_key(l, &l->row->fields[i]))
            add_field_parameter(d, "query", &l->row->fields[i], "", true);
}

static bool
may_carry_key(const struct route *r)
{
    return r->write && r->method != GET && !r->no_idempotency && !r->keeps_tries
        && r->permission.function != FUNCTION_PUBLIC;
}

/* What a sink knows beforehand stands in the query: its body is not read for it. */
static bool
has_json_body(const struct route *r)
{
    return (r->method == POST || r->method == PUT) && !r->sink;
}

static void
add_parameters(struct document *d, const struct route *r)
{
    bool has_body = has_json_body(r);
    d->first_member = true;
    add(d, ",\"parameters\":[");
    for (size_t i = 0; r->in && i < r->in->count; i++) {
        const struct field *f = &r->in->fields[i];
        if (is_in_path(r, f->name))
            add_field_parameter(d, "path", f, "", false);
        else if (!has_body && !f->read_only && !(r->if_match && strcmp(f->name, "version") == 0))
            add_field_parameter(d, "query", f, "", f->kind == KIND_TEXTS || f->kind == KIND_UUIDS);
    }
    if (r->list)
        add_listing_parameters(d, r->list);
    if (r->if_match)
        add_parameter(d, "header", "If-Match", true, "{\"type\":\"string\"}", "The ETag that was read");
    for (size_t i = 0; r->sink && i < r->sink->header_count; i++) {
        const struct sink_header *h = &r->sink->headers[i];
        add_parameter(d, "header", h->name, h->required, "{\"type\":\"string\"}", h->prose);
    }
    if (may_carry_key(r))
        add_parameter(d, "header", "Idempotency-Key", false, "{\"type\":\"string\",\"maxLength\":200}",
                      "Repeating a call with the same key does it once; kept for 24 hours");
    if (r->permission.function > FUNCTION_SIGNED_IN)
        add_parameter(d, "header", "X-Yagura-Tenant", false, "{\"type\":\"string\",\"format\":\"uuid\"}",
                      "Look at this customer alone");
    add(d, "]");
}

/* What the body may hold: not what the path says, nor the version, which If-Match brings. */
static void
add_body(struct document *d, const struct route *r)
{
    struct field fields[FIELDS_MAX];
    struct shape body = { .name = "body", .fields = fields };
    bool needed = false;
    if (r->sink)
        text_addf(&d->t, ",\"requestBody\":{\"content\":{\"%s\":{}}}", r->sink->media_type);
    if (!r->in || !has_json_body(r))
        return;
    for (size_t i = 0; i < r->in->count && body.count < FIELDS_MAX; i++) {
        const struct field *f = &r->in->fields[i];
        if (f->read_only || is_in_path(r, f->name) || (r->if_match && strcmp(f->name, "version") == 0))
            continue;
        needed |= f->required;
        fields[body.count++] = *f;
    }
    if (!body.count)
        return;
    if (r->body_max)
        text_addf(&d->t, ",\"x-max-bytes\":%zu", r->body_max);
    text_addf(&d->t, ",\"requestBody\":{\"required\":%s,\"content\":{\"application/json\":{\"schema\":",
              needed ? "true" : "false");
    shape_write_schema(&d->t, &body, true);
    add(d, "}}}");
}

static void
add_answer(struct document *d, const struct route *r)
{
    const char *status = r->creates ? "201" : (r->write || r->sink) && !r->out ? "204" : "200";
    const struct shape *out = r->out ? r->out : r->one ? r->one->row : NULL;
    text_addf(&d->t, "\"%s\":{\"description\":\"Done\"", status);
    if (r->list) {
        add(d, ",\"content\":{\"application/json\":{\"schema\":{\"type\":\"object\",\"additionalProperties\":false,"
               "\"required\":[\"items\",\"next_cursor\",\"total\"],\"properties\":{\"items\":{\"type\":\"array\","
               "\"items\":");
        add_reference(d, r->list->row);
        add(d, "},\"next_cursor\":{\"type\":[\"string\",\"null\"]},\"total\":{\"type\":[\"integer\",\"null\"]}}}},"
               "\"text/csv\":{\"schema\":{\"type\":\"string\"}}}");
    } else if (out) {
        add(d, ",\"content\":{\"application/json\":{\"schema\":");
        add_reference(d, out);
        add(d, "}}");
    } else if (r->raw) {
        text_addf(&d->t, ",\"content\":{\"%s\":{\"schema\":{\"type\":\"string\"}}}",
                  r->answers ? r->answers : "application/octet-stream");
    }
    add(d, "}");
}

static void
add_answers(struct document *d, const struct route *r)
{
    const struct {
        const char *status;
        bool may_happen;
    } problems[] = {
        { "400", true },
        { "401", r->permission.function != FUNCTION_PUBLIC },
        { "403", r->permission.function != FUNCTION_PUBLIC },
        { "404", strchr(r->path, '{') != NULL },
        { "409", r->write || r->sink },
        { "412", r->if_match },
        { "413", has_json_body(r) || r->sink },
        { "415", has_json_body(r) || r->sink },
        { "422", true },
        { "428", r->if_match },
        { "429", true },
        { "503", true },
        { "507", r->sink != NULL },
    };
    add(d, ",\"responses\":{");
    add_answer(d, r);
    for (size_t i = 0; i < COUNT_OF(problems); i++)
        if (problems[i].may_happen)
            text_addf(&d->t, ",\"%s\":{\"$ref\":\"#/components/responses/problem\"}", problems[i].status);
    add(d, "}");
}

static void
add_permission(struct document *d, const struct route *r)
{
    const struct permission p = r->permission;
    if (p.function == FUNCTION_PUBLIC)
        add(d, ",\"security\":[],\"x-permission\":\"public\"");
    else if (p.function == FUNCTION_SIGNED_IN)
        add(d, ",\"x-permission\":\"signed_in\"");
    else
        text_addf(&d->t, ",\"x-permission\":\"%s:%s\"", permission_functions[p.function].spelling,
                  level_name(p.level));
    if (r->fresh_factor)
        add(d, ",\"x-fresh-factor\":true");
    if (r->any_stage)
        add(d, ",\"x-any-stage\":true");
}

static void
add_operation(struct document *d, const struct route *r)
{
    static const char *const methods[] = { "", "get", "post", "put", "delete", "patch", "options" };
    struct str tag, rest = str_skip(str_of(r->path), 1);
    if (!str_cut(&rest, '/', &tag))
        tag = STR("");
    text_addf(&d->t, "\"%s\":{", methods[r->method]);
    add_text(d, "operationId", operation_id(d->t.arena, r));
    add(d, ",");
    add_text(d, "summary", str_of(r->prose));
    add(d, ",\"tags\":[");
    json_write_str(&d->t, tag);
    add(d, "]");
    add_permission(d, r);
    add_parameters(d, r);
    add_body(d, r);
    add_answers(d, r);
    add(d, "}");
}

static bool
was_before(const struct routes *const *tables, size_t table, size_t row)
{
    const char *path = tables[table]->items[row].path;
    for (size_t i = 0; i <= table; i++)
        for (size_t k = 0; k < (i == table ? row : tables[i]->count); k++)
            if (strcmp(tables[i]->items[k].path, path) == 0)
                return true;
    return false;
}

/* All methods of one path, wherever their rows stand. */
static void
add_path(struct document *d, const struct routes *const *tables, size_t count, const char *path)
{
    bool first = true;
    json_write_str(&d->t, str_of(path));
    add(d, ":{");
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tables[i]->count; k++) {
            if (strcmp(tables[i]->items[k].path, path) != 0)
                continue;
            add(d, first ? "" : ",");
            first = false;
            add_operation(d, &tables[i]->items[k]);
        }
    add(d, "}");
}

static const char problem_schema[] =
    "{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\",\"code\",\"instance\"],\"properties\":{"
    "\"type\":{\"type\":\"string\",\"description\":\"The code as a reference\"},"
    "\"title\":{\"type\":\"string\",\"description\":\"What went wrong, in the caller's language\"},"
    "\"status\":{\"type\":\"integer\",\"description\":\"The status of the answer\"},"
    "\"code\":{\"type\":\"string\",\"description\":\"Stable: decide by this\"},"
    "\"detail\":{\"type\":\"string\",\"description\":\"What went wrong this time\"},"
    "\"instance\":{\"type\":\"string\",\"description\":\"The request's id, as in X-Request-Id\"},"
    "\"errors\":{\"type\":\"array\",\"description\":\"Every field at fault\",\"items\":{\"type\":\"object\","
    "\"required\":[\"pointer\",\"code\",\"message\"],\"properties\":{"
    "\"pointer\":{\"type\":\"string\",\"description\":\"Where: a JSON pointer\"},"
    "\"code\":{\"type\":\"string\",\"description\":\"Stable: what is wrong there\"},"
    "\"message\":{\"type\":\"string\",\"description\":\"The same in the caller's language\"}}}}}}";

static void
add_components(struct document *d)
{
    add(d, "},\"components\":{\"securitySchemes\":{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\","
           "\"name\":\"yagura_session\"},\"key\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"
           "\"responses\":{\"problem\":{\"description\":\"Why not\",\"content\":{\"application/problem+json\":"
           "{\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}}},\"schemas\":{\"problem\":");
    add(d, problem_schema);
    for (size_t i = 0; i < d->count; i++) {
        add(d, ",");
        text_addf(&d->t, "\"" STR_FMT "\":", STR_ARG(component(d, d->shapes[i])));
        shape_write_schema(&d->t, d->shapes[i], false);
    }
    add(d, "}}}");
}

void
openapi_write(struct arena *a, const struct routes *const *tables, size_t count, struct str version, struct str *out)
{
    struct document d = { .t = text_new(a, DOCUMENT_MAX) };
    bool first = true;
    add(&d, "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"Yagura\",");
    add_text(&d, "version", version);
    add(&d, "},\"servers\":[{\"url\":\"/api/v1\"}],\"security\":[{\"session\":[]},{\"key\":[]}],\"paths\":{");
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tables[i]->count; k++) {
            if (was_before(tables, i, k))
                continue;
            add(&d, first ? "" : ",");
            first = false;
            add_path(&d, tables, count, tables[i]->items[k].path);
        }
    add_components(&d);
    *out = text_str(&d.t);
}

struct str
openapi_gzip(struct arena *a, struct str document)
{
    z_stream z = { 0 };
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return STR_NONE;
    size_t room = deflateBound(&z, document.len);
    char *bytes = arena_alloc(a, room);
    union { const char *given; Bytef *taken; } in = { .given = document.at };
    z.next_in = in.taken;
    z.avail_in = (uInt)document.len;
    z.next_out = (Bytef *)bytes;
    z.avail_out = (uInt)room;
    bool whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    size_t length = z.total_out;
    deflateEnd(&z);
    return whole ? (struct str){ bytes, length } : STR_NONE;
}
