#include "workflows/exclusions.h"

#include "core/base/log.h"
#include "core/db/db.h"
#include "model/permission.h"
#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/exclusion_place.h"
#include "workflows/notices.h"
#include "workflows/rule_text.h"

enum { EVERY_MINUTES = 10, LEARN_DAYS = 7, LEARN_LEAST = 10, LEARN_MAX = 20, LEARNT_DAYS = 90, LEARNING_DAYS_MAX = 31,
       GUARD_S = 2 };

const struct problem exclusion_cannot = {
    409, "exclusion-cannot",
    { "The exclusion does not allow this where it stands.", "現在の状態では、この操作はできません。" } };
const struct problem exclusion_hides_true = {
    409, "exclusion-hides-true",
    { "It would have hidden detections that were judged true positives. Say why it may.",
      "真陽性と判定された検知も除外されます。除外してよい理由を入力してください。" } };

const struct shape exclusion_decide_shape = SHAPE(exclusion_decide,
    FIELD(exclusion_decide, id, "Which one", .read_only = true),
    FIELD(exclusion_decide, reason, "Why", .max = 1000),
    FIELD(exclusion_decide, acknowledgement, "Why it may hide what was judged a true positive", .max = 1000));

const struct shape learnt_shape = SHAPE(learnt, FIELD(learnt, proposals, "So many drafts were written"));

static const struct shape logged = SHAPE(exclusion,
    FIELD(exclusion, title, ""), FIELD(exclusion, state, "", .of = &exclusion_state_domain),
    FIELD(exclusion, scope, "", .of = &exclusion_scope_domain), FIELD(exclusion, body, ""),
    FIELD(exclusion, reason, ""),
    FIELD(exclusion, acknowledgement, ""), FIELD(exclusion, expires_at, ""), FIELD(exclusion, decision, ""));

static bool
record(struct scope *s, const char *action, const struct exclusion *before, const struct exclusion *after)
{
    const struct exclusion *x = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = x->tenant_id, .action = action, .noun = "exclusion", .object_id = x->id, .object_name = x->title,
        .change = shape_difference(s->arena, &logged, before, after) });
}

bool
exclusion_proposal_for(struct scope *s, struct uuid detection_id, struct exclusion_proposal *out)
{
    struct detection d;
    if (!db_one(s, &detection_by_id, &(struct id_args){ detection_id }, &d))
        return false;
    exclusion_propose(s->arena, &d, out);
    return true;
}

/* ---- writing ---- */

static bool
read_text(struct scope *s, struct exclusion *x)
{
    struct rule_reading reading;
    if (x->conditions.count) {
        x->body = exclusion_text_write(s->arena, x->id, x->title, &x->conditions);
        x->language = RULE_IN_SIGMA;
        if (!x->body.at)
            return fail_field(s, "/conditions", FAULT_REQUIRED, NULL);
    }
    if (!x->body.len)
        return fail_field(s, "/body", FAULT_REQUIRED, NULL);
    if (!x->language)
        x->language = rule_text_language(x->body);
    return rule_text_read(s->arena, x->language, x->body, true, &reading, NULL)
        || rule_text_refuse(s, &reading, "/body");
}

static bool
is_sound(struct scope *s, struct exclusion *x)
{
    if (x->scope == EXCLUDE_ALL)
        x->scope_id = (struct uuid){ 0 };
    else if (uuid_is_none(x->scope_id))
        return fail_field(s, "/scope_id", FAULT_REQUIRED, NULL);
    if (x->scope != EXCLUDE_ALL && uuid_eq(x->tenant_id, provider_tenant_id))
        return fail_field(s, "/scope", FAULT_NOT_ALLOWED, NULL);
    if (x->expires_at.us && x->expires_at.us <= s->now.us)
        return fail_field(s, "/expires_at", FAULT_TOO_SMALL, NULL);
    return exclusion_place_find(s, x->tenant_id, x->scope, x->scope_id, NULL) && read_text(s, x);
}

/* What was judged a true positive is never hidden without somebody saying why. */
static bool
may_hide(struct scope *s, const struct exclusion *x)
{
    const struct exclusion_replay ask = { .tenant_id = x->tenant_id, .rule_id = x->rule_id, .scope_id = x->scope_id,
                                          .scope = x->scope, .body = x->body, .language = x->language,
                                          .budget_us = SECONDS(GUARD_S) };
    struct exclusion_replay_answer found;
    if (str_trim(x->acknowledgement).len)
        return true;
    return exclusion_replay(s, &ask, &found)
        && (found.true_positives + found.event_true_positives == 0
            || fail(s, &exclusion_hides_true, "%lld of %lld detections, %lld of %lld events",
                    (long long)found.true_positives, (long long)found.hidden,
                    (long long)found.event_true_positives, (long long)found.events_hidden));
}

bool
exclusion_create(struct scope *s, const struct exclusion *in, struct exclusion *out)
{
    struct exclusion row = *in;
    struct detection_rule rule;
    row.id = uuid_new(s->now);
    row.state = EXCLUSION_DRAFT;
    row.author_id = s->who->person_id;
    row.author_name = s->who->name;
    row.updated_at = s->now;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    if (!uuid_is_none(row.rule_id) && !db_one(s, &detection_rule_by_id, &(struct id_args){ row.rule_id }, &rule))
        return false;
    return is_sound(s, &row) && may_hide(s, &row) && db_run(s, &exclusion_insert, &row, NULL)
        && db_one(s, &exclusion_by_id, &(struct id_args){ row.id }, out) && record(s, "exclusion.created", NULL, out);
}

/* ---- who hears of it ---- */

static struct notice
notice_of(struct scope *s, const struct exclusion *x, enum notice_kind kind)
{
    return (struct notice){ .kind = kind, .tenant_id = x->tenant_id, .about = x->title, .body = x->reason,
                            .path = str_printf(s->arena, "/exclusions/" STR_FMT,
                                               STR_ARG(uuid_format(s->arena, x->id))) };
}

/* Those of the customer who may decide. */
static bool
tell_customer(struct scope *s, const struct exclusion *x)
{
    const struct notice_people_args who = { .tenant_id = x->tenant_id, .set = STR("rules:use") };
    struct notice n = notice_of(s, x, NOTICE_EXCLUSION_WAITING);
    struct rows rows;
    if (uuid_eq(x->tenant_id, provider_tenant_id))
        return true;
    if (!db_list(s, &tenant_holders, &who, &rows))
        return false;
    n.to = (struct uuids){ arena_array_of(s->arena, rows.count + 1, struct uuid), rows.count };
    for (size_t i = 0; i < rows.count; i++)
        n.to.items[i] = ((const struct id_args *)rows.items)[i].id;
    return rows.count == 0 || notice_tell(s, &n, NULL);
}

static bool
tell_author(struct scope *s, const struct exclusion *x)
{
    struct uuid author = x->author_id;
    struct notice n = notice_of(s, x, NOTICE_EXCLUSION_ENDED);
    n.to = (struct uuids){ &author, 1 };
    return uuid_is_none(author) || notice_tell(s, &n, NULL);
}

static bool
keep(struct scope *s, const char *action, const struct exclusion *before, struct exclusion *row, struct exclusion *out)
{
    struct id_args changed;
    row->updated_at = s->now;
    return db_update(s, &exclusion_save, row, &changed, &exclusion_by_id, row->id)
        && db_one(s, &exclusion_by_id, &(struct id_args){ row->id }, out) && record(s, action, before, out);
}

bool
exclusion_change(struct scope *s, const struct exclusion *in, struct exclusion *out)
{
    struct exclusion before, row;
    if (!db_one(s, &exclusion_by_id, &(struct id_args){ in->id }, &before))
        return false;
    if (before.state != EXCLUSION_DRAFT && before.state != EXCLUSION_WAITING)
        return fail(s, &exclusion_cannot, "it is no longer written on");
    row = before;
    row.version = in->version;
    row.title = in->title;
    row.scope = in->scope;
    row.scope_id = in->scope_id;
    row.conditions = in->conditions;
    row.body = in->body;
    row.language = in->language;
    row.reason = in->reason;
    row.acknowledgement = in->acknowledgement;
    row.expires_at = in->expires_at;
    row.state = EXCLUSION_DRAFT; /* what the customer was asked about is no longer what it says */
    return is_sound(s, &row) && may_hide(s, &row) && keep(s, "exclusion.updated", &before, &row, out);
}

bool
exclusion_discard(struct scope *s, struct uuid id)
{
    struct exclusion before;
    if (!db_one(s, &exclusion_by_id, &(struct id_args){ id }, &before))
        return false;
    if (before.state != EXCLUSION_DRAFT)
        return fail(s, &exclusion_cannot, "only a draft is discarded");
    return db_run(s, &exclusion_delete, &(struct id_args){ id }, NULL)
        && record(s, "exclusion.discarded", &before, NULL);
}

/* ---- deciding ---- */

static const struct {
    enum exclusion_state from[2], to;
    const char *action;
    bool customer, needs_reason;
} moves[] = {
    [EXCLUSION_SUBMIT] = { { EXCLUSION_DRAFT, EXCLUSION_DRAFT }, EXCLUSION_WAITING, "exclusion.submitted", false,
                           false },
    [EXCLUSION_ACTIVATE] = { { EXCLUSION_WAITING, EXCLUSION_DRAFT }, EXCLUSION_ACTIVE, "exclusion.activated", true,
                             false },
    [EXCLUSION_REJECT] = { { EXCLUSION_WAITING, EXCLUSION_WAITING }, EXCLUSION_REJECTED, "exclusion.rejected", true,
                           true },
    [EXCLUSION_END] = { { EXCLUSION_ACTIVE, EXCLUSION_ACTIVE }, EXCLUSION_ENDED, "exclusion.ended", false, true },
};

/* The route asks for use; what only the author's side may do asks for write. */
static bool
may_move(struct scope *s, enum exclusion_verb verb, const struct exclusion *x)
{
    bool writes = principal_may(s->who, (struct permission){ FUNCTION_RULES, LEVEL_WRITE });
    if (!writes && (!moves[verb].customer || x->state != EXCLUSION_WAITING))
        return fail(s, &problem_forbidden, "this is for the service");
    return x->state == moves[verb].from[0] || x->state == moves[verb].from[1]
        || fail(s, &exclusion_cannot, "it stands elsewhere");
}

bool
exclusion_move(struct scope *s, enum exclusion_verb verb, const struct exclusion_decide *in, struct exclusion *out)
{
    struct exclusion before, row;
    if (!db_one(s, &exclusion_by_id, &(struct id_args){ in->id }, &before) || !may_move(s, verb, &before))
        return false;
    if (moves[verb].needs_reason && !str_trim(in->reason).len)
        return fail_field(s, "/reason", FAULT_REQUIRED, NULL);
    row = before;
    if (str_trim(in->acknowledgement).len)
        row.acknowledgement = in->acknowledgement;
    row.state = moves[verb].to;
    row.decision = in->reason;
    row.decided_by_name = s->who->name;
    row.decided_at = s->now;
    if (verb == EXCLUSION_ACTIVATE && row.expires_at.us && row.expires_at.us <= s->now.us)
        return fail(s, &exclusion_cannot, "it has expired already");
    bool hides = verb == EXCLUSION_SUBMIT || verb == EXCLUSION_ACTIVATE;
    return (!hides || may_hide(s, &row)) && (verb != EXCLUSION_ACTIVATE || exclusion_place_keep(s, &row))
        && keep(s, moves[verb].action, &before, &row, out)
        && (verb != EXCLUSION_SUBMIT || tell_customer(s, out));
}

/* ---- learning mode ---- */

static const struct shape logged_learning = SHAPE(learning, FIELD(learning, learning_until, ""));

bool
learning_put(struct scope *s, const struct learning_args *in, struct learning *out)
{
    struct learning before;
    struct learning_args row = *in;
    if (row.learning_until.us > s->now.us + DAYS(LEARNING_DAYS_MAX))
        return fail_field(s, "/learning_until", FAULT_TOO_LARGE, "31 days");
    return db_one(s, &learning_of, &row, &before) && db_run(s, &learning_set, &row, NULL)
        && db_one(s, &learning_of, &row, out)
        && audit_record(s, &(struct deed){
               .tenant_id = in->id, .action = "learning.set", .noun = "exclusion", .object_name = out->tenant_name,
               .change = shape_difference(s->arena, &logged_learning, &before, out) });
}

/* The narrowest that still covers all: the process with its command line, on any computer once it ran on several. */
static bool
propose(struct scope *s, const struct learn_row *from)
{
    struct detection d;
    struct exclusion_proposal p;
    if (!db_one(s, &detection_by_id, &(struct id_args){ from->detection_id }, &d))
        return false;
    exclusion_propose(s->arena, &d, &p);
    const struct exclusion_step *steps = p.steps.items;
    if (p.steps.count == 0)
        return true;
    const struct exclusion_step *chosen = from->computers > 1 && p.steps.count > 1 ? &steps[1] : &steps[0];
    struct exclusion_condition *conditions = p.conditions.items;
    for (size_t i = 0; i < p.conditions.count; i++) {
        conditions[i].enabled = false;
        for (size_t j = 0; j < chosen->fields.count; j++)
            conditions[i].enabled = conditions[i].enabled || str_eq(conditions[i].field, chosen->fields.items[j]);
    }
    struct exclusion row = {
        .tenant_id = p.tenant_id, .id = uuid_new(s->now), .title = p.title, .rule_id = p.rule_id,
        .scope = chosen->scope, .scope_id = chosen->scope == EXCLUDE_COMPUTER ? p.computer_id : (struct uuid){ 0 },
        .conditions = p.conditions, .state = EXCLUSION_DRAFT, .from_detection_id = p.detection_id, .learned = true,
        .author_name = STR("Yagura"), .updated_at = s->now,
        .expires_at = instant_plus(s->now, DAYS(LEARNT_DAYS)),
        .reason = str_printf(s->arena, "%lld x / %lld PC / 7 d", (long long)from->occurrences,
                             (long long)from->computers) };
    return is_sound(s, &row) && db_run(s, &exclusion_insert, &row, NULL) && record(s, "exclusion.learnt", NULL, &row);
}

bool
exclusions_learn(struct scope *s, struct uuid tenant_id, struct learnt *out)
{
    const struct learn_args args = { tenant_id, instant_plus(s->now, -DAYS(LEARN_DAYS)), LEARN_LEAST, LEARN_MAX };
    struct rows rows;
    *out = (struct learnt){ 0 };
    if (!principal_sees(s->who, tenant_id))
        return fail(s, &problem_not_found, "no such customer");
    if (!db_list(s, &learn_candidates, &args, &rows))
        return false;
    const struct learn_row *items = rows.items;
    for (size_t i = 0; i < rows.count; i++) {
        if (!db_savepoint(s))
            return false;
        if (propose(s, &items[i])) {
            out->proposals++;
            if (!db_savepoint_release(s))
                return false;
            continue;
        }
        log_warn(s, "exclusion.not_learnt", STR_FMT, STR_ARG(s->failure.detail));
        scope_forgive(s);
        if (!db_savepoint_rollback(s))
            return false;
    }
    return true;
}

/* ---- upkeep ---- */

static const struct shape nothing_shape = { .name = "exclusion_upkeep", .size = 1 };

static bool
learn_everywhere(struct scope *s)
{
    struct rows rows;
    struct learnt made;
    if (!db_list(s, &learning_now, &(struct learning_args){ .learning_until = s->now }, &rows))
        return false;
    const struct learning *items = rows.items;
    struct principal who = *s->who;
    for (size_t i = 0; i < rows.count; i++) {
        struct uuid tenant = items[i].tenant_id;
        who.tenants = (struct uuids){ &tenant, 1 };
        s->who = &who;
        if (!exclusions_learn(s, tenant, &made))
            return false;
    }
    return true;
}

static bool
upkeep(struct scope *s, void *args)
{
    const struct exclusion now = { .updated_at = s->now };
    const struct principal *me = s->who;
    struct rows rows;
    if (!job_see_every_tenant(s) || !db_list(s, &exclusions_expired, &now, &rows))
        return false;
    const struct exclusion *ended = rows.items;
    for (size_t i = 0; i < rows.count; i++)
        if (!audit_record(s, &(struct deed){ .tenant_id = ended[i].tenant_id, .action = "exclusion.expired",
                                             .noun = "exclusion", .object_id = ended[i].id,
                                             .object_name = ended[i].title })
            || !tell_author(s, &ended[i]))
            return false;
    bool good = learn_everywhere(s);
    s->who = me;
    return good && job_add(s, &exclusion_upkeep_job, (struct uuid){ 0 }, args,
                           instant_plus(s->now, MINUTES(EVERY_MINUTES)), STR("exclusions"));
}

const struct job_kind exclusion_upkeep_job = {
    .name = "exclusion_upkeep", .prose = "Ends exclusions that have expired, proposes what learning mode has learnt",
    .args = &nothing_shape, .run = upkeep, .max_attempts = 1000000,
};
