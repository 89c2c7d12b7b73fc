/* Forms of strangers: cut at any place they mean the same; what is given on is what stood between the boundaries. */
#include <assert.h>

#include "core/base/text.h"
#include "core/net/multipart.h"
#include "tests/fuzz/fuzz.h"

struct heard {
    struct text all;
    size_t parts;
};

static bool
hear_part(struct scope *s, void *taker, const struct multipart_part *part)
{
    struct heard *h = taker;
    (void)s;
    assert(part->name.len > 0 && ++h->parts <= MULTIPART_PARTS_MAX);
    text_addf(&h->all, "\n[" STR_FMT "|" STR_FMT "|" STR_FMT "]", STR_ARG(part->name), STR_ARG(part->file_name),
              STR_ARG(part->content_type));
    return true;
}

static bool
hear_data(struct scope *s, void *taker, struct str piece)
{
    struct heard *h = taker;
    (void)s;
    assert(piece.len > 0 && h->parts > 0);
    text_add(&h->all, piece);
    return true;
}

static bool
read_form(struct arena *a, struct str type, struct str body, size_t step, struct heard *h)
{
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct multipart_taker taker = { hear_part, hear_data, h };
    struct multipart *m;
    bool good = multipart_new(&s, type, &m);
    *h = (struct heard){ .all = text_new(a, 1 << 20) };
    for (size_t at = 0; good && at < body.len; at += step)
        good = multipart_feed(&s, m, str_head(str_skip(body, at), step), &taker);
    return good && multipart_end(&s, m);
}

/* The first line is the Content-Type. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(16 * 1024);
    struct str rest = { (const char *)data, size }, type;
    struct heard whole, bytewise, odd;
    if (size < 1 << 16 && str_cut(&rest, '\n', &type)) {
        if (!rest.at)
            rest = STR("");
        bool good = read_form(a, type, rest, rest.len + 1, &whole);
        assert(read_form(a, type, rest, 1, &bytewise) == good);
        assert(read_form(a, type, rest, 7, &odd) == good);
        assert(!good || (str_eq(text_str(&whole.all), text_str(&bytewise.all))
                         && str_eq(text_str(&whole.all), text_str(&odd.all))));
    }
    arena_free(a);
    return 0;
}
