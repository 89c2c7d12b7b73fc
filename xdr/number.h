/* number: texts that are numbers, and texts that are times, as events and rules write them. */
#ifndef YAGURA_XDR_NUMBER_H
#define YAGURA_XDR_NUMBER_H

#include "core/base/str.h"
#include "xdr/expr.h"

/* Decimal with optional fraction and exponent, or 0x hexadecimal; nothing around it. 64-bit integers are exact. */
must_check bool number_of(struct str text, long double *out);
bool number_stands(long double left, enum relation relation, long double right);

/* RFC 3339 and its relatives: "2026-11-21T00:47:06.123Z", "2026-11-21 00:47:06", with an offset or without (UTC);
 * a bare number is seconds or, from the year 2001 in milliseconds on, milliseconds since 1970 (10^17 and up:
 * nanoseconds). */
must_check bool time_of(struct str text, int64_t *unix_ms);
/* The part as the clock on the wall of the text shows it: an offset in the text is not applied. */
must_check bool time_part(struct str text, enum value_part part, int64_t *out);

#endif
