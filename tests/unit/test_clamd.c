#include "tests/unit/claims.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/net/clamd.h"

/* A scanner of one talk: reads the words of the protocol, keeps what it was shown, answers as it is told. */
struct scanner {
    int listening;
    const char *answer;
    size_t deaf_after; /* answers and goes after so many bytes; 0: hears to the end */
    char heard[64 * 1024];
    size_t count;
    pthread_t thread;
    char path[100];
};

static bool
read_all(int socket, void *to, size_t bytes)
{
    for (size_t have = 0; have < bytes;) {
        ssize_t got = recv(socket, (char *)to + have, bytes - have, 0);
        if (got <= 0)
            return false;
        have += (size_t)got;
    }
    return true;
}

static void *
talk(void *arg)
{
    struct scanner *c = arg;
    char word[10];
    uint32_t length = 1;
    int socket = accept(c->listening, NULL, NULL);
    bool good = read_all(socket, word, sizeof word) && memcmp(word, "zINSTREAM", sizeof word) == 0;
    while (good && length != 0 && (!c->deaf_after || c->count < c->deaf_after)) {
        good = read_all(socket, &length, sizeof length);
        length = ntohl(length);
        good = good && c->count + length <= sizeof c->heard && read_all(socket, c->heard + c->count, length);
        c->count += length;
    }
    if (good && send(socket, c->answer, strlen(c->answer) + 1, MSG_NOSIGNAL) < 0)
        c->count = 0;
    close(socket);
    return NULL;
}

static void
begin(struct scanner *c, const char *answer)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    *c = (struct scanner){ .answer = answer };
    const char *temp = getenv("TMPDIR");
    snprintf(c->path, sizeof c->path, "%s/yagura-clamd-%d.sock", temp ? temp : "/tmp", (int)getpid());
    memcpy(at.sun_path, c->path, strlen(c->path));
    unlink(c->path);
    c->listening = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(c->listening, (const struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(c->listening, 1), 0);
    assert_int_equal(pthread_create(&c->thread, NULL, talk, c), 0);
}

static void
end(struct scanner *c)
{
    pthread_join(c->thread, NULL);
    close(c->listening);
    unlink(c->path);
}

static bool
show(struct scope *s, struct scanner *c, size_t bytes, enum clamd_verdict *verdict, struct str *name)
{
    static char content[60 * 1024];
    struct clamd_talk *t;
    memset(content, 'x', sizeof content);
    return clamd_begin(s, str_of(c->path), &t) && clamd_send(s, t, content, bytes) && clamd_send(s, t, "end", 3)
        && clamd_end(s, t, verdict, name);
}

static void
answers(const char *answer, enum clamd_verdict wanted, const char *wanted_name)
{
    scoped(arena_end) struct arena *a = arena_new(4096);
    struct scope s = scope_new(a, (struct instant){ 1 });
    static struct scanner c;
    enum clamd_verdict verdict = CLAMD_NONE;
    struct str name = STR_NONE;
    begin(&c, answer);
    assert_true(show(&s, &c, 50000, &verdict, &name));
    end(&c);
    assert_int_equal(verdict, wanted);
    assert_int_equal(c.count, 50003);
    assert_memory_equal(c.heard + 49998, "xxend", 5);
    if (wanted_name)
        assert_string_equal(str_c(a, name), wanted_name);
    else
        assert_null(name.at);
}

static void
the_whole_file_is_shown_and_the_answer_understood(void **state)
{
    (void)state;
    answers("stream: OK", CLAMD_CLEAN, NULL);
    answers("stream: Win.Test.EICAR_HDB-1 FOUND", CLAMD_FOUND, "Win.Test.EICAR_HDB-1");
    answers("INSTREAM size limit exceeded. ERROR", CLAMD_TOO_LARGE, NULL);
}

static void
a_scanner_that_stops_to_listen_is_still_heard(void **state)
{
    (void)state;
    scoped(arena_end) struct arena *a = arena_new(4096);
    struct scope s = scope_new(a, (struct instant){ 1 });
    static struct scanner c;
    enum clamd_verdict verdict = CLAMD_NONE;
    struct str name;
    struct clamd_talk *t;
    static const char piece[4096];
    begin(&c, "INSTREAM size limit exceeded. ERROR");
    c.deaf_after = 1;
    assert_true(clamd_begin(&s, str_of(c.path), &t));
    assert_true(clamd_send(&s, t, piece, sizeof piece));
    pthread_join(c.thread, NULL); /* it has gone; what is sent now is for nobody */
    for (int i = 0; i < 100; i++)
        assert_true(clamd_send(&s, t, piece, sizeof piece));
    assert_true(clamd_end(&s, t, &verdict, &name));
    assert_int_equal(verdict, CLAMD_TOO_LARGE);
    close(c.listening);
    unlink(c.path);
}

static void
refuses(const char *answer)
{
    scoped(arena_end) struct arena *a = arena_new(4096);
    struct scope s = scope_new(a, (struct instant){ 1 });
    static struct scanner c;
    enum clamd_verdict verdict = CLAMD_NONE;
    struct str name;
    begin(&c, answer);
    assert_false(show(&s, &c, 10, &verdict, &name));
    end(&c);
    assert_ptr_equal(s.failure.problem, &clamd_unreachable);
}

static void
what_is_no_verdict_is_a_failure(void **state)
{
    (void)state;
    refuses("");
    refuses("UNKNOWN COMMAND");
    refuses("stream: \xff\xfe FOUND");
}

static void
nobody_there_is_a_failure(void **state)
{
    (void)state;
    static const char *const places[] = {
        "/tmp/yagura-no-such-socket", "127.0.0.1:1", "no port", ":3310",
        "/a/path/that/is/so/long/that/no/socket/can/have/it/because/the/structure/of/addresses/has/about/108/bytes",
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        scoped(arena_end) struct arena *a = arena_new(4096);
        struct scope s = scope_new(a, (struct instant){ 1 });
        struct clamd_talk *t;
        assert_false(clamd_begin(&s, str_of(places[i]), &t));
        assert_ptr_equal(s.failure.problem, &clamd_unreachable);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_file_is_shown_and_the_answer_understood),
        cmocka_unit_test(a_scanner_that_stops_to_listen_is_still_heard),
        cmocka_unit_test(what_is_no_verdict_is_a_failure),
        cmocka_unit_test(nobody_there_is_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
