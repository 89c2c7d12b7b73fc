#include "tests/unit/claims.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/base/log.h"

struct desk {
    struct arena *arena;
    struct scope s;
};

static int
set_up(void **state)
{
    struct arena *a = arena_new(1 << 16);
    struct desk *d = arena_new_of(a, struct desk);
    *d = (struct desk){ .arena = a, .s = scope_new(a, (struct instant){ 1 }) };
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

static void
the_first_failure_stands(void **state)
{
    struct desk *d = *state;
    assert_false(fail(&d->s, &problem_conflict, "closed at %d", 7));
    assert_false(fail(&d->s, &problem_internal, "and then this"));
    assert_ptr_equal(d->s.failure.problem, &problem_conflict);
    assert_true(str_is(d->s.failure.detail, "closed at 7"));
    scope_forgive(&d->s);
    assert_false(scope_has_failed(&d->s));
}

static void
violations_gather_once_for_each_place_and_stop_at_a_bound(void **state)
{
    struct desk *d = *state;
    assert_false(fail_field(&d->s, "/email", FAULT_TAKEN, NULL));
    assert_false(fail_field(&d->s, "/email", FAULT_BAD_EMAIL, NULL));
    assert_int_equal(d->s.failure.violation_count, 1);
    assert_int_equal(d->s.failure.violations[0].fault, FAULT_TAKEN);
    for (int i = 0; i < 50; i++)
        note_violation(&d->s, str_printf(d->arena, "/list/%d", i), FAULT_REQUIRED, STR_NONE);
    assert_int_equal(d->s.failure.violation_count, VIOLATIONS_MAX);
    assert_ptr_equal(d->s.failure.problem, &problem_invalid);
}

static void
details_stay_text_whatever_is_echoed(void **state)
{
    struct desk *d = *state;
    char noise[3000];
    memset(noise, 0xE6, sizeof noise - 1);
    noise[sizeof noise - 1] = 0;
    assert_false(fail(&d->s, &problem_conflict, "no such thing: %s", noise));
    assert_true(str_is_utf8(d->s.failure.detail));
    assert_true(str_starts(d->s.failure.detail, STR("no such thing: ")));
}

/* What the function writes to stderr. */
static struct str
caught(struct arena *a, void (*speak)(const struct scope *), const struct scope *s)
{
    char *room = arena_alloc(a, 16384);
    int ends[2], kept = dup(STDERR_FILENO);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    speak(s);
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(ends[1]);
    ssize_t got = read(ends[0], room, 16384);
    close(ends[0]);
    return (struct str){ room, got < 0 ? 0 : (size_t)got };
}

static void
speak_badly(const struct scope *s)
{
    errno = ENOENT;
    log_warn(s, "test.event", "a \"quote\", a\nline, \x01 and %s", "\xff\xfe");
    assert_int_equal(errno, ENOENT);
}

static void
speak_long(const struct scope *s)
{
    char noise[6000];
    for (size_t i = 0; i + 3 < sizeof noise; i += 3)
        memcpy(noise + i, "櫓", 3);
    noise[sizeof noise - 3] = 0;
    log_error(s, "test.long", "x%s", noise);
}

static void
whisper(const struct scope *s)
{
    log_debug(s, "test.debug", "not shown");
}

static void
a_log_line_is_one_line_of_json_whatever_is_said(void **state)
{
    struct desk *d = *state;
    struct principal who = principal_system;
    who.tenant_id = (struct uuid){ { 0xAA } };
    d->s.who = &who;
    d->s.request_id = STR("r-1");
    struct str lines[] = { caught(d->arena, speak_badly, &d->s), caught(d->arena, speak_long, &d->s),
                           caught(d->arena, speak_badly, NULL) };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        assert_true(str_ends(lines[i], STR("\n")) && lines[i].len <= 4096);
        struct str line = str_trim(lines[i]);
        assert_int_equal(str_find(line, STR("\n")), line.len);
        if (!json_validate(&d->s, line))
            claim_failed(STR_FMT ": " STR_FMT, STR_ARG(d->s.failure.detail), STR_ARG(line));
    }
    assert_true(str_contains(lines[0],
                             STR("\"level\":\"warn\",\"event\":\"test.event\",\"request\":\"r-1\","
                                 "\"tenant\":\"aa000000-")));
    assert_true(str_contains(lines[1], STR("櫓")));
    assert_int_equal(caught(d->arena, whisper, &d->s).len, 0);
}

static void
permissions_are_levels_of_functions(void **state)
{
    struct uuid mine = { { 1 } }, other = { { 2 } }, none = { { 0 } };
    struct principal p = { .kind = PRINCIPAL_SESSION, .tenants = { &mine, 1 } };
    (void)state;
    p.levels[5] = LEVEL_USE;
    assert_true(principal_may(NULL, PUBLIC) && !principal_may(NULL, SIGNED_IN));
    assert_true(principal_may(&p, SIGNED_IN));
    assert_true(principal_may(&p, (struct permission){ 5, LEVEL_READ })
                && principal_may(&p, (struct permission){ 5, LEVEL_USE }));
    assert_false(principal_may(&p, (struct permission){ 5, LEVEL_WRITE })
                 || principal_may(&p, (struct permission){ 6, LEVEL_READ }));
    assert_false(principal_may(&p, (struct permission){ 6, LEVEL_NONE })
                 || principal_may(&p, (struct permission){ 200, LEVEL_READ }));
    assert_true(principal_sees(&p, mine) && !principal_sees(&p, other) && !principal_sees(&p, none)
                && !principal_sees(NULL, mine));
    assert_false(principal_sees(&principal_system, mine));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_first_failure_stands, set_up, tear_down),
        cmocka_unit_test_setup_teardown(violations_gather_once_for_each_place_and_stop_at_a_bound, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(details_stay_text_whatever_is_echoed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_line_is_one_line_of_json_whatever_is_said, set_up, tear_down),
        cmocka_unit_test(permissions_are_levels_of_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
