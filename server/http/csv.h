/* csv: a list as a file, for people with spreadsheets.
 *
 * The first page is what the list call found; each further one is fetched by a worker when the reader has taken what
 * there was, in a transaction of its own with the caller signed in anew. So a long export holds neither a worker nor
 * memory, and ends when the caller loses the right to it: then the connection is cut, and nobody takes the part for
 * the whole.
 *
 * Cells that a spreadsheet would run as a formula get an apostrophe in front; a byte order mark tells Excel that the
 * text is UTF-8.
 */
#ifndef YAGURA_SERVER_HTTP_CSV_H
#define YAGURA_SERVER_HTTP_CSV_H

#include "server/http/exchange.h"

bool csv_is_wanted(const struct exchange *x);
void csv_begin(struct exchange *x, const struct page *first);

void csv_write_cell(struct text *t, struct str value);

#endif
