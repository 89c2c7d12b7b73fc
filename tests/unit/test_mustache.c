#include <setjmp.h>
#include <stdarg.h>

#include "core/net/mustache.h"

#include <cmocka.h>

#define TEXT(n, t) { .kind = MUSTACHE_TEXT, .name = STR(n), .text = STR(t) }
#define ITEM(t) { .kind = MUSTACHE_TEXT, .text = STR(t) }
#define MANY(n, k, array) { .kind = (k), .name = STR(n), .items = (array), .count = COUNT_OF(array) }

static const struct mustache_value colours[] = { ITEM("赤"), ITEM("<green>"), ITEM("blue") };
static const struct mustache_value first_key[] = { TEXT("name", "siem"), TEXT("prefix", "ygk_a") };
static const struct mustache_value second_key[] = { TEXT("name", "backup") };
static const struct mustache_value keys[] = {
    { .kind = MUSTACHE_RECORD, .items = first_key, .count = COUNT_OF(first_key) },
    { .kind = MUSTACHE_RECORD, .items = second_key, .count = COUNT_OF(second_key) },
};
static const struct mustache_value tenant[] = { TEXT("name", "青葉製作所"), TEXT("code", "AOBA") };
static const struct mustache_value members[] = {
    TEXT("name", "A & B <\"'>"), TEXT("empty", ""), TEXT("prefix", "outer"),
    { .kind = MUSTACHE_ABSENT, .name = STR("missing") },
    { .kind = MUSTACHE_TRUE, .name = STR("yes") },
    { .kind = MUSTACHE_FALSE, .name = STR("no") },
    { .kind = MUSTACHE_LIST, .name = STR("none") },
    MANY("colours", MUSTACHE_LIST, colours), MANY("keys", MUSTACHE_LIST, keys), MANY("tenant", MUSTACHE_RECORD, tenant),
};
static const struct mustache_value data = { .kind = MUSTACHE_RECORD, .items = members, .count = COUNT_OF(members) };

struct bench {
    struct arena *arena;
    struct scope s;
    struct mustache_set partials;
    enum mustache_escape escape;
    size_t cap;
};

static int
set_up(void **state)
{
    struct arena *a = arena_new(4096);
    struct bench *b = arena_new_of(a, struct bench);
    b->arena = a;
    b->s = scope_new(a, (struct instant){ 1 });
    b->cap = 4096;
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static bool
render(struct bench *b, const char *source, struct str *out)
{
    const struct mustache *t;
    struct text text = text_new(b->arena, b->cap);
    if (!mustache_parse(&b->s, STR("page"), STR("page.mustache"), 1, str_of(source), &t)
        || !mustache_render(&b->s, t, &b->partials, &data, b->escape, &text))
        return false;
    *out = text_str(&text);
    return true;
}

static void
expect(struct bench *b, const char *source, const char *wanted)
{
    struct str got;
    if (!render(b, source, &got))
        fail_msg("%s: " STR_FMT, source, STR_ARG(b->s.failure.detail));
    assert_string_equal(str_c(b->arena, got), wanted);
}

static void
refused(struct bench *b, const char *source, const char *reason)
{
    struct str got;
    if (render(b, source, &got))
        fail_msg("%s was rendered as " STR_FMT, source, STR_ARG(got));
    assert_ptr_equal(b->s.failure.problem, &problem_template);
    if (!str_contains(b->s.failure.detail, str_of(reason)))
        fail_msg("%s: expected %s in " STR_FMT, source, reason, STR_ARG(b->s.failure.detail));
    scope_forgive(&b->s);
}

static void
add_partial(struct bench *b, const char *name, const char *source)
{
    const struct mustache **items = arena_array_of(b->arena, b->partials.count + 1, const struct mustache *);
    for (size_t i = 0; i < b->partials.count; i++)
        items[i] = b->partials.items[i];
    assert_true(mustache_parse(&b->s, str_of(name), str_of(name), 1, str_of(source), &items[b->partials.count]));
    b->partials = (struct mustache_set){ items, b->partials.count + 1 };
}

static void
variables_are_escaped_unless_asked_otherwise(void **state)
{
    expect(*state, "{{name}}|{{{name}}}|{{& name }}",
           "A &amp; B &lt;&quot;&#39;&gt;|A & B <\"'>|A & B <\"'>");
}

static void
plain_text_is_never_escaped(void **state)
{
    ((struct bench *)*state)->escape = MUSTACHE_PLAIN;
    expect(*state, "{{name}}", "A & B <\"'>");
}

static void
absent_values_print_nothing(void **state)
{
    expect(*state, "[{{missing}}{{empty}}]", "[]");
}

static void
sections_follow_the_truth(void **state)
{
    expect(*state, "{{#yes}}1{{/yes}}{{#no}}2{{/no}}{{#missing}}3{{/missing}}{{#empty}}4{{/empty}}{{#none}}5{{/none}}",
           "1");
    expect(*state, "{{^yes}}1{{/yes}}{{^no}}2{{/no}}{{^missing}}3{{/missing}}{{^empty}}4{{/empty}}{{^none}}5{{/none}}",
           "2345");
}

static void
lists_repeat_with_their_item_as_the_dot(void **state)
{
    expect(*state, "{{#colours}}<{{.}}>{{/colours}}", "<赤><&lt;green&gt;><blue>");
}

static void
inner_records_hide_outer_members_and_let_the_others_through(void **state)
{
    expect(*state, "{{#keys}}{{name}}={{prefix}} {{/keys}}{{prefix}}", "siem=ygk_a backup=outer outer");
}

static void
dotted_names_reach_into_records(void **state)
{
    expect(*state, "{{tenant.name}} ({{tenant.code}}){{#tenant}} {{code}}{{/tenant}}", "青葉製作所 (AOBA) AOBA");
}

static void
tags_alone_on_a_line_take_the_line(void **state)
{
    expect(*state, "a\n  {{#yes}}\r\nb\n\t{{/yes}} \n{{! note }}\nc\n{{#no}}\nd\n{{/no}}", "a\nb\nc\n");
    expect(*state, "a {{! note }} b\n {{#yes}} x {{/yes}} \n", "a  b\n  x  \n");
}

static void
partials_are_rendered_in_place(void **state)
{
    add_partial(*state, "greet", "Hello {{tenant.code}}\n");
    expect(*state, "a\n  {{> greet}}\nb {{>greet}}", "a\nHello AOBA\nb Hello AOBA\n");
}

static void
partials_see_the_section_around_them(void **state)
{
    add_partial(*state, "line-1", "{{name}};");
    expect(*state, "{{#keys}}{{> line-1 }}{{/keys}}", "siem;backup;");
}

static void
a_partial_that_includes_itself_for_ever_is_refused(void **state)
{
    add_partial(*state, "loop", "x{{> loop}}");
    refused(*state, "{{> loop}}", "nested too deeply");
}

static void
mistakes_name_their_file_and_line(void **state)
{
    refused(*state, "one\ntwo {{unknown}}", "page.mustache:2: there is no value 'unknown'");
    refused(*state, "\n\n{{#yes}}", "page.mustache:3: a section is not closed: 'yes'");
    refused(*state, "{{#yes}}\n{{/no}}", "page.mustache:2: the open section is 'yes'");
    refused(*state, "{{/yes}}", "page.mustache:1: this section was never opened: 'yes'");
    refused(*state, "\n{{name", "page.mustache:2: a tag without its closing braces");
    refused(*state, "{{{name}}", "a tag without its closing braces");
    refused(*state, "{{=<% %>=}}", "not a name");
    refused(*state, "{{a b}}", "not a name");
    refused(*state, "{{}}", "not a name");
    refused(*state, "{{a..b}}", "not a name");
    refused(*state, "{{> ../secret}}", "not a name");
    refused(*state, "{{> nobody}}", "there is no partial 'nobody'");
    refused(*state, "{{colours}}", "not one value");
    refused(*state, "{{tenant.nobody}}", "there is no value 'tenant.nobody'");
    refused(*state, "\xff", "not UTF-8");
}

static void
depth_and_output_are_bounded(void **state)
{
    struct bench *b = *state;
    struct text deep = text_new(b->arena, 4096);
    for (int i = 0; i <= MUSTACHE_DEPTH_MAX; i++)
        text_add_c(&deep, "{{#yes}}");
    refused(b, str_c(b->arena, text_str(&deep)), "nested too deeply");
    b->cap = 10;
    refused(b, "0123456789{{name}}", "too large");
}

/* Ten lists of three within each other would be 59,049 items: the steps are counted, not only the output. */
static void
work_without_output_is_bounded_as_well(void **state)
{
    struct bench *b = *state;
    struct text wide = text_new(b->arena, 4096);
    for (int i = 0; i < 12; i++)
        text_add_c(&wide, "{{#colours}}");
    for (int i = 0; i < 12; i++)
        text_add_c(&wide, "{{/colours}}");
    refused(b, str_c(b->arena, text_str(&wide)), "too large");
}

static bool
note_use(struct scope *s, void *self, enum mustache_use use, struct str name, struct str file, int line)
{
    (void)s;
    (void)file;
    static const char signs[] = { [MUSTACHE_VARIABLE] = '$', [MUSTACHE_SECTION] = '#', [MUSTACHE_INVERTED] = '^',
                                  [MUSTACHE_CLOSE] = '/' };
    text_addf(self, "%c" STR_FMT "%d ", signs[use], STR_ARG(name), line);
    return true;
}

static void
a_walk_tells_every_name_with_its_line(void **state)
{
    struct bench *b = *state;
    add_partial(b, "foot", "\n{{name}}");
    const struct mustache *t;
    assert_true(mustache_parse(&b->s, STR("page"), STR("page"), 7, STR("{{#keys}}\n{{prefix}}{{/keys}}{{>foot}}"), &t));
    struct text seen = text_new(b->arena, 1000);
    assert_true(mustache_walk(&b->s, t, &b->partials, &(struct mustache_visitor){ note_use, &seen }));
    assert_string_equal(str_c(b->arena, text_str(&seen)), "#keys7 $prefix8 /keys8 $name2 ");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        TEST(variables_are_escaped_unless_asked_otherwise),
        TEST(plain_text_is_never_escaped),
        TEST(absent_values_print_nothing),
        TEST(sections_follow_the_truth),
        TEST(lists_repeat_with_their_item_as_the_dot),
        TEST(inner_records_hide_outer_members_and_let_the_others_through),
        TEST(dotted_names_reach_into_records),
        TEST(tags_alone_on_a_line_take_the_line),
        TEST(partials_are_rendered_in_place),
        TEST(partials_see_the_section_around_them),
        TEST(a_partial_that_includes_itself_for_ever_is_refused),
        TEST(mistakes_name_their_file_and_line),
        TEST(depth_and_output_are_bounded),
        TEST(work_without_output_is_bounded_as_well),
        TEST(a_walk_tells_every_name_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
