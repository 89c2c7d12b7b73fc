#include "core/net/mime.h"

#include <gmime/gmime.h>

#include "core/base/format.h"
#include "core/net/header_words.h"

const struct problem problem_mime = {
    422, "not-a-mail",
    { "This cannot be sent as a mail.", "この内容はメールとして送信できません。" },
};

static void
unref(void *object)
{
    g_object_unref(object);
}

/* GMime's objects are counted; whatever is made here ends with the arena. */
static void *
kept(struct scope *s, void *object)
{
    arena_defer(s->arena, unref, object);
    return object;
}

static bool
header_is_sound(struct scope *s, const char *what, struct str value)
{
    bool sound = value.len <= MIME_HEADER_MAX && str_is_utf8(value);
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < ' ' || value.at[i] == 127)
            sound = false;
    return sound || fail(s, &problem_mime, "the %s is too long or holds control characters", what);
}

static bool
person_is_sound(struct scope *s, const char *what, const struct mime_person *p)
{
    const char *expected;
    if (format_fault(FORMAT_EMAIL, p->address, &expected) != FAULT_NONE)
        return fail(s, &problem_mime, "the address of the %s is not a mail address", what);
    return header_is_sound(s, what, p->name) && header_is_sound(s, what, p->address);
}

static bool
file_is_sound(struct scope *s, const struct mime_file *f)
{
    return header_is_sound(s, "file name", f->name) && header_is_sound(s, "content type", f->content_type)
        && header_is_sound(s, "content id", f->content_id)
        && (!str_contains(f->name, STR("/")) || fail(s, &problem_mime, "a file name holds a slash"));
}

static bool
mail_is_sound(struct scope *s, const struct mime_mail *m)
{
    size_t bytes = m->text.len + m->html.len;
    for (size_t i = 0; i < m->file_count; i++) {
        if (!file_is_sound(s, &m->files[i]))
            return false;
        bytes += m->files[i].data.len;
    }
    return person_is_sound(s, "sender", &m->from) && person_is_sound(s, "recipient", &m->to)
        && header_is_sound(s, "subject", m->subject) && header_is_sound(s, "address for answers", m->reply_to)
        && header_is_sound(s, "message id", m->message_id)
        && header_is_sound(s, "references", m->references)
        && (bytes <= MIME_MAIL_MAX || fail(s, &problem_mime, "more than 25 MiB"));
}

/* Readable where it is mostly ASCII, short where it is not. */
static GMimeContentEncoding
encoding_for(struct str text)
{
    size_t foreign = 0;
    for (size_t i = 0; i < text.len; i++)
        foreign += (unsigned char)text.at[i] >= 128;
    return foreign * 6 > text.len ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
}

static void
set_content(struct scope *s, GMimePart *part, struct str data, GMimeContentEncoding encoding)
{
    GMimeStream *stream = kept(s, g_mime_stream_mem_new_with_buffer(data.at ? data.at : "", data.len));
    g_mime_part_set_content(part, kept(s, g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT)));
    g_mime_part_set_content_encoding(part, encoding);
}

/* Always named UTF-8: GMime's own text part guesses a charset from the text. */
static GMimeObject *
text_part(struct scope *s, const char *subtype, struct str text)
{
    GMimePart *part = kept(s, g_mime_part_new_with_type("text", subtype));
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    set_content(s, part, text, encoding_for(text));
    return GMIME_OBJECT(part);
}

static GMimeObject *
file_part(struct scope *s, const struct mime_file *f)
{
    struct str subtype = f->content_type, type;
    if (!str_cut(&subtype, '/', &type) || !subtype.len)
        type = STR("application"), subtype = STR("octet-stream");
    GMimePart *part = kept(s, g_mime_part_new_with_type(str_c(s->arena, type), str_c(s->arena, subtype)));
    g_mime_object_set_disposition(GMIME_OBJECT(part), f->content_id.len ? "inline" : "attachment");
    g_mime_part_set_filename(part, str_c(s->arena, f->name));
    if (f->content_id.len)
        g_mime_part_set_content_id(part, str_c(s->arena, f->content_id));
    set_content(s, part, f->data, GMIME_CONTENT_ENCODING_BASE64);
    return GMIME_OBJECT(part);
}

/* `first` alone, or in a multipart of that kind with the files that are (not) shown inside the text. */
static GMimeObject *
with_files(struct scope *s, const char *subtype, GMimeObject *first, const struct mime_mail *m, bool shown)
{
    GMimeMultipart *multipart = NULL;
    for (size_t i = 0; i < m->file_count; i++) {
        if ((m->files[i].content_id.len > 0) != shown)
            continue;
        if (!multipart) {
            multipart = kept(s, g_mime_multipart_new_with_subtype(subtype));
            g_mime_multipart_add(multipart, first);
        }
        g_mime_multipart_add(multipart, file_part(s, &m->files[i]));
    }
    return multipart ? GMIME_OBJECT(multipart) : first;
}

static GMimeObject *
body(struct scope *s, const struct mime_mail *m)
{
    GMimeObject *text = text_part(s, "plain", m->text);
    if (m->html.len) {
        GMimeMultipart *alternative = kept(s, g_mime_multipart_new_with_subtype("alternative"));
        g_mime_multipart_add(alternative, text);
        g_mime_multipart_add(alternative, with_files(s, "related", text_part(s, "html", m->html), m, true));
        text = GMIME_OBJECT(alternative);
    }
    return with_files(s, "mixed", text, m, false);
}

static void
set_header(struct scope *s, GMimeMessage *message, const char *name, struct str value)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    g_mime_header_list_set(headers, name, "", "us-ascii");
    g_mime_header_set_raw_value(g_mime_header_list_get_header(headers, name),
                                str_c(s->arena, str_printf(s->arena, " " STR_FMT "\n", STR_ARG(value))));
}

static void
set_headers(struct scope *s, GMimeMessage *message, const struct mime_mail *m)
{
    struct arena *a = s->arena;
    set_header(s, message, "From", header_person(a, m->from.name, m->from.address, strlen("From: ")));
    set_header(s, message, "To", header_person(a, m->to.name, m->to.address, strlen("To: ")));
    if (m->reply_to.len)
        set_header(s, message, "Reply-To", header_person(a, STR_NONE, m->reply_to, strlen("Reply-To: ")));
    set_header(s, message, "Subject", header_text(a, m->subject, strlen("Subject: ")));
    set_header(s, message, "Message-ID", str_printf(a, "<" STR_FMT ">", STR_ARG(m->message_id)));
    if (m->references.len) {
        struct str thread = str_printf(a, "<" STR_FMT ">", STR_ARG(m->references));
        set_header(s, message, "In-Reply-To", thread);
        set_header(s, message, "References", thread);
    }
    GDateTime *date = g_date_time_new_from_unix_utc(m->date.us / SECONDS(1));
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    if (m->automatic) {
        set_header(s, message, "Auto-Submitted", STR("auto-generated"));
        set_header(s, message, "X-Auto-Response-Suppress", STR("All"));
    }
}

bool
mime_compose(struct scope *s, const struct mime_mail *mail, struct str *out)
{
    if (!mail_is_sound(s, mail))
        return false;
    GMimeMessage *message = kept(s, g_mime_message_new(TRUE));
    set_headers(s, message, mail);
    g_mime_message_set_mime_part(message, body(s, mail));

    GMimeFormatOptions *options = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(options, GMIME_NEWLINE_FORMAT_DOS);
    GMimeStream *stream = kept(s, g_mime_stream_mem_new());
    ssize_t written = g_mime_object_write_to_stream(GMIME_OBJECT(message), options, stream);
    g_mime_format_options_free(options);
    if (written < 0)
        return fail(s, &problem_mime, "GMime could not write the mail");
    GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    *out = str_copy(s->arena, (struct str){ (const char *)bytes->data, bytes->len });
    return true;
}
