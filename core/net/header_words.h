/* header_words: text in a mail's header, as RFC 2047 asks: UTF-8 in words of at most 75 characters that never part a
 * character, on lines of at most 76. GMime folds between words only, and Japanese has no spaces: a long subject
 * became one word of a thousand characters, which servers refuse. */
#ifndef YAGURA_CORE_NET_HEADER_WORDS_H
#define YAGURA_CORE_NET_HEADER_WORDS_H

#include "core/base/text.h"

/* `column` is where the value begins: the length of "Subject: ". Lines after the first begin with a space. */
struct str header_text(struct arena *a, struct str value, size_t column);

/* "name" <address>, or the bare address when there is no name. */
struct str header_person(struct arena *a, struct str name, struct str address, size_t column);

#endif
