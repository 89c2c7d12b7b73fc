#include "workflows/webhooks.h"

#include "model/tenant.h"
#include "workflows/audit.h"
#include "workflows/service.h"

enum { SECRET_BYTES = 32, OLD_SECRET_HOURS = 24 };

/* ---- events ---- */

static const struct {
    const char *key;
    struct bilingual title;
} events[] = {
    { "ticket.opened", { "A case was opened", "お問い合わせの作成" } },
    { "ticket.posted", { "A message was written", "メッセージの投稿" } },
    { "ticket.edited", { "Subject, description or tags changed", "件名・内容・タグの変更" } },
    { "ticket.assigned", { "An engineer was put in charge", "担当者の変更" } },
    { "ticket.severity-decided", { "The severity was decided", "重大度の決定" } },
    { "ticket.start", { "Work goes on", "対応の開始・再開" } },
    { "ticket.wait", { "It waits for a third party", "第三者の回答待ち" } },
    { "ticket.resolve", { "It was resolved", "解決" } },
    { "ticket.close", { "It was closed", "終了" } },
    { "ticket.decline", { "It was declined", "お断り" } },
    { "ticket.reopen", { "It was opened again", "再開" } },
    { "ticket.merged", { "It was merged into another case", "別のお問い合わせへの統合" } },
    { "ticket.split", { "A part became a case of its own", "お問い合わせの分割" } },
    { "ticket.tagged", { "Its tags changed", "タグの変更" } },
    { "incident.opened", { "An incident was found", "インシデントの発生" } },
    { "incident.assigned", { "An engineer was put in charge of an incident", "インシデントの担当者の変更" } },
    { "incident.level-decided", { "The level of an incident was decided", "インシデントのレベルの決定" } },
    { "incident.start", { "Work on an incident goes on", "インシデントの対応の開始・再開" } },
    { "incident.wait", { "An incident waits for somebody", "インシデントの回答待ち" } },
    { "incident.closed", { "An incident was closed", "インシデントの終了" } },
    { "incident.reopened", { "An incident was opened again", "インシデントの再開" } },
    { "incident.merged", { "An incident goes on in another", "インシデントの統合" } },
    { "incident.told", { "The customer was told of an incident", "インシデントのお知らせ" } },
    { "incident.commented", { "Somebody commented on an incident", "インシデントへのコメント" } },
    { "incident.case-opened", { "A case was opened for an incident", "インシデントのお問い合わせの作成" } },
    { "ticket.linked", { "It was linked with another case", "別のお問い合わせとの関連付け" } },
};
static const struct bilingual escalation_title = { "Escalation of a deadline", "期限のエスカレーション" };

static const struct shape event_shape = SHAPE(webhook_event,
    FIELD(webhook_event, key, "Noun and verb, as the feed of changes spells them", .required = true),
    FIELD(webhook_event, title, "What it means", .required = true));
const struct shape webhook_events_shape = SHAPE(webhook_events,
    FIELD(webhook_events, items, "What can be chosen", .items = &event_shape));

static bool
is_provider(const struct scope *s)
{
    return s->who->side == SIDE_PROVIDER && uuid_is_none(s->who->acting_tenant_id);
}

bool
webhook_events(struct scope *s, struct webhook_events *out)
{
    struct webhook_event *items = arena_array_of(s->arena, COUNT_OF(events) + 1, struct webhook_event);
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(events); i++)
        items[count++] = (struct webhook_event){ str_of(events[i].key),
                                                 str_of(bilingual_in(events[i].title, s->language)) };
    if (is_provider(s))
        items[count++] = (struct webhook_event){ STR("escalation.raised"),
                                                 str_of(bilingual_in(escalation_title, s->language)) };
    out->items = (struct rows){ items, count };
    return true;
}

static bool
is_event(struct str key, bool of_provider)
{
    for (size_t i = 0; i < COUNT_OF(events); i++)
        if (str_is(key, events[i].key))
            return true;
    return of_provider && str_is(key, "escalation.raised");
}

static bool
check_words(struct scope *s, const struct webhook_write *in)
{
    bool https_only = str_starts(s->service->public_url, STR("https:"));
    if (!str_starts(in->url, STR("https://")) && (https_only || !str_starts(in->url, STR("http://"))))
        return fail_field(s, "/url", FAULT_BAD_URL, "https://");
    for (size_t i = 0; i < in->events.count; i++)
        if (!is_event(in->events.items[i], uuid_eq(in->tenant_id, provider_tenant_id)))
            return fail_field(s, str_printf(s->arena, "/events/%d", (int)i).at, FAULT_NOT_IN_DOMAIN, NULL);
    return true;
}

/* ---- secrets ---- */

struct str
webhook_secret_context(struct arena *a, struct uuid id)
{
    return str_printf(a, "webhook.secret " STR_FMT, STR_ARG(uuid_format(a, id)));
}

static struct bytes
make_secret(struct scope *s, struct uuid id, struct str *shown)
{
    char *random = arena_alloc(s->arena, SECRET_BYTES);
    random_bytes(random, SECRET_BYTES);
    const struct bytes key = { { random, SECRET_BYTES } };
    *shown = str_printf(s->arena, "whsec_" STR_FMT, STR_ARG(base64_of(s->arena, key)));
    return secret_seal(s->arena, &s->service->key, webhook_secret_context(s->arena, id), key.raw);
}

/* ---- verbs ---- */

static const struct shape logged = SHAPE(webhook,
    FIELD(webhook, name, ""), FIELD(webhook, url, ""), FIELD(webhook, events, ""),
    FIELD(webhook, state, "", .of = &webhook_state_domain));

static bool
record(struct scope *s, const char *action, const struct webhook *before, const struct webhook *after)
{
    const struct webhook *hook = after ? after : before;
    return audit_record(s, &(struct deed){
        .tenant_id = hook->tenant_id, .action = action, .noun = "webhook", .object_id = hook->id,
        .object_name = hook->name, .change = shape_difference(s->arena, &logged, before, after) });
}

bool
webhook_create(struct scope *s, const struct webhook_write *in, struct webhook *out)
{
    struct webhook_write row = *in;
    struct str secret;
    row.id = uuid_new(s->now);
    row.at = s->now;
    if (uuid_is_none(row.tenant_id))
        row.tenant_id = uuid_is_none(s->who->acting_tenant_id) ? s->who->tenant_id : s->who->acting_tenant_id;
    if (!principal_sees(s->who, row.tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    row.secret = make_secret(s, row.id, &secret);
    if (!check_words(s, &row) || !db_run(s, &webhook_insert, &row, NULL)
        || !db_one(s, &webhook_by_id, &(struct id_args){ row.id }, out) || !record(s, "webhook.created", NULL, out))
        return false;
    out->secret = secret;
    return true;
}

bool
webhook_change(struct scope *s, const struct webhook_write *in, struct webhook *out)
{
    struct webhook before;
    struct webhook_write row = *in;
    struct id_args changed;
    row.at = s->now;
    if (!db_one(s, &webhook_by_id, &(struct id_args){ row.id }, &before))
        return false;
    row.tenant_id = before.tenant_id;
    return check_words(s, &row)
        && db_update(s, &webhook_update, &row, &changed, &webhook_by_id, row.id)
        && db_one(s, &webhook_by_id, &(struct id_args){ row.id }, out)
        && record(s, "webhook.updated", &before, out);
}

static bool
send_soon(struct scope *s, const struct webhook *hook)
{
    return job_add(s, &webhook_send_job, hook->tenant_id, &(struct webhook_send){ hook->id }, s->now, STR_NONE);
}

bool
webhook_turn(struct scope *s, struct uuid id, enum webhook_state state, struct webhook *out)
{
    struct webhook before;
    const struct webhook_write row = { .id = id, .state = state, .at = s->now };
    return db_one(s, &webhook_by_id, &(struct id_args){ id }, &before)
        && db_run(s, &webhook_set_state, &row, NULL)
        && db_one(s, &webhook_by_id, &(struct id_args){ id }, out)
        && (state != WEBHOOK_ACTIVE || send_soon(s, out))
        && record(s, state == WEBHOOK_ACTIVE ? "webhook.resumed" : "webhook.paused", &before, out);
}

bool
webhook_rotate_secret(struct scope *s, struct uuid id, struct webhook *out)
{
    struct webhook before;
    struct str secret;
    const struct webhook_write row = { .id = id, .secret = make_secret(s, id, &secret), .at = s->now,
                                       .old_until = instant_plus(s->now, HOURS(OLD_SECRET_HOURS)) };
    if (!db_one(s, &webhook_by_id, &(struct id_args){ id }, &before) || !db_run(s, &webhook_rotate, &row, NULL)
        || !db_one(s, &webhook_by_id, &(struct id_args){ id }, out) || !record(s, "webhook.rotated", &before, out))
        return false;
    out->secret = secret;
    return true;
}

bool
webhook_remove(struct scope *s, struct uuid id)
{
    struct webhook before;
    return db_one(s, &webhook_by_id, &(struct id_args){ id }, &before)
        && db_run(s, &webhook_delete, &(struct id_args){ id }, NULL)
        && record(s, "webhook.deleted", &before, NULL);
}

bool
webhook_try(struct scope *s, struct uuid id, struct webhook_delivery *out)
{
    struct webhook hook;
    const struct webhook_test_args args = { id, uuid_new(s->now), s->now };
    return db_one(s, &webhook_by_id, &(struct id_args){ id }, &hook)
        && db_run(s, &webhook_test, &args, NULL)
        && send_soon(s, &hook)
        && db_one(s, &webhook_delivery_by_id, &(struct id_args){ args.id }, out)
        && record(s, "webhook.tested", &hook, &hook);
}

bool
webhook_send_again(struct scope *s, struct uuid delivery_id, struct webhook_delivery *out)
{
    struct webhook hook;
    struct webhook_delivery first;
    const struct webhook_test_args args = { delivery_id, uuid_new(s->now), s->now };
    if (!db_one(s, &webhook_delivery_by_id, &(struct id_args){ delivery_id }, &first)
        || !db_one(s, &webhook_by_id, &(struct id_args){ first.webhook_id }, &hook))
        return false;
    if (first.state == DELIVERY_WAITING)
        return fail(s, &problem_conflict, "it waits to be delivered already");
    return db_run(s, &webhook_replay, &args, NULL)
        && send_soon(s, &hook)
        && db_one(s, &webhook_delivery_by_id, &(struct id_args){ args.id }, out)
        && record(s, "webhook.replayed", &hook, &hook);
}
