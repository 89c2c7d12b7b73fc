/* Lines that are no JSON: audit records joined, Windows event XML, and that rules find what they say. */
#include "claims.h"

#include "xdr/engine.h"
#include "xdr/front.h"

enum { EVENTS_MAX = 200 };

struct heard {
    struct arena *arena;
    struct str events[EVENTS_MAX];
    uint64_t lines[EVENTS_MAX];
    size_t count;
};

static void
hear(void *to, struct str json, uint64_t line)
{
    struct heard *h = to;
    assert_true(h->count < EVENTS_MAX);
    h->events[h->count] = str_copy(h->arena, json);
    h->lines[h->count++] = line;
}

static struct heard
events_of(struct arena *a, const char *lines)
{
    struct heard h = { .arena = a };
    struct front *f = front_new(a, hear, &h);
    struct str rest = str_of(lines), line;
    for (uint64_t number = 0; rest.len && str_cut(&rest, '\n', &line); number++)
        front_take(f, line, number);
    front_end(f);
    return h;
}

static void
expect_part(struct str event, const char *part)
{
    if (!str_contains(event, str_of(part)))
        claim_failed("%s in " STR_FMT, part, STR_ARG(event));
}

#define STAMP "msg=audit(1364481363.243:24287): "

static void
records_of_one_serial_become_one_event(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct heard h = events_of(a,
        "type=SYSCALL " STAMP "arch=c000003e syscall=59 exe=\"/bin/cat\" a0=7ffd key=(null)\n"
        "type=EXECVE " STAMP "argc=3 a0=\"cat\" a1=2F6574632F6120 a2_len=4 a2[0]=\"ab\" a2[1]=\"cd\"\n"
        "type=USER_AUTH msg=audit(1364481363.250:24288): pid=1 msg='op=login acct=\"root\" res=failed'\n"
        "type=PATH " STAMP "item=0 name=\"/bin/cat\" nametype=NORMAL\n"
        "type=PATH " STAMP "item=1 name=2F746D702F6120622E7368 nametype=NORMAL\n"
        "type=PROCTITLE " STAMP "proctitle=636174002F657463\n");
    assert_int_equal(h.count, 2);
    assert_int_equal(h.lines[0], 2); /* what stands alone waits for nobody */
    expect_part(h.events[0], "\"op\":\"login\",\"acct\":\"root\",\"res\":\"failed\"");
    assert_int_equal(h.lines[1], 0);
    expect_part(h.events[1], "\"type\":[\"SYSCALL\",\"EXECVE\",\"PATH\",\"PROCTITLE\"]");
    expect_part(h.events[1], "\"a0\":[\"7ffd\",\"cat\"],\"argc\":\"3\",\"a1\":\"/etc/a\"");
    expect_part(h.events[1], "\"a2\":\"abcd\"");
    expect_part(h.events[1], "\"name\":[\"/bin/cat\",\"/tmp/a b.sh\"],\"nametype\":\"NORMAL\"");
    expect_part(h.events[1], "\"CommandLine\":\"cat /etc/a abcd\",\"SYSCALL\":\"execve\"");
    expect_part(h.events[1], "\"@timestamp\":\"2013-03-28T14:36:03.243Z\"");
    assert_false(str_contains(h.events[1], STR("\"key\"")));
}

static void
an_event_without_an_end_ends_with_time_and_with_the_stream(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct heard h = events_of(a, "type=SYSCALL msg=audit(10.000:1): a=1\n"
                                  "type=SYSCALL msg=audit(11.999:2): a=2\n"
                                  "node=web1 type=SYSCALL msg=audit(12.001:3): a=3\n");
    assert_int_equal(h.count, 3);
    expect_part(h.events[0], "\"a\":\"1\"");
    assert_true(h.lines[0] == 0 && h.lines[1] == 1 && h.lines[2] == 2);
    expect_part(h.events[2], "\"Computer\":\"web1\"");
}

static void
records_of_different_computers_are_not_mixed(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct heard h = events_of(a, "node=a type=SYSCALL msg=audit(1.000:1): x=1\n"
                                  "node=b type=PROCTITLE msg=audit(1.000:1): proctitle=\"b\"\n"
                                  "node=a type=PROCTITLE msg=audit(1.000:1): proctitle=\"a\"\n");
    assert_int_equal(h.count, 2);
    expect_part(h.events[0], "\"proctitle\":\"b\"");
    assert_false(str_contains(h.events[0], STR("\"x\"")));
    expect_part(h.events[1], "\"x\":\"1\",\"proctitle\":\"a\"");
}

static void
open_events_are_bounded(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct heard h = { .arena = a };
    struct front *f = front_new(a, hear, &h);
    for (uint64_t i = 0; i < 150; i++)
        front_take(f, str_printf(a, "type=SYSCALL msg=audit(1.000:%llu): a=1", (unsigned long long)i), i);
    assert_int_equal(h.count, 150 - 64);
    assert_int_equal(h.lines[0], 0);
    front_end(f);
    assert_int_equal(h.count, 150);
}

static void
bytes_of_strangers_stay_readable(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct heard h = events_of(a, "type=USER_CMD msg=audit(1.000:1): cmd=FF22C3A90A5C\n");
    assert_int_equal(h.count, 1);
    expect_part(h.events[0], "\"cmd\":\"?\\\"\xC3\xA9\\u000a\\\\\"");
}

static void
event_xml_is_read_with_its_attributes_and_entities(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct heard h = events_of(a,
        "<14>Nov 21 05:00:00 host sysmon[7]: <Event xmlns=\"x\"><System><Provider Name=\"Linux-Sysmon\"/>"
        "<EventID>1</EventID><TimeCreated SystemTime='2026-11-21T05:00:00Z'/><Correlation/>"
        "<Channel>Linux-Sysmon/Operational</Channel></System><EventData><Data Name=\"Image\">/usr/bin/curl</Data>"
        "<Data Name=\"CommandLine\">curl &lt;a&gt; &amp; &#x41;&#233; &nope;</Data><Data Name=\"User\"/>"
        "<Data Name=\"LogonId\"></Data></EventData></Event> tail\n");
    assert_int_equal(h.count, 1);
    assert_string_equal(str_c(a, h.events[0]),
        "{\"Provider_Name\":\"Linux-Sysmon\",\"EventID\":\"1\",\"TimeCreated\":\"2026-11-21T05:00:00Z\","
        "\"Channel\":\"Linux-Sysmon/Operational\",\"Image\":\"/usr/bin/curl\","
        "\"CommandLine\":\"curl <a> & A\xC3\xA9 &nope;\",\"User\":\"\",\"LogonId\":\"\"}");
}

static void
what_is_neither_goes_on_as_it_is(void **state)
{
    (void)state;
    static const char *const lines[] = { "{\"a\":1}", "hello", "type=SYSCALL msg=audit(1:2): a=1",
                                         "msg=audit(1.0:2): a=1", "<Event><System></Event>", "x <Event",
                                         "<Event><!DOCTYPE a></Event>", "type=A B msg=audit(1.000:1): a=1",
                                         "<Event><?xml a?></Event>", "<Event><Data Name=></Data></Event>" };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        scoped(arena_end) struct arena *a = arena_new(1 << 16);
        struct heard h = events_of(a, lines[i]);
        assert_int_equal(h.count, 1);
        assert_true(str_is(h.events[0], lines[i]));
    }
}

static void
rules_about_linux_find_what_the_lines_say(void **state)
{
    (void)state;
    static const char rules[] =
        "title: record\nid: record\nlogsource: {product: linux, service: auditd}\n"
        "detection: {s: {type: EXECVE, a0: cat, a1|endswith: passwd}, condition: s}\n---\n"
        "title: start\nid: start\nlogsource: {product: linux, category: process_creation}\n"
        "detection: {s: {Image|endswith: /cat, CommandLine|contains: 'cat /etc/passwd', User: root}, condition: s}\n"
        "---\n"
        "title: sysmon\nid: sysmon\nlogsource: {product: linux, category: process_creation}\n"
        "detection: {s: {Image: /usr/bin/curl}, condition: s}\n---\n"
        "title: call\nid: call\nlogsource: {product: linux, service: auditd}\n"
        "detection: {s: {SYSCALL: memfd_create}, condition: s}\n";
    scoped(arena_end) struct arena *a = arena_new(1 << 16);
    struct ruleset *set = ruleset_new(a, NULL);
    assert_true(ruleset_add_sigma(set, STR("linux.yml"), str_of(rules)));
    ruleset_finish(set);
    struct engine *e = engine_compile(set);
    struct matcher *m = matcher_new(e);
    struct heard h = events_of(a,
        "type=SYSCALL " STAMP "arch=c000003e syscall=59 exe=\"/bin/cat\"\x1D" "SYSCALL=execve UID=\"root\"\n"
        "type=EXECVE " STAMP "argc=2 a0=\"cat\" a1=\"/etc/passwd\"\n"
        "type=PROCTITLE " STAMP "proctitle=\"cat\"\n"
        "<Event><System><EventID>1</EventID><Channel>Linux-Sysmon/Operational</Channel></System>"
        "<EventData><Data Name=\"Image\">/usr/bin/curl</Data></EventData></Event>\n"
        "type=SYSCALL msg=audit(1.000:1): arch=c00000b7 syscall=279\n");
    static const char *const expected[] = { "record start", "sysmon", "call" };
    assert_int_equal(h.count, 3);
    for (size_t i = 0; i < h.count; i++) {
        struct matches found = matcher_run(m, h.events[i]);
        assert_null(found.problem);
        struct str said = STR("");
        for (size_t j = 0; j < found.count; j++)
            said = str_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(said), j ? " " : "",
                              STR_ARG(set->rules[found.rules[j]].id));
        assert_string_equal(str_c(a, said), expected[i]);
        assert_int_equal(matcher_run_plainly(m, h.events[i]).count, found.count);
    }
    matcher_free(m);
    engine_free(e);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_one_serial_become_one_event),
        cmocka_unit_test(an_event_without_an_end_ends_with_time_and_with_the_stream),
        cmocka_unit_test(records_of_different_computers_are_not_mixed),
        cmocka_unit_test(open_events_are_bounded),
        cmocka_unit_test(bytes_of_strangers_stay_readable),
        cmocka_unit_test(event_xml_is_read_with_its_attributes_and_entities),
        cmocka_unit_test(what_is_neither_goes_on_as_it_is),
        cmocka_unit_test(rules_about_linux_find_what_the_lines_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
