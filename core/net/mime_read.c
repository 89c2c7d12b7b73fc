#include "core/net/mime_read.h"

#include <gmime/gmime.h>

#include "core/base/format.h"
#include "core/base/text.h"
#include "core/net/html_text.h"
#include "core/net/mime_signs.h"

enum { HEADER_LINES_MAX = 1000 };

static void
unref(void *object)
{
    g_object_unref(object);
}

static void
free_options(void *options)
{
    g_mime_parser_options_free(options);
}

/* ---- before anything is parsed ---- */

/* A parser descends into each part that a header announces. So many announcements, so deep at the most. */
static bool
is_within_bounds(struct scope *s, struct str raw)
{
    static const char announces[] = "content-type";
    size_t count = 0, head = raw.len;
    if (raw.len == 0 || raw.len > MIME_MAIL_MAX)
        return fail(s, &problem_mime, "a mail has between 1 byte and 25 MiB");
    for (size_t at = 0; at < raw.len;) {
        struct str rest = str_skip(raw, at);
        size_t line = str_find(rest, STR("\n"));
        if (head == raw.len && (line == 0 || (line == 1 && rest.at[0] == '\r')))
            head = at;
        count += rest.len >= strlen(announces) && strncasecmp(rest.at, announces, strlen(announces)) == 0;
        at += line + 1;
    }
    if (count > HEADER_LINES_MAX)
        return fail(s, &problem_mime, "more than %d parts", HEADER_LINES_MAX);
    return head <= MIME_HEAD_MAX || fail(s, &problem_mime, "its header is longer than %d bytes", MIME_HEAD_MAX);
}

static GMimeMessage *
parsed(struct scope *s, struct str raw)
{
    static const char *charsets[] = { "utf-8", "iso-2022-jp", "cp932", "iso-8859-1", NULL };
    GMimeParserOptions *options = g_mime_parser_options_new();
    arena_defer(s->arena, free_options, options);
    g_mime_parser_options_set_fallback_charsets(options, charsets);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(raw.at, raw.len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, options);
    g_object_unref(parser);
    g_object_unref(stream);
    if (message)
        arena_defer(s->arena, unref, message);
    return message;
}

/* ---- headers ---- */

static struct str
header_of(GMimeMessage *message, const char *name)
{
    const char *value = g_mime_object_get_header(GMIME_OBJECT(message), name);
    return value ? str_trim(str_of(value)) : STR_NONE;
}

/* One line, for people to read. */
static struct str
one_line(struct arena *a, const char *value, size_t characters)
{
    struct str text = str_trim(mime_text_of(a, str_of(value ? value : ""), STR("utf-8")));
    struct text line = text_new(a, text.len + 1);
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c & 0xC0) != 0x80 && ++count > characters)
            break;
        text_add_char(&line, c == '\n' ? ' ' : (char)c);
    }
    return line.len ? str_trim(text_str(&line)) : STR_NONE;
}

static void
read_sender(struct arena *a, GMimeMessage *message, struct mime_letter *out)
{
    InternetAddressList *all = g_mime_message_get_from(message);
    if (!all || internet_address_list_length(all) != 1)
        return;
    InternetAddress *one = internet_address_list_get_address(all, 0);
    const char *expected, *address =
        INTERNET_ADDRESS_IS_MAILBOX(one) ? internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one)) : NULL;
    struct str lower = str_lower(a, str_of(address ? address : ""));
    if (format_fault(FORMAT_EMAIL, lower, &expected) != FAULT_NONE)
        return;
    out->from = lower;
    out->from_name = one_line(a, internet_address_get_name(one), 100);
}

static bool
is_id(struct str id)
{
    bool sound = id.len > 0 && id.len <= MIME_ID_MAX;
    for (size_t i = 0; sound && i < id.len; i++)
        sound = id.at[i] > ' ' && id.at[i] < 127;
    return sound;
}

/* In-Reply-To names what is answered; References end with it and go back to the beginning. */
static void
read_references(struct arena *a, GMimeMessage *message, struct mime_letter *out)
{
    static const char *const names[] = { "In-Reply-To", "References" };
    out->references.items = arena_array_of(a, MIME_REFERENCES_MAX, struct str);
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        struct str value = header_of(message, names[n]);
        if (!value.at)
            continue;
        GMimeReferences *found = g_mime_references_parse(NULL, str_c(a, value));
        for (int i = g_mime_references_length(found); i-- > 0 && out->references.count < MIME_REFERENCES_MAX;) {
            const char *id = g_mime_references_get_message_id(found, i);
            if (id && is_id(str_of(id)))
                out->references.items[out->references.count++] = str_copy(a, str_of(id));
        }
        g_mime_references_free(found);
    }
}

static void
read_headers(struct arena *a, GMimeMessage *message, struct mime_letter *out)
{
    const char *id = g_mime_message_get_message_id(message);
    if (id && is_id(str_of(id)))
        out->message_id = str_copy(a, str_of(id));
    out->subject = one_line(a, g_mime_message_get_subject(message), MIME_SUBJECT_MAX);
    read_sender(a, message, out);
    read_references(a, message, out);
    GMimeContentType *type = g_mime_object_get_content_type(g_mime_message_get_mime_part(message));
    const struct mime_signs signs = {
        .subject = out->subject, .submitted = header_of(message, "Auto-Submitted"),
        .precedence = header_of(message, "Precedence"), .return_path = header_of(message, "Return-Path"),
        .autoreply = header_of(message, "X-Autoreply"), .autorespond = header_of(message, "X-Autorespond"),
        .report = type && g_mime_content_type_is_type(type, "multipart", "report"),
    };
    out->automatic = mime_automatic(&signs);
}

/* ---- parts ---- */

struct walk {
    struct scope *s;
    struct mime_letter *out;
    struct text text;
    size_t parts;
};

static struct str
content_of(struct scope *s, GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content)
        return STR("");
    GMimeStream *stream = g_mime_stream_mem_new();
    arena_defer(s->arena, unref, stream);
    if (g_mime_data_wrapper_write_to_stream(content, stream) < 0)
        return STR("");
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    return (struct str){ bytes->len ? (const char *)bytes->data : "", bytes->len };
}

static struct str
type_of(struct arena *a, GMimeObject *part)
{
    GMimeContentType *type = g_mime_object_get_content_type(part);
    char *text = type ? g_mime_content_type_get_mime_type(type) : NULL;
    struct str copied = one_line(a, text ? text : "application/octet-stream", 100);
    g_free(text);
    return copied;
}

static void
add_file(struct walk *w, GMimeObject *part, const char *name, struct str data)
{
    struct mime_letter *out = w->out;
    struct arena *a = w->s->arena;
    if (out->file_count == MIME_FILES_MAX) {
        out->cut = true;
        return;
    }
    struct str called = one_line(a, name, MIME_SUBJECT_MAX), type = type_of(a, part);
    if (!called.len)
        called = str_printf(a, "%s-%zu", GMIME_IS_MESSAGE_PART(part) ? "mail" : "file", out->file_count + 1);
    if (GMIME_IS_MESSAGE_PART(part) && !str_ends(called, STR(".eml")))
        called = str_printf(a, STR_FMT ".eml", STR_ARG(called));
    out->files[out->file_count++] = (struct mime_file){ .name = called, .content_type = type, .data = data };
}

static bool
is_text(GMimeObject *part, const char *subtype)
{
    const char *disposition = g_mime_object_get_disposition(part);
    return GMIME_IS_PART(part) && g_mime_content_type_is_type(g_mime_object_get_content_type(part), "text", subtype)
        && !(disposition && strcasecmp(disposition, "attachment") == 0)
        && !g_mime_part_get_filename(GMIME_PART(part));
}

static void
add_text(struct walk *w, GMimeObject *part)
{
    struct arena *a = w->s->arena;
    const char *charset = g_mime_content_type_get_parameter(g_mime_object_get_content_type(part), "charset");
    struct str bytes = content_of(w->s, GMIME_PART(part));
    struct str text = mime_text_of(a, bytes, str_of(charset ? charset : ""));
    w->out->cut = w->out->cut || bytes.len > MIME_TEXT_MAX;
    if (is_text(part, "html"))
        text = html_text(a, text, MIME_TEXT_MAX);
    if (w->text.len && text.len)
        text_add_c(&w->text, "\n\n");
    text_add(&w->text, text);
    w->out->cut = w->out->cut || w->text.full;
}

static void walk(struct walk *w, GMimeObject *part, int depth);

/* Of the forms of one text the plain one, else the page of HTML with what belongs to it. The others are left out: they
 * say the same. What is no text at all, an invitation to a meeting, comes along. */
static void
walk_alternatives(struct walk *w, GMimeMultipart *all, int depth)
{
    int count = g_mime_multipart_get_count(all), chosen = -1;
    for (int i = 0; i < count && chosen < 0; i++)
        if (is_text(g_mime_multipart_get_part(all, i), "plain"))
            chosen = i;
    for (int i = count; i-- > 0 && chosen < 0;)
        if (is_text(g_mime_multipart_get_part(all, i), "html") || GMIME_IS_MULTIPART(g_mime_multipart_get_part(all, i)))
            chosen = i;
    for (int i = 0; i < count; i++) {
        GMimeObject *part = g_mime_multipart_get_part(all, i);
        if (i == chosen || !(is_text(part, "*") || GMIME_IS_MULTIPART(part)))
            walk(w, part, depth + 1);
    }
}

static void
walk_message(struct walk *w, GMimeObject *part)
{
    GMimeMessage *inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
    GMimeStream *stream = g_mime_stream_mem_new();
    arena_defer(w->s->arena, unref, stream);
    if (!inner || g_mime_object_write_to_stream(GMIME_OBJECT(inner), NULL, stream) < 0)
        return;
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    add_file(w, part, g_mime_message_get_subject(inner),
             (struct str){ bytes->len ? (const char *)bytes->data : "", bytes->len });
}

static void
walk(struct walk *w, GMimeObject *part, int depth)
{
    if (!part || depth > MIME_DEPTH_MAX || ++w->parts > MIME_PARTS_MAX) {
        w->out->cut = true;
    } else if (GMIME_IS_MULTIPART(part)) {
        GMimeMultipart *all = GMIME_MULTIPART(part);
        if (g_mime_content_type_is_type(g_mime_object_get_content_type(part), "multipart", "alternative")) {
            walk_alternatives(w, all, depth);
            return;
        }
        for (int i = 0; i < g_mime_multipart_get_count(all) && i < MIME_PARTS_MAX; i++)
            walk(w, g_mime_multipart_get_part(all, i), depth + 1);
    } else if (GMIME_IS_MESSAGE_PART(part)) {
        walk_message(w, part);
    } else if (is_text(part, "plain") || is_text(part, "html")) {
        add_text(w, part);
    } else if (GMIME_IS_PART(part)) {
        add_file(w, part, g_mime_part_get_filename(GMIME_PART(part)), content_of(w->s, GMIME_PART(part)));
    }
}

bool
mime_read(struct scope *s, struct str raw, struct mime_letter *out)
{
    *out = (struct mime_letter){ .files = arena_array_of(s->arena, MIME_FILES_MAX, struct mime_file) };
    if (!is_within_bounds(s, raw))
        return false;
    GMimeMessage *message = parsed(s, raw);
    GMimeObject *body = message ? g_mime_message_get_mime_part(message) : NULL;
    if (!body)
        return fail(s, &problem_mime, "this is no mail");
    struct walk w = { .s = s, .out = out, .text = text_new(s->arena, MIME_TEXT_MAX) };
    read_headers(s->arena, message, out);
    walk(&w, body, 0);
    out->text = str_trim(text_str(&w.text));
    return true;
}
