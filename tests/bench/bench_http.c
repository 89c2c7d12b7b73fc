/* bench_http: asks one HTTP/1.1 request again and again over keep-alive connections.
 *
 *     bench_http load PORT CONNECTIONS SECONDS < request     {"answers":…,"seconds":…,"p50_us":…,"p99_us":…,"bad":…}
 *     bench_http hold PORT CONNECTIONS < request             one answer on each, then "held" and silence until killed
 *
 * One thread and one epoll: a new request leaves when the answer to the last one is complete (Content-Length), so
 * the time of each is what a patient client waits. An answer that is not 200 is counted as bad.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/instant.h"

enum { REQUEST_MAX = 16384, HEAD_MAX = 8192 };

struct connection {
    int socket;
    char head[HEAD_MAX + 1]; /* the answer until its empty line; the body is only counted */
    size_t head_len;
    int64_t body_left; /* -1: still in the head */
    int64_t asked_at;
};

struct bench {
    char request[REQUEST_MAX];
    size_t request_len;
    int poll;
    int64_t answers, bad;
    int64_t *spans_us;
    size_t spans, spans_room;
    int64_t ends_at; /* no request leaves later; 0: each connection asks once */
    int busy;
};

static void
die(const char *what)
{
    fprintf(stderr, "bench_http: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void
ask(struct bench *b, struct connection *c)
{
    c->head_len = 0;
    c->body_left = -1;
    c->asked_at = clock_monotonic_us();
    if (send(c->socket, b->request, b->request_len, MSG_NOSIGNAL) != (ssize_t)b->request_len)
        die("send");
}

static void
note_answer(struct bench *b, struct connection *c)
{
    b->answers++;
    if (strncmp(c->head, "HTTP/1.1 200", 12) != 0) {
        b->bad++;
        if (b->bad == 1)
            fprintf(stderr, "bench_http: first bad answer:\n%.*s\n", 600, c->head);
    }
    if (b->spans < b->spans_room)
        b->spans_us[b->spans++] = clock_monotonic_us() - c->asked_at;
    if (clock_monotonic_us() < b->ends_at)
        ask(b, c);
    else
        b->busy--;
}

/* The length of the body, once the head is complete; what of it came with the head is taken off. */
static void
read_head(struct connection *c)
{
    const char *end = strstr(c->head, "\r\n\r\n");
    const char *length = strcasestr(c->head, "\r\ncontent-length:");

    if (end == NULL) {
        if (c->head_len == HEAD_MAX)
            die("the head of the answer is too long");
        return;
    }
    if (length == NULL || length > end)
        die("the answer has no Content-Length");
    c->body_left = strtoll(length + strlen("\r\ncontent-length:"), NULL, 10);
    c->body_left -= (int64_t)(c->head_len - (size_t)(end + 4 - c->head));
}

static void
take(struct bench *b, struct connection *c)
{
    static char body[1 << 16];
    ssize_t got;

    if (c->body_left < 0)
        got = recv(c->socket, c->head + c->head_len, HEAD_MAX - c->head_len, 0);
    else
        got = recv(c->socket, body, sizeof(body), 0);
    if (got <= 0)
        die(got == 0 ? "the server closed a connection" : "recv");
    if (c->body_left < 0) {
        c->head_len += (size_t)got;
        c->head[c->head_len] = '\0';
        read_head(c);
    } else {
        c->body_left -= got;
    }
    if (c->body_left == 0)
        note_answer(b, c);
}

static void
open_connection(struct bench *b, struct connection *c, int port)
{
    struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    int on = 1;

    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (c->socket < 0 || connect(c->socket, (struct sockaddr *)&where, sizeof(where)) != 0)
        die("connect");
    setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (epoll_ctl(b->poll, EPOLL_CTL_ADD, c->socket, &event) != 0)
        die("epoll");
    b->busy++;
    ask(b, c);
}

static void
run(struct bench *b)
{
    struct epoll_event events[64];

    while (b->busy > 0) {
        int count = epoll_wait(b->poll, events, COUNT_OF(events), 10000);

        if (count == 0) {
            errno = ETIMEDOUT;
            die("no answer for 10 s");
        }
        for (int i = 0; i < count; i++)
            take(b, events[i].data.ptr);
    }
}

static int
by_size(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

static void
print_figures(struct bench *b, int64_t took_us)
{
    if (b->spans == 0)
        die("no answers");
    qsort(b->spans_us, b->spans, sizeof(*b->spans_us), by_size);
    printf("{\"answers\":%lld,\"seconds\":%.3f,\"p50_us\":%lld,\"p99_us\":%lld,\"bad\":%lld}\n",
           (long long)b->answers, (double)took_us / 1e6, (long long)b->spans_us[b->spans / 2],
           (long long)b->spans_us[b->spans * 99 / 100], (long long)b->bad);
}

int
main(int argc, char **argv)
{
    scoped(arena_end) struct arena *a = arena_new(1 << 20);
    struct bench b = { .poll = epoll_create1(0), .spans_room = 4000000 };
    bool load = argc == 5 && strcmp(argv[1], "load") == 0;
    bool hold = argc == 4 && strcmp(argv[1], "hold") == 0;
    struct connection *connections;
    int64_t began;
    long count;

    if (!load && !hold) {
        fprintf(stderr, "usage: bench_http load PORT CONNECTIONS SECONDS | hold PORT CONNECTIONS  < request\n");
        return 2;
    }
    b.request_len = fread(b.request, 1, sizeof(b.request), stdin);
    b.spans_us = arena_array_of(a, b.spans_room, int64_t);
    count = strtol(argv[3], NULL, 10);
    connections = arena_array_of(a, (size_t)count, struct connection);
    began = clock_monotonic_us();
    b.ends_at = load ? began + SECONDS(strtol(argv[4], NULL, 10)) : 0;
    for (long i = 0; i < count; i++) {
        open_connection(&b, &connections[i], (int)strtol(argv[2], NULL, 10));
        if (hold)
            run(&b); /* one at a time: a burst of thousands would meet the listen queue */
    }
    run(&b);
    if (load) {
        print_figures(&b, clock_monotonic_us() - began);
        return b.bad != 0;
    }
    puts("held");
    fflush(stdout);
    pause();
    return 0;
}
