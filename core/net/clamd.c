#include "core/net/clamd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATIENCE_S = 120, CONNECT_S = 5, ANSWER_MAX = 1024, PIECE_MAX = 1024 * 1024, NAME_MAX_BYTES = 200 };

const struct problem clamd_unreachable = {
    502, "scanner-unreachable",
    { "The virus scanner could not be asked.", "ウイルススキャナーに接続できませんでした。" },
};

struct clamd_talk {
    int socket;
    bool deaf; /* the other side stopped to listen: its answer waits */
};

static void
close_talk(void *handle)
{
    struct clamd_talk *t = handle;
    if (t->socket >= 0)
        close(t->socket);
    t->socket = -1;
}

static bool
fail_talk(struct scope *s, const char *doing)
{
    return fail(s, &clamd_unreachable, "%s: %s", doing, strerror(errno));
}

static void
be_patient(int socket, int seconds)
{
    struct timeval patience = { .tv_sec = seconds };
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
}

static bool
connect_path(struct scope *s, struct clamd_talk *t, struct str path)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    if (path.len >= sizeof to.sun_path)
        return fail(s, &clamd_unreachable, "the path of the socket is too long");
    memcpy(to.sun_path, path.at, path.len);
    t->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return (t->socket >= 0 && connect(t->socket, (const struct sockaddr *)&to, sizeof to) == 0)
        || fail_talk(s, "connecting to the scanner");
}

static void
free_addresses(struct addrinfo **list)
{
    if (*list)
        freeaddrinfo(*list);
}

static bool
connect_host(struct scope *s, struct clamd_talk *t, struct str where)
{
    scoped(free_addresses) struct addrinfo *list = NULL;
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    size_t colon = where.len;
    while (colon > 0 && where.at[colon - 1] != ':')
        colon--;
    if (colon < 2)
        return fail(s, &clamd_unreachable, "neither a path nor host:port");
    struct str host = str_head(where, colon - 1);
    if (host.at[0] == '[' && host.at[host.len - 1] == ']')
        host = str_head(str_skip(host, 1), host.len - 2);
    int known = getaddrinfo(str_c(s->arena, host), str_c(s->arena, str_skip(where, colon)), &hints, &list);
    if (known != 0)
        return fail(s, &clamd_unreachable, "%s", gai_strerror(known));
    for (const struct addrinfo *one = list; one; one = one->ai_next) {
        close_talk(t);
        t->socket = socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, 0);
        be_patient(t->socket, CONNECT_S);
        if (t->socket >= 0 && connect(t->socket, one->ai_addr, one->ai_addrlen) == 0)
            return true;
    }
    return fail_talk(s, "connecting to the scanner");
}

static bool
send_all(struct clamd_talk *t, const void *bytes, size_t count)
{
    const char *at = bytes;
    while (count > 0 && !t->deaf) {
        ssize_t sent = send(t->socket, at, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
            t->deaf = true;
        else if (sent <= 0)
            return false;
        at += sent > 0 ? sent : 0;
        count -= sent > 0 ? (size_t)sent : 0;
    }
    return true;
}

bool
clamd_begin(struct scope *s, struct str where, struct clamd_talk **out)
{
    struct clamd_talk *t = arena_new_of(s->arena, struct clamd_talk);
    *t = (struct clamd_talk){ .socket = -1 };
    arena_defer(s->arena, close_talk, t);
    bool by_path = str_starts(where, STR("/"));
    if (!(by_path ? connect_path(s, t, where) : connect_host(s, t, where)))
        return false;
    be_patient(t->socket, PATIENCE_S);
    *out = t;
    return send_all(t, "zINSTREAM", sizeof "zINSTREAM") || fail_talk(s, "asking the scanner");
}

bool
clamd_send(struct scope *s, struct clamd_talk *t, const void *bytes, size_t count)
{
    const char *at = bytes;
    while (count > 0) {
        size_t piece = count < PIECE_MAX ? count : PIECE_MAX;
        uint32_t length = htonl((uint32_t)piece);
        if (!send_all(t, &length, sizeof length) || !send_all(t, at, piece))
            return fail_talk(s, "sending to the scanner");
        at += piece;
        count -= piece;
    }
    return true;
}

/* "stream: OK", "stream: Eicar-Test-Signature FOUND", "INSTREAM size limit exceeded. ERROR" */
static bool
understand(struct scope *s, struct str line, enum clamd_verdict *verdict, struct str *name)
{
    struct str said = str_starts(line, STR("stream: ")) ? str_skip(line, 8) : line;
    if (str_is(said, "OK"))
        *verdict = CLAMD_CLEAN;
    else if (str_ends(said, STR(" FOUND")))
        *verdict = CLAMD_FOUND;
    else if (str_contains(said, STR("size limit exceeded")))
        *verdict = CLAMD_TOO_LARGE;
    else
        return fail(s, &clamd_unreachable, "the scanner says: " STR_FMT, STR_ARG(str_head(said, NAME_MAX_BYTES)));
    *name = *verdict == CLAMD_FOUND ? str_head(str_head(said, said.len - 6), NAME_MAX_BYTES) : STR_NONE;
    return !name->at || str_is_utf8(*name) || fail(s, &clamd_unreachable, "the scanner's answer is no text");
}

bool
clamd_end(struct scope *s, struct clamd_talk *t, enum clamd_verdict *verdict, struct str *name)
{
    const uint32_t nothing = 0;
    char *answer = arena_alloc(s->arena, ANSWER_MAX);
    size_t length = 0;
    if (!send_all(t, &nothing, sizeof nothing))
        return fail_talk(s, "sending to the scanner");
    while (length < ANSWER_MAX && !memchr(answer, 0, length)) {
        ssize_t got = recv(t->socket, answer + length, ANSWER_MAX - length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && length == 0)
            return fail_talk(s, "hearing the scanner");
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    const char *end = memchr(answer, 0, length);
    struct str line = str_trim((struct str){ answer, end ? (size_t)(end - answer) : length });
    return line.len ? understand(s, line, verdict, name) : fail(s, &clamd_unreachable, "the scanner said nothing");
}
