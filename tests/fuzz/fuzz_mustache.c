/* Any text as a template: before the first NUL the page, after it the partial `p`. It may be refused, it may print;
 * it may not crash, hang or pass its bounds. */
#include "core/net/mustache.h"
#include "tests/fuzz/fuzz.h"

/* Not STR(): clang takes no compound literal in a constant. */
#define WORD(t) { "" t "", sizeof(t) - 1 }
#define TEXT(n, t) { .kind = MUSTACHE_TEXT, .name = WORD(n), .text = WORD(t) }

static const struct mustache_value inner[] = { TEXT("a", "1"), TEXT("b", "<2>") };
static const struct mustache_value list[] = {
    { .kind = MUSTACHE_RECORD, .items = inner, .count = COUNT_OF(inner) },
    { .kind = MUSTACHE_TEXT, .text = WORD("x") },
};
static const struct mustache_value members[] = {
    TEXT("a", "A&A"), TEXT("e", ""), { .kind = MUSTACHE_TRUE, .name = WORD("t") },
    { .kind = MUSTACHE_LIST, .name = WORD("l"), .items = list, .count = COUNT_OF(list) },
    { .kind = MUSTACHE_RECORD, .name = WORD("r"), .items = inner, .count = COUNT_OF(inner) },
};
static const struct mustache_value data = { .kind = MUSTACHE_RECORD, .items = members, .count = COUNT_OF(members) };

static bool
nothing(struct scope *s, void *self, enum mustache_use use, struct str name, struct str file, int line)
{
    (void)s, (void)self, (void)use, (void)name, (void)file, (void)line;
    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *a = arena_new(64 * 1024);
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct str page = str_copy(a, (struct str){ (const char *)bytes, size }), partial = STR("");
    struct str rest = page;
    if (str_cut(&rest, '\0', &page) && rest.at)
        partial = rest;
    const struct mustache *t, *p;
    struct text out = text_new(a, 64 * 1024);
    if (mustache_parse(&s, STR("page"), STR("page"), 1, page, &t)
        && mustache_parse(&s, STR("p"), STR("p"), 1, partial, &p)) {
        const struct mustache_set partials = { &p, 1 };
        const struct mustache_visitor visitor = { nothing, NULL };
        bool walked = mustache_walk(&s, t, &partials, &visitor);
        bool rendered = mustache_render(&s, t, &partials, &data, size % 2 ? MUSTACHE_HTML : MUSTACHE_PLAIN, &out);
        (void)walked, (void)rendered;
    }
    arena_free(a);
    return 0;
}
