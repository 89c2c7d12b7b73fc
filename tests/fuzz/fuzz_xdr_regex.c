/* Regular expressions of strangers: the first line is the expression, the rest the text. Never a crash or a hang, and
 * where the expression is found, the literal that the engine looks for first is there as well. */
#include "tests/fuzz/fuzz.h"
#include "xdr/fold.h"
#include "xdr/expr.h"
#include "xdr/regex.h"

static void
search(struct arena *a, struct str source, struct str text, unsigned flags)
{
    struct str problem;
    if (!regex_is_valid(a, source, flags, &problem)) {
        if (problem.len == 0)
            abort();
        return;
    }
    const struct regex *r = regex_new(a, source, flags);
    struct str literal = fold_copy(a, regex_literal(a, source, flags));
    bool found = regex_finds(r, regex_scratch_new(a), text);
    if (found && !str_contains(fold_copy(a, text), literal))
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 16);
    struct str rest = str_copy(a, (struct str){ (const char *)data, size }), source;
    if (str_cut(&rest, '\n', &source) && rest.at && str_is_utf8(source) && str_is_utf8(rest)) {
        search(a, source, rest, 0);
        search(a, source, rest, REGEX_NOCASE | REGEX_DOTALL);
        search(a, source, rest, REGEX_MULTILINE);
    }
    arena_free(a);
    return 0;
}
