#include "core/base/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "core/base/shape_value.h"

enum { FILE_MAX = 256 << 10, SECRET_MAX = 8 << 10, COMPLAINTS_MAX = 900 };

/* Everything that is wrong is said at once: who mends a configuration wants to start the program once more, not ten
 * times. */
struct reading {
    struct scope *s;
    const struct shape *sh;
    void *record;
    struct text complaints;
};

static void printf_like(2, 3)
complain(struct reading *in, const char *fmt, ...)
{
    char room[400];
    va_list args;
    va_start(args, fmt);
    vsnprintf(room, sizeof room, fmt, args);
    va_end(args);
    if (in->complaints.len)
        text_add_c(&in->complaints, "; ");
    text_add_c(&in->complaints, room);
}

static void
close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool
read_whole(struct arena *a, const char *path, size_t cap, struct str *out)
{
    scoped(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    char *at = arena_alloc(a, cap + 1);
    size_t length = 0;
    for (ssize_t got = 1; got > 0 && length <= cap; length += (size_t)got) {
        got = read(fd, at + length, cap + 1 - length);
        if (got < 0)
            return false;
    }
    errno = EFBIG;
    *out = (struct str){ at, length };
    return length <= cap;
}

/* A secret names its file; the file's last line end is not part of it. */
static bool
secret_value(struct reading *in, const struct field *f, const char *where, struct str *value)
{
    if (!f->secret || !str_starts(*value, STR("@")))
        return true;
    const char *path = str_c(in->s->arena, str_skip(*value, 1));
    if (!read_whole(in->s->arena, path, SECRET_MAX, value)) {
        complain(in, "%s: %s: cannot read %s: %s", where, f->name, path, strerror(errno));
        return false;
    }
    while (value->len && (value->at[value->len - 1] == '\n' || value->at[value->len - 1] == '\r'))
        value->len--;
    return true;
}

static void
set(struct reading *in, const struct field *f, struct str value, const char *where)
{
    struct scope trial = scope_new(in->s->arena, in->s->now);
    if (!secret_value(in, f, where, &value))
        return;
    bool list = f->kind == KIND_TEXTS || f->kind == KIND_UUIDS;
    if (value.len == 0 || list)
        field_clear(f, in->record);
    if (value.len == 0)
        return;
    struct str part;
    if (!list)
        shape_read_text(&trial, f, value, in->record);
    while (list && str_cut(&value, ',', &part))
        shape_read_text(&trial, f, str_trim(part), in->record);
    for (size_t i = 0; i < trial.failure.violation_count; i++) {
        struct str text = fault_text(in->s->arena, &trial.failure.violations[i], LANGUAGE_EN);
        complain(in, "%s: %s " STR_FMT, where, f->name, STR_ARG(text));
    }
}

static void
read_line(struct reading *in, struct str line, const char *where)
{
    struct str key, value = str_trim(line);
    if (value.len == 0 || value.at[0] == '#')
        return;
    str_cut(&value, '=', &key);
    key = str_trim(key);
    const struct field *f = shape_field(in->sh, key);
    if (!value.at)
        complain(in, "%s: expected key = value", where);
    else if (!f)
        complain(in, "%s: unknown key " STR_FMT, where, STR_ARG(str_head(key, 60)));
    else
        set(in, f, str_trim(value), where);
}

static bool
read_file(struct reading *in, const char *file)
{
    struct str rest, line;
    if (!read_whole(in->s->arena, file, FILE_MAX, &rest))
        return fail(in->s, &problem_invalid, "cannot read the configuration %s: %s", file, strerror(errno));
    if (!str_is_utf8(rest))
        return fail(in->s, &problem_invalid, "%s is not UTF-8 text", file);
    for (int number = 1; str_cut(&rest, '\n', &line); number++)
        read_line(in, line, str_c(in->s->arena, str_printf(in->s->arena, "%s:%d", file, number)));
    return true;
}

/* Keys that scripts and tests use to find the program's places; they are no settings. */
static bool
is_others_key(struct str name)
{
    return str_is(name, "YAGURA_CONFIG") || str_is(name, "YAGURA_VAR") || str_is(name, "YAGURA_DATA")
        || str_starts(name, STR("YAGURA_TEST_"));
}

static void
read_variable(struct reading *in, const char *variable)
{
    struct str name, value = str_of(variable);
    const struct str prefix = STR("YAGURA_");
    if (!str_cut(&value, '=', &name) || !str_starts(name, prefix) || is_others_key(name))
        return;
    const char *where = str_c(in->s->arena, name);
    const struct field *f = shape_field(in->sh, str_lower(in->s->arena, str_skip(name, prefix.len)));
    if (!f)
        complain(in, "environment: unknown key %s", where);
    else if (!str_is_utf8(value))
        complain(in, "environment: %s is not UTF-8 text", where);
    else
        set(in, f, value, where);
}

bool
config_read(struct scope *s, const struct shape *sh, const char *file, char *const *environment, void *record)
{
    struct reading in = { .s = s, .sh = sh, .record = record, .complaints = text_new(s->arena, COMPLAINTS_MAX) };
    if (file && !read_file(&in, file))
        return false;
    for (char *const *e = environment; e && *e; e++)
        read_variable(&in, *e);
    for (size_t i = 0; i < sh->count; i++)
        if (sh->fields[i].required && field_is_absent(&sh->fields[i], record))
            complain(&in, "%s is required", sh->fields[i].name);
    return in.complaints.len == 0
        || fail(s, &problem_invalid, "configuration: " STR_FMT, STR_ARG(text_str(&in.complaints)));
}

static void
write_cell(struct text *t, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '|')
            text_add_char(t, '\\');
        text_add_char(t, s.at[i]);
    }
}

static void
write_default(struct text *t, const struct field *f, const void *defaults)
{
    struct text value = text_new(t->arena, COMPLAINTS_MAX);
    if (f->secret || field_is_absent(f, defaults))
        return;
    shape_write_value(&value, f, defaults);
    struct str shown = text_str(&value);
    if (str_starts(shown, STR("\"")))
        shown = str_head(str_skip(shown, 1), shown.len - 2);
    if (shown.len == 0)
        return;
    text_add_char(t, '`');
    write_cell(t, shown);
    text_add_char(t, '`');
}

void
config_write_reference(struct text *t, const struct shape *sh, const void *defaults)
{
    text_add_c(t, "| Key | Environment | Default | Meaning |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < sh->count; i++) {
        const struct field *f = &sh->fields[i];
        text_addf(t, "| `%s` | `YAGURA_", f->name);
        for (const char *c = f->name; *c; c++)
            text_add_char(t, *c >= 'a' && *c <= 'z' ? (char)(*c - 0x20) : *c);
        text_add_c(t, "` | ");
        write_default(t, f, defaults);
        text_add_c(t, " | ");
        write_cell(t, str_of(f->prose));
        if (f->of) {
            text_add_c(t, ". One of: ");
            write_cell(t, domain_words(t->arena, f->of));
        }
        text_add_c(t, f->secret ? ". Secret; `@path` reads it from a file. |\n" : " |\n");
    }
}
