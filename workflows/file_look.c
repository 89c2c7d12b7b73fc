/* The side of the worker: starts the child, feeds it, waits no longer than a moment. */
#include "workflows/file_look.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/text.h"

enum { DEADLINE_MS = 15000, ANSWER_MAX = 16 * 1024 * 1024, PIECE_BYTES = 64 * 1024, TYPE_MAX = 100 };

const struct problem picture_refused = {
    422, "picture-refused",
    { "This picture cannot be shown here: it is damaged, too large, or of a kind that is not decoded.",
      "この画像は、破損しているか、大きすぎるか、対応していない形式のため、プレビューを表示できません。" },
};

struct child {
    pid_t pid;
    int socket;
    struct instant end; /* of our patience, by the monotonic clock */
};

static int64_t
monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Killed first: whoever still runs at this point has lost its turn. */
static void
end_child(struct child *c)
{
    if (c->socket >= 0)
        close(c->socket);
    if (c->pid <= 0)
        return;
    kill(c->pid, SIGKILL);
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

static bool
spawn(const char *task, int theirs, pid_t *pid)
{
    char *const words[] = { (char[]){ "yagura" }, (char[]){ "look" }, strdupa(task), NULL };
    char *const nothing[] = { NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    bool begun = posix_spawn_file_actions_adddup2(&files, theirs, STDIN_FILENO) == 0
              && posix_spawn_file_actions_adddup2(&files, theirs, STDOUT_FILENO) == 0
              && posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", 1, 0) == 0
              && posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1) == 0
              && posix_spawn(pid, "/proc/self/exe", &files, &attributes, words, nothing) == 0;
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return begun;
}

static bool
begin_child(struct scope *s, const char *task, struct child *c)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return fail(s, &problem_unavailable, "no socket for looking into a file: %s", strerror(errno));
    c->socket = pair[0];
    c->end.us = monotonic_ms() + DEADLINE_MS;
    bool begun = spawn(task, pair[1], &c->pid);
    close(pair[1]);
    return begun || fail(s, &problem_unavailable, "no process for looking into a file");
}

static bool
wait_for(const struct child *c, short what)
{
    struct pollfd ready = { .fd = c->socket, .events = what };
    int64_t left = c->end.us - monotonic_ms();
    int count;
    do
        count = left > 0 ? poll(&ready, 1, (int)left) : 0;
    while (count < 0 && errno == EINTR);
    return count > 0;
}

static bool
feed(struct child *c, struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t sent = wait_for(c, POLLOUT) ? send(c->socket, bytes.at, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT) : -1;
        if (sent < 0 && (errno == EINTR || errno == EAGAIN) && c->end.us > monotonic_ms())
            continue;
        if (sent <= 0)
            return false;
        bytes = str_skip(bytes, (size_t)sent);
    }
    return shutdown(c->socket, SHUT_WR) == 0;
}

static bool
hear(struct child *c, struct text *answer)
{
    for (;;) {
        char *to = text_reserve(answer, PIECE_BYTES);
        ssize_t got = to && wait_for(c, POLLIN) ? recv(c->socket, to, PIECE_BYTES, 0) : -1;
        if (got < 0 && to && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        text_grow(answer, (size_t)got);
    }
}

/* "ok " and the answer; anything else, a child that died included, is no answer. */
static bool
ask(struct scope *s, const char *task, struct str bytes, struct str *out)
{
    scoped(end_child) struct child c = { .socket = -1 };
    struct text answer = text_new(s->arena, ANSWER_MAX);
    if (!begin_child(s, task, &c))
        return false;
    bool heard = feed(&c, bytes) && hear(&c, &answer);
    struct str said = text_str(&answer);
    if (heard && str_starts(said, STR("ok "))) {
        *out = str_skip(said, 3);
        return true;
    }
    log_info(s, "file.look_refused", "task=%s said=" STR_FMT, task, STR_ARG(str_head(said, 40)));
    return fail(s, &picture_refused, STR_FMT, STR_ARG(str_starts(said, STR("no ")) ? str_skip(said, 3)
                                                                                      : STR("it cannot be decoded")));
}

static bool
is_type(struct str t)
{
    bool slash = false;
    for (size_t i = 0; i < t.len; i++) {
        char c = t.at[i];
        slash = slash || c == '/';
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("/+-._", c)))
            return false;
    }
    return slash && t.len <= TYPE_MAX;
}

bool
file_type_of(struct scope *s, struct str head, struct str *out)
{
    struct str said;
    *out = STR("application/octet-stream");
    if (ask(s, "type", str_head(head, LOOK_HEAD_BYTES), &said)) {
        *out = is_type(said) ? said : *out;
        return true;
    }
    if (s->failure.problem != &picture_refused)
        return false;
    scope_forgive(s);
    return true;
}

bool
picture_of(struct scope *s, struct str file, struct str *webp)
{
    return ask(s, "picture", file, webp);
}
