/* The mails the service can write, to look at in both languages. */
#include "server/api/routes.h"
#include "model/permission.h"
#include "workflows/mail.h"
#include "workflows/mail_kinds.h"

struct template_row {
    struct str key, title, title_en, title_ja;
    struct str subject_en, subject_ja;
};

static const struct shape template_row_shape = SHAPE(template_row,
    FIELD(template_row, key, "Name of its files", .required = true),
    FIELD(template_row, title, "What it is for, in the caller's language", .required = true),
    FIELD(template_row, title_en, "What it is for, in English", .required = true),
    FIELD(template_row, title_ja, "What it is for, in Japanese", .required = true),
    FIELD(template_row, subject_en, "English subject with example data", .required = true),
    FIELD(template_row, subject_ja, "Japanese subject with example data", .required = true));

struct template_list {
    struct rows items;
};

static const struct shape template_list_shape = SHAPE(template_list,
    FIELD(template_list, items, "Every mail the service can write", .items = &template_row_shape));

struct preview_ask {
    struct str key;
    enum language language;
};

static const struct shape preview_ask_shape = SHAPE(preview_ask,
    FIELD(preview_ask, key, "Name of its files", .max = 60),
    FIELD(preview_ask, language, "Language to show; absent: the caller's", .of = &language_domain));

struct preview {
    struct str key;
    enum language language;
    struct str subject, text, html;
};

static const struct shape preview_shape = SHAPE(preview,
    FIELD(preview, key, "Name of its files"),
    FIELD(preview, language, "Language shown", .of = &language_domain),
    FIELD(preview, subject, "Subject with example data"),
    FIELD(preview, text, "Plain text with example data"),
    FIELD(preview, html, "HTML with example data"));

static bool
list_templates(struct scope *s, const void *in, void *out)
{
    (void)in;
    struct template_row *items = arena_array_of(s->arena, mail_kind_count, struct template_row);
    for (size_t i = 0; i < mail_kind_count; i++) {
        const struct mail_kind *kind = mail_kinds[i];
        struct mail_text en, ja;
        if (!mail_preview(s, kind, LANGUAGE_EN, &en) || !mail_preview(s, kind, LANGUAGE_JA, &ja))
            return false;
        items[i] = (struct template_row){
            .key = str_of(kind->key), .title = str_of(bilingual_in(kind->title, s->language)),
            .title_en = str_of(kind->title.en), .title_ja = str_of(kind->title.ja),
            .subject_en = en.subject, .subject_ja = ja.subject,
        };
    }
    ((struct template_list *)out)->items = (struct rows){ items, mail_kind_count };
    return true;
}

static bool
show_template(struct scope *s, const void *in, void *out)
{
    const struct preview_ask *ask = in;
    const struct mail_kind *kind = mail_kind_named(ask->key);
    enum language language = ask->language ? ask->language : s->language ? s->language : LANGUAGE_EN;
    struct mail_text text;
    if (!kind)
        return fail(s, &problem_not_found, "there is no mail '" STR_FMT "'", STR_ARG(ask->key));
    if (!mail_preview(s, kind, language, &text))
        return false;
    *(struct preview *)out = (struct preview){
        .key = ask->key, .language = language, .subject = text.subject, .text = text.text, .html = text.html,
    };
    return true;
}

static const struct route rows[] = {
    { GET, "/mail-templates", CAN_READ(MAIL), "List the mails the service can write",
      .out = &template_list_shape, .read = list_templates },
    { GET, "/mail-templates/{key}/preview", CAN_READ(MAIL), "Show a mail with example data",
      .in = &preview_ask_shape, .out = &preview_shape, .read = show_template },
};

const struct routes template_routes = ROUTES(rows);
