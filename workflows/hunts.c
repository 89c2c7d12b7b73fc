#include "workflows/hunts.h"

#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/question.h"

enum { BODY_MAX = 64 << 10, TENANTS_MAX = 1000, SEARCH_KEPT_DAYS = 7, HUNT_KEPT_DAYS = 400 };

#define QUESTION_FIELDS(type)                                                                               \
    FIELD(type, language, "In which language it asks", .of = &hunt_language_domain, .required = true),      \
    FIELD(type, conditions, "Of a search by fields: all must hold", .items = &hunt_condition_shape,         \
          .max = HUNT_CONDITIONS_MAX),                                                                      \
    FIELD(type, body, "A Sigma rule or an expression of the XML rule language", .max = BODY_MAX)

const struct shape hunt_ask_shape = SHAPE(hunt_ask,
    FIELD(hunt_ask, title, "What it looks for; absent: made from the question", .max = 200),
    FIELD(hunt_ask, note, "Why", .max = 2000),
    FIELD(hunt_ask, purpose, "search: kept for a week; hunt: kept for a year", .of = &hunt_purpose_domain,
          .required = true),
    FIELD(hunt_ask, about, "Of what; absent: of events", .of = &hunt_about_domain),
    QUESTION_FIELDS(hunt_ask),
    FIELD(hunt_ask, tenant_ids, "Whose telemetry; absent: of everybody the caller sees", .max = TENANTS_MAX),
    FIELD(hunt_ask, host, "Only of this computer", .max = 255),
    FIELD(hunt_ask, from_at, "Events from here", .required = true),
    FIELD(hunt_ask, until_at, "to before here; absent: now"),
    FIELD(hunt_ask, shown, "To the customer's side as well"));
const struct shape hunt_check_shape = SHAPE(hunt_check, QUESTION_FIELDS(hunt_check));
const struct shape hunt_checked_shape = SHAPE(hunt_checked,
    FIELD(hunt_checked, body, "The question in the rule language"),
    FIELD(hunt_checked, rules, "Rules in it"),
    FIELD(hunt_checked, needs_all, "Every event must be read: nothing is known that one must contain"));

static const struct shape logged = SHAPE(hunt,
    FIELD(hunt, title, ""), FIELD(hunt, about, "", .of = &hunt_about_domain),
    FIELD(hunt, language, "", .of = &hunt_language_domain), FIELD(hunt, body, ""),
    FIELD(hunt, tenant_ids, ""), FIELD(hunt, host, ""), FIELD(hunt, from_at, ""), FIELD(hunt, until_at, ""),
    FIELD(hunt, state, "", .of = &hunt_state_domain));

static bool
record(struct scope *s, const char *action, const struct hunt *before, const struct hunt *after)
{
    const struct hunt *hunt = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = hunt->tenant_id, .action = action, .noun = "hunt", .object_id = hunt->id,
        .object_name = hunt->title, .change = shape_difference(s->arena, &logged, before, after) });
}

/* ---- the question ---- */

static bool
read_question(struct scope *s, enum hunt_language language, const struct rows *conditions, struct str body,
              struct str *text, struct question *out)
{
    *text = body;
    *out = (struct question){ 0 };
    if (language == HUNT_RULES)
        return true;
    if (language == HUNT_CONDITIONS && !question_text(s, conditions->items, conditions->count, text))
        return false;
    if (language != HUNT_CONDITIONS && !body.at)
        return fail_field(s, "/body", FAULT_REQUIRED, NULL);
    if (!question_of_text(s, language, *text, out))
        return false;
    if (language == HUNT_CONDITIONS)
        question_words(s->arena, conditions->items, conditions->count, out);
    return true;
}

bool
hunt_check(struct scope *s, const struct hunt_check *in, struct hunt_checked *out)
{
    struct question q;
    struct str body;
    if (!read_question(s, in->language, &in->conditions, in->body, &body, &q))
        return false;
    *out = (struct hunt_checked){ .body = body, .rules = q.set ? (int64_t)q.set->rule_count : 0,
                                  .needs_all = !q.needles || needles_are_none(q.needles) };
    return true;
}

/* ---- starting ---- */

static struct str
nameless(struct scope *s, enum hunt_about about)
{
    if (s->language == LANGUAGE_JA)
        return about == HUNT_DETECTIONS ? STR("検知の検索") : STR("イベント検索");
    return about == HUNT_DETECTIONS ? STR("Search of detections") : STR("Search of events");
}

static struct str
title_of(struct scope *s, const struct hunt_ask *in)
{
    const struct hunt_condition *first = in->conditions.items;
    if (in->title.at)
        return in->title;
    if (in->language == HUNT_RULES)
        return s->language == LANGUAGE_JA ? STR("すべての有効なルール") : STR("All active rules");
    if (in->language != HUNT_CONDITIONS || in->conditions.count == 0 || first->values.count == 0)
        return nameless(s, in->about);
    struct str value = first->values.items[0];
    return str_printf(s->arena, STR_FMT "%s" STR_FMT, STR_ARG(first->field), first->field.at ? ": " : "",
                      STR_ARG(str_characters(value) > 100 ? STR("…") : value));
}

/* Those that were named, each of which the caller must see; else all that the caller sees and that are customers. */
static bool
choose_tenants(struct scope *s, const struct hunt_ask *in, struct uuids *out)
{
    struct uuids from = in->tenant_ids.count ? in->tenant_ids : s->who->tenants;
    struct uuid *ids = arena_array_of(s->arena, from.count + 1, struct uuid);
    size_t count = 0;
    for (size_t i = 0; i < from.count; i++) {
        if (!principal_sees(s->who, from.items[i]))
            return fail_field(s, "/tenant_ids", FAULT_NOT_FOUND, NULL);
        if (!uuid_eq(from.items[i], provider_tenant_id))
            ids[count++] = from.items[i];
    }
    *out = (struct uuids){ ids, count };
    return count > 0 || fail_field(s, "/tenant_ids", FAULT_REQUIRED, NULL);
}

static bool
check_times(struct scope *s, struct hunt *h)
{
    if (h->until_at.us == 0)
        h->until_at = instant_plus(s->now, SECONDS(1));
    if (h->from_at.us >= h->until_at.us)
        note_violation(s, STR("/until_at"), FAULT_TOO_SMALL, instant_format(s->arena, h->from_at));
    if (h->from_at.us < instant_plus(s->now, -DAYS(HUNT_DAYS_MAX)).us)
        note_violation(s, STR("/from_at"), FAULT_TOO_SMALL,
                       instant_format(s->arena, instant_plus(s->now, -DAYS(HUNT_DAYS_MAX))));
    return !scope_has_failed(s);
}

bool
hunt_start(struct scope *s, const struct hunt_ask *in, struct hunt *out)
{
    struct question q;
    struct hunt h = {
        .id = uuid_new(s->now), .title = title_of(s, in), .note = in->note, .purpose = in->purpose,
        .about = in->about ? in->about : HUNT_EVENTS, .language = in->language, .conditions = in->conditions,
        .from_at = in->from_at, .until_at = in->until_at,
        .host = in->host.at ? str_lower(s->arena, in->host) : STR_NONE, .owner_id = s->who->person_id,
        .owner_name = s->who->name, .created_at = s->now };
    if (h.about == HUNT_DETECTIONS && in->language == HUNT_RULES)
        return fail_field(s, "/language", FAULT_NOT_ALLOWED, NULL); /* rules have found them already */
    if (!read_question(s, in->language, &in->conditions, in->body, &h.body, &q) || !check_times(s, &h)
        || !choose_tenants(s, in, &h.tenant_ids))
        return false;
    bool provider = s->who->side == SIDE_PROVIDER && uuid_is_none(s->who->acting_tenant_id);
    h.tenant_id = h.tenant_ids.count == 1 ? h.tenant_ids.items[0] : s->who->tenant_id;
    h.internal = provider && !(in->shown && h.tenant_ids.count == 1);
    return db_run(s, &hunt_insert, &h, NULL)
        && job_add(s, &hunt_slice_job, h.tenant_id, &(struct hunt_slice){ h.tenant_id, h.id },
                   (struct instant){ 0 }, STR_NONE)
        && db_one(s, &hunt_by_id, &(struct id_args){ h.id }, out)
        && record(s, "hunt.started", NULL, out);
}

/* ---- ending ---- */

bool
hunt_cancel(struct scope *s, struct uuid id, struct hunt *out)
{
    struct hunt before, row;
    struct id_args ended;
    bool found;
    if (!db_one(s, &hunt_by_id, &(struct id_args){ id }, &before))
        return false;
    row = before;
    row.state = HUNT_CANCELLED;
    row.updated_at = s->now;
    return db_maybe(s, &hunt_end, &row, &ended, &found)
        && (found || fail(s, &problem_conflict, "the hunt is over"))
        && db_one(s, &hunt_by_id, &(struct id_args){ id }, out)
        && record(s, "hunt.cancelled", &before, out);
}

bool
hunt_remove(struct scope *s, struct uuid id)
{
    struct hunt before;
    struct id_args gone;
    bool found;
    return db_one(s, &hunt_by_id, &(struct id_args){ id }, &before)
        && db_maybe(s, &hunt_delete, &(struct id_args){ id }, &gone, &found)
        && (found || fail(s, &problem_conflict, "the hunt still runs"))
        && db_run(s, &hunt_hits_delete, &(struct id_args){ id }, NULL)
        && record(s, "hunt.deleted", &before, NULL);
}

bool
hunts_sweep(struct scope *s)
{
    struct rows rows;
    struct hunt_old_args before = { instant_plus(s->now, -DAYS(SEARCH_KEPT_DAYS)),
                                    instant_plus(s->now, -DAYS(HUNT_KEPT_DAYS)) };
    if (!db_list(s, &hunts_old, &before, &rows))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct id_args gone, *id = (struct id_args *)rows.items + i;
        bool found;
        if (!db_maybe(s, &hunt_delete, id, &gone, &found) || !db_run(s, &hunt_hits_delete, id, NULL))
            return false;
    }
    return true;
}
