#include <setjmp.h>
#include <stdarg.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/net/fetch.h"
#include "core/net/net.h"

#include <cmocka.h>

/* A server of one thread: for each connection it reads the head of the request and gives the next answer. */
struct server {
    int listening, port;
    pthread_t thread;
    const char *const *answers;
    size_t answer_count, served;
    char last_request[2000];
};

static void
answer_one(struct server *server, int connection)
{
    size_t got = 0;
    while (!strstr(server->last_request, "\r\n\r\n") && got < sizeof server->last_request - 1) {
        ssize_t more = read(connection, server->last_request + got, sizeof server->last_request - 1 - got);
        if (more <= 0)
            break;
        got += (size_t)more;
        server->last_request[got] = 0;
    }
    const char *answer = server->answers[server->served];
    server->served++;
    ssize_t written = write(connection, answer, strlen(answer));
    (void)written;
}

static void *
serve(void *self)
{
    struct server *server = self;
    while (server->served < server->answer_count) {
        int connection = accept(server->listening, NULL, NULL);
        if (connection < 0)
            break;
        memset(server->last_request, 0, sizeof server->last_request);
        answer_one(server, connection);
        close(connection);
    }
    return NULL;
}

struct bench {
    struct arena *arena;
    struct scope s;
    struct server server;
    struct fetch_answer answer;
};

static void
start_server(struct bench *b, const char *const *answers, size_t count)
{
    struct server *server = &b->server;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    *server = (struct server){ .answers = answers, .answer_count = count };
    server->listening = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(server->listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(server->listening, 5), 0);
    assert_int_equal(getsockname(server->listening, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void
stop_server(struct bench *b)
{
    shutdown(b->server.listening, SHUT_RDWR);
    pthread_join(b->server.thread, NULL);
    close(b->server.listening);
}

static int
set_up(void **state)
{
    struct arena *a = arena_new(4096);
    struct bench *b = arena_new_of(a, struct bench);
    b->arena = a;
    b->s = scope_new(a, (struct instant){ 1 });
    *state = b;
    return 0;
}

static int
tear_down(void **state)
{
    arena_free(((struct bench *)*state)->arena);
    return 0;
}

static struct fetch_request
request_to(struct bench *b, const char *path)
{
    return (struct fetch_request){
        .url = str_printf(b->arena, "http://127.0.0.1:%d%s", b->server.port, path),
        .reach = fetch_reach_parse(b->arena, STR("127.0.0.1")),
    };
}

static void
the_public_internet_and_nothing_else_is_reached(void **state)
{
    static const char *const refused[] = {
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.170", "198.18.0.1", "224.0.0.1",
        "255.255.255.255", "240.0.0.1",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "fe80::1", "fc00::1",
        "fd12:3456::1", "ff02::1", "2002:7f00:1::", "2001:db8::1", "2001::1", "::127.0.0.1", "not an address", "",
    };
    static const char *const allowed[] = {
        "8.8.8.8", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1", "169.253.1.1", "223.255.255.255",
        "2606:4700::1111", "2400:1::1", "64:ff9b::808:808", "::ffff:8.8.8.8",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        if (fetch_reach_allows(NULL, str_of(refused[i])))
            fail_msg("%s is reached", refused[i]);
    for (size_t i = 0; i < COUNT_OF(allowed); i++)
        if (!fetch_reach_allows(NULL, str_of(allowed[i])))
            fail_msg("%s is refused", allowed[i]);
}

static void
the_operator_may_name_more_networks(void **state)
{
    struct arena *a = ((struct bench *)*state)->arena;
    const struct fetch_reach *reach = fetch_reach_parse(a, STR("10.20.0.0/16, fd00:1::/32 ,127.0.0.1"));
    assert_non_null(reach);
    assert_true(fetch_reach_allows(reach, STR("10.20.255.1")));
    assert_false(fetch_reach_allows(reach, STR("10.21.0.1")));
    assert_true(fetch_reach_allows(reach, STR("fd00:1::5")));
    assert_false(fetch_reach_allows(reach, STR("fd00:2::5")));
    assert_true(fetch_reach_allows(reach, STR("127.0.0.1")));
    assert_false(fetch_reach_allows(reach, STR("127.0.0.2")));
    assert_true(fetch_reach_allows(fetch_reach_parse(a, STR("*")), STR("127.0.0.2")));
    assert_non_null(fetch_reach_parse(a, STR("")));
    static const char *const unreadable[] = { "10.0.0.0/33", "::/129", "10.0.0", "10.0.0.0/x", "a,b", "10.0.0.0/8,," };
    for (size_t i = 0; i < COUNT_OF(unreadable); i++)
        if (fetch_reach_parse(a, str_of(unreadable[i])))
            fail_msg("%s was read", unreadable[i]);
}

static void
an_answer_comes_with_status_headers_and_body(void **state)
{
    struct bench *b = *state;
    static const char *const answers[] = { "HTTP/1.1 404 Not Found\r\nX-Thing: a:b \r\nContent-Length: 4\r\n\r\nnope" };
    start_server(b, answers, 1);
    struct fetch_request request = request_to(b, "/where?x=1");
    const struct fetch_header headers[] = { { STR("Authorization"), STR("Bearer t") }, { STR("X-Empty"), STR("") } };
    request.headers = headers;
    request.header_count = 2;
    assert_true(fetch(&b->s, &request, &b->answer));
    stop_server(b);
    assert_int_equal(b->answer.status, 404);
    assert_true(str_is(fetch_answer_header(&b->answer, "x-thing"), "a:b"));
    assert_true(str_is(b->answer.body, "nope"));
    assert_true(str_is(b->answer.address, "127.0.0.1"));
    assert_non_null(strstr(b->server.last_request, "GET /where?x=1 HTTP/1.1\r\n"));
    assert_non_null(strstr(b->server.last_request, "\r\nAuthorization: Bearer t\r\n"));
    assert_non_null(strstr(b->server.last_request, "\r\nX-Empty:"));
}

static void
expect_failure(struct bench *b, const struct fetch_request *request, const struct problem *problem)
{
    assert_false(fetch(&b->s, request, &b->answer));
    if (b->s.failure.problem != problem)
        fail_msg("%s instead of %s: " STR_FMT, b->s.failure.problem->slug, problem->slug,
                 STR_ARG(b->s.failure.detail));
    assert_int_equal(b->answer.status, 0);
    scope_forgive(&b->s);
}

static void
no_spelling_of_a_private_address_is_called(void **state)
{
    struct bench *b = *state;
    static const char *const urls[] = {
        "http://127.0.0.1:%d/", "http://localhost:%d/", "http://2130706433:%d/", "http://0x7f.1:%d/", "http://0:%d/",
        "http://[::1]:%d/", "http://[::ffff:127.0.0.1]:%d/", "http://user@127.0.0.1:%d/",
    };
    start_server(b, NULL, 0);
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        struct text url = text_new(b->arena, 200);
        struct str at = str_of(urls[i]);
        size_t mark = str_find(at, STR("%d"));
        text_add(&url, str_head(at, mark));
        text_add_int(&url, b->server.port);
        text_add(&url, str_skip(at, mark + 2));
        struct fetch_request request = { .url = text_str(&url) };
        expect_failure(b, &request, &problem_fetch_refused);
    }
    stop_server(b);
}

static void
other_schemes_are_refused(void **state)
{
    static const char *const urls[] = { "file:///etc/passwd", "ftp://example.jp/", "gopher://127.0.0.1:70/", "",
                                        "http://" };
    struct bench *b = *state;
    for (size_t i = 0; i < COUNT_OF(urls); i++) {
        struct fetch_request request = { .url = str_of(urls[i]) };
        expect_failure(b, &request, &problem_fetch_refused);
    }
    struct fetch_request request = { .url = STR("http://127.0.0.1/"), .https_only = true };
    expect_failure(b, &request, &problem_fetch_refused);
}

static void
a_redirect_is_judged_like_the_first_address(void **state)
{
    struct bench *b = *state;
    static const char *const answers[] = {
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:1/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.2:1/\r\nContent-Length: 0\r\n\r\n",
    };
    start_server(b, answers, 3);
    struct fetch_request request = request_to(b, "/");
    request.redirects = 3;
    expect_failure(b, &request, &problem_fetch_refused);
    expect_failure(b, &request, &problem_fetch_refused);
    request.redirects = 0;
    assert_true(fetch(&b->s, &request, &b->answer));
    assert_int_equal(b->answer.status, 302);
    stop_server(b);
}

static void
passing_trouble_is_tried_again_and_only_when_harmless(void **state)
{
    struct bench *b = *state;
    static const char *const answers[] = {
        "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n", "",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Busy\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n",
    };
    start_server(b, answers, COUNT_OF(answers));
    struct fetch_request request = request_to(b, "/");
    request.attempts = 5;
    assert_true(fetch(&b->s, &request, &b->answer));
    assert_int_equal(b->answer.status, 200);
    assert_int_equal(b->answer.attempts, 3);
    request.method = "POST";
    request.body = STR("{}");
    assert_true(fetch(&b->s, &request, &b->answer));
    assert_int_equal(b->answer.status, 503);
    assert_int_equal(b->answer.attempts, 1);
    request.idempotent = true;
    assert_true(fetch(&b->s, &request, &b->answer));
    assert_int_equal(b->answer.attempts, 1); /* an hour does not fit into ten seconds */
    stop_server(b);
}

static void
the_answer_is_bounded_in_size_and_time(void **state)
{
    struct bench *b = *state;
    static const char *const answers[] = { "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789" };
    start_server(b, answers, 1);
    struct fetch_request request = request_to(b, "/");
    request.answer_max = 9;
    expect_failure(b, &request, &problem_fetch_too_large);
    stop_server(b);

    start_server(b, NULL, 0); /* accepts in the kernel and never answers */
    request = request_to(b, "/");
    request.timeout_ms = 300;
    expect_failure(b, &request, &problem_fetch_failed);
    stop_server(b);
}

static void
no_header_can_smuggle_another(void **state)
{
    struct bench *b = *state;
    const struct fetch_header bad[] = {
        { STR("X-A"), STR("1\r\nX-B: 2") }, { STR("X A"), STR("1") }, { STR(""), STR("1") },
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct fetch_request request = { .url = STR("http://example.jp/"), .headers = &bad[i], .header_count = 1 };
        expect_failure(b, &request, &problem_fetch_refused);
    }
}

static int
start(void **state)
{
    (void)state;
    return net_start() ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
        TEST(the_public_internet_and_nothing_else_is_reached),
        TEST(the_operator_may_name_more_networks),
        TEST(an_answer_comes_with_status_headers_and_body),
        TEST(no_spelling_of_a_private_address_is_called),
        TEST(other_schemes_are_refused),
        TEST(a_redirect_is_judged_like_the_first_address),
        TEST(passing_trouble_is_tried_again_and_only_when_harmless),
        TEST(the_answer_is_bounded_in_size_and_time),
        TEST(no_header_can_smuggle_another),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
