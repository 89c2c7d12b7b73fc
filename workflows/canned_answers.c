#include "workflows/canned_answers.h"

#include "core/base/text.h"
#include "model/tenant.h"
#include "workflows/audit.h"

enum { FILLED_MAX = 64 * 1024 };

#define ANSWER_WORDS                                                                                          \
    FIELD(canned_answer_write, category_id, "Of which category; any when absent"),                            \
    FIELD(canned_answer_write, title_en, "What engineers call it, in English", .max = 100, .required = true), \
    FIELD(canned_answer_write, title_ja, "What engineers call it, in Japanese", .max = 100, .required = true), \
    FIELD(canned_answer_write, body_en, "The text in English, in Markdown", .max = 10000, .required = true,   \
          .format = FORMAT_MARKDOWN),                                                                         \
    FIELD(canned_answer_write, body_ja, "The text in Japanese, in Markdown", .max = 10000, .required = true,  \
          .format = FORMAT_MARKDOWN)

const struct shape canned_answer_write_shape = SHAPE(canned_answer_write, ANSWER_WORDS);
const struct shape canned_answer_update_shape = SHAPE(canned_answer_write,
    FIELD(canned_answer_write, id, "Which one", .read_only = true),
    FIELD(canned_answer_write, version, "What the change is based on", .read_only = true), ANSWER_WORDS);

static const struct shape logged = SHAPE(canned_answer,
    FIELD(canned_answer, title_en, ""), FIELD(canned_answer, title_ja, ""), FIELD(canned_answer, body_en, ""),
    FIELD(canned_answer, body_ja, ""), FIELD(canned_answer, category_id, ""));

/* ---- placeholders ---- */

static const char *const placeholders[] = { "customer", "requester", "reference", "subject", "category", "engineer" };

static int
placeholder_named(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(placeholders); i++)
        if (str_is(str_trim(name), placeholders[i]))
            return (int)i;
    return -1;
}

/* Cuts the text before the next {{…}} and the name within it. False at the end. */
static bool
next_placeholder(struct str *rest, struct str *before, struct str *name)
{
    size_t open = str_find(*rest, STR("{{"));
    size_t close = str_find(str_skip(*rest, open), STR("}}"));
    *before = str_head(*rest, open);
    if (open == rest->len || open + close == rest->len)
        return false;
    *name = str_head(str_skip(*rest, open + 2), close - 2);
    *rest = str_skip(*rest, open + close + 2);
    return true;
}

struct str
canned_unknown_placeholder(struct str body)
{
    struct str before, name;
    while (next_placeholder(&body, &before, &name))
        if (placeholder_named(name) < 0)
            return name;
    return STR_NONE;
}

/* Facts of a case are words of people: they are put in as they are, and what reads the message renders them safely. */
static struct str
fill(struct scope *s, struct str body, const struct str *facts)
{
    struct text t = text_new(s->arena, FILLED_MAX);
    struct str before, name;
    while (next_placeholder(&body, &before, &name)) {
        int known = placeholder_named(name);
        text_add(&t, before);
        text_add(&t, known < 0 ? STR_NONE : facts[known]);
    }
    text_add(&t, body);
    return text_str(&t);
}

/* ---- writing ---- */

static bool
check(struct scope *s, const struct canned_answer_write *in)
{
    struct ticket_category category;
    static const char known[] = "{{customer}}, {{requester}}, {{reference}}, {{subject}}, {{category}}, {{engineer}}";
    if (canned_unknown_placeholder(in->body_en).at)
        note_violation(s, STR("/body_en"), FAULT_NOT_IN_DOMAIN, str_of(known));
    if (canned_unknown_placeholder(in->body_ja).at)
        note_violation(s, STR("/body_ja"), FAULT_NOT_IN_DOMAIN, str_of(known));
    if (scope_has_failed(s))
        return false;
    if (uuid_is_none(in->category_id)
        || db_one(s, &ticket_category_by_id, &(struct id_args){ in->category_id }, &category))
        return true;
    scope_forgive(s);
    return fail_field(s, "/category_id", FAULT_NOT_FOUND, NULL);
}

static bool
record(struct scope *s, const char *action, const struct canned_answer *before, const struct canned_answer *after)
{
    const struct canned_answer *answer = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = provider_tenant_id, .action = action, .noun = "canned_answer", .object_id = answer->id,
        .object_name = answer->title_en, .change = shape_difference(s->arena, &logged, before, after) });
}

static struct canned_answer
row_of(const struct scope *s, const struct canned_answer_write *in)
{
    return (struct canned_answer){
        .id = in->id, .tenant_id = provider_tenant_id, .category_id = in->category_id, .title_en = in->title_en,
        .title_ja = in->title_ja, .body_en = in->body_en, .body_ja = in->body_ja, .updated_at = s->now,
        .updated_by = s->who->name, .version = in->version };
}

bool
canned_answer_create(struct scope *s, const struct canned_answer_write *in, struct canned_answer *out)
{
    struct canned_answer row = row_of(s, in);
    row.id = uuid_new(s->now);
    return check(s, in)
        && db_run(s, &canned_answer_insert, &row, NULL)
        && db_one(s, &canned_answer_by_id, &(struct id_args){ row.id }, out)
        && record(s, "canned_answer.created", NULL, out);
}

bool
canned_answer_change(struct scope *s, const struct canned_answer_write *in, struct canned_answer *out)
{
    struct canned_answer before, row = row_of(s, in);
    struct id_args changed;
    return check(s, in)
        && db_one(s, &canned_answer_by_id, &(struct id_args){ in->id }, &before)
        && db_update(s, &canned_answer_update, &row, &changed, &canned_answer_by_id, row.id)
        && db_one(s, &canned_answer_by_id, &(struct id_args){ row.id }, out)
        && record(s, "canned_answer.updated", &before, out);
}

bool
canned_answer_remove(struct scope *s, struct uuid id)
{
    struct canned_answer before;
    return db_one(s, &canned_answer_by_id, &(struct id_args){ id }, &before)
        && db_run(s, &canned_answer_delete, &(struct id_args){ id }, NULL)
        && record(s, "canned_answer.deleted", &before, NULL);
}

/* ---- for a case ---- */

static const struct shape text_shape = SHAPE(canned_text,
    FIELD(canned_text, id, "Identity"),
    FIELD(canned_text, title, "What engineers call it", .required = true),
    FIELD(canned_text, body_en, "The text in English, with the facts of the case", .required = true),
    FIELD(canned_text, body_ja, "The text in Japanese, with the facts of the case", .required = true),
    FIELD(canned_text, of_category, "Written for this category of cases"));

const struct shape canned_texts_shape = SHAPE(canned_texts,
    FIELD(canned_texts, language, "The customer's language", .of = &language_domain, .required = true),
    FIELD(canned_texts, items, "Those of the case's category first", .items = &text_shape, .required = true));

bool
canned_answers_fill(struct scope *s, struct uuid ticket_id, struct canned_texts *out)
{
    struct ticket t;
    struct tenant customer;
    struct rows rows;
    if (!db_one(s, &ticket_by_id, &(struct id_args){ ticket_id }, &t)
        || !db_one(s, &tenant_by_id, &(struct id_args){ t.tenant_id }, &customer)
        || !db_list(s, &canned_answers_for, &(struct id_args){ ticket_id }, &rows))
        return false;
    const struct str facts[COUNT_OF(placeholders)] = { t.tenant_name, t.requester_name, t.reference, t.subject,
                                                       t.category, s->who->name };
    struct canned_text *items = arena_array_of(s->arena, rows.count + 1, struct canned_text);
    for (size_t i = 0; i < rows.count; i++) {
        const struct canned_answer *a = (const struct canned_answer *)rows.items + i;
        items[i] = (struct canned_text){
            .id = a->id, .title = s->language == LANGUAGE_JA ? a->title_ja : a->title_en,
            .body_en = fill(s, a->body_en, facts), .body_ja = fill(s, a->body_ja, facts),
            .of_category = !uuid_is_none(a->category_id) };
    }
    *out = (struct canned_texts){ customer.language, { items, rows.count } };
    return true;
}
