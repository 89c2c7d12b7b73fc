/* json: a strict and bounded reader of JSON text, value by value, without a tree in between.
 *
 * json_validate goes over a whole text once and refuses what no reader should meet: broken syntax and bad UTF-8 are
 * problem_malformed with line and column; too deep nesting, a name given twice, \u0000 and halves of surrogate pairs
 * are violations at their JSON pointer. The steps of struct json_reader then walk a text that is known to be sound;
 * on one that is not they stop with `false` but never leave it.
 */
#ifndef YAGURA_CORE_BASE_JSON_H
#define YAGURA_CORE_BASE_JSON_H

#include "core/base/scope.h"

enum json_kind { JSON_BAD, JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_reader {
    const char *start, *at, *end;
    bool fresh;          /* an array or object was entered and has given nothing yet */
    const char *trouble; /* the first thing that was wrong */
};

/* Where in a text one is, from the inside out; lives on the stack of whoever descends. */
struct json_place {
    const struct json_place *up;
    struct str name; /* absent: an item of a list */
    size_t index;
};

must_check bool json_validate(struct scope *s, struct str text);

struct json_reader json_reader_new(struct str text);
enum json_kind json_peek(struct json_reader *r);
must_check bool json_null(struct json_reader *r);
must_check bool json_bool(struct json_reader *r, bool *out);
must_check bool json_number(struct json_reader *r, struct str *out);                      /* as it is spelled */
must_check bool json_string(struct json_reader *r, struct arena *a, struct str *out);     /* unescaped */
must_check bool json_skip(struct json_reader *r, struct str *raw);                        /* any value, as it stands */

/* Into an array or object; then json_item or json_member until *more is false, which leaves it. */
must_check bool json_enter(struct json_reader *r, enum json_kind kind);
must_check bool json_item(struct json_reader *r, bool *more);
must_check bool json_member(struct json_reader *r, struct arena *a, struct str *name, bool *more);

struct str json_pointer(struct arena *a, const struct json_place *place);

#endif
