/* shape: what a struct is, said once.
 *
 * A field is named in the migration and in the struct with its shape, nowhere else. From the shape come JSON in
 * both directions with every bad field reported, SQL arguments and rows, OpenAPI schemas, TypeScript types,
 * configuration and its documentation, the audit's before and after, table columns and forms.
 *
 *     const struct shape tenant_shape = SHAPE(tenant,
 *         FIELD(tenant, id,   "Identity, never reused", .read_only = true),
 *         FIELD(tenant, name, "As the customer writes it", .max = 200, .required = true, .sort = true),
 *         FIELD(tenant, plan, "What was bought", .of = &tenant_plan_domain, .required = true, .filter = true));
 *
 * The kind follows from the member's C type. Absence is the zero value of text, id, time, enum and list, and
 * INT_NONE of an `optional` int; it is SQL NULL and JSON null. bool and plain int64_t are always there.
 */
#ifndef YAGURA_CORE_BASE_SHAPE_H
#define YAGURA_CORE_BASE_SHAPE_H

#include "core/base/domain.h"
#include "core/base/scope.h"
#include "core/base/text.h"

#define INT_NONE INT64_MIN

/* Raw JSON that passes through unread: jsonb in SQL, any value in JSON. */
struct json {
    struct str raw;
};

/* Bytes: bytea in SQL, base64 in JSON. */
struct bytes {
    struct str raw;
};

/* Children: an array of structs of field.items; a JSON array, jsonb in SQL. */
struct rows {
    void *items;
    size_t count;
};

enum kind {
    KIND_BOOL = 1, KIND_INT, KIND_REAL, KIND_TEXT, KIND_UUID, KIND_INSTANT, KIND_DOMAIN,
    KIND_TEXTS, KIND_UUIDS, KIND_JSON, KIND_BYTES, KIND_ROWS
};

enum format { FORMAT_NONE, FORMAT_EMAIL, FORMAT_URL, FORMAT_TIME_ZONE, FORMAT_SLUG, FORMAT_PASSWORD, FORMAT_MARKDOWN,
              FORMAT_HEX, FORMAT_CRON, FORMAT_DATE };

struct field {
    const char *name;
    const char *prose;         /* OpenAPI, docs and the portal's help show it */
    enum kind kind;
    uint32_t offset;
    const struct domain *of;   /* KIND_DOMAIN; also the words allowed in KIND_TEXTS */
    const struct shape *items; /* KIND_ROWS */
    int64_t min, max;          /* text: characters; int: value; lists: count. 0,0: the kind's own default bound */
    enum format format;
    bool required;  /* input: must be present and not empty; of a read_only field: never null in output */
    bool read_only; /* never taken from input */
    bool secret;    /* taken from input, never logged, sent or audited */
    bool optional;  /* an int that may be absent: INT_NONE */
    bool single;    /* KIND_ROWS of answers: the one child as an object, or null */
    bool filter, sort, search; /* what a listing offers for this column */
};

struct shape {
    const char *name;
    size_t size;
    const struct field *fields;
    size_t count;
};

#define KIND_OF(member)                                                                              \
    _Generic((member), bool: KIND_BOOL, int64_t: KIND_INT, double: KIND_REAL, struct str: KIND_TEXT, \
        struct uuid: KIND_UUID, struct instant: KIND_INSTANT, struct strs: KIND_TEXTS,               \
        struct uuids: KIND_UUIDS, struct json: KIND_JSON, struct bytes: KIND_BYTES,                  \
        struct rows: KIND_ROWS, default: KIND_DOMAIN)

#define FIELD(type, member, text, ...)                                                               \
    { .name = #member, .prose = "" text "", .kind = KIND_OF(((struct type *)0)->member),             \
      .offset = offsetof(struct type, member), __VA_ARGS__ }

#define SHAPE(type, ...)                                                                             \
    { .name = #type, .size = sizeof(struct type), .fields = (const struct field[]){ __VA_ARGS__ },   \
      .count = COUNT_OF(((const struct field[]){ __VA_ARGS__ })) }

/* Makes every member absent. Whoever fills a record from several places calls this first: an `optional` int that
 * was only zeroed is 0, not absent. */
void shape_clear(const struct shape *sh, void *record);

const struct field *shape_field(const struct shape *sh, struct str name);
void *shape_at(const struct field *f, void *record);
const void *shape_at_const(const struct field *f, const void *record);

/* ---- JSON in: strict, bounded, every bad field reported as a violation ---- */
enum { JSON_DEPTH_MAX = 32, JSON_TEXT_MAX_DEFAULT = 1000, JSON_LIST_MAX_DEFAULT = 1000 };

/* Reads an object. Unknown names, duplicate names, read-only names, wrong types and broken bounds are violations of
 * problem_invalid; text that is no JSON at all is problem_malformed. Missing required fields are reported by
 * shape_check, so that path, query and body can fill one record together. */
must_check bool shape_read_json(struct scope *s, const struct shape *sh, struct str body, void *out);
/* One field from text as it stands in a path or a query string (lists: repeated calls add). */
bool shape_read_text(struct scope *s, const struct field *f, struct str value, void *record);
must_check bool shape_check(struct scope *s, const struct shape *sh, const void *record);

/* What shape_write_stored wrote earlier: read-only and secret fields come back, names that have gone are passed over,
 * bounds are not asked again. Trouble is our own: problem_internal. */
must_check bool shape_read_stored(struct scope *s, const struct shape *sh, struct str body, void *out);
must_check bool shape_read_stored_rows(struct scope *s, const struct shape *items, struct str body, struct rows *out);

/* ---- JSON out ---- */
void shape_write_json(struct text *t, const struct shape *sh, const void *record);
void shape_write_value(struct text *t, const struct field *f, const void *record);  /* of one field, without its name */
void shape_write_stored(struct text *t, const struct shape *sh, const void *record); /* with secrets, for our tables */
void json_write_str(struct text *t, struct str s); /* quoted and escaped */

/* ---- what changed, for the audit: {"name":["old","new"]}; secrets say only that they changed. NULL: no such record
 * before, or after ---- */
struct json shape_difference(struct arena *a, const struct shape *sh, const void *before, const void *after);

/* JSON Schema (OpenAPI 3.1 dialect) of the shape; `input` leaves read-only fields out. */
void shape_write_schema(struct text *t, const struct shape *sh, bool input);

#endif
