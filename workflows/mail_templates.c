#include "workflows/mail_templates.h"

#include <dirent.h>
#include <errno.h>

#include "workflows/mail_kinds.h"

enum { LANGUAGE_COUNT = LANGUAGE_EN + 1, PARTIALS_MAX = 100, TEXT_MAX = 512 * 1024, SLOT_MAX = 2000 };

/* Written before the parts, and usable in them; the last of them only where the file gives it. */
enum slot { SLOT_SUBJECT, SLOT_HEADING, SLOT_PREVIEW, SLOT_ACTION, SLOT_COUNT };
static const char *const slot_names[SLOT_COUNT] = { "subject", "heading", "preview", "action" };
static const char *const common_names[] = { "hub_name", "public_url", "recipient_name", "recipient_address",
                                            "answers_to", "language" };

struct mail_template {
    struct str file;
    const struct mustache *slots[SLOT_COUNT];
    const struct mustache *text, *html;
};

struct mail_templates {
    struct mail_template *of[LANGUAGE_COUNT]; /* by the index of the kind */
    struct mustache_set partials[LANGUAGE_COUNT];
};

static bool
read_file(struct scope *s, struct str path, struct str *out)
{
    FILE *f = fopen(str_c(s->arena, path), "rbe");
    if (!f)
        return fail(s, &problem_template, STR_FMT ": %s", STR_ARG(path), strerror(errno));
    char *bytes = arena_alloc(s->arena, MUSTACHE_SOURCE_MAX + 1);
    size_t got = fread(bytes, 1, MUSTACHE_SOURCE_MAX + 1, f);
    bool sound = !ferror(f) && got <= MUSTACHE_SOURCE_MAX;
    fclose(f);
    *out = str_copy(s->arena, (struct str){ bytes, got });
    return sound || fail(s, &problem_template, STR_FMT ": cannot be read, or is larger than 256 KiB", STR_ARG(path));
}

/* ---- partials ---- */

static void
close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static bool
add_partial(struct scope *s, struct str folder, struct str file_name, const struct mustache **items, size_t *count)
{
    struct str path = str_printf(s->arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(file_name)), text;
    struct str name = str_head(file_name, file_name.len - strlen(".mustache"));
    if (*count == PARTIALS_MAX)
        return fail(s, &problem_template, STR_FMT ": more than 100 partials", STR_ARG(folder));
    if (!read_file(s, path, &text) || !mustache_parse(s, name, path, 1, text, &items[*count]))
        return false;
    ++*count;
    return true;
}

static bool
add_partials(struct scope *s, struct str folder, const struct mustache **items, size_t *count)
{
    scoped(close_folder) DIR *listing = opendir(str_c(s->arena, folder));
    if (!listing)
        return fail(s, &problem_template, STR_FMT ": %s", STR_ARG(folder), strerror(errno));
    for (struct dirent *entry; (entry = readdir(listing));) {
        struct str name = str_copy(s->arena, str_of(entry->d_name));
        if (str_starts(name, STR("_")) && str_ends(name, STR(".mustache"))
            && !add_partial(s, folder, name, items, count))
            return false;
    }
    return true;
}

static bool
load_partials(struct scope *s, struct str folder, enum language language, struct mustache_set *out)
{
    const struct mustache **items = arena_array_of(s->arena, PARTIALS_MAX, const struct mustache *);
    struct str own = str_printf(s->arena, STR_FMT "/" STR_FMT, STR_ARG(folder),
                                STR_ARG(domain_label(&language_domain, (int)language)));
    size_t count = 0;
    if (!add_partials(s, folder, items, &count) || !add_partials(s, own, items, &count))
        return false;
    *out = (struct mustache_set){ items, count };
    return true;
}

/* ---- one file ---- */

static bool
parse_slot(struct scope *s, struct mail_template *t, struct str line, int number)
{
    struct str key;
    if (str_cut(&line, ':', &key))
        for (size_t i = 0; i < SLOT_COUNT; i++)
            if (str_is(key, slot_names[i]) && !t->slots[i] && line.at)
                return mustache_parse(s, key, t->file, number, str_trim(line), &t->slots[i]);
    return fail(s, &problem_template, STR_FMT ":%d: one of subject, heading, preview or action is expected, once",
                STR_ARG(t->file), number);
}

static int
lines_of(struct str text)
{
    int lines = 0;
    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    return lines;
}

static bool
parse_file(struct scope *s, struct str source, struct mail_template *t)
{
    static const char text_mark[] = "--- text\n", html_mark[] = "\n--- html\n";
    size_t text_at = str_find(source, str_of(text_mark)), html_at = str_find(source, str_of(html_mark));
    if (html_at == source.len || text_at > html_at)
        return fail(s, &problem_template, STR_FMT ": needs a line '--- text' and, after it, a line '--- html'",
                    STR_ARG(t->file));
    struct str front = str_head(source, text_at), line;
    for (int number = 1; front.len && str_cut(&front, '\n', &line); number++)
        if (!parse_slot(s, t, line, number))
            return false;
    for (size_t i = 0; i < SLOT_ACTION; i++)
        if (!t->slots[i])
            return fail(s, &problem_template, STR_FMT ": there is no %s", STR_ARG(t->file), slot_names[i]);
    struct str text = str_skip(str_head(source, html_at + 1), text_at + strlen(text_mark));
    struct str html = str_skip(source, html_at + strlen(html_mark));
    return mustache_parse(s, STR("text"), t->file, lines_of(str_head(source, text_at)) + 2, text, &t->text)
        && mustache_parse(s, STR("html"), t->file, lines_of(str_head(source, html_at)) + 3, html, &t->html);
}

/* ---- do the templates name only what there will be? ---- */

struct inspection {
    const struct mail_template *template;
    bool slots; /* may they be used here? */
    const struct shape *inside[MUSTACHE_DEPTH_MAX * 2]; /* what the open sections bring; NULL: nothing new */
    bool text_item[MUSTACHE_DEPTH_MAX * 2];             /* {{.}} is a text here */
    size_t depth;
};

static const struct field *
find_field(const struct inspection *in, struct str name)
{
    for (size_t i = in->depth; i-- > 0;) {
        const struct field *f = in->inside[i] ? shape_field(in->inside[i], name) : NULL;
        if (f)
            return f;
    }
    return NULL;
}

static bool
is_common(const struct inspection *in, struct str name)
{
    for (size_t i = 0; i < COUNT_OF(common_names); i++)
        if (str_is(name, common_names[i]))
            return true;
    for (size_t i = 0; in->slots && i < SLOT_COUNT; i++)
        if (str_is(name, slot_names[i]))
            return in->template->slots[i] != NULL;
    return false;
}

static bool
is_readable(const struct field *f)
{
    return f->kind != KIND_REAL && f->kind != KIND_UUID && f->kind != KIND_UUIDS && f->kind != KIND_JSON
        && f->kind != KIND_BYTES;
}

static bool
inspect(struct scope *s, void *self, enum mustache_use use, struct str name, struct str file, int line)
{
    struct inspection *in = self;
    const struct field *f = find_field(in, name);
    bool list = f && (f->kind == KIND_ROWS || f->kind == KIND_TEXTS);
    bool item = str_is(name, ".") && in->text_item[in->depth - 1];
    if (use == MUSTACHE_CLOSE) {
        in->depth -= in->depth > 1;
        return true;
    }
    if (!(f && is_readable(f)) && !is_common(in, name) && !item)
        return fail(s, &problem_template, STR_FMT ":%d: this mail has no '" STR_FMT "'", STR_ARG(file), line,
                    STR_ARG(name));
    if (use == MUSTACHE_VARIABLE)
        return !list || fail(s, &problem_template, STR_FMT ":%d: '" STR_FMT "' is a list", STR_ARG(file), line,
                             STR_ARG(name));
    if (in->depth == COUNT_OF(in->inside))
        return fail(s, &problem_template, STR_FMT ":%d: nested too deeply", STR_ARG(file), line);
    in->text_item[in->depth] = use == MUSTACHE_SECTION && f && f->kind == KIND_TEXTS;
    in->inside[in->depth++] = use == MUSTACHE_SECTION && f && f->kind == KIND_ROWS ? f->items : NULL;
    return true;
}

static bool
check_part(struct scope *s, const struct mail_kind *kind, const struct mail_template *t, const struct mustache *part,
           bool slots, const struct mustache_set *partials)
{
    struct inspection in = { .template = t, .slots = slots, .inside = { kind->data }, .depth = 1 };
    return !part || mustache_walk(s, part, partials, &(struct mustache_visitor){ inspect, &in });
}

static bool
load_template(struct scope *s, struct str folder, enum language language, const struct mail_kind *kind,
              const struct mustache_set *partials, struct mail_template *t)
{
    struct str source;
    t->file = str_printf(s->arena, STR_FMT "/" STR_FMT "/%s.mustache", STR_ARG(folder),
                         STR_ARG(domain_label(&language_domain, (int)language)), kind->key);
    if (!read_file(s, t->file, &source) || !parse_file(s, source, t))
        return false;
    for (size_t i = 0; i < SLOT_COUNT; i++)
        if (!check_part(s, kind, t, t->slots[i], false, partials))
            return false;
    return check_part(s, kind, t, t->text, true, partials) && check_part(s, kind, t, t->html, true, partials);
}

bool
mail_templates_load(struct scope *s, struct str folder, const struct mail_templates **out)
{
    struct mail_templates *all = arena_new_of(s->arena, struct mail_templates);
    for (enum language language = LANGUAGE_JA; language <= LANGUAGE_EN; language++) {
        all->of[language] = arena_array_of(s->arena, mail_kind_count, struct mail_template);
        if (!load_partials(s, folder, language, &all->partials[language]))
            return false;
        for (size_t i = 0; i < mail_kind_count; i++)
            if (!load_template(s, folder, language, mail_kinds[i], &all->partials[language], &all->of[language][i]))
                return false;
    }
    *out = all;
    return true;
}

/* ---- rendering ---- */

static const struct mail_template *
find_template(const struct mail_templates *all, const struct mail_kind *kind, enum language language)
{
    for (size_t i = 0; i < mail_kind_count; i++)
        if (mail_kinds[i] == kind)
            return &all->of[language][i];
    return NULL;
}

static struct mustache_value
common_value(const char *name, struct str text)
{
    return (struct mustache_value){ .kind = text.at ? MUSTACHE_TEXT : MUSTACHE_ABSENT, .name = str_of(name),
                                    .text = text };
}

/* The mail's own members first, then what all have. */
static struct mustache_value
all_values(struct arena *a, const struct mail_kind *kind, const void *data, const struct mail_surroundings *around,
           const struct mail_reader *reader)
{
    struct mustache_value own = mail_values(a, kind->data, data, reader);
    const struct mustache_value common[] = {
        common_value("hub_name", around->hub_name), common_value("public_url", around->public_url),
        common_value("recipient_name", around->recipient_name),
        common_value("recipient_address", around->recipient_address),
        common_value("answers_to", around->answers_to),
        common_value("language", domain_label(&language_domain, (int)reader->language)),
    };
    struct mustache_value *members = arena_array_of(a, own.count + COUNT_OF(common), struct mustache_value);
    if (own.count)
        memcpy(members, own.items, own.count * sizeof *members);
    memcpy(members + own.count, common, sizeof common);
    return (struct mustache_value){ .kind = MUSTACHE_RECORD, .items = members, .count = own.count + COUNT_OF(common) };
}

/* A customer's name may hold a line break; a subject may not. */
static struct str
on_one_line(struct arena *a, struct str s)
{
    struct text t = text_new(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++)
        text_add_char(&t, (unsigned char)s.at[i] < ' ' || s.at[i] == 127 ? ' ' : s.at[i]);
    return text_str(&t);
}

static bool
render(struct scope *s, const struct mustache *t, const struct mustache_set *partials,
       const struct mustache_value *values, enum mustache_escape escape, size_t cap, struct str *out)
{
    struct text text = text_new(s->arena, cap);
    if (!mustache_render(s, t, partials, values, escape, &text))
        return false;
    *out = text_str(&text);
    return true;
}

bool
mail_templates_render(struct scope *s, const struct mail_templates *all, const struct mail_kind *kind,
                      const void *data, const struct mail_surroundings *around, const struct mail_reader *reader,
                      struct mail_text *out)
{
    const struct mail_template *t = find_template(all, kind, reader->language);
    const struct mustache_set *partials = &all->partials[reader->language];
    if (!t)
        return fail(s, &problem_template, "the mail '%s' is not in the list of mails", kind->key);
    struct mustache_value values = all_values(s->arena, kind, data, around, reader), slots[SLOT_COUNT] = { 0 };
    for (size_t i = 0; i < SLOT_COUNT; i++) {
        struct str line = STR_NONE;
        if (t->slots[i] && !render(s, t->slots[i], partials, &values, MUSTACHE_PLAIN, SLOT_MAX, &line))
            return false;
        slots[i] = common_value(slot_names[i], line.at ? on_one_line(s->arena, line) : line);
    }
    struct mustache_value *members = arena_array_of(s->arena, values.count + SLOT_COUNT, struct mustache_value);
    memcpy(members, values.items, values.count * sizeof *members);
    memcpy(members + values.count, slots, sizeof slots);
    values.items = members;
    values.count += SLOT_COUNT;
    out->subject = slots[SLOT_SUBJECT].text;
    return render(s, t->text, partials, &values, MUSTACHE_PLAIN, TEXT_MAX, &out->text)
        && render(s, t->html, partials, &values, MUSTACHE_HTML, TEXT_MAX, &out->html);
}
