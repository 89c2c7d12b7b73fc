#include "tests/unit/claims.h"

#include "core/base/crypto.h"
#include "core/base/json.h"
#include "core/base/shape.h"

enum plan { PLAN_NONE, PLAN_LITE, PLAN_MSS };
static const struct domain plan_domain = DOMAIN(plan, "lite", "mss");
static const struct domain word_domain = DOMAIN(word, "read", "write");

struct child {
    struct str name;
    int64_t share;
};

static const struct shape child_shape = SHAPE(child,
    FIELD(child, name, "What it is called", .required = true, .max = 10),
    FIELD(child, share, "Percent", .max = 100));

struct thing {
    struct uuid id;
    struct str name, email, zone, password, note;
    enum plan plan;
    bool open;
    int64_t level, size;
    double ratio;
    struct instant due_at;
    struct strs words;
    struct uuids people;
    struct json extra;
    struct bytes image;
    struct rows children;
};

static const struct shape thing_shape = SHAPE(thing,
    FIELD(thing, id, "Identity", .read_only = true),
    FIELD(thing, name, "As people write it", .required = true, .min = 2, .max = 5),
    FIELD(thing, email, "Where to write", .format = FORMAT_EMAIL),
    FIELD(thing, zone, "Where it is", .format = FORMAT_TIME_ZONE),
    FIELD(thing, password, "Secret", .secret = true, .format = FORMAT_PASSWORD),
    FIELD(thing, note, "Free text"),
    FIELD(thing, plan, "What was bought", .of = &plan_domain),
    FIELD(thing, open, "Whether it is open"),
    FIELD(thing, level, "From 1 to 9", .min = 1, .max = 9),
    FIELD(thing, size, "May be absent", .optional = true),
    FIELD(thing, ratio, "A share"),
    FIELD(thing, due_at, "When"),
    FIELD(thing, words, "Some words", .of = &word_domain, .max = 2),
    FIELD(thing, people, "Who"),
    FIELD(thing, extra, "Anything"),
    FIELD(thing, image, "A picture", .max = 8),
    FIELD(thing, children, "Parts", .items = &child_shape));

struct desk {
    struct arena *arena;
    struct scope s;
    struct thing thing;
};

static int
set_up(void **state)
{
    struct arena *a = arena_new(1 << 16);
    struct desk *d = arena_new_of(a, struct desk);
    assert_true(crypto_start());
    d->arena = a;
    d->s = scope_new(a, (struct instant){ 1 });
    shape_clear(&thing_shape, &d->thing);
    *state = d;
    return 0;
}

static int
tear_down(void **state)
{
    struct desk *d = *state;
    arena_free(d->arena);
    return 0;
}

static bool
read_thing(struct desk *d, struct str body)
{
    scope_forgive(&d->s);
    shape_clear(&thing_shape, &d->thing);
    return shape_read_json(&d->s, &thing_shape, body, &d->thing);
}

/* Exactly one violation, of this fault at this place. */
static void
assert_refused(struct desk *d, const char *body, const char *pointer, enum fault fault)
{
    assert_false(read_thing(d, str_of(body)));
    const struct failure *f = &d->s.failure;
    if (f->problem != &problem_invalid || f->violation_count != 1 || f->violations[0].fault != fault
        || !str_is(f->violations[0].pointer, pointer))
        claim_failed("%s: %s, %zu violations, first %d at " STR_FMT, body, f->problem->slug, f->violation_count,
                     (int)f->violations[0].fault, STR_ARG(f->violations[0].pointer));
}

static void
assert_malformed(struct desk *d, struct str body)
{
    bool read = read_thing(d, body);
    if (read || d->s.failure.problem != &problem_malformed)
        claim_failed("taken or refused otherwise: " STR_FMT, STR_ARG(body));
}

static void
a_whole_record_goes_in_and_comes_out_the_same(void **state)
{
    struct desk *d = *state;
    const struct str body = STR(
        "{\"name\":\"\xe6\xab\x93 \\u2603\\ud83c\\udfef\",\"email\":\"a.b@example.jp\",\"zone\":\"Asia/Tokyo\","
        "\"note\":\"a\\\"b\\\\c\\n\\u0009\","
        "\"plan\":\"mss\",\"open\":true,\"level\":9,\"size\":-7,\"ratio\":0.1,"
        "\"due_at\":\"2026-11-21T09:00:00.5+09:00\","
        "\"words\":[\"read\",\"write\"],\"people\":[\"01234567-89ab-7def-8123-456789abcdef\"],"
        "\"extra\":{\"a\":[1,{\"b\":null}]},"
        "\"image\":\"AAEC\",\"children\":[{\"name\":\"x\",\"share\":50},{\"name\":\"y\",\"share\":50}]}");
    assert_true(read_thing(d, body));
    assert_true(shape_check(&d->s, &thing_shape, &d->thing));
    assert_true(str_is(d->thing.name, "櫓 ☃🏯"));
    assert_true(str_is(d->thing.note, "a\"b\\c\n\t"));
    assert_int_equal(d->thing.plan, PLAN_MSS);
    assert_int_equal(d->thing.size, -7);
    assert_int_equal(d->thing.children.count, 2);
    assert_int_equal(((struct child *)d->thing.children.items)[1].share, 50);

    struct text t = text_new(d->arena, 10000);
    shape_write_json(&t, &thing_shape, &d->thing);
    const struct str expected = STR(
        "{\"id\":null,\"name\":\"\xe6\xab\x93 ☃🏯\",\"email\":\"a.b@example.jp\",\"zone\":\"Asia/Tokyo\","
        "\"note\":\"a\\\"b\\\\c\\n\\t\","
        "\"plan\":\"mss\",\"open\":true,\"level\":9,\"size\":-7,\"ratio\":0.1,"
        "\"due_at\":\"2026-11-21T00:00:00.500000Z\","
        "\"words\":[\"read\",\"write\"],\"people\":[\"01234567-89ab-7def-8123-456789abcdef\"],"
        "\"extra\":{\"a\":[1,{\"b\":null}]},"
        "\"image\":\"AAEC\",\"children\":[{\"name\":\"x\",\"share\":50},{\"name\":\"y\",\"share\":50}]}");
    if (!str_eq(text_str(&t), expected))
        claim_failed(STR_FMT, STR_ARG(text_str(&t)));
}

static void
what_is_absent_is_null_and_null_is_absent(void **state)
{
    struct desk *d = *state;
    const struct str nulls = STR("{\"name\":null,\"size\":null,\"words\":null,\"due_at\":null,\"plan\":null,"
                                 "\"extra\":null}");
    assert_true(read_thing(d, nulls));
    assert_null(d->thing.name.at);
    assert_true(d->thing.size == INT_NONE);
    assert_null(d->thing.words.items);
    struct text t = text_new(d->arena, 10000);
    shape_write_json(&t, &thing_shape, &d->thing);
    assert_true(str_contains(text_str(&t), STR("\"size\":null")));
    assert_true(str_contains(text_str(&t), STR("\"extra\":null")));
    assert_true(read_thing(d, STR("{\"words\":[]}")));
    assert_non_null(d->thing.words.items);
}

static void
each_bad_field_is_named_with_its_pointer(void **state)
{
    struct desk *d = *state;
    assert_refused(d, "{\"nome\":\"x\"}", "/nome", FAULT_UNKNOWN);
    assert_refused(d, "{\"a/b~c\":1}", "/a~1b~0c", FAULT_UNKNOWN);
    assert_refused(d, "{\"id\":\"01234567-89ab-7def-8123-456789abcdef\"}", "/id", FAULT_READ_ONLY);
    assert_refused(d, "{\"name\":7}", "/name", FAULT_WRONG_TYPE);
    assert_refused(d, "{\"name\":\"123456\"}", "/name", FAULT_TOO_LONG);
    assert_refused(d, "{\"name\":\"1\"}", "/name", FAULT_TOO_SHORT);
    assert_refused(d, "{\"name\":\"a\\u0000b\"}", "/name", FAULT_BAD_TEXT);
    assert_refused(d, "{\"name\":\"a\\u0007b\"}", "/name", FAULT_BAD_TEXT);
    assert_refused(d, "{\"name\":\"a\\ud800b\"}", "/name", FAULT_BAD_TEXT);
    assert_refused(d, "{\"extra\":{\"a\":[\"\\u0000\"]}}", "/extra/a/0", FAULT_BAD_TEXT);
    assert_refused(d, "{\"email\":\"nobody\"}", "/email", FAULT_BAD_EMAIL);
    assert_refused(d, "{\"zone\":\"../../etc/passwd\"}", "/zone", FAULT_BAD_TIME_ZONE);
    assert_refused(d, "{\"plan\":\"gold\"}", "/plan", FAULT_NOT_IN_DOMAIN);
    assert_refused(d, "{\"open\":\"true\"}", "/open", FAULT_WRONG_TYPE);
    assert_refused(d, "{\"open\":null}", "/open", FAULT_WRONG_TYPE);
    assert_refused(d, "{\"level\":0}", "/level", FAULT_TOO_SMALL);
    assert_refused(d, "{\"level\":10}", "/level", FAULT_TOO_LARGE);
    assert_refused(d, "{\"level\":1.0}", "/level", FAULT_WRONG_TYPE);
    assert_refused(d, "{\"level\":1e3}", "/level", FAULT_WRONG_TYPE);
    assert_refused(d, "{\"size\":99999999999999999999}", "/size", FAULT_TOO_LARGE);
    assert_refused(d, "{\"size\":-9223372036854775808}", "/size", FAULT_TOO_SMALL);
    assert_refused(d, "{\"ratio\":1e999}", "/ratio", FAULT_WRONG_TYPE);
    assert_refused(d, "{\"due_at\":\"2026-11-21T09:00:00\"}", "/due_at", FAULT_BAD_INSTANT);
    assert_refused(d, "{\"words\":[\"read\",\"fly\"]}", "/words/1", FAULT_NOT_IN_DOMAIN);
    assert_refused(d, "{\"words\":[\"read\",\"read\",\"read\"]}", "/words", FAULT_TOO_MANY);
    assert_refused(d, "{\"people\":[\"me\"]}", "/people/0", FAULT_BAD_UUID);
    assert_refused(d, "{\"image\":\"?\"}", "/image", FAULT_BAD_FORMAT);
    assert_refused(d, "{\"image\":\"AAECAwQFBgcI\"}", "/image", FAULT_TOO_LARGE);
    assert_refused(d, "{\"children\":[{},{\"share\":101}]}", "/children/1/share", FAULT_TOO_LARGE);
    assert_refused(d, "{\"children\":[7]}", "/children/0", FAULT_WRONG_TYPE);
    assert_refused(d, "{\"name\":\"ab\",\"name\":\"cd\"}", "/name", FAULT_DUPLICATE_KEY);
    assert_refused(d, "{\"extra\":{\"a\":1,\"b\":2,\"a\":3}}", "/extra/a", FAULT_DUPLICATE_KEY);
    assert_refused(d, "{\"extra\":{\"a\":1,\"\\u0061\":3}}", "/extra/a", FAULT_DUPLICATE_KEY);
}

static void
several_faults_are_all_told_and_required_ones_join_them(void **state)
{
    struct desk *d = *state;
    assert_false(read_thing(d, STR("{\"email\":\"x\",\"level\":99,\"children\":[{\"share\":1}]}")));
    assert_false(shape_check(&d->s, &thing_shape, &d->thing));
    assert_int_equal(d->s.failure.violation_count, 4);
    assert_true(str_is(d->s.failure.violations[2].pointer, "/name"));
    assert_true(str_is(d->s.failure.violations[3].pointer, "/children/0/name"));
}

static void
blanks_do_not_satisfy_a_required_text(void **state)
{
    struct desk *d = *state;
    assert_true(read_thing(d, STR("{\"name\":\" \xe3\x80\x80 \"}")));
    assert_false(shape_check(&d->s, &thing_shape, &d->thing));
}

static void
text_that_is_no_json_is_malformed(void **state)
{
    struct desk *d = *state;
    const struct str bad[] = {
        STR(""), STR("{"), STR("}"), STR("[]"), STR("7"), STR("null"), STR("{}x"), STR("{} {}"), STR("{\"a\"}"),
        STR("{\"a\":}"), STR("{\"a\":1,}"), STR("{,}"), STR("{\"extra\":[1,]}"), STR("{\"extra\":[1 2]}"),
            STR("{'a':1}"),
        STR("{\"extra\":01}"), STR("{\"extra\":+1}"), STR("{\"extra\":1.}"), STR("{\"extra\":.5}"),
            STR("{\"extra\":1e}"),
        STR("{\"extra\":tru}"), STR("{\"extra\":NaN}"), STR("{\"name\":\"a\nb\"}"), STR("{\"name\":\"\\x\"}"),
        STR("{\"name\":\"\\u12g4\"}"), STR("{\"name\":\"abc"), STR("{\"name\":\"abc\\"), STR("{\"name\":\"\xff\"}"),
        STR("{\"name\":\"\xed\xa0\x80\"}"), STR("{\"a\0b\":1}"), STR("{\"name\":\"a\0b\"}"), STR("{}\0"),
            STR("\xef\xbb\xbf{}"),
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_malformed(d, bad[i]);
    assert_malformed(d, STR("{\"a\":1,\n \"name\": x}"));
    assert_true(str_is(d->s.failure.detail, "line 2, column 10: expected a value, at /name"));
}

static void
nesting_stops_at_its_bound(void **state)
{
    struct desk *d = *state;
    struct text t = text_new(d->arena, 1 << 20);
    text_add_c(&t, "{\"extra\":");
    for (int i = 0; i < JSON_DEPTH_MAX - 1; i++)
        text_add_char(&t, '[');
    for (int i = 0; i < JSON_DEPTH_MAX - 1; i++)
        text_add_char(&t, ']');
    text_add_char(&t, '}');
    assert_true(read_thing(d, text_str(&t)));

    struct text deep = text_new(d->arena, 1 << 20);
    text_add_c(&deep, "{\"extra\":");
    for (int i = 0; i < 100000; i++)
        text_add_char(&deep, '[');
    assert_false(read_thing(d, text_str(&deep)));
    assert_int_equal(d->s.failure.violations[0].fault, FAULT_TOO_DEEP);
    assert_true(str_starts(d->s.failure.violations[0].pointer, STR("/extra/0/0")));
}

static void
any_prefix_and_any_changed_byte_is_survived(void **state)
{
    struct desk *d = *state;
    const struct str body = STR("{\"name\":\"a\\u00e9b\",\"extra\":{\"k\":[1.5e3,true,null,\"\\ud83c\\udfef\"]},"
                                "\"children\":[{\"name\":\"x\",\"share\":5}],\"words\":[\"read\"]}");
    assert_true(read_thing(d, body));
    for (size_t n = 0; n < body.len; n++) {
        char *exact = malloc(n ? n : 1); /* so that a sanitizer sees a step beyond the end */
        memcpy(exact, body.at, n);
        assert_false(read_thing(d, (struct str){ exact, n }));
        free(exact);
    }
    for (size_t n = 0; n < body.len; n++)
        for (int c = 0; c < 256; c += 3) {
            struct str copy = str_copy(d->arena, body);
            char *byte = arena_alloc(d->arena, copy.len);
            memcpy(byte, copy.at, copy.len);
            byte[n] = (char)c;
            if (!read_thing(d, (struct str){ byte, copy.len }))
                assert_non_null(d->s.failure.problem);
        }
}

static void
query_parameters_are_read_like_json_fields(void **state)
{
    struct desk *d = *state;
    const struct shape *sh = &thing_shape;
    assert_true(shape_read_text(&d->s, shape_field(sh, STR("level")), STR("3"), &d->thing));
    assert_true(shape_read_text(&d->s, shape_field(sh, STR("open")), STR("true"), &d->thing));
    assert_true(shape_read_text(&d->s, shape_field(sh, STR("words")), STR("read"), &d->thing));
    assert_true(shape_read_text(&d->s, shape_field(sh, STR("words")), STR("write"), &d->thing));
    assert_int_equal(d->thing.words.count, 2);
    assert_true(str_is(d->thing.words.items[1], "write"));
    assert_false(shape_read_text(&d->s, shape_field(sh, STR("level")), STR("x"), &d->thing));
    assert_true(str_is(d->s.failure.violations[0].pointer, "/level"));
    assert_false(shape_read_text(&d->s, shape_field(sh, STR("extra")), STR("{}"), &d->thing));
}

static void
secrets_are_not_written_and_a_change_of_one_is_only_a_change(void **state)
{
    struct desk *d = *state;
    assert_true(read_thing(d, STR("{\"name\":\"ab\",\"password\":\"hunter2\",\"level\":1}")));
    struct thing after = d->thing;
    after.password = STR("hunter3");
    after.level = 2;
    struct text t = text_new(d->arena, 10000);
    shape_write_json(&t, &thing_shape, &d->thing);
    assert_false(str_contains(text_str(&t), STR("hunter")));
    assert_false(str_contains(text_str(&t), STR("password")));
    struct json change = shape_difference(d->arena, &thing_shape, &d->thing, &after);
    assert_true(str_is(change.raw, "{\"password\":[\"***\",\"***\"],\"level\":[1,2]}"));
    change = shape_difference(d->arena, &thing_shape, &after, &after);
    assert_true(str_is(change.raw, "{}"));
    change = shape_difference(d->arena, &thing_shape, NULL, &after);
    assert_true(str_contains(change.raw, STR("\"name\":[null,\"ab\"]")));
}

static void
what_was_stored_comes_back_whole(void **state)
{
    struct desk *d = *state;
    struct thing back;
    assert_true(read_thing(d, STR("{\"name\":\"ab\",\"password\":\"hunter2\",\"children\":[{\"name\":\"c\"}]}")));
    d->thing.id = (struct uuid){ { 1, 2, 3 } };
    struct text t = text_new(d->arena, 10000);
    shape_write_stored(&t, &thing_shape, &d->thing);
    assert_true(shape_read_stored(&d->s, &thing_shape, text_str(&t), &back));
    assert_true(str_is(back.password, "hunter2"));
    assert_true(uuid_eq(back.id, d->thing.id));
    assert_true(back.size == INT_NONE);
    assert_int_equal(back.children.count, 1);
    assert_true(shape_read_stored(&d->s, &thing_shape, STR("{\"gone\": [1, {\"x\": \"}\"}], \"name\": \"cd\"}"),
                                  &back));
    assert_true(str_is(back.name, "cd"));
}

static void
schemas_are_json_and_say_what_may_be_absent(void **state)
{
    struct desk *d = *state;
    for (int input = 0; input < 2; input++) {
        struct text t = text_new(d->arena, 100000);
        shape_write_schema(&t, &thing_shape, input);
        assert_true(json_validate(&d->s, text_str(&t)));
        assert_int_equal(str_contains(text_str(&t), STR("\"password\"")), input);
        assert_int_equal(str_contains(text_str(&t), STR("\"id\"")), !input);
        assert_true(str_contains(text_str(&t),
                                 STR("\"name\":{\"description\":\"As people write it\",\"type\":\"string\","
                                                   "\"minLength\":2,\"maxLength\":5}")));
        assert_true(str_contains(text_str(&t),
                                 STR("\"type\":[\"string\",\"null\"],\"enum\":[\"lite\",\"mss\",null]")));
    }
}

static void
faults_are_told_in_both_languages(void **state)
{
    struct desk *d = *state;
    for (int fault = FAULT_NONE + 1; fault < FAULT_COUNT; fault++) {
        struct violation v = { .fault = fault, .expected = STR("42") };
        struct str en = fault_text(d->arena, &v, LANGUAGE_EN), ja = fault_text(d->arena, &v, LANGUAGE_JA);
        assert_true(en.len > 0 && ja.len > 0 && !str_eq(en, ja));
        assert_false(str_contains(en, STR("%s")) || str_contains(ja, STR("%s")));
    }
    struct violation v = { .fault = FAULT_TOO_LONG, .expected = STR("200") };
    assert_true(str_is(fault_text(d->arena, &v, LANGUAGE_JA), "200文字以内で入力してください"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_whole_record_goes_in_and_comes_out_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_absent_is_null_and_null_is_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_bad_field_is_named_with_its_pointer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_faults_are_all_told_and_required_ones_join_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(blanks_do_not_satisfy_a_required_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(text_that_is_no_json_is_malformed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nesting_stops_at_its_bound, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_prefix_and_any_changed_byte_is_survived, set_up, tear_down),
        cmocka_unit_test_setup_teardown(query_parameters_are_read_like_json_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(secrets_are_not_written_and_a_change_of_one_is_only_a_change, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_stored_comes_back_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(schemas_are_json_and_say_what_may_be_absent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(faults_are_told_in_both_languages, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
