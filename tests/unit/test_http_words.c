/* What the door writes and reads besides JSON: CSV cells, feed tokens and events, versions, CSRF tokens. */
#include "claims.h"

#include "server/http/csv.h"
#include "server/http/feed.h"
#include "server/http/input.h"
#include "server/http/request.h"

static int
set_up(void **state)
{
    *state = arena_new(64 * 1024);
    return crypto_start() ? 0 : -1;
}

static int
tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static struct str
cell(struct arena *a, const char *value)
{
    struct text t = text_new(a, 1000);
    csv_write_cell(&t, str_of(value));
    return text_str(&t);
}

static void
a_cell_cannot_become_a_formula(void **state)
{
    assert_true(str_is(cell(*state, "=1+1"), "\"'=1+1\""));
    assert_true(str_is(cell(*state, "@SUM(A1)"), "\"'@SUM(A1)\""));
    assert_true(str_is(cell(*state, "-2"), "\"'-2\""));
    assert_true(str_is(cell(*state, "\tx"), "\"'\tx\""));
    assert_true(str_is(cell(*state, "1=1"), "\"1=1\""));
}

static void
a_cell_keeps_quotes_and_lines(void **state)
{
    assert_true(str_is(cell(*state, "say \"hi\"\nthere"), "\"say \"\"hi\"\"\nthere\""));
    assert_true(str_is(cell(*state, "\""), "\"\"\"\""));
    assert_true(str_is(cell(*state, ""), "\"\""));
}

static void
feed_tokens_come_back_as_they_were(void **state)
{
    struct feed_token t = { 812, 44 }, back;
    assert_true(feed_token_parse(feed_token_format(*state, t), &back));
    assert_true(back.txid == 812 && back.id == 44);
    assert_true(feed_token_before((struct feed_token){ 1, 9 }, (struct feed_token){ 2, 1 }));
    assert_false(feed_token_before(t, t));
    static const char *const refused[] = { "", "-", "1", "1-", "-1-2", "1-x", "1--2", "1-2-3", " 1-2" };
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(feed_token_parse(str_of(refused[i]), &back));
}

static void
only_who_may_see_it_hears_of_a_change(void **state)
{
    struct uuid own = { { 1 } }, other = { { 2 } };
    struct principal who = { .kind = PRINCIPAL_SESSION, .tenants = { &own, 1 } };
    const struct change_noun items[] = { { "person", { 3, LEVEL_READ } }, { "saved_view", SIGNED_IN } };
    const struct change_nouns nouns = { items, COUNT_OF(items) };
    struct change c = { .tenant_id = own, .noun = STR("person") };
    (void)state;
    assert_false(change_is_for(&c, &who, &nouns));
    who.levels[3] = LEVEL_READ;
    assert_true(change_is_for(&c, &who, &nouns));
    c.tenant_id = other;
    assert_false(change_is_for(&c, &who, &nouns));
    c = (struct change){ .tenant_id = own, .noun = STR("saved_view") };
    assert_true(change_is_for(&c, &who, &nouns));
    c.noun = STR("unlisted");
    assert_false(change_is_for(&c, &who, &nouns));
}

static void
an_event_has_id_name_and_data(void **state)
{
    struct change c = { .txid = 5, .id = 6, .noun = STR("person"), .verb = STR("updated") };
    struct text t = text_new(*state, 2000);
    change_write_event(&t, &c);
    assert_true(str_starts(text_str(&t), STR("id: 5-6\nevent: person.updated\ndata: {\"noun\":\"person\",")));
    assert_true(str_ends(text_str(&t), STR("}\n\n")));
}

static void
a_version_is_read_out_of_its_tag(void **state)
{
    int64_t version;
    (void)state;
    assert_true(version_parse(STR("\"7-abc\""), &version) && version == 7);
    assert_true(version_parse(STR("\"12\""), &version) && version == 12);
    static const char *const refused[] = { "7", "*", "W/\"7\"", "\"\"", "\"x\"", "\"", "", "\"7\", \"8\"" };
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_false(version_parse(str_of(refused[i]), &version));
}

static void
csrf_tokens_belong_to_their_session(void **state)
{
    struct str one = csrf_token(*state, STR("a")), two = csrf_token(*state, STR("b"));
    assert_true(one.len >= 40);
    assert_false(str_eq(one, two));
    assert_true(str_eq(one, csrf_token(*state, STR("a"))));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_cell_cannot_become_a_formula, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cell_keeps_quotes_and_lines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(feed_tokens_come_back_as_they_were, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_who_may_see_it_hears_of_a_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_event_has_id_name_and_data, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_version_is_read_out_of_its_tag, set_up, tear_down),
        cmocka_unit_test_setup_teardown(csrf_tokens_belong_to_their_session, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
