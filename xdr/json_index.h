/* json_index: where the tokens of a JSON text begin.
 *
 * The first stage of simdjson, and nothing else of it: it finds, at several gigabytes a second, every brace,
 * bracket, colon and comma outside of strings and the first byte of every string, number and word; it also
 * checks that the text is UTF-8 and that strings hold no raw control characters. What the tokens mean is read
 * from these positions in C (event.c), only as far as somebody asks.
 */
#ifndef YAGURA_XDR_JSON_INDEX_H
#define YAGURA_XDR_JSON_INDEX_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct json_index;

struct json_index *json_index_new(void);
void json_index_free(void *index);

/* NULL when all is well, else why not. positions[*count] is the length of the text. Valid until the next call. */
const char *json_index_run(struct json_index *index, const char *text, size_t len, const uint32_t **positions,
                           size_t *count);

#ifdef __cplusplus
}
#endif

#endif
