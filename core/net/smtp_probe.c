#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/net/smtp.h"

enum { PATIENCE_MS = 5000, GREETING_MAX = 300 };

const struct problem problem_smtp_unreachable = {
    502, "smtp-unreachable",
    { "The mail server could not be reached.", "メールサーバーに接続できませんでした。" },
};

static void
close_socket(int *socket)
{
    if (*socket >= 0)
        close(*socket);
}

static bool
wait_for(int socket, short event, int64_t deadline_us)
{
    int64_t left_ms = (deadline_us - clock_monotonic_us()) / 1000;
    struct pollfd one = { .fd = socket, .events = event };
    while (left_ms > 0) {
        int ready = poll(&one, 1, (int)left_ms);
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            break;
        left_ms = (deadline_us - clock_monotonic_us()) / 1000;
    }
    errno = ETIMEDOUT;
    return false;
}

/* 0 when connected, else what went wrong. */
static int
connect_one(const struct addrinfo *address, int64_t deadline_us, int *out)
{
    scoped(close_socket) int fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error = 0;
    socklen_t size = sizeof error;
    if (fd < 0)
        return errno;
    if (connect(fd, address->ai_addr, address->ai_addrlen) < 0) {
        if (errno != EINPROGRESS || !wait_for(fd, POLLOUT, deadline_us))
            return errno;
        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 || error)
            return error ? error : errno;
    }
    *out = fd;
    fd = -1;
    return 0;
}

static bool
unreachable(struct scope *s, const struct smtp_server *server, const char *why)
{
    return fail(s, &problem_smtp_unreachable, "%s:%s: %s", server->host, server->port, why);
}

static bool
open_connection(struct scope *s, const struct smtp_server *server, int *out)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    struct addrinfo *found = NULL;
    int error = getaddrinfo(server->host, server->port, &hints, &found);
    if (error)
        return unreachable(s, server, gai_strerror(error));
    int64_t deadline = clock_monotonic_us() + PATIENCE_MS * INT64_C(1000);
    error = ETIMEDOUT;
    for (const struct addrinfo *one = found; one && error; one = one->ai_next)
        error = connect_one(one, deadline, out);
    freeaddrinfo(found);
    char text[100];
    return !error || unreachable(s, server, strerror_r(error, text, sizeof text));
}

bool
smtp_reach(struct scope *s, const struct smtp_server *server)
{
    scoped(close_socket) int fd = -1;
    return open_connection(s, server, &fd);
}

bool
smtp_probe(struct scope *s, const struct smtp_server *server, struct str *greeting)
{
    scoped(close_socket) int fd = -1;
    char line[GREETING_MAX];
    if (!open_connection(s, server, &fd))
        return false;
    bool spoke = wait_for(fd, POLLIN, clock_monotonic_us() + PATIENCE_MS * INT64_C(1000));
    ssize_t got = spoke ? read(fd, line, sizeof line) : -1;
    if (got <= 0)
        return unreachable(s, server, "connected, but nobody greets");
    struct str said = str_trim((struct str){ line, (size_t)got });
    if (!str_starts(said, STR("2")) || !str_is_utf8(said))
        return unreachable(s, server, "the greeting is not that of a mail server");
    ssize_t farewell = write(fd, "QUIT\r\n", 6); /* politeness: whether it arrives matters to nobody */
    (void)farewell;
    *greeting = str_copy(s->arena, said);
    return true;
}
