/* One delivery at a time: what is at the head of an endpoint's queue, signed, sent, and what came of it. */
#include "core/base/log.h"
#include "core/db/change.h"
#include "core/net/fetch.h"
#include "model/tenant.h"
#include "workflows/notices.h"
#include "workflows/service.h"
#include "workflows/webhooks.h"

enum { BODY_MAX = 256 * 1024, ANSWER_KEPT = 2000, ANSWER_MAX = 64 * 1024, TIMEOUT_MS = 10000, PATIENCE_HOURS = 24,
       UNSAFE_PAUSE_MS = 50 };

/* From run to act to finish; only the first member is in the row. */
struct sending {
    struct webhook_send args;
    bool meant, too_early;
    struct webhook_hold hook;
    struct delivery_head head;
    struct str message_id, body, signature;
    int64_t timestamp_s;
    struct fetch_answer answer;
    struct str error;
};

static const struct shape sending_shape = {
    .name = "webhook_send", .size = sizeof(struct sending), .count = 1,
    .fields = (const struct field[]){ FIELD(webhook_send, webhook_id, "Where to") },
};

/* ---- what is sent ---- */

static bool
read_object(struct scope *s, const struct query *q, const struct delivery_head *head, struct str *out)
{
    struct webhook_object row;
    bool found;
    const struct webhook_case_args args = { head->object_id, head->at };
    if (!db_maybe(s, q, &args, &row, &found))
        return false;
    *out = found ? row.object.raw : STR("null");
    return true;
}

/* As the customer: the database shows this transaction no more than it shows them. */
static bool
read_as_customer(struct scope *s, const struct delivery_head *head, struct str *object, struct str *post)
{
    bool has_post = str_is(head->event, "ticket.posted");
    return db_run(s, &webhook_as_customer, NULL, NULL)
        && read_object(s, &webhook_ticket, head, object)
        && (!has_post || read_object(s, &webhook_post, head, post))
        && db_run(s, &webhook_as_service, NULL, NULL);
}

static bool
read_parts(struct scope *s, const struct sending *x, struct str *object, struct str *post)
{
    *object = *post = STR("null");
    if (str_starts(x->head.event, STR("ticket.")))
        return read_as_customer(s, &x->head, object, post);
    if (str_starts(x->head.event, STR("incident.")))
        return db_run(s, &webhook_as_customer, NULL, NULL)
            && read_object(s, &webhook_incident, &x->head, object)
            && db_run(s, &webhook_as_service, NULL, NULL);
    if (!str_is(x->head.event, "escalation.raised") || !uuid_eq(x->hook.tenant_id, provider_tenant_id))
        return true;
    return job_see_every_tenant(s) && read_object(s, &webhook_escalation, &x->head, object)
        && db_set_tenants(s, s->who->tenants);
}

static bool
make_body(struct scope *s, struct sending *x)
{
    struct str object, post;
    if (x->head.body.at) {
        x->body = x->head.body;
        return true;
    }
    if (!read_parts(s, x, &object, &post))
        return false;
    struct text t = text_new(s->arena, BODY_MAX);
    text_add_c(&t, "{\"type\":");
    json_write_str(&t, x->head.event);
    text_addf(&t, ",\"timestamp\":\"" STR_FMT "\",\"data\":{\"tenant_id\":\"" STR_FMT "\",\"object_id\":",
              STR_ARG(instant_format(s->arena, x->head.at)), STR_ARG(uuid_format(s->arena, x->hook.tenant_id)));
    if (uuid_is_none(x->head.object_id))
        text_add_c(&t, "null");
    else
        json_write_str(&t, uuid_format(s->arena, x->head.object_id));
    text_add_c(&t, ",\"object\":");
    text_add(&t, object);
    if (str_is(x->head.event, "ticket.posted")) {
        text_add_c(&t, ",\"post\":");
        text_add(&t, post);
    }
    text_add_c(&t, "}}");
    x->body = text_str(&t);
    return !t.full || fail(s, &problem_internal, "an event of more than %d bytes", BODY_MAX);
}

struct str
webhook_signature(struct arena *a, struct str secret, struct str id, int64_t timestamp_s, struct str body)
{
    struct str signed_text = str_printf(a, STR_FMT ".%lld." STR_FMT, STR_ARG(id), (long long)timestamp_s,
                                        STR_ARG(body));
    return str_printf(a, "v1," STR_FMT, STR_ARG(base64_of(a, hmac_sha256(a, secret, signed_text))));
}

static bool
sign(struct scope *s, struct sending *x)
{
    struct str context = webhook_secret_context(s->arena, x->hook.id), secret, old;
    x->message_id = uuid_format(s->arena, uuid_is_none(x->head.replay_of) ? x->head.id : x->head.replay_of);
    x->timestamp_s = s->now.us / SECONDS(1);
    if (!secret_open(s, &s->service->key, context, x->hook.secret, &secret))
        return false;
    x->signature = webhook_signature(s->arena, secret, x->message_id, x->timestamp_s, x->body);
    if (x->hook.old_until.us <= s->now.us)
        return true;
    if (!secret_open(s, &s->service->key, context, x->hook.old_secret, &old))
        return false;
    x->signature = str_printf(s->arena, STR_FMT " " STR_FMT, STR_ARG(x->signature),
                              STR_ARG(webhook_signature(s->arena, old, x->message_id, x->timestamp_s, x->body)));
    return true;
}

/* ---- run, act, finish ---- */

static bool
begin(struct scope *s, struct sending *x, struct uuid job_id)
{
    const struct webhook_hold_args hold = { x->hook.id, job_id };
    if (!make_body(s, x) || !sign(s, x))
        return false;
    const struct delivery_write row = {
        .id = x->head.id, .body = x->body, .first_at = x->head.first_at.us ? x->head.first_at : s->now,
        .signed_with = str_printf(s->arena, "webhook-id: " STR_FMT "\nwebhook-timestamp: %lld\n"
                                            "webhook-signature: " STR_FMT,
                                  STR_ARG(x->message_id), (long long)x->timestamp_s, STR_ARG(x->signature)),
        .status = INT_NONE, .elapsed_ms = INT_NONE };
    x->head.first_at = row.first_at;
    x->meant = true;
    return db_run(s, &delivery_begin, &row, NULL) && db_run(s, &webhook_take, &hold, NULL);
}

static bool
run(struct scope *s, void *args)
{
    struct sending *x = args;
    struct webhook_hold_args hold = { .id = x->args.webhook_id };
    bool found;
    if (!uuid_parse(s->request_id, &hold.job_id))
        return fail(s, &problem_internal, "a job without an id");
    if (!db_maybe(s, &webhook_lock, &hold, &x->hook, &found) || !found || x->hook.busy)
        return !scope_has_failed(s);
    if (!db_maybe(s, &delivery_head, &(struct id_args){ x->hook.id }, &x->head, &found))
        return false;
    x->too_early = found && !x->head.safe;
    if (!found || x->too_early || x->head.next_attempt_at.us > s->now.us)
        return true;
    return begin(s, x, hold.job_id);
}

static void
rest_ms(long ms)
{
    const struct timespec span = { ms / 1000, ms % 1000 * 1000000 };
    nanosleep(&span, NULL);
}

/* Always succeeds: what came of it is written by finish. */
static bool
act(struct scope *s, void *args)
{
    struct sending *x = args;
    if (x->too_early)
        rest_ms(UNSAFE_PAUSE_MS); /* an older transaction is about to end */
    if (!x->meant)
        return true;
    const struct fetch_header headers[] = {
        { STR("Content-Type"), STR("application/json") }, { STR("User-Agent"), STR("Yagura-Webhooks/1") },
        { STR("webhook-id"), x->message_id },
        { STR("webhook-timestamp"), str_printf(s->arena, "%lld", (long long)x->timestamp_s) },
        { STR("webhook-signature"), x->signature } };
    const struct fetch_request request = {
        .method = "POST", .url = x->hook.url, .headers = headers, .header_count = COUNT_OF(headers), .body = x->body,
        .reach = s->service->reach, .https_only = str_starts(s->service->public_url, STR("https:")),
        .timeout_ms = TIMEOUT_MS, .answer_max = ANSWER_MAX };
    if (fetch(s, &request, &x->answer))
        return true;
    x->error = str_printf(s->arena, "%s (" STR_FMT ")", s->failure.problem->title.en, STR_ARG(s->failure.detail));
    scope_forgive(s);
    return true;
}

/* Seconds at first, since most trouble passes; hours in the end. */
static int64_t
pause_after(int64_t attempts)
{
    static const int64_t seconds[] = { 5, 30, 120, 300, 900, 1800, 3600, 7200, 10800 };
    return SECONDS(seconds[attempts < (int64_t)COUNT_OF(seconds) ? (size_t)attempts : COUNT_OF(seconds) - 1]);
}

/* What the receiver said, as text that can be kept and shown. */
static struct str
excerpt(struct arena *a, struct str body)
{
    struct str head = str_head(body, body.len < ANSWER_KEPT ? body.len : ANSWER_KEPT);
    for (int cut = 0; cut < 4 && head.len && !str_is_utf8(head); cut++)
        head.len--;
    if (str_is_utf8(head))
        return head;
    return str_printf(a, "(%zu bytes that are no text)", body.len);
}

static bool
tell_owners(struct scope *s, const struct sending *x)
{
    struct rows rows;
    const struct notice_people_args args = { .tenant_id = x->hook.tenant_id, .set = STR("api_keys:write") };
    if (!db_list(s, &tenant_holders, &args, &rows))
        return false;
    struct uuids people = { arena_array_of(s->arena, rows.count + 1, struct uuid), rows.count };
    for (size_t i = 0; i < rows.count; i++)
        people.items[i] = ((const struct id_args *)rows.items)[i].id;
    return notice_tell(s, &(struct notice){ .kind = NOTICE_WEBHOOK, .tenant_id = x->hook.tenant_id, .to = people,
                                            .about = x->hook.name, .path = STR("/webhooks") }, NULL);
}

static struct delivery_write
outcome_of(const struct scope *s, const struct sending *x)
{
    bool answered = x->error.at == NULL, good = answered && x->answer.status >= 200 && x->answer.status < 300;
    struct delivery_write row = {
        .id = x->head.id, .webhook_id = x->hook.id, .at = s->now, .error = x->error,
        .state = good ? DELIVERY_DELIVERED : DELIVERY_WAITING, .status = answered ? x->answer.status : INT_NONE,
        .elapsed_ms = answered ? x->answer.elapsed_us / 1000 : INT_NONE,
        .answer = answered ? excerpt(s->arena, x->answer.body) : STR_NONE };
    if (good)
        return row;
    struct instant next = instant_plus(s->now, pause_after(x->head.attempts));
    bool gone = answered && x->answer.status == 410;
    if (gone || str_is(x->head.event, "webhook.test")
        || next.us > instant_plus(x->head.first_at, HOURS(PATIENCE_HOURS)).us)
        row.state = DELIVERY_FAILED;
    else
        row.next_attempt_at = next;
    return row;
}

static bool
disable(struct scope *s, const struct sending *x, const struct delivery_write *row)
{
    struct delivery_write why = *row;
    int64_t changed;
    if (!why.error.at)
        why.error = str_printf(s->arena, "HTTP %lld", (long long)row->status);
    return db_run(s, &webhook_disable, &why, &changed)
        && (changed == 0 || change_record(s, x->hook.tenant_id, "webhook", x->hook.id, "disabled"))
        && (changed == 0 || tell_owners(s, x));
}

/* The next one, if there is one and nobody else brings it. */
static bool
go_on(struct scope *s, const struct sending *x, struct instant at)
{
    struct webhook_queued waiting;
    if (at.us == 0) {
        if (!db_one(s, &webhook_waiting, &(struct id_args){ x->hook.id }, &waiting))
            return false;
        if (waiting.count == 0)
            return true;
        at = s->now;
    }
    return job_add(s, &webhook_send_job, x->hook.tenant_id, &x->args, at, STR_NONE);
}

static bool
finish(struct scope *s, void *args, bool acted)
{
    struct sending *x = args;
    (void)acted;
    if (!x->meant)
        return !x->too_early || go_on(s, x, (struct instant){ 0 });
    const struct delivery_write row = outcome_of(s, x);
    bool is_test = str_is(x->head.event, "webhook.test");
    log_info(s, "webhook.sent", "webhook=" STR_FMT " event=" STR_FMT " state=" STR_FMT " error=" STR_FMT,
             STR_ARG(uuid_format(s->arena, x->hook.id)), STR_ARG(x->head.event),
             STR_ARG(domain_label(&delivery_state_domain, (int)row.state)), STR_ARG(row.error));
    if (!db_run(s, &delivery_end, &row, NULL))
        return false;
    const struct query *release = is_test ? &webhook_release : &webhook_failing;
    const void *release_args = is_test ? (const void *)&(struct id_args){ x->hook.id } : (const void *)&row;
    return db_run(s, release, release_args, NULL)
        && (row.state != DELIVERY_FAILED || is_test || disable(s, x, &row))
        && go_on(s, x, row.next_attempt_at);
}

const struct job_kind webhook_send_job = {
    .name = "webhook_send", .prose = "Send what changed to a customer's own systems", .args = &sending_shape,
    .run = run, .act = act, .finish = finish, .max_attempts = 1000000, .parallel_max = 2,
};
