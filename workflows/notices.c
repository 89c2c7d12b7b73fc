#include "workflows/notices.h"

#include "model/tenant.h"
#include "workflows/audit.h"

enum { BODY_CHARACTERS = 1500, TITLE_CHARACTERS = 300, GATHER_S = 60 };

static struct str
cut(struct arena *a, struct str words, size_t characters)
{
    size_t bytes = 0, seen = 0;
    if (str_characters(words) <= characters)
        return words;
    while (bytes < words.len && seen < characters) {
        bytes++;
        while (bytes < words.len && ((unsigned char)words.at[bytes] & 0xc0) == 0x80)
            bytes++;
        seen++;
    }
    return str_printf(a, STR_FMT "…", STR_ARG(str_head(words, bytes)));
}

/* It becomes a subject: line breaks and their kin become spaces. */
static struct str
one_line(struct arena *a, struct str words)
{
    struct text out = text_new(a, words.len + 1);
    for (size_t i = 0; i < words.len; i++)
        text_add_char(&out, (unsigned char)words.at[i] < ' ' || words.at[i] == 127 ? ' ' : words.at[i]);
    return cut(a, text_str(&out), TITLE_CHARACTERS);
}

/* {who}, {about}, {detail}; what somebody wrote is never looked at for further marks. */
static struct str
fill(struct arena *a, const char *pattern, struct str who, const struct notice *n)
{
    const struct {
        struct str mark, value;
    } marks[] = { { STR("{who}"), who }, { STR("{about}"), n->about }, { STR("{detail}"), n->detail } };
    struct text out = text_new(a, 16384);
    for (struct str rest = str_of(pattern); rest.len;) {
        size_t i = 0;
        while (i < COUNT_OF(marks) && !str_starts(rest, marks[i].mark))
            i++;
        text_add(&out, i < COUNT_OF(marks) ? marks[i].value : str_head(rest, 1));
        rest = str_skip(rest, i < COUNT_OF(marks) ? marks[i].mark.len : 1);
    }
    return one_line(a, text_str(&out));
}

static struct str
who_of(struct scope *s, const struct notice *n)
{
    if (n->who.at)
        return n->who;
    return s->who && s->who->name.at ? s->who->name : STR("Yagura");
}

static bool
mail_later(struct scope *s, const struct notice *n)
{
    const struct notice_mail args = { n->ticket_id, one_line(s->arena, n->about) };
    struct instant at = notice_words[n->kind].urgent ? s->now : instant_plus(s->now, SECONDS(GATHER_S));
    return job_add(s, &notice_mail_job, n->tenant_id, &args, at, STR_NONE);
}

bool
notice_tell(struct scope *s, const struct notice *n, struct rows *told)
{
    const struct notice_words *words = &notice_words[n->kind];
    const struct bilingual text = n->text.en ? n->text : words->text;
    struct rows heard = { 0 };
    struct str who = who_of(s, n);
    struct notice_tell_args args = {
        .tenant_id = n->tenant_id, .ticket_id = n->ticket_id, .to = n->to, .kind = n->kind, .internal = n->internal,
        .author_id = s->who && !n->author_too ? s->who->person_id : (struct uuid){ { 0 } }, .fixed = words->fixed,
        .way_provider = words->provider ? words->provider : NOTICE_OFF,
        .way_customer = words->customer ? words->customer : NOTICE_OFF,
        .title_en = fill(s->arena, text.en, who, n),
        .title_ja = fill(s->arena, text.ja, who, n),
        .body = n->body.at ? cut(s->arena, n->body, BODY_CHARACTERS) : STR_NONE, .path = n->path, .at = s->now,
    };
    if (n->way) { /* kinds that are fixed have no preferences that could stand in the way */
        args.fixed = false;
        args.way_provider = args.way_customer = n->way;
    }
    if (!args.path.at)
        args.path = uuid_is_none(n->ticket_id) ? STR("/")
            : str_printf(s->arena, "/tickets/" STR_FMT, STR_ARG(uuid_format(s->arena, n->ticket_id)));
    if (n->to.count && !db_list(s, &notice_tell_query, &args, &heard))
        return false;
    if (told)
        *told = heard;
    for (size_t i = 0; i < heard.count; i++)
        if (((const struct notice_told *)heard.items)[i].mail)
            return mail_later(s, n);
    return true;
}

struct str
notice_case_name(struct scope *s, const struct ticket *t)
{
    return str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(t->reference), STR_ARG(t->subject));
}

struct notice
notice_of_ticket(struct scope *s, const struct ticket *t, enum notice_kind kind)
{
    return (struct notice){ .kind = kind, .tenant_id = t->tenant_id, .ticket_id = t->id,
                            .about = notice_case_name(s, t) };
}

bool
notice_people_of(struct scope *s, const struct ticket *t, enum principal_side side, struct uuids *out)
{
    struct rows rows;
    const struct notice_people_args args = { .tenant_id = t->tenant_id, .ticket_id = t->id };
    if (!db_list(s, &ticket_people, &args, &rows))
        return false;
    *out = (struct uuids){ arena_array_of(s->arena, rows.count + 1, struct uuid), 0 };
    for (size_t i = 0; i < rows.count; i++) {
        const struct notice_person *p = (const struct notice_person *)rows.items + i;
        if (side == SIDE_NONE || (side == SIDE_PROVIDER) == str_is(p->side, "provider"))
            out->items[out->count++] = p->person_id;
    }
    return true;
}

bool
notice_holders(struct scope *s, struct uuid tenant_id, const char *set, struct uuids *out)
{
    struct rows rows;
    const struct notice_people_args args = { .tenant_id = tenant_id, .set = str_of(set) };
    if (!db_list(s, &provider_holders, &args, &rows))
        return false;
    *out = (struct uuids){ arena_array_of(s->arena, rows.count + 1, struct uuid), rows.count };
    for (size_t i = 0; i < rows.count; i++)
        out->items[i] = ((const struct notice_holder *)rows.items)[i].person_id;
    return true;
}

bool
notice_read(struct scope *s, struct uuid id)
{
    return db_run(s, &notice_mark_read, &(struct notice_read_args){ id, s->now }, NULL);
}

/* ---- preferences ---- */

static const struct shape choice_shape = SHAPE(notice_choice,
    FIELD(notice_choice, kind, "What kind of news", .of = &notice_kind_domain, .required = true),
    FIELD(notice_choice, title, "What it is called", .required = true),
    FIELD(notice_choice, way, "How it reaches me: in the portal, by mail, too, or not at all",
          .of = &notice_way_domain, .required = true),
    FIELD(notice_choice, usual, "How it does unless I say otherwise", .of = &notice_way_domain, .required = true),
    FIELD(notice_choice, fixed, "Cannot be changed"));
const struct shape notice_choices_shape = SHAPE(notice_choices,
    FIELD(notice_choices, items, "One per kind that can reach me", .items = &choice_shape));
const struct shape notice_prefer_shape = SHAPE(notice_preference_args,
    FIELD(notice_preference_args, kind, "What kind of news", .of = &notice_kind_domain, .required = true),
    FIELD(notice_preference_args, way, "How it reaches me; as usual when absent", .of = &notice_way_domain));

static enum notice_way
usual_way(const struct scope *s, enum notice_kind kind)
{
    const struct notice_words *words = &notice_words[kind];
    bool provider = uuid_eq(s->who->tenant_id, provider_tenant_id);
    enum notice_way way = provider ? words->provider : words->customer;
    return words->fixed && way ? NOTICE_BY_MAIL : way;
}

bool
notice_preferences(struct scope *s, struct notice_choices *out)
{
    struct rows mine;
    if (!db_list(s, &notice_preferences_mine, NULL, &mine))
        return false;
    struct notice_choice *choices = arena_array_of(s->arena, NOTICE_KIND_COUNT, struct notice_choice);
    size_t count = 0;
    for (enum notice_kind kind = 1; kind < NOTICE_KIND_COUNT; kind++) {
        const struct notice_words *words = &notice_words[kind];
        enum notice_way usual = usual_way(s, kind);
        if (usual == NOTICE_WAY_NONE)
            continue;
        struct notice_choice *c = &choices[count++];
        *c = (struct notice_choice){ .kind = kind, .title = str_of(bilingual_in(words->title, s->language)),
                                     .way = usual, .usual = usual, .fixed = words->fixed };
        for (size_t i = 0; i < mine.count && !words->fixed; i++)
            if (((const struct notice_preference *)mine.items)[i].kind == kind)
                c->way = ((const struct notice_preference *)mine.items)[i].way;
    }
    out->items = (struct rows){ choices, count };
    return true;
}

bool
notice_prefer(struct scope *s, const struct notice_preference_args *in, struct notice_choices *out)
{
    if (s->who->kind != PRINCIPAL_SESSION)
        return fail(s, &problem_forbidden, "for people, not for API keys");
    if (notice_words[in->kind].fixed)
        return fail_field(s, "/kind", FAULT_NOT_ALLOWED, NULL);
    const struct query *q = in->way ? &notice_preference_set : &notice_preference_clear;
    return db_run(s, q, in, NULL)
        && audit_record(s, &(struct deed){ .tenant_id = s->who->tenant_id, .action = "notice.preferred",
                                           .noun = "notice", .object_id = s->who->person_id,
                                           .object_name = domain_label(&notice_kind_domain, (int)in->kind) })
        && notice_preferences(s, out);
}

/* ---- how an organisation wants its mails ---- */

/* Up to ten growing numbers from 1 to 60. */
static bool
check_days(struct scope *s, struct str list)
{
    struct str rest = str_trim(list), part;
    int64_t before = 0, day;
    size_t count = 0;
    if (!str_starts(rest, STR("[")) || !str_ends(rest, STR("]")))
        return fail_field(s, "/reminder_days", FAULT_WRONG_TYPE, "[1, 3, 7]");
    rest = str_trim(str_head(str_skip(rest, 1), rest.len - 2));
    while (rest.len && str_cut(&rest, ',', &part)) {
        if (!str_int(str_trim(part), &day) || day <= before || day > 60 || ++count > 10)
            return fail_field(s, "/reminder_days", FAULT_BAD_FORMAT, "[1, 3, 7]");
        before = day;
    }
    return true;
}

static const struct shape logged = SHAPE(notice_setting,
    FIELD(notice_setting, words_in_mail, ""), FIELD(notice_setting, reminder_days, ""),
    FIELD(notice_setting, mail_opens_cases, ""), FIELD(notice_setting, mail_category_id, ""));

bool
notice_setting_change(struct scope *s, const struct notice_setting_args *in, struct notice_setting *out)
{
    struct notice_setting_args row = *in;
    struct notice_setting before;
    struct id_args changed;
    row.at = s->now;
    if (!principal_sees(s->who, in->id))
        return fail(s, &problem_not_found, "no such organisation");
    return check_days(s, in->reminder_days.raw)
        && db_one(s, &notice_setting_of, &(struct id_args){ in->id }, &before)
        && db_update(s, &notice_setting_set, &row, &changed, &notice_setting_of, in->id)
        && db_one(s, &notice_setting_of, &(struct id_args){ in->id }, out)
        && audit_record(s, &(struct deed){
               .tenant_id = in->id, .action = "notice_setting.updated", .noun = "notice_setting", .object_id = in->id,
               .change = shape_difference(s->arena, &logged, &before, out) });
}
