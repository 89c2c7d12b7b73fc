#include "workflows/detections.h"

#include "core/base/text.h"
#include "core/db/db.h"
#include "model/detection_settle.h"
#include "workflows/audit.h"
#include "workflows/incident_gather.h"

enum { BULK_MAX = 500, REASON_MAX = 2000, HITS_BYTES = 8 << 20, GROUP_DAYS = 2 };

const struct problem detection_cannot = {
    409, "detection-cannot",
    { "The detection does not allow this where it stands.", "現在の状態では、この操作はできません。" } };

const struct shape detection_resolve_shape = SHAPE(detection_resolve,
    FIELD(detection_resolve, id, "Which one", .read_only = true),
    FIELD(detection_resolve, verdict, "What it turned out to be", .of = &detection_verdict_domain, .required = true),
    FIELD(detection_resolve, reason, "Why; the customer reads it", .max = REASON_MAX, .required = true));
const struct shape detection_reopen_shape = SHAPE(detection_reopen,
    FIELD(detection_reopen, id, "Which one", .read_only = true),
    FIELD(detection_reopen, reason, "Why", .max = REASON_MAX, .required = true));

static const struct domain bulk_action_domain = DOMAIN(detection_bulk_action, "take", "resolve", "reopen");

const struct shape detection_bulk_shape = SHAPE(detection_bulk,
    FIELD(detection_bulk, action, "What to do with each", .of = &bulk_action_domain, .required = true),
    FIELD(detection_bulk, ids, "With which", .max = BULK_MAX, .required = true),
    FIELD(detection_bulk, dry_run, "Only say what would happen"),
    FIELD(detection_bulk, verdict, "resolve: what they turned out to be", .of = &detection_verdict_domain),
    FIELD(detection_bulk, reason, "resolve, reopen: why", .max = REASON_MAX));

/* What the log shows of a detection. */
static const struct shape logged = SHAPE(detection,
    FIELD(detection, status, "", .of = &detection_status_domain),
    FIELD(detection, verdict, "", .of = &detection_verdict_domain), FIELD(detection, reason, ""),
    FIELD(detection, assignee_name, ""));

bool
detection_job_add(struct scope *s, const struct job_kind *kind, struct uuid tenant_id, struct instant run_at)
{
    return job_add(s, kind, tenant_id, NULL, run_at, str_of(kind->name));
}

static bool
keep(struct scope *s, const char *action, const struct detection *before, struct detection *d)
{
    d->updated_at = s->now;
    return db_run(s, &detection_save, d, NULL)
        && audit_record(s, &(struct deed){ .tenant_id = d->tenant_id, .action = action, .noun = "detection",
                                           .object_id = d->id, .object_name = d->title,
                                           .change = shape_difference(s->arena, &logged, before, d) })
        && detection_job_add(s, &detection_tally_job, d->tenant_id, instant_plus(s->now, SECONDS(1)))
        && db_one(s, &detection_by_id, &(struct id_args){ d->id }, d);
}

/* The groups of all of them, then the detections: the order in which batches hold them, too. */
static bool
hold_all(struct scope *s, struct uuids ids)
{
    const struct detection_ids_args args = { ids };
    struct rows held;
    return db_list(s, &detection_groups_lock, &args, &held) && db_list(s, &detections_lock, &args, &held);
}

static bool
hold(struct scope *s, struct uuid id, struct detection *d)
{
    return hold_all(s, (struct uuids){ &id, 1 }) && db_one(s, &detection_lock, &(struct id_args){ id }, d);
}

bool
detection_take(struct scope *s, struct uuid id, struct detection *out)
{
    struct detection before;
    if (!hold(s, id, &before))
        return false;
    if (before.status == DETECTION_RESOLVED)
        return fail(s, &detection_cannot, "it is resolved");
    *out = before;
    out->status = DETECTION_IN_PROGRESS;
    out->assignee_id = s->who->person_id;
    out->assignee_name = s->who->name;
    return keep(s, "detection.taken", &before, out);
}

bool
detection_resolve(struct scope *s, const struct detection_resolve *in, struct detection *out)
{
    struct detection before;
    if (!hold(s, in->id, &before))
        return false;
    if (before.status == DETECTION_RESOLVED)
        return fail(s, &detection_cannot, "it is resolved already");
    *out = before;
    out->status = DETECTION_RESOLVED;
    out->verdict = in->verdict;
    out->reason = in->reason;
    out->resolved_by_name = s->who->name;
    out->resolved_at = s->now;
    if (uuid_is_none(out->assignee_id)) {
        out->assignee_id = s->who->person_id;
        out->assignee_name = s->who->name;
    }
    return db_run(s, &detection_ungroup, out, NULL) && keep(s, "detection.resolved", &before, out);
}

bool
detection_reopen(struct scope *s, const struct detection_reopen *in, struct detection *out)
{
    struct detection before;
    if (!hold(s, in->id, &before))
        return false;
    if (before.status != DETECTION_RESOLVED)
        return fail(s, &detection_cannot, "it is not resolved");
    *out = before;
    out->status = DETECTION_IN_PROGRESS;
    out->verdict = VERDICT_NONE;
    out->reason = in->reason;
    out->resolved_by_name = STR_NONE;
    out->resolved_at = (struct instant){ 0 };
    return keep(s, "detection.reopened", &before, out)
        && detection_job_add(s, &incident_gather_job, out->tenant_id, s->now);
}

/* ---- many ---- */

static bool
act(struct scope *s, const struct detection_bulk *in, struct uuid id, struct detection *d)
{
    switch (in->action) {
    case DETECTION_BULK_TAKE:
        return detection_take(s, id, d);
    case DETECTION_BULK_RESOLVE:
        return detection_resolve(s, &(struct detection_resolve){ id, in->verdict, in->reason }, d);
    case DETECTION_BULK_REOPEN:
        return detection_reopen(s, &(struct detection_reopen){ id, in->reason }, d);
    default:
        return fail(s, &problem_internal, "a verb nobody wrote");
    }
}

static bool
one(struct scope *s, const struct detection_bulk *in, struct uuid id, struct bulk_item *item)
{
    struct detection d;
    item->id = id;
    if (!db_savepoint(s))
        return false;
    item->ok = db_one(s, &detection_by_id, &(struct id_args){ id }, &d);
    if (item->ok) {
        item->name = d.title;
        item->ok = act(s, in, id, &d);
    }
    if (item->ok)
        return in->dry_run ? db_savepoint_rollback(s) : db_savepoint_release(s);
    if (s->failure.problem->status >= 500)
        return false;
    item->code = str_of(s->failure.problem->slug);
    item->message = str_of(bilingual_in(s->failure.problem->title, s->language));
    scope_forgive(s);
    return db_savepoint_rollback(s);
}

bool
detection_bulk(struct scope *s, const struct detection_bulk *in, struct bulk_answer *out)
{
    struct bulk_item *items = arena_array_of(s->arena, in->ids.count + 1, struct bulk_item);
    *out = (struct bulk_answer){ .dry_run = in->dry_run, .items = { items, in->ids.count } };
    if (in->action == DETECTION_BULK_RESOLVE && !in->verdict)
        return fail_field(s, "/verdict", FAULT_REQUIRED, NULL);
    if (in->action != DETECTION_BULK_TAKE && !str_trim(in->reason).len)
        return fail_field(s, "/reason", FAULT_REQUIRED, NULL);
    if (!hold_all(s, in->ids))
        return false;
    for (size_t i = 0; i < in->ids.count; i++) {
        if (!one(s, in, in->ids.items[i], &items[i]))
            return false;
        *(items[i].ok ? &out->succeeded : &out->failed) += 1;
    }
    return true;
}

/* ---- adding up ---- */

static struct str
hits_as_json(struct scope *s, const struct rows *hits)
{
    struct text t = text_new(s->arena, HITS_BYTES);
    const struct tally_hit *items = hits->items;
    text_add_char(&t, '[');
    for (size_t i = 0; i < hits->count; i++)
        text_addf(&t, "%s{\"exclusion_id\":\"" STR_FMT "\",\"hits\":%lld,\"at\":\"" STR_FMT "\"}", i ? "," : "",
                  STR_ARG(uuid_format(s->arena, items[i].exclusion_id)), (long long)items[i].hits,
                  STR_ARG(instant_format(s->arena, items[i].at)));
    text_add_char(&t, ']');
    return text_str(&t);
}

static bool
tally(struct scope *s, void *unused)
{
    struct settle_args args = { .tenant_id = s->who->tenant_id, .at = s->now,
                                .since = instant_plus(s->now, -DAYS(GROUP_DAYS)) };
    struct tally_skipped left;
    struct rows hits;
    (void)unused;
    if (!db_one(s, &tally_computers, &args, &left) || !db_run(s, &tally_groups, &args, NULL)
        || !db_list(s, &tally_counts, &args, &hits))
        return false;
    if (left.skipped && !detection_job_add(s, &detection_tally_job, args.tenant_id, instant_plus(s->now, SECONDS(5))))
        return false;
    if (hits.count == 0)
        return true;
    args.rows.raw = hits_as_json(s, &hits);
    /* An exclusion of the provider is hit by everybody. */
    return job_see_every_tenant(s) && db_run(s, &tally_hits, &args, NULL);
}

const struct job_kind detection_tally_job = {
    .name = "detection_tally", .prose = "Adds up what batches counted, and how computers stand", .run = tally,
};
