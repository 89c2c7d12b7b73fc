/* value: what stands on the right side of a Sigma detection item, on its way to a pattern.
 *
 * A string is parsed once into a pattern (expr.h): * and ? become wildcards, a backslash takes the meaning from a
 * following *, ? or backslash and is itself before anything else. Modifiers then change the pattern from left to
 * right. Encodings need plain text: they refuse a pattern with wildcards. UTF-16 gives bytes that are no text;
 * they are only of use when base64 follows.
 */
#ifndef YAGURA_XDR_SIGMA_VALUE_H
#define YAGURA_XDR_SIGMA_VALUE_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct str value_parse(struct arena *a, struct str text);
bool value_is_plain(struct str pattern); /* no wildcards in it */

struct str value_windash(struct arena *a, struct str pattern);

enum utf16_kind { UTF16_LE = 1, UTF16_BE, UTF16_LE_WITH_MARK };
struct str value_utf16(struct arena *a, struct str text, enum utf16_kind kind);

struct str value_base64(struct arena *a, struct str bytes);
/* What base64 of any text around `bytes` must contain when they start at a position of remainder `offset` (0..2). */
struct str value_base64_offset(struct arena *a, struct str bytes, size_t offset);

#endif
