/* Tokens and their filters: what is in an event is never missed, what is not nearly never found. */
#include "claims.h"

#include "random_events.h"
#include "xdr/fold.h"
#include "xdr/needle.h"
#include "xdr/token_filter.h"

enum { ROUNDS = 4000, NEEDED_MAX = 24, TOKENS = 50 * 1000, MISSES = 4 * 1000 * 1000 };

static struct str
filter_of(struct arena *a, struct str json)
{
    size_t count;
    struct token_set *set = token_set_new(a);
    token_set_add(set, json);
    uint64_t *tokens = token_set_take(set, &count);
    return token_filter_new(a, tokens, count);
}

static void
expect_token(bool expected, const char *json, const char *text, enum needle_kind kind)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 12);
    uint64_t needed[NEEDED_MAX], *tokens;
    size_t count, has = 0, needs = token_needs(kind, str_of(text), needed, NEEDED_MAX);
    struct token_set *set = token_set_new(a);
    token_set_add(set, str_of(json));
    tokens = token_set_take(set, &count);
    for (size_t i = 0; i < needs; i++)
        for (size_t j = 0; j < count; j++)
            has += tokens[j] == needed[i];
    if (needs == 0 || (has == needs) != expected)
        claim_failed("%s in %s: %zu of %zu tokens", text, json, has, needs);
}

static void
whole_words_addresses_and_hashes_are_tokens(void **state)
{
    (void)state;
    const char *json = "{\"a\":\"C:\\\\Windows\\\\new.exe 10.1.2.3:443 "
                       "d41d8cd98f00b204e9800998ecf8427e x\",\"p\":4688}";
    expect_token(true, json, "windows", NEEDLE_WORD);
    expect_token(false, json, "window", NEEDLE_WORD);
    expect_token(true, json, "NEW.EXE", NEEDLE_WORD);
    expect_token(true, json, "10.1.2.3", NEEDLE_WORD);
    expect_token(false, json, "10.1.2.4", NEEDLE_WORD);
    expect_token(true, json, "10.1.2.3", NEEDLE_CONTAINS); /* by what is whole in it: 1.2 */
    expect_token(true, json, "4688", NEEDLE_EQUALS);
    expect_token(true, json, "D41D8CD98F00B204E9800998ECF8427E", NEEDLE_CONTAINS);
    expect_token(false, json, "d41d8cd98f00b204e9800998ecf8427f", NEEDLE_WORD);
    expect_token(true, "{\"a\":\"\\u6771\\u4eac\"}", "東京", NEEDLE_CONTAINS);
    expect_token(false, "{\"a\":\"東の京\"}", "東京", NEEDLE_CONTAINS);
    expect_token(true, "{\"a\":\"x 2001:db8::8a2e:370 y\"}", "2001:db8::8a2e:370", NEEDLE_WORD);
    expect_token(false, "{\"a\":\"x 2001:db8:8a2e::370 y\"}", "2001:db8::8a2e:370", NEEDLE_WORD);
    expect_token(true, "{\"a\":\"line\\nnew line\"}", "new", NEEDLE_WORD);
    expect_token(true, "{\"a\":\"p\\u0061ss\"}", "pass", NEEDLE_EQUALS);
}

static void
a_cut_edge_needs_nothing(void **state)
{
    (void)state;
    uint64_t needed[NEEDED_MAX];
    assert_int_equal(token_needs(NEEDLE_CONTAINS, STR("powershell"), needed, NEEDED_MAX), 0);
    assert_int_equal(token_needs(NEEDLE_CONTAINS, STR("cmd.exe"), needed, NEEDED_MAX), 0);
    assert_int_equal(token_needs(NEEDLE_ENDS, STR("cmd.exe"), needed, NEEDED_MAX), 1); /* exe */
    assert_int_equal(token_needs(NEEDLE_ENDS, STR("\\cmd.exe"), needed, NEEDED_MAX), 3); /* cmd, exe, cmd.exe */
    assert_int_equal(token_needs(NEEDLE_STARTS, STR("C:\\Windows\\Sys"), needed, NEEDED_MAX), 1);
    assert_int_equal(token_needs(NEEDLE_EQUALS, STR("10.1.2.3"), needed, NEEDED_MAX), 4); /* three pairs and all */
}

/* Of an address the four numbers, of a line its longest words: what is asked first passes most of what is stored. */
static void
what_few_events_have_comes_first(void **state)
{
    (void)state;
    uint64_t most[NEEDED_MAX], few[2], all;
    const struct str line = STR("203.0.113.219 to 10.1.2.3 by powershell");
    size_t count = token_needs(NEEDLE_EQUALS, line, most, NEEDED_MAX);
    assert_int_equal(token_needs(NEEDLE_EQUALS, line, few, 2), 2);
    assert_memory_equal(few, most, sizeof few);
    assert_true(count > 8);
    assert_int_equal(token_needs(NEEDLE_EQUALS, STR("203.0.113.219"), &all, 1), 1);
    assert_true(all == few[0]);
    assert_int_equal(token_needs(NEEDLE_EQUALS, STR("powershell"), &all, 1), 1);
    assert_true(all == few[1]);
}

/* Hashes on disk: a change of them would make every stored filter lie. */
static void
hashes_do_not_change(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t token;
    } known[] = { { "powershell", 0xB73520323E6EDA91 }, { "4688", 0xDFC8422FED5356BD } };
    uint64_t token = 0;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        assert_int_equal(token_needs(NEEDLE_EQUALS, str_of(known[i].text), &token, 1), 1);
        if (token != known[i].token)
            claim_failed("%s is %016llX", known[i].text, (unsigned long long)token);
    }
}

/* ---- never missed ---- */

static size_t
next_character(struct str s, size_t at)
{
    for (at++; at < s.len && ((unsigned char)s.at[at] & 0xC0) == 0x80; at++)
        continue;
    return at;
}

static size_t
random_place(struct str s, uint64_t *seed)
{
    size_t at = 0;
    for (uint32_t steps = s.len ? random_below(seed, (uint32_t)s.len + 1) : 0; steps && at < s.len; steps--)
        at = next_character(s, at);
    return at;
}

static bool
is_word_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* What of the value the kind of needle really finds there. */
static enum needle_kind
kind_of_part(struct str value, size_t begin, size_t end, uint64_t *seed)
{
    enum needle_kind fit[5] = { NEEDLE_CONTAINS };
    uint32_t count = 1;
    if (begin == 0)
        fit[count++] = NEEDLE_STARTS;
    if (end == value.len)
        fit[count++] = NEEDLE_ENDS;
    if (begin == 0 && end == value.len)
        fit[count++] = NEEDLE_EQUALS;
    if ((begin == 0 || !is_word_character(value.at[begin - 1]))
        && (end == value.len || !is_word_character(value.at[end])))
        fit[count++] = NEEDLE_WORD;
    return fit[random_below(seed, count)];
}

static struct str
in_other_case(struct arena *a, struct str text, uint64_t *seed)
{
    char *out = arena_alloc(a, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        bool is_letter = is_word_character(text.at[i]) && text.at[i] > '9';
        out[i] = is_letter && random_below(seed, 2) ? (char)(text.at[i] ^ 0x20) : text.at[i];
    }
    return (struct str){ out, text.len };
}

static void
no_part_of_an_event_is_missed(void **state)
{
    (void)state;
    uint64_t seed = 20260401;
    size_t needed = 0;
    for (size_t round = 0; round < ROUNDS; round++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 14);
        struct random_event e = random_event(a, &seed, (enum escaping)(round % ESCAPING_COUNT));
        struct str filter = filter_of(a, e.json);
        for (size_t i = 0; i < 8; i++) {
            struct str value = e.values[random_below(&seed, RANDOM_VALUES)];
            size_t x = random_place(value, &seed), y = random_place(value, &seed);
            size_t begin = x < y ? x : y, end = x < y ? y : x;
            enum needle_kind kind = kind_of_part(value, begin, end, &seed);
            struct needle n = { kind, in_other_case(a, str_head(str_skip(value, begin), end - begin), &seed) };
            struct needles *asked = needles_new(a, &(struct needle_clause){ &n, 1 }, 1);
            uint64_t tokens[NEEDED_MAX];
            needed += token_needs(kind, n.text, tokens, NEEDED_MAX);
            if (!needles_may_be_in(asked, filter))
                claim_failed("kind %d of " STR_FMT " missed in " STR_FMT, (int)kind, STR_ARG(n.text), STR_ARG(e.json));
        }
    }
    assert_true(needed > ROUNDS); /* and the filter was asked something */
}

/* ---- filters ---- */

static void
a_filter_holds_its_tokens_and_few_others(void **state)
{
    (void)state;
    static const size_t sizes[] = { 0, 1, 2, 3, 10, 100, 1000, TOKENS };
    for (size_t s = 0; s < COUNT_OF(sizes); s++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        uint64_t seed = sizes[s], *tokens = arena_array_of(a, sizes[s] + 1, uint64_t);
        for (size_t i = 0; i < sizes[s]; i++)
            tokens[i] = ((uint64_t)random_below(&seed, UINT32_MAX) << 32) | i;
        struct str filter = token_filter_new(a, tokens, sizes[s]);
        assert_int_equal(token_filter_count(filter), sizes[s]);
        for (size_t i = 0; i < sizes[s]; i++)
            assert_true(token_filter_holds(filter, tokens[i]));
    }
}

static void
a_filter_is_wrong_once_in_a_thousand(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    uint64_t *tokens = arena_array_of(a, TOKENS, uint64_t);
    size_t wrong = 0;
    for (uint64_t i = 0; i < TOKENS; i++)
        tokens[i] = (i + 1) * 0x9E3779B97F4A7C15ull;
    struct str filter = token_filter_new(a, tokens, TOKENS);
    for (uint64_t i = TOKENS; i < TOKENS + MISSES; i++)
        wrong += token_filter_holds(filter, (i + 1) * 0x9E3779B97F4A7C15ull);
    if (wrong > MISSES / 950)
        claim_failed("%zu of %d", wrong, MISSES);
    assert_true(filter.len * 8 <= TOKENS * 13);
}

static void
slices_of_a_filter_say_what_it_says(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    uint64_t tokens[3000];
    for (uint64_t i = 0; i < COUNT_OF(tokens); i++)
        tokens[i] = i * i;
    struct str filter = token_filter_new(a, tokens, COUNT_OF(tokens));
    for (uint64_t token = 0; token < 100 * 1000; token++) {
        struct token_probe p;
        uint8_t slices[TOKEN_PLACES][TOKEN_PLACE_BYTES];
        assert_true(token_probe(str_head(filter, TOKEN_FILTER_HEAD), token, &p));
        for (size_t i = 0; i < TOKEN_PLACES; i++) {
            assert_true(p.offsets[i] + (size_t)TOKEN_PLACE_BYTES <= filter.len);
            memcpy(slices[i], filter.at + p.offsets[i], TOKEN_PLACE_BYTES);
        }
        assert_int_equal(token_probe_holds(&p, (const uint8_t(*)[TOKEN_PLACE_BYTES])slices),
                         token_filter_holds(filter, token));
    }
}

static void
broken_filters_hide_nothing(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 12);
    uint64_t tokens[] = { 1, 2, 3 }, seed = 7;
    struct str filter = token_filter_new(a, tokens, COUNT_OF(tokens));
    assert_true(token_filter_holds(STR_NONE, 5));
    for (size_t len = 0; len < TOKEN_FILTER_HEAD; len++)
        assert_true(token_filter_holds(str_head(filter, len), 5));
    for (size_t round = 0; round < 5000; round++) { /* never a crash */
        char *copy = arena_alloc(a, filter.len);
        memcpy(copy, filter.at, filter.len);
        copy[random_below(&seed, TOKEN_FILTER_HEAD)] ^= (char)(1 + random_below(&seed, 255));
        token_filter_holds((struct str){ copy, random_below(&seed, (uint32_t)filter.len + 1) }, round);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_words_addresses_and_hashes_are_tokens),
        cmocka_unit_test(a_cut_edge_needs_nothing),
        cmocka_unit_test(what_few_events_have_comes_first),
        cmocka_unit_test(hashes_do_not_change),
        cmocka_unit_test(no_part_of_an_event_is_missed),
        cmocka_unit_test(a_filter_holds_its_tokens_and_few_others),
        cmocka_unit_test(a_filter_is_wrong_once_in_a_thousand),
        cmocka_unit_test(slices_of_a_filter_say_what_it_says),
        cmocka_unit_test(broken_filters_hide_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
