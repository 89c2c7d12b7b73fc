/* shape_value: one field of a record: emptied, asked for, set from text with its bounds. Shared by the readers of
 * JSON, of query strings and of configuration, so that a bound means the same everywhere. */
#ifndef YAGURA_CORE_BASE_SHAPE_VALUE_H
#define YAGURA_CORE_BASE_SHAPE_VALUE_H

#include "core/base/json.h"
#include "core/base/shape.h"

void field_clear(const struct field *f, void *record);
bool field_is_absent(const struct field *f, const void *record);

/* Sets a scalar field from its spelling; for lists, checks and appends one entry. Faults are noted at `place`. */
bool field_set_text(struct scope *s, const struct field *f, struct str text, const struct json_place *place,
                    void *record);
bool field_set_int(struct scope *s, const struct field *f, struct str digits, const struct json_place *place,
                   void *record);

/* One entry of a list of texts, without appending it. */
bool field_check_word(struct scope *s, const struct field *f, struct str word, const struct json_place *place);
bool field_check_count(struct scope *s, const struct field *f, size_t count, const struct json_place *place);

bool value_fault(struct scope *s, const struct json_place *place, enum fault fault, struct str expected);
struct str domain_words(struct arena *a, const struct domain *d); /* "lite, ultimate, mss" */

#endif
