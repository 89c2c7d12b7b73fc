#include "core/net/multipart.h"

enum { BOUNDARY_MAX = 70, MARK_MAX = BOUNDARY_MAX + 4, PARAMETER_MAX = 1024 };

enum stage { STAGE_DATA, STAGE_AFTER_MARK, STAGE_HEAD, STAGE_OVER };

struct multipart {
    enum stage stage;
    char mark[MARK_MAX]; /* CR LF, two hyphens, the boundary: a CR stands at its beginning alone */
    size_t mark_bytes, matched;
    bool is_open;        /* a part has begun: before the first one there is no data */
    int parts;
    char after[2];       /* what follows a mark: CR LF, or two hyphens */
    size_t after_bytes;
    char head[MULTIPART_HEAD_MAX];
    size_t head_bytes;
};

static bool
malformed(struct scope *s, const char *why)
{
    return fail(s, &problem_malformed, "multipart: %s", why);
}

/* ---- parameters of a header: name=token; name="text" ---- */

static bool
is_token_char(char c)
{
    return c > ' ' && c < 0x7F && !strchr("()<>@,;:\\\"/[]?=", c);
}

/* Some send a backslash of a path as it is: it stands for itself unless a quote or another one follows. */
static bool
cut_quoted(struct str *rest, char *out, size_t *length)
{
    size_t i = 1;
    for (*length = 0; i < rest->len && rest->at[i] != '"'; i++) {
        if (rest->at[i] == '\\' && i + 1 < rest->len && (rest->at[i + 1] == '"' || rest->at[i + 1] == '\\'))
            i++;
        if (*length == PARAMETER_MAX)
            return false;
        out[(*length)++] = rest->at[i];
    }
    if (i >= rest->len)
        return false;
    *rest = str_skip(*rest, i + 1);
    return true;
}

static bool
cut_token(struct str *rest, char *out, size_t *length)
{
    size_t i = 0;
    while (i < rest->len && i < PARAMETER_MAX && is_token_char(rest->at[i]))
        i++;
    memcpy(out, rest->at, i);
    *length = i;
    *rest = str_skip(*rest, i);
    return i > 0;
}

/* Cuts "; name=value"; *more is false when nothing is left. */
static bool
cut_parameter(struct str *rest, struct str *name, char value[PARAMETER_MAX], size_t *length, bool *more)
{
    *rest = str_trim(*rest);
    *more = rest->len > 0;
    if (!*more)
        return true;
    if (rest->at[0] != ';')
        return false;
    *rest = str_trim(str_skip(*rest, 1));
    if (!rest->len) { /* a semicolon at the end */
        *more = false;
        return true;
    }
    size_t end = 0;
    while (end < rest->len && (is_token_char(rest->at[end]) || rest->at[end] == '*'))
        end++;
    *name = str_head(*rest, end);
    if (end == 0 || end == rest->len || rest->at[end] != '=')
        return false;
    *rest = str_skip(*rest, end + 1);
    return rest->len && rest->at[0] == '"' ? cut_quoted(rest, value, length) : cut_token(rest, value, length);
}

/* Splits "form-data; name=…" at its first semicolon. */
static struct str
cut_essence(struct str *header)
{
    size_t end = 0;
    while (end < header->len && header->at[end] != ';')
        end++;
    struct str essence = str_trim(str_head(*header, end));
    *header = str_skip(*header, end);
    return essence;
}

static bool
is_boundary(struct str b)
{
    for (size_t i = 0; i < b.len; i++)
        if (b.at[i] < ' ' || b.at[i] == 0x7F)
            return false;
    return b.len > 0 && b.len <= BOUNDARY_MAX && b.at[b.len - 1] != ' ';
}

bool
multipart_new(struct scope *s, struct str content_type, struct multipart **out)
{
    struct str rest = content_type, name, boundary = STR_NONE;
    char *value = arena_alloc(s->arena, PARAMETER_MAX);
    size_t length;
    bool more = true;
    if (!content_type.at || !str_eq_nocase(cut_essence(&rest), STR("multipart/form-data")))
        return malformed(s, "Content-Type is not multipart/form-data");
    while (more) {
        if (!cut_parameter(&rest, &name, value, &length, &more))
            return malformed(s, "Content-Type cannot be read");
        if (!more || !str_eq_nocase(name, STR("boundary")))
            continue;
        if (boundary.at)
            return malformed(s, "two boundaries");
        boundary = str_copy(s->arena, (struct str){ value, length });
    }
    if (!boundary.at || !is_boundary(boundary))
        return malformed(s, "there is no boundary of 1 to 70 characters");
    struct multipart *m = arena_new_of(s->arena, struct multipart);
    memcpy(m->mark, "\r\n--", 4);
    memcpy(m->mark + 4, boundary.at, boundary.len);
    m->mark_bytes = boundary.len + 4;
    m->matched = 2; /* the first mark needs no line before it */
    *out = m;
    return true;
}

/* ---- the head of a part ---- */

static bool
read_disposition(struct scope *s, struct str value, struct multipart_part *part)
{
    char *text = arena_alloc(s->arena, PARAMETER_MAX);
    struct str name;
    size_t length;
    bool more = true;
    if (part->name.at || !str_eq_nocase(cut_essence(&value), STR("form-data")))
        return malformed(s, "a part is not form-data, once");
    while (more) {
        if (!cut_parameter(&value, &name, text, &length, &more))
            return malformed(s, "Content-Disposition cannot be read");
        struct str *to = !more ? NULL : str_eq_nocase(name, STR("name")) ? &part->name
                       : str_eq_nocase(name, STR("filename")) ? &part->file_name : NULL;
        if (to && to->at)
            return malformed(s, "a parameter stands twice");
        if (to)
            *to = str_copy(s->arena, (struct str){ text, length });
    }
    return part->name.len || malformed(s, "a part has no name");
}

static bool
read_line(struct scope *s, struct str line, struct multipart_part *part)
{
    struct str value = line, name;
    if (!str_contains(line, STR(":")) || !str_cut(&value, ':', &name) || name.len == 0 || name.at[0] == ' '
        || name.at[0] == '\t')
        return malformed(s, "a line of a part's head cannot be read");
    value = str_trim(value);
    if (str_eq_nocase(name, STR("Content-Disposition")))
        return read_disposition(s, value, part);
    if (str_eq_nocase(name, STR("Content-Transfer-Encoding")) && !str_eq_nocase(value, STR("binary"))
        && !str_eq_nocase(value, STR("8bit")) && !str_eq_nocase(value, STR("7bit")))
        return malformed(s, "parts are sent as they are");
    if (str_eq_nocase(name, STR("Content-Type")))
        part->content_type = str_copy(s->arena, str_head(value, PARAMETER_MAX));
    return true;
}

static bool
read_head(struct scope *s, struct multipart *m, const struct multipart_taker *taker)
{
    struct str rest = { m->head, m->head_bytes };
    struct multipart_part part = { .name = STR_NONE };
    while (rest.len) {
        size_t end = str_find(rest, STR("\r\n"));
        struct str line = str_head(rest, end);
        rest = str_skip(rest, end + 2);
        if (line.len && !read_line(s, line, &part))
            return false;
    }
    if (!part.name.at)
        return malformed(s, "a part has no Content-Disposition");
    if (++m->parts > MULTIPART_PARTS_MAX)
        return malformed(s, "too many parts");
    m->is_open = true;
    m->stage = STAGE_DATA;
    m->head_bytes = 0;
    return taker->part(s, taker->taker, &part);
}

static bool
head_is_whole(const struct multipart *m)
{
    struct str head = { m->head, m->head_bytes };
    return str_ends(head, STR("\r\n\r\n")) || str_is(head, "\r\n");
}

static bool
take_head(struct scope *s, struct multipart *m, struct str *piece, const struct multipart_taker *taker)
{
    while (piece->len) {
        if (m->head_bytes == MULTIPART_HEAD_MAX)
            return malformed(s, "the head of a part is too long");
        m->head[m->head_bytes++] = piece->at[0];
        *piece = str_skip(*piece, 1);
        if (head_is_whole(m))
            return read_head(s, m, taker);
    }
    return true;
}

/* ---- content ---- */

static bool
give(struct scope *s, const struct multipart *m, struct str data, const struct multipart_taker *taker)
{
    if (data.len == 0)
        return true;
    return m->is_open ? taker->data(s, taker->taker, data) : malformed(s, "it does not begin with its boundary");
}

/* What looked like the mark and was not is data after all. */
static bool
give_matched(struct scope *s, struct multipart *m, const struct multipart_taker *taker)
{
    struct str held = { m->mark, m->matched };
    m->matched = 0;
    return give(s, m, held, taker);
}

static bool
take_data(struct scope *s, struct multipart *m, struct str *piece, const struct multipart_taker *taker)
{
    while (piece->len && m->stage == STAGE_DATA) {
        if (m->matched == 0) {
            const char *mark = memchr(piece->at, '\r', piece->len);
            size_t plain = mark ? (size_t)(mark - piece->at) : piece->len;
            if (!give(s, m, str_head(*piece, plain), taker))
                return false;
            *piece = str_skip(*piece, plain);
            if (!piece->len)
                break;
        }
        if (piece->at[0] != m->mark[m->matched]) {
            if (!give_matched(s, m, taker))
                return false;
            continue;
        }
        *piece = str_skip(*piece, 1);
        if (++m->matched == m->mark_bytes) {
            m->stage = STAGE_AFTER_MARK;
            m->matched = m->after_bytes = 0;
        }
    }
    return true;
}

static bool
take_after_mark(struct scope *s, struct multipart *m, struct str *piece)
{
    while (piece->len && m->after_bytes < sizeof m->after) {
        m->after[m->after_bytes++] = piece->at[0];
        *piece = str_skip(*piece, 1);
    }
    if (m->after_bytes < sizeof m->after)
        return true;
    bool ends = memcmp(m->after, "--", 2) == 0;
    if (!ends && memcmp(m->after, "\r\n", 2) != 0)
        return malformed(s, "a boundary is followed by something else");
    m->stage = ends ? STAGE_OVER : STAGE_HEAD;
    m->after_bytes = 0;
    return true;
}

/* A line may end behind the last boundary, and that is all. */
static bool
take_rest(struct scope *s, struct multipart *m, struct str *piece)
{
    while (piece->len && m->after_bytes < 2 && piece->at[0] == "\r\n"[m->after_bytes]) {
        m->after_bytes++;
        *piece = str_skip(*piece, 1);
    }
    return piece->len == 0 || malformed(s, "something follows the last boundary");
}

bool
multipart_feed(struct scope *s, struct multipart *m, struct str piece, const struct multipart_taker *taker)
{
    bool good = true;
    while (good && piece.len)
        switch (m->stage) {
        case STAGE_DATA:
            good = take_data(s, m, &piece, taker);
            break;
        case STAGE_AFTER_MARK:
            good = take_after_mark(s, m, &piece);
            break;
        case STAGE_HEAD:
            good = take_head(s, m, &piece, taker);
            break;
        case STAGE_OVER:
            good = take_rest(s, m, &piece);
        }
    return good;
}

bool
multipart_end(struct scope *s, const struct multipart *m)
{
    return m->stage == STAGE_OVER || malformed(s, "it ends before its last boundary");
}
