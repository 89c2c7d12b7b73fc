/* What events of different senders say about themselves, in the same words. */
#include "claims.h"

#include "xdr/facts.h"
#include "xdr/fold.h"

static struct matcher *matcher;

static int
start(void **state)
{
    (void)state;
    struct ruleset *set = ruleset_new(arena_new(1 << 16), NULL);
    ruleset_finish(set);
    matcher = matcher_new(engine_compile(set));
    return 0;
}

static struct event_facts
facts_of(const char *json)
{
    struct event_facts facts;
    facts_read(matcher, matcher_run(matcher, str_of(json)).problem, &facts);
    return facts;
}

static void
expect(struct str text, const char *wanted)
{
    if (wanted ? !str_is(text, wanted) : text.at != NULL)
        claim_failed("'" STR_FMT "' is not '%s'", STR_ARG(text), wanted ? wanted : "(absent)");
}

static void
a_process_start_by_sysmon(void **state)
{
    (void)state;
    struct event_facts f = facts_of(
        "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"Hostname\":\"PC-01.aoba.example\","
        "\"@timestamp\":\"2026-11-29T10:00:00Z\",\"Image\":\"C:\\\\Windows\\\\System32\\\\cmd.exe\","
        "\"CommandLine\":\"cmd\","
        "\"User\":\"AOBA\\\\taro\",\"ProcessGuid\":\"{1}\",\"ProcessId\":\"4242\",\"ParentProcessGuid\":\"{0}\","
        "\"Company\":\"-\",\"Hashes\":\"SHA1=0123456789abcdef0123456789abcdef01234567,"
        "MD5=00112233445566778899aabbccddeeff,IMPHASH=ffeeddccbbaa99887766554433221100\"}");
    assert_null(f.problem);
    expect(f.host, "PC-01.aoba.example");
    expect(f.kind, "process_creation");
    expect(f.os, "windows");
    expect(f.image, "C:\\Windows\\System32\\cmd.exe");
    expect(f.user, "AOBA\\taro");
    expect(f.process_guid, "{1}");
    expect(f.parent_guid, "{0}");
    expect(f.sha1, "0123456789abcdef0123456789abcdef01234567");
    expect(f.md5, "00112233445566778899aabbccddeeff"); /* and not the import hash */
    expect(f.sha256, NULL);
    expect(f.company, NULL);
    assert_int_equal(f.process_id, 4242);
    assert_true(f.has_time && f.time_ms == INT64_C(1795946400000));
}

static void
a_process_start_by_the_security_log(void **state)
{
    (void)state;
    struct event_facts f = facts_of(
        "{\"Event\":{\"System\":{\"Channel\":\"Security\",\"EventID\":4688,\"Computer\":\"DC-1\"},\"EventData\":{"
        "\"NewProcessName\":\"C:\\\\a.exe\",\"NewProcessId\":\"0x1a\",\"ProcessId\":\"0x10\","
        "\"SubjectUserName\":\"jiro\","
        "\"SubjectDomainName\":\"AOBA\",\"ParentProcessName\":\"C:\\\\b.exe\"}}}");
    expect(f.kind, "process_creation");
    expect(f.image, "C:\\a.exe");
    expect(f.parent_image, "C:\\b.exe");
    expect(f.user, "AOBA\\jiro");
    assert_int_equal(f.process_id, 26);
    assert_int_equal(f.parent_id, 16);
}

static void
events_after_the_elastic_schema(void **state)
{
    (void)state;
    struct event_facts f = facts_of(
        "{\"@timestamp\":\"2026-11-29T10:00:00Z\",\"agent\":{\"type\":\"winlogbeat\",\"version\":\"8.11.0\"},"
        "\"winlog\":{\"channel\":\"Microsoft-Windows-Sysmon/Operational\","
        "\"computer_name\":\"PC-02\",\"event_id\":\"3\",\"event_data\":{\"Image\":\"C:\\\\c.exe\","
        "\"DestinationIp\":\"203.0.113.9\",\"DestinationHostname\":\"evil.example\"}}}");
    expect(f.host, "PC-02");
    expect(f.kind, "network_connection");
    expect(f.agent, "winlogbeat");
    expect(f.agent_version, "8.11.0");
    expect(f.destination_ip, "203.0.113.9");
    expect(f.destination_host, "evil.example");
}

static void
what_has_no_category_has_its_log(void **state)
{
    (void)state;
    expect(facts_of("{\"Channel\":\"Security\",\"EventID\":4624,\"Computer\":\"PC-1\"}").kind, "service:security");
    expect(facts_of("{\"hello\":\"world\"}").kind, "other");
    assert_non_null(facts_of("{\"broken\":").problem);
    assert_non_null(facts_of("text").problem);
}

static void
a_computer_has_one_name_however_it_is_spelled(void **state)
{
    (void)state;
    char out[FACTS_HOST_MAX + FOLD_SLACK];
    expect(facts_host_key(STR("PC-01.aoba.example"), out), "pc-01");
    expect(facts_host_key(STR(" pc-01 "), out), "pc-01");
    expect(facts_host_key(STR("192.0.2.7"), out), "192.0.2.7");
    expect(facts_host_key(STR("2001:DB8::7"), out), "2001:db8::7");
    expect(facts_host_key(STR(""), out), NULL);
    expect(facts_host_key(STR_NONE, out), NULL);
    expect(facts_host_key(STR(".hidden"), out), ".hidden");
}

static struct computer_facts
computer_of(const char *json)
{
    struct event_facts of = facts_of(json);
    struct computer_facts facts;
    computer_facts_read(&of, &facts);
    return facts;
}

static void
what_a_computer_says_of_itself(void **state)
{
    (void)state;
    struct computer_facts c = computer_of(
        "{\"agent\":{\"type\":\"winlogbeat\"},\"host\":{\"name\":\"pc-02.aoba.example\","
        "\"ip\":[\"192.0.2.31\",\"2001:db8::31\"],\"os\":{\"name\":\"Windows 10 Pro\",\"version\":\"10.0\","
        "\"build\":\"19045.3570\",\"type\":\"windows\"}},"
        "\"winlog\":{\"channel\":\"Security\",\"computer_name\":\"PC-02\",\"event_id\":\"4624\"}}");
    assert_int_equal(c.address_count, 2);
    expect(c.addresses[0], "192.0.2.31");
    expect(c.addresses[1], "2001:db8::31");
    expect(c.os_name, "Windows 10 Pro");
    expect(c.os_version, "10.0");
    expect(c.os_build, "19045.3570");
    expect(c.os_type, "windows");
    c = computer_of("{\"class_uid\":1007,\"activity_id\":1,\"device\":{\"hostname\":\"LIN-7\",\"ip\":\"192.0.2.7\","
                    "\"network_interfaces\":[{\"ip\":\"192.0.2.8\"}],\"os\":{\"name\":\"Ubuntu\","
                    "\"version\":\"22.04\",\"type\":\"Linux\"}},\"process\":{\"name\":\"sh\"}}");
    assert_int_equal(c.address_count, 2);
    expect(c.addresses[0], "192.0.2.7");
    expect(c.addresses[1], "192.0.2.8");
    expect(c.os_name, "Ubuntu");
}

/* host.* is then the collector's, which is another computer. */
static void
what_a_collector_says_of_itself_is_not_its_senders(void **state)
{
    (void)state;
    struct computer_facts c = computer_of(
        "{\"agent\":{\"type\":\"winlogbeat\"},\"host\":{\"name\":\"collector\",\"ip\":[\"192.0.2.1\"],"
        "\"os\":{\"version\":\"10.0\"}},\"winlog\":{\"channel\":\"Security\",\"computer_name\":\"PC-02\","
        "\"event_id\":\"4624\"}}");
    assert_int_equal(c.address_count, 0);
    expect(c.os_version, NULL);
    assert_int_equal(computer_of("{\"broken\":").address_count, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_start_by_sysmon),
        cmocka_unit_test(a_process_start_by_the_security_log),
        cmocka_unit_test(events_after_the_elastic_schema),
        cmocka_unit_test(what_has_no_category_has_its_log),
        cmocka_unit_test(a_computer_has_one_name_however_it_is_spelled),
        cmocka_unit_test(what_a_computer_says_of_itself),
        cmocka_unit_test(what_a_collector_says_of_itself_is_not_its_senders),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
