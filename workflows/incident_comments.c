/* What people say on an incident, and the form of a comment (MON-12). */
#include "core/db/change.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/incident_news.h"
#include "workflows/incidents.h"
#include "workflows/incidents_parts.h"
#include "workflows/tickets_parts.h"

enum { WORDS_MAX = 20000 };

static const struct {
    const char *key;
    struct bilingual title;
} headings[] = {
    { "initial_exploitation", { "Initial exploitation", "初期侵害" } },
    { "accounts", { "Accounts created and groups changed", "作成されたアカウントと変更されたグループ" } },
    { "enumeration", { "Enumeration commands", "情報収集コマンド" } },
    { "persistence", { "Persistence (full command or registry key)", "永続化(コマンド全文またはレジストリキー)" } },
    { "tools", { "Tools used", "使用されたツール" } },
    { "log_clearing", { "Log clearing and remote-access tools", "ログの消去とリモートアクセスツール" } },
    { "defence_evasion", { "Defence evasion (firewall off, remote desktop on)",
                           "防御回避(ファイアウォールの無効化、リモートデスクトップの有効化)" } },
    { "assessment", { "Assessment (e.g. preparing ransomware)", "評価(例: ランサムウェア実行の準備)" } },
    { "isolation", { "Effect of isolation", "隔離の効果" } },
    { "recommendation", { "Recommendation (start incident response)", "推奨事項(インシデント対応の開始)" } },
};

static const struct shape heading_shape = SHAPE(comment_heading,
    FIELD(comment_heading, key, "Name for programs", .required = true),
    FIELD(comment_heading, title, "What people read", .required = true));
const struct shape comment_form_shape = SHAPE(comment_form,
    FIELD(comment_form, headings, "In their order", .items = &heading_shape, .required = true));
static const struct shape section_shape = SHAPE(incident_section,
    FIELD(incident_section, heading, "Key of the form", .max = 40, .required = true),
    FIELD(incident_section, body, "What there is to say under it", .max = 5000, .required = true));
const struct shape incident_comment_shape = SHAPE(incident_comment,
    FIELD(incident_comment, id, "On which incident", .read_only = true),
    FIELD(incident_comment, body, "Words, in Markdown", .max = WORDS_MAX, .format = FORMAT_MARKDOWN),
    FIELD(incident_comment, sections, "After the form: words by heading", .items = &section_shape, .max = 20),
    FIELD(incident_comment, internal, "Only the service side reads it"));

bool
incident_comment_form(struct scope *s, struct comment_form *out)
{
    struct comment_heading *rows = arena_array_of(s->arena, COUNT_OF(headings), struct comment_heading);
    for (size_t i = 0; i < COUNT_OF(headings); i++)
        rows[i] = (struct comment_heading){ str_of(headings[i].key),
                                            str_of(bilingual_in(headings[i].title, s->language)) };
    out->headings = (struct rows){ rows, COUNT_OF(headings) };
    return true;
}

/* {heading: words}, in the order of the form. */
static bool
sections_of(struct scope *s, const struct rows *sections, struct json *out)
{
    struct text t = text_new(s->arena, 300000);
    const struct incident_section *items = sections->items;
    bool used[COUNT_OF(headings)] = { false };
    size_t written = 0;
    text_add_char(&t, '{');
    for (size_t h = 0; h < COUNT_OF(headings); h++)
        for (size_t i = 0; i < sections->count; i++)
            if (str_is(items[i].heading, headings[h].key) && !used[h]) {
                used[h] = true;
                text_add_c(&t, written++ ? "," : "");
                json_write_str(&t, items[i].heading);
                text_add_char(&t, ':');
                json_write_str(&t, items[i].body);
            }
    text_add_char(&t, '}');
    if (written != sections->count)
        return fail_field(s, "/sections", FAULT_NOT_IN_DOMAIN, NULL);
    *out = written ? (struct json){ text_str(&t) } : (struct json){ STR_NONE };
    return true;
}

/* What engineers say among themselves stands in the provider's log alone. */
static bool
record(struct scope *s, const struct incident *i, bool internal)
{
    return audit_record(s, &(struct deed){
               .tenant_id = internal ? provider_tenant_id : i->tenant_id, .noun = "incident", .object_id = i->id,
               .action = internal ? "incident.noted" : "incident.commented", .quiet = internal,
               .object_name = str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(i->reference), STR_ARG(i->title)) })
        && (!internal || change_record(s, i->tenant_id, "incident_note", i->id, "written"));
}

bool
incident_comment(struct scope *s, const struct incident_comment *in, struct incident_entry *out)
{
    struct incident i;
    struct incident_word word = { .kind = "comment", .internal = in->internal, .body = in->body };
    struct uuid id;
    if (!incident_hold(s, in->id, &i) || !ticket_speaks_for_itself(s))
        return false;
    if (in->internal && ticket_side(s) != SIDE_PROVIDER)
        return fail_field(s, "/internal", FAULT_NOT_ALLOWED, NULL);
    if (!str_trim(in->body).len && !in->sections.count)
        return fail_field(s, "/body", FAULT_REQUIRED, NULL);
    return sections_of(s, &in->sections, &word.sections)
        && incident_write(s, i.tenant_id, i.id, &word, &id)
        && incident_tell_comment(s, &i, in->internal, in->body)
        && record(s, &i, in->internal)
        && db_one(s, &incident_entry_by_id, &(struct id_args){ id }, out);
}
