/* Who may call how often, from where, and how long a connection may take. */
#include "claims.h"

#include <sys/socket.h>

#include "core/base/instant.h"
#include "server/http/peers.h"
#include "server/http/portal.h"
#include "server/http/rate_limit.h"

static int
set_up(void **state)
{
    *state = arena_new(64 * 1024);
    return 0;
}

static int
tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static void
a_bucket_holds_a_minute_and_refills_evenly(void **state)
{
    struct rate_table *t = rate_table_new(*state, 60);
    struct rate rate;
    int64_t now = 1000000000;
    for (int i = 0; i < 60; i++)
        assert_true(rate_take(t, STR("10.0.0.1"), now, &rate));
    assert_int_equal(rate.remaining, 0);
    assert_int_equal(rate.reset_s, 60);
    assert_false(rate_take(t, STR("10.0.0.1"), now, &rate));
    assert_int_equal(rate.retry_s, 1);
    assert_true(rate_take(t, STR("10.0.0.2"), now, &rate));
    assert_false(rate_take(t, STR("10.0.0.1"), now + 500000, &rate));
    assert_true(rate_take(t, STR("10.0.0.1"), now + 1000000, &rate));
    assert_true(rate_take(t, STR("10.0.0.1"), now + 120000000, &rate));
    assert_int_equal(rate.remaining, 59);
}

static void
a_full_table_forgets_none_of_the_busy_ones(void **state)
{
    struct rate_table *t = rate_table_new(*state, 10);
    struct rate rate;
    for (int i = 0; i < 10; i++)
        assert_true(rate_take(t, STR("attacker"), 5000000, &rate));
    for (int i = 0; i < 2000; i++) {
        char key[24];
        snprintf(key, sizeof key, "other-%d", i);
        (void)rate_take(t, str_of(key), 5000001, &rate);
    }
    assert_false(rate_take(t, STR("attacker"), 5000002, &rate));
}

static void
no_limit_says_nothing(void **state)
{
    struct rate_table *t = rate_table_new(*state, 0);
    struct rate rate;
    for (int i = 0; i < 1000; i++)
        assert_true(rate_take(t, STR("x"), 1, &rate));
    assert_int_equal(rate.limit, 0);
}

static void
forwarded_addresses_are_believed_from_trusted_proxies_alone(void **state)
{
    struct proxies *p = proxies_parse(*state, STR("127.0.0.1, 10.0.0.0/8,fd00::/8"));
    assert_non_null(p);
    static const struct {
        const char *peer, *header, *client;
    } cases[] = {
        { "203.0.113.9", "1.2.3.4", "203.0.113.9" },
        { "127.0.0.1", "1.2.3.4", "1.2.3.4" },
        { "127.0.0.1", "9.9.9.9, 1.2.3.4, 10.1.1.1", "1.2.3.4" },
        { "127.0.0.1", "junk", "127.0.0.1" },
        { "127.0.0.1", "1.2.3.4, junk", "127.0.0.1" },
        { "fd00::1", "2001:db8::7", "2001:db8::7" },
        { "127.0.0.1", "10.0.0.9", "10.0.0.9" },
        { "127.0.0.1", "", "127.0.0.1" },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str got = client_address(*state, p, str_of(cases[i].peer), str_of(cases[i].header));
        if (!str_is(got, cases[i].client))
            claim_failed("%s + %s gave " STR_FMT, cases[i].peer, cases[i].header, STR_ARG(got));
    }
}

static void
networks_that_cannot_be_read_are_refused(void **state)
{
    static const char *const lists[] = { "10.0.0.0/33", "x", "10.0.0.0/", "::/129", "1.2.3", "10.0.0.0/-1" };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        assert_null(proxies_parse(*state, str_of(lists[i])));
}

static void
slow_connections_are_shut_and_busy_ones_are_not(void **state)
{
    const struct peers_settings settings = { .connections_max = 4, .idle_s = 60, .request_s = 10 };
    struct peers *p = peers_new(*state, &settings);
    const struct sockaddr any = { .sa_family = AF_INET };
    int pair[2][2];
    struct peer *peer[2];
    char byte;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair[i]), 0);
        peer[i] = peers_join(p, &any, pair[i][0]);
        assert_non_null(peer[i]);
    }
    peer_turns(peer[0], PEER_HEAD);
    peer_turns(peer[1], PEER_WORK);
    peers_sweep(p, clock_monotonic_us() + SECONDS(9));
    assert_int_equal(recv(pair[0][1], &byte, 1, 0), -1);
    peers_sweep(p, clock_monotonic_us() + SECONDS(12));
    assert_int_equal(recv(pair[0][1], &byte, 1, 0), 0);
    assert_int_equal(recv(pair[1][1], &byte, 1, 0), -1);
    peers_leave(p, peer[0]);
    assert_int_equal(peers_count(p), 1);
}

static void
one_address_gets_a_bounded_number_of_connections(void **state)
{
    const struct peers_settings settings = { .connections_max = 8, .per_address_max = 2, .idle_s = 60,
                                             .request_s = 10 };
    struct peers *p = peers_new(*state, &settings);
    struct sockaddr address = { .sa_family = AF_INET, .sa_data = { 0, 80, 10, 0, 0, 1 } };
    assert_true(peers_may_join(p, &address));
    struct peer *first = peers_join(p, &address, -1);
    assert_non_null(peers_join(p, &address, -1));
    assert_false(peers_may_join(p, &address));
    peers_leave(p, first);
    assert_true(peers_may_join(p, &address));
    address.sa_data[2] = 127;
    for (int i = 0; i < 3; i++)
        assert_non_null(peers_join(p, &address, -1));
    assert_true(peers_may_join(p, &address));
}

static void
codings_are_chosen_as_the_reader_asks(void **state)
{
    (void)state;
    assert_true(encoding_is_welcome(STR("gzip, deflate, br"), "br"));
    assert_true(encoding_is_welcome(STR("GZIP;q=0.5"), "gzip"));
    assert_false(encoding_is_welcome(STR("br;q=0, gzip"), "br"));
    assert_false(encoding_is_welcome(STR("br;q=0.000"), "br"));
    assert_false(encoding_is_welcome(STR("brotli"), "br"));
    assert_false(encoding_is_welcome(STR_NONE, "br"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_bucket_holds_a_minute_and_refills_evenly, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_table_forgets_none_of_the_busy_ones, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_limit_says_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(forwarded_addresses_are_believed_from_trusted_proxies_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(networks_that_cannot_be_read_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(slow_connections_are_shut_and_busy_ones_are_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_address_gets_a_bounded_number_of_connections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(codings_are_chosen_as_the_reader_asks, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
