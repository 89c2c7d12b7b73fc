/* Queries of strangers: never a crash; what is understood stands within the bounds and the text, what is not has a
 * place within the text and a sentence in both languages. */
#include "model/ticket_query.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 16);
    struct str text = str_copy(a, (struct str){ (const char *)data, size });
    struct query_reading *r = arena_new_of(a, struct query_reading);
    if (str_is_utf8(text)) {
        size_t characters = str_characters(text);
        query_text_read(a, &ticket_query_language, text, r);
        if (!r->understood && (r->fault.at > characters || r->fault.at + r->fault.len > characters + 1
                               || !r->fault.en.len || !r->fault.ja.len))
            abort();
        for (size_t i = 0; r->understood && i < r->count; i++) {
            const struct query_term *term = &r->terms[i];
            if (term->at + term->len > characters || term->value_count == 0 || term->value_count > QUERY_VALUES_MAX)
                abort();
            struct query_time time;
            for (size_t k = 0; k < term->value_count; k++)
                (void)!query_time_read(term->values[k].text, (struct instant){ DAYS(20000) }, NULL, true, &time);
        }
    }
    arena_free(a);
    return 0;
}
