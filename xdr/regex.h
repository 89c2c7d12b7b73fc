/* regex: regular expressions on PCRE2, with a bound on the work of each search.
 *
 * UTF-8 aware, so that a class may hold characters of several bytes. `.` does not match a line feed unless DOTALL
 * is set. A search that would take too many steps ends as "not found": a rule cannot stop the stream.
 */
#ifndef YAGURA_XDR_REGEX_H
#define YAGURA_XDR_REGEX_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct regex;         /* immutable, shared by threads */
struct regex_scratch; /* one per thread */

bool regex_is_valid(struct arena *a, struct str source, unsigned flags, struct str *problem);

struct regex *regex_new(struct arena *a, struct str source, unsigned flags); /* of a source known to be valid */
struct regex_scratch *regex_scratch_new(struct arena *a);

bool regex_finds(const struct regex *r, struct regex_scratch *s, struct str text);

/* Plain text that every match must contain, as long as could be found; empty when there is none. */
struct str regex_literal(struct arena *a, struct str source, unsigned flags);
size_t regex_shortest(const struct regex *r); /* characters that a match has at least */

#endif
