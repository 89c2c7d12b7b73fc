/* json_escape: what stands behind a backslash in a JSON string. */
#ifndef YAGURA_XDR_JSON_ESCAPE_H
#define YAGURA_XDR_JSON_ESCAPE_H

#include "core/base/str.h"

/* The escape \uXXXX whose digits stand at s.at[*i]: writes at most 4 bytes, moves *i behind it. A surrogate without its
 * partner becomes U+FFFD, and so do missing digits, which take no byte of the text. */
size_t json_put_unicode(char *out, struct str s, size_t *i);

/* What a letter behind a backslash stands for; anything else stands for itself. */
static inline char
json_meaning(char c)
{
    if (c == '\\' || c == '"') /* nearly all there are */
        return c;
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    default:
        return c;
    }
}

#endif
