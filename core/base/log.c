#include "core/base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <unistd.h>

#include "core/base/text.h"

/* A line is written by one write(2) of less than PIPE_BUF bytes, so that lines of several threads do not mix. */
enum { LINE_BYTES = 4000, MESSAGE_BYTES = 2400 };

static _Atomic int least_level = LOG_INFO;

struct line {
    char at[LINE_BYTES];
    size_t len;
};

void
log_start(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

static void
put(struct line *l, struct str s)
{
    size_t room = sizeof l->at - l->len;
    size_t bytes = s.len < room ? s.len : room;
    if (bytes)
        memcpy(l->at + l->len, s.at, bytes);
    l->len += bytes;
}

/* Quoted, with controls, quotes and what is no UTF-8 made harmless; cut so that the line always ends well. */
static void
put_quoted(struct line *l, struct str s, size_t most)
{
    static const char digits[] = "0123456789abcdef";
    bool clean = str_is_utf8(s);
    put(l, STR("\""));
    size_t end = l->len + most < sizeof l->at - 8 ? l->len + most : sizeof l->at - 8;
    for (size_t i = 0; i < s.len && l->len < end; i++) {
        unsigned char c = (unsigned char)s.at[i];
        char escaped[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };
        if (c == '"' || c == '\\')
            put(l, (struct str){ (char[]){ '\\', (char)c }, 2 });
        else if (c < 0x20 || c == 0x7F || (c >= 0x80 && !clean))
            put(l, (struct str){ escaped, sizeof escaped });
        else
            put(l, (struct str){ &s.at[i], 1 });
    }
    while (clean && l->len && s.len && ((unsigned char)l->at[l->len - 1] & 0xC0) == 0x80 && l->len >= end)
        l->len--; /* not within a character; its first byte is dropped below */
    if (l->len >= end && (unsigned char)l->at[l->len - 1] >= 0xC0)
        l->len--;
    put(l, STR("\""));
}

static void
put_member(struct line *l, const char *name, struct str value, size_t most)
{
    put(l, l->len > 1 ? STR(",\"") : STR("\""));
    put(l, str_of(name));
    put(l, STR("\":"));
    put_quoted(l, value, most);
}

static void
put_uuid(struct line *l, const char *name, struct uuid id)
{
    char text[UUID_TEXT_BYTES];
    if (uuid_is_none(id))
        return;
    uuid_write(text, id);
    put_member(l, name, (struct str){ text, sizeof text }, sizeof text);
}

static void
put_scope(struct line *l, const struct scope *s)
{
    if (s->request_id.at)
        put_member(l, "request", s->request_id, 64);
    if (s->who) {
        put_uuid(l, "tenant", s->who->tenant_id);
        put_uuid(l, "person", s->who->person_id);
    }
}

void
log_event(const struct scope *s, enum log_level level, const char *event, const char *fmt, ...)
{
    static const char *const levels[] = { "debug", "info", "warn", "error" };
    if ((int)level < atomic_load(&least_level))
        return;
    int kept_errno = errno;
    char message[MESSAGE_BYTES], at[32];
    va_list args;
    va_start(args, fmt);
    int length = vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    size_t bytes = length < 0 ? 0 : (size_t)length < sizeof message ? (size_t)length : sizeof message - 1;
    for (int cut = 0; (size_t)length > bytes && cut < 3 && !str_is_utf8((struct str){ message, bytes }); cut++)
        bytes--; /* not within a character */
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    struct instant now = { (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000 };

    struct line line = { .at = "{", .len = 1 };
    put_member(&line, "at", (struct str){ at, instant_write(at, now) }, sizeof at);
    put_member(&line, "level", str_of(levels[level]), 8);
    put_member(&line, "event", str_of(event), 80);
    if (s)
        put_scope(&line, s);
    if (bytes)
        put_member(&line, "message", (struct str){ message, bytes }, 3000);
    put(&line, STR("}\n"));
    if (write(STDERR_FILENO, line.at, line.len) < 0)
        errno = 0; /* nobody is left to tell */
    errno = kept_errno;
}
