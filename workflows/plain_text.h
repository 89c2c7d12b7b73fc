/* plain_text: what strangers wrote, made fit to be read by people: text in UTF-8 of which every character is seen. */
#ifndef YAGURA_WORKFLOWS_PLAIN_TEXT_H
#define YAGURA_WORKFLOWS_PLAIN_TEXT_H

#include "core/base/arena.h"
#include "core/base/str.h"

/* From UTF-8, UTF-16 with its mark, or the encodings of Japan where all of the bytes fit one; `encoding` says which.
 * A character that the end of the bytes cuts in two is left out. Bad bytes become U+FFFD, controls but tab and new line
 * their visible pictures, and marks that turn the direction of writing are spelled out. */
struct str plain_text_of(struct arena *a, struct str bytes, const char **encoding);

#endif
