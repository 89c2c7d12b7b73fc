/* json_slice: parts of a JSON text as texts, for files of tests and documents that are no lines. */
#ifndef YAGURA_XDR_JSON_SLICE_H
#define YAGURA_XDR_JSON_SLICE_H

#include "core/base/arena.h"
#include "core/base/str.h"

/* The top-level objects of a text: one or several documents, or the elements of arrays. Blanks and commas may stand
 * between them. False at the end; *rest moves behind the object. */
bool json_next_object(struct str *rest, struct str *object);

/* The next object or array of an array's inside: give it the text behind the opening bracket first. */
bool json_next_element(struct str *rest, struct str *element);

/* The value of a member of an object's text, as text; STR_NONE when it has none of that name. */
struct str json_slice_member(struct str object, const char *name);

/* Text in a JSON string, quotes included. */
struct text;
void json_quote(struct text *out, struct str text);

#endif
