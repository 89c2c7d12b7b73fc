/* mail_words: what somebody says in a mail, apart from what the mail drags along: the conversation so far, quoted, and
 * the signature. Both parts stay; the second is folded. Only what stands at the end is folded: who answers between the
 * lines keeps the lines. A mail of which nothing would be left is said as it is. */
#ifndef YAGURA_WORKFLOWS_MAIL_WORDS_H
#define YAGURA_WORKFLOWS_MAIL_WORDS_H

#include "core/base/text.h"

struct mail_words {
    struct str said, folded; /* folded may be absent */
};
struct mail_words mail_words_of(struct arena *a, struct str text);

/* Plain text as Markdown that shows it as it is: marks that would become headings, emphasis or code are escaped; lists
 * and quotes may be what they look like. At most so many characters; *cut says whether that was not all. */
struct str mail_markdown(struct arena *a, struct str text, size_t characters, bool *cut);

#endif
