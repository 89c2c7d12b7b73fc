#include "workflows/ticket_snoozes.h"

#include "model/ticket_snooze.h"
#include "workflows/ticket_work_parts.h"

enum { DAYS_MOST = 30 };

const struct problem ticket_snooze_warned_already = {
    409, "snooze-warned",
    { "A deadline of this case has warned already: it stays where it is seen.",
      "期限の警告が出ているため、非表示にはできません。" },
};

const struct shape ticket_put_aside_shape = SHAPE(ticket_put_aside,
    FIELD(ticket_put_aside, id, "Which case", .read_only = true),
    FIELD(ticket_put_aside, until_at, "Until when, within thirty days; absent: thirty days"),
    FIELD(ticket_put_aside, until_news, "Or until something happens in it"));

static bool
is_soon(struct scope *s, const struct ticket_put_aside *in)
{
    struct instant latest = instant_plus(s->now, DAYS(DAYS_MOST));
    if (!in->until_at.us && !in->until_news)
        return fail_field(s, "/until_at", FAULT_REQUIRED, NULL);
    if (in->until_at.us && in->until_at.us <= s->now.us)
        return fail_field(s, "/until_at", FAULT_TOO_SMALL, instant_format(s->arena, s->now).at);
    return in->until_at.us <= latest.us || fail_field(s, "/until_at", FAULT_TOO_LARGE, instant_format(s->arena,
        latest).at);
}

static bool
may_rest(struct scope *s, const struct ticket *t)
{
    struct snooze_warned_row found;
    if (t->status == TICKET_RESOLVED || t->status == TICKET_CLOSED || t->status == TICKET_DECLINED)
        return fail(s, &ticket_cannot, "it is over, and in nobody's queue");
    return db_one(s, &ticket_snooze_warned, &(struct id_args){ t->id }, &found)
        && (!found.warned || fail(s, &ticket_snooze_warned_already, "a mark was told, or it is late"));
}

bool
ticket_put_aside(struct scope *s, const struct ticket_put_aside *in, struct ticket *out)
{
    struct ticket t;
    if (!work_look(s, in->id, true, &t) || !is_soon(s, in) || !may_rest(s, &t))
        return false;
    const struct ticket_snooze row = {
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id, .person_id = s->who->person_id,
        .until_at = in->until_at.us ? in->until_at : instant_plus(s->now, DAYS(DAYS_MOST)),
        .until_news = in->until_news, .at = s->now };
    return db_run(s, &ticket_snooze_put, &row, NULL)
        && work_record_inside(s, &t, "ticket.snoozed", "ticket", t.id)
        && db_one(s, &ticket_by_id, &(struct id_args){ t.id }, out);
}

bool
ticket_take_back(struct scope *s, struct uuid id, struct ticket *out)
{
    struct ticket t;
    int64_t gone;
    return work_look(s, id, true, &t)
        && db_run(s, &ticket_snooze_drop, &(struct id_args){ id }, &gone)
        && (gone == 0 || work_record_inside(s, &t, "ticket.unsnoozed", "ticket", t.id))
        && db_one(s, &ticket_by_id, &(struct id_args){ id }, out);
}
