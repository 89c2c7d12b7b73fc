#include "xdr/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "core/base/text.h"
#include "xdr/expr.h"

enum {
    MATCH_STEPS_MAX = 100 * 1000,
    DEPTH_MAX = 5000,
    HEAP_KIB_MAX = 4096,
    SOURCE_BYTES_MAX = 16 * 1024,
    COMPILED_BYTES_MAX = 256 * 1024,
    JIT_STACK_FIRST = 32 * 1024,
    JIT_STACK_MAX = 512 * 1024,
};

struct regex {
    pcre2_code *code;
    uint32_t shortest;
    bool is_machine_code;
};

struct regex_scratch {
    pcre2_match_data *data;
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
};

static pcre2_code *
compile(struct str source, unsigned flags, struct arena *a, struct str *problem)
{
    uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C;
    options |= flags & REGEX_NOCASE ? PCRE2_CASELESS : 0;
    options |= flags & REGEX_MULTILINE ? PCRE2_MULTILINE : 0;
    options |= flags & REGEX_DOTALL ? PCRE2_DOTALL : 0;
    if (source.len > SOURCE_BYTES_MAX) {
        *problem = STR("it is too long");
        return NULL;
    }
    int error;
    PCRE2_SIZE at;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_set_parens_nest_limit(context, 50);
    PCRE2_SPTR text = (PCRE2_SPTR)(source.at ? source.at : "");
    pcre2_code *code = pcre2_compile(text, source.len, options, &error, &at, context);
    pcre2_compile_context_free(context);
    if (!code && a) {
        PCRE2_UCHAR message[200];
        pcre2_get_error_message(error, message, sizeof message);
        *problem = str_printf(a, "%s (at character %zu)", (const char *)message, at);
    }
    return code;
}

bool
regex_is_valid(struct arena *a, struct str source, unsigned flags, struct str *problem)
{
    *problem = STR_NONE;
    pcre2_code *code = compile(source, flags, a, problem);
    size_t bytes = 0;
    if (code)
        pcre2_pattern_info(code, PCRE2_INFO_SIZE, &bytes);
    pcre2_code_free(code);
    if (code && bytes > COMPILED_BYTES_MAX)
        *problem = STR("its repetitions make it too large");
    return code && bytes <= COMPILED_BYTES_MAX;
}

static void
free_code(void *code)
{
    pcre2_code_free(code);
}

struct regex *
regex_new(struct arena *a, struct str source, unsigned flags)
{
    struct str problem;
    struct regex *r = arena_new_of(a, struct regex);
    r->code = compile(source, flags, NULL, &problem);
    if (!r->code)
        abort(); /* it was valid when the rule was read */
    arena_defer(a, free_code, r->code);
    pcre2_pattern_info(r->code, PCRE2_INFO_MINLENGTH, &r->shortest);
    /* Where there is no code for this machine, the interpreter does the same. */
    r->is_machine_code = pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) == 0;
    return r;
}

static void
free_scratch(void *handle)
{
    struct regex_scratch *s = handle;
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->context);
    pcre2_jit_stack_free(s->stack);
}

struct regex_scratch *
regex_scratch_new(struct arena *a)
{
    struct regex_scratch *s = arena_new_of(a, struct regex_scratch);
    *s = (struct regex_scratch){
        .data = pcre2_match_data_create(1, NULL),
        .context = pcre2_match_context_create(NULL),
        .stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL),
    };
    if (!s->data || !s->context)
        abort();
    arena_defer(a, free_scratch, s);
    pcre2_set_match_limit(s->context, MATCH_STEPS_MAX);
    pcre2_set_depth_limit(s->context, DEPTH_MAX);
    pcre2_set_heap_limit(s->context, HEAP_KIB_MAX);
    if (s->stack)
        pcre2_jit_stack_assign(s->context, NULL, s->stack);
    return s;
}

bool
regex_finds(const struct regex *r, struct regex_scratch *s, struct str text)
{
    if (text.len < r->shortest)
        return false;
    /* Values are valid UTF-8: the event path saw to it. The direct way spares checks that cost more than most texts. */
    if (r->is_machine_code)
        return pcre2_jit_match(r->code, (PCRE2_SPTR)(text.at ? text.at : ""), text.len, 0, 0, s->data, s->context) >= 0;
    return pcre2_match(r->code, (PCRE2_SPTR)(text.at ? text.at : ""), text.len, 0, PCRE2_NO_UTF_CHECK,
                       s->data, s->context) >= 0;
}

size_t
regex_shortest(const struct regex *r)
{
    return r->shortest;
}

/* ---- the literal every match needs ---- */

/* A walk over the top level of the expression: only characters that stand there once, outside of every group
 * and alternative, are certain. Anything not understood ends the run of characters, and | ends the search. */
struct walk {
    struct str rest;
    struct text run, best;
    bool nocase;
};

static void
end_run(struct walk *w)
{
    if (w->run.len > w->best.len) {
        w->best.len = 0;
        text_add(&w->best, text_str(&w->run));
    }
    w->run.len = 0;
}

/* Without case, PCRE2 also takes the long s for s and the Kelvin sign for k, which fold.h does not. */
static bool
is_certain(const struct walk *w, struct str literal)
{
    return literal.at && !(w->nocase && (strchr("kKsS", literal.at[0]) || (unsigned char)literal.at[0] >= 0x80));
}

/* Bytes of the character at the head, which is no special one. */
static size_t
character_bytes(struct str s)
{
    size_t n = 1;
    while (n < s.len && ((unsigned char)s.at[n] & 0xC0) == 0x80)
        n++;
    return n;
}

/* Bytes from an opening [ to behind its ]; 0 when it never closes. */
static size_t
class_bytes(struct str s)
{
    size_t i = 1 + (s.len > 1 && s.at[1] == '^');
    for (size_t first = i; i < s.len; i++) {
        if (s.at[i] == '\\')
            i++;
        else if (s.at[i] == '[' && i + 1 < s.len && strchr(":.=", s.at[i + 1]))
            return 0; /* a POSIX class: not worth understanding */
        else if (s.at[i] == ']' && i > first)
            return i + 1;
    }
    return 0;
}

static size_t
group_bytes(struct str s)
{
    size_t depth = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\\') {
            i++;
        } else if (s.at[i] == '[') {
            size_t inside = class_bytes(str_skip(s, i));
            if (inside == 0)
                return 0;
            i += inside - 1;
        } else if (s.at[i] == '(') {
            depth++;
        } else if (s.at[i] == ')' && --depth == 0) {
            return i + 1;
        }
    }
    return 0;
}

enum repetition { ONCE, AT_LEAST_ONCE, MAYBE };

/* Takes the quantifier at the head, if one is there. */
static enum repetition
take_quantifier(struct str *s)
{
    enum repetition r = ONCE;
    if (s->len == 0 || !strchr("*+?{", s->at[0]))
        return r;
    if (s->at[0] == '{') {
        size_t close = str_find(*s, STR("}"));
        bool counts = s->len > 1 && s->at[1] > '0' && s->at[1] <= '9';
        r = counts ? AT_LEAST_ONCE : MAYBE;
        *s = str_skip(*s, close + 1);
    } else {
        r = s->at[0] == '+' ? AT_LEAST_ONCE : MAYBE;
        *s = str_skip(*s, 1);
    }
    if (s->len && strchr("?+", s->at[0]))
        *s = str_skip(*s, 1);
    return r;
}

/* One element of the expression. False when nothing further is certain. */
static bool
step(struct walk *w)
{
    struct str s = w->rest;
    char c = s.at[0];
    size_t bytes = character_bytes(s);
    struct str literal = STR_NONE;
    if (c == '|' || c == ')')
        return false;
    if (c == '[' || c == '(') {
        bytes = c == '[' ? class_bytes(s) : group_bytes(s);
        if (bytes == 0)
            return false;
    } else if (c == '\\') {
        if (s.len < 2 || strchr("QEKGNxoukgpPcCXRh0123456789", s.at[1]))
            return false;
        bytes = 1 + character_bytes(str_skip(s, 1));
        if (!strchr("dDwWsSbBAzZtnrfvaeHhVv", s.at[1]))
            literal = str_head(str_skip(s, 1), bytes - 1);
    } else if (!strchr(".^$*+?{}", c)) {
        literal = str_head(s, bytes);
    }
    w->rest = str_skip(s, bytes);
    enum repetition r = take_quantifier(&w->rest);
    bool certain = is_certain(w, literal) && r != MAYBE;
    if (certain)
        text_add(&w->run, literal);
    if (!certain || r == AT_LEAST_ONCE)
        end_run(w);
    return true;
}

/* Options inside the expression, "(?ix)" or "(?i:...)": whether `letter` is among them. */
static bool
sets_option(struct str group, char letter)
{
    for (size_t i = 2; str_starts(group, STR("(?")) && i < group.len && group.at[i] >= 'a' && group.at[i] <= 'z'; i++)
        if (group.at[i] == letter)
            return true;
    return false;
}

static bool
is_somewhere_caseless(struct str source)
{
    for (size_t i = 0; i < source.len; i++)
        if (sets_option(str_skip(source, i), 'i'))
            return true;
    return false;
}

/* An alternative at the top level makes nothing certain, nor do comments of the extended syntax. */
static bool
has_alternative(struct str source)
{
    for (size_t i = 0; i < source.len; i++) {
        struct str rest = str_skip(source, i);
        if (rest.at[0] == '|' || sets_option(rest, 'x') || str_starts(rest, STR("(?#"))
            || str_starts(rest, STR("(*")))
            return true;
        if (rest.at[0] == '\\') {
            i++;
        } else if (rest.at[0] == '[' || rest.at[0] == '(') {
            size_t bytes = rest.at[0] == '[' ? class_bytes(rest) : group_bytes(rest);
            if (bytes == 0)
                return true;
            i += bytes - 1;
        }
    }
    return false;
}

struct str
regex_literal(struct arena *a, struct str source, unsigned flags)
{
    bool nocase = (flags & REGEX_NOCASE) || is_somewhere_caseless(source);
    struct walk w = { source, text_new(a, source.len), text_new(a, source.len), nocase };
    if (has_alternative(source))
        return STR("");
    while (w.rest.len && step(&w))
        ;
    end_run(&w);
    return text_str(&w.best);
}
