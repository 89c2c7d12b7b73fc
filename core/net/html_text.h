/* html_text: the words of a page of HTML, without its markup. For mails that come as HTML alone: nothing is fetched,
 * nothing is run, nothing is shown; what does not look like HTML is text. Lines begin where blocks do, items of lists
 * with a dash, quoted passages with "> " as in a plain mail. */
#ifndef YAGURA_CORE_NET_HTML_TEXT_H
#define YAGURA_CORE_NET_HTML_TEXT_H

#include "core/base/text.h"

struct str html_text(struct arena *a, struct str html, size_t most);

#endif
