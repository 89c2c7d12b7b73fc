#include "server/http/portal.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/crypto.h"
#include "core/base/log.h"
#include "server/http/etag.h"
#include "server/http/parts.h"
#include "server/http/reply.h"
#include "server/http/url.h"

enum { FILES_MAX = 4096, DEPTH_MAX = 8, TAG_BYTES = 12 };
enum { FILE_BYTES_MAX = 8 * 1024 * 1024, ALL_BYTES_MAX = 32 * 1024 * 1024 };

struct file {
    struct str path; /* begins with a slash */
    struct str plain, gzip, brotli;
    struct str tag;
    const char *content_type;
    bool is_immutable, is_document;
};

struct portal {
    struct file *files;
    size_t count, bytes;
    const struct file *index;
};

static const struct {
    const char *ending, *content_type;
} content_types[] = {
    { ".html", "text/html; charset=utf-8" },
    { ".js", "text/javascript; charset=utf-8" },
    { ".css", "text/css; charset=utf-8" },
    { ".json", "application/json" },
    { ".webmanifest", "application/manifest+json" },
    { ".svg", "image/svg+xml" },
    { ".png", "image/png" },
    { ".ico", "image/x-icon" },
    { ".webp", "image/webp" },
    { ".woff2", "font/woff2" },
    { ".txt", "text/plain; charset=utf-8" },
    { ".wasm", "application/wasm" },
};

static const char *
content_type_of(struct str path)
{
    for (size_t i = 0; i < COUNT_OF(content_types); i++)
        if (str_ends(path, str_of(content_types[i].ending)))
            return content_types[i].content_type;
    return "application/octet-stream";
}

static void
close_file(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool
read_file(struct scope *s, struct portal *p, const char *name, struct str *out)
{
    scoped(close_file) int fd = open(name, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0)
        return fail(s, &problem_internal, "%s cannot be read", name);
    if (status.st_size > FILE_BYTES_MAX || p->bytes + (size_t)status.st_size > ALL_BYTES_MAX)
        return fail(s, &problem_internal, "%s: the portal is larger than this server holds", name);
    size_t length = (size_t)status.st_size, done = 0;
    char *bytes = arena_alloc(s->arena, length + 1);
    while (done < length) {
        ssize_t got = read(fd, bytes + done, length - done);
        if (got <= 0)
            return fail(s, &problem_internal, "%s cannot be read", name);
        done += (size_t)got;
    }
    p->bytes += length;
    *out = (struct str){ bytes, length };
    return true;
}

static struct file *
find_file(const struct portal *p, struct str path)
{
    for (size_t i = 0; i < p->count; i++)
        if (str_eq(p->files[i].path, path))
            return &p->files[i];
    return NULL;
}

static bool
add_file(struct scope *s, struct portal *p, struct str path, const char *name)
{
    struct str own = path;
    bool is_gzip = str_ends(path, STR(".gz")), is_brotli = str_ends(path, STR(".br"));
    if (is_gzip || is_brotli)
        own.len -= 3;
    struct file *f = find_file(p, own);
    if (!f) {
        if (p->count == FILES_MAX)
            return fail(s, &problem_internal, "the portal has more than %d files", FILES_MAX);
        f = &p->files[p->count++];
        f->path = own;
        f->content_type = content_type_of(own);
        f->is_immutable = str_starts(own, STR("/assets/"));
        f->is_document = str_ends(own, STR(".html"));
    }
    return read_file(s, p, name, is_gzip ? &f->gzip : is_brotli ? &f->brotli : &f->plain);
}

static void
close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static bool
read_folder(struct scope *s, struct portal *p, struct str folder, struct str prefix, int depth)
{
    scoped(close_folder) DIR *d = opendir(str_c(s->arena, folder));
    if (!d)
        return fail(s, &problem_internal, STR_FMT " cannot be opened", STR_ARG(folder));
    for (struct dirent *e; (e = readdir(d));) {
        struct stat status;
        if (e->d_name[0] == '.')
            continue;
        struct str name = str_printf(s->arena, STR_FMT "/%s", STR_ARG(folder), e->d_name);
        struct str path = str_printf(s->arena, STR_FMT "/%s", STR_ARG(prefix), e->d_name);
        if (stat(name.at, &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX && !read_folder(s, p, name, path, depth + 1))
            return false;
        if (S_ISREG(status.st_mode) && !add_file(s, p, path, name.at))
            return false;
    }
    return true;
}

bool
portal_read(struct scope *s, struct str folder, struct portal **out)
{
    struct portal *p = arena_new_of(s->arena, struct portal);
    p->files = arena_array_of(s->arena, FILES_MAX, struct file);
    *out = p;
    if (!folder.len || access(str_c(s->arena, folder), R_OK) != 0) {
        log_warn(s, "portal.missing", "no portal in '" STR_FMT "': only the API is served", STR_ARG(folder));
        return true;
    }
    if (!read_folder(s, p, folder, STR(""), 0))
        return false;
    for (size_t i = 0; i < p->count; i++) {
        struct bytes hash = sha256_of(s->arena, p->files[i].plain);
        hash.raw = str_head(hash.raw, TAG_BYTES);
        p->files[i].tag = str_printf(s->arena, "\"" STR_FMT "\"", STR_ARG(base64url_of(s->arena, hash)));
    }
    p->index = find_file(p, STR("/index.html"));
    return true;
}

static bool
has_digit_above_zero(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.at[i] >= '1' && s.at[i] <= '9')
            return true;
    return false;
}

bool
encoding_is_welcome(struct str accept, const char *coding)
{
    struct str one, name;
    while (str_cut(&accept, ',', &one)) {
        struct str parameters = str_trim(one);
        if (!str_cut(&parameters, ';', &name) || !str_eq_nocase(str_trim(name), str_of(coding)))
            continue;
        struct str weight = str_trim(parameters);
        return !str_starts(weight, STR("q=0")) || has_digit_above_zero(str_skip(weight, 3));
    }
    return false;
}

/* /tickets/42 is a page of the portal's router; /assets/gone.js and /robots.txt are files that do not exist. */
static bool
looks_like_page(struct str path)
{
    struct str rest = path, part, last = STR("");
    while (str_cut(&rest, '/', &part))
        last = part;
    return !str_contains(last, STR(".")) && !str_starts(path, STR("/assets/")) && !str_starts(path, STR("/api/"))
        && !str_is(path, "/api");
}

static bool
decode_path(struct exchange *x, struct str *out)
{
    struct text t = text_new(x->arena, x->path.len + 1);
    struct str rest = x->path, raw, part;
    if (!str_starts(rest, STR("/")))
        return false;
    rest = str_skip(rest, 1);
    while (str_cut(&rest, '/', &raw)) {
        if (!url_segment(x->arena, raw, &part))
            return false;
        text_add_char(&t, '/');
        text_add(&t, part);
    }
    *out = text_str(&t);
    return !t.full;
}

static void
send_file(struct exchange *x, const struct file *f)
{
    struct scope *s = &x->scope;
    struct str accept = exchange_header(x, "Accept-Encoding");
    reply_body(s, f->content_type, f->plain);
    if (f->brotli.at && encoding_is_welcome(accept, "br")) {
        x->reply.encoding = "br";
        x->reply.body = f->brotli;
    } else if (f->gzip.at && encoding_is_welcome(accept, "gzip")) {
        x->reply.encoding = "gzip";
        x->reply.body = f->gzip;
    }
    reply_status(s, 200);
    x->reply.cacheable = true;
    x->reply.is_document = f->is_document;
    reply_header(s, "Cache-Control", f->is_immutable ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
    reply_header(s, "ETag", f->tag);
    if (f->brotli.at || f->gzip.at)
        reply_header(s, "Vary", STR("Accept-Encoding"));
    if (etag_matches(x))
        etag_not_modified(x);
    exchange_send(x);
}

bool
portal_answer(struct exchange *x)
{
    struct str path;
    if (!decode_path(x, &path))
        return fail(&x->scope, &problem_malformed, "the path cannot be read");
    const struct portal *p = x->http->portal;
    const struct file *f = find_file(p, path);
    if (!f && looks_like_page(path))
        f = p->index;
    if (!f || !f->plain.at)
        return fail(&x->scope, &problem_not_found, "there is no such page");
    send_file(x, f);
    return true;
}
