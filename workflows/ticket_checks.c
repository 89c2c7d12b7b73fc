/* What engineers tick off in a case, and how long they worked on it: the provider's own affair. */
#include "workflows/ticket_work_parts.h"

enum { CHECKS_MAX = 200, ENTRY_MINUTES_MAX = 1440 };

const struct shape ticket_checklist_shape = SHAPE(ticket_checklist,
    FIELD(ticket_checklist, id, "Which case", .read_only = true),
    FIELD(ticket_checklist, template_id, "Which list", .required = true));

const struct shape ticket_check_add_shape = SHAPE(ticket_check_add,
    FIELD(ticket_check_add, id, "Which case", .read_only = true),
    FIELD(ticket_check_add, text, "What is to be done", .max = 300, .required = true));

const struct shape ticket_time_add_shape = SHAPE(ticket_time_add,
    FIELD(ticket_time_add, id, "On which case", .read_only = true),
    FIELD(ticket_time_add, worked_on, "On which day", .format = FORMAT_DATE, .required = true),
    FIELD(ticket_time_add, minutes, "For how many minutes", .min = 1, .max = ENTRY_MINUTES_MAX, .required = true),
    FIELD(ticket_time_add, note, "Doing what", .max = 500));

/* ---- checklists ---- */

bool
ticket_checklist_add(struct scope *s, const struct ticket_checklist *in, struct ticket_work *out)
{
    struct ticket t;
    struct rows added;
    if (!work_hold(s, in->id, true, &t))
        return false;
    struct ticket_checks_args args = { t.tenant_id, t.id, t.category_id, in->template_id, s->now };
    if (!db_list(s, &ticket_checks_add, &args, &added))
        return false;
    if (added.count == 0) /* no such list, or the case has it already */
        return fail_field(s, "/template_id", FAULT_NOT_FOUND, NULL);
    return work_read(s, &t, out)
        && work_record_inside(s, &t, "ticket_check.listed", "ticket_check",
                              ((const struct id_args *)added.items)->id);
}

bool
ticket_check_add(struct scope *s, const struct ticket_check_add *in, struct ticket_work *out)
{
    struct ticket t;
    if (!work_hold(s, in->id, true, &t) || !work_read(s, &t, out))
        return false;
    if (out->checks.count >= CHECKS_MAX)
        return fail_field(s, "/text", FAULT_TOO_MANY, "200");
    struct str text = str_trim(in->text);
    struct ticket_check row = {
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id, .list_en = STR("Other"),
        .list_ja = STR("その他"), .text_en = text, .text_ja = text, .created_at = s->now,
    };
    return db_run(s, &ticket_check_insert, &row, NULL)
        && work_record_inside(s, &t, "ticket_check.added", "ticket_check", row.id)
        && work_read(s, &t, out);
}

bool
ticket_check_tick(struct scope *s, struct uuid id, bool done, struct ticket_check *out)
{
    struct ticket t;
    struct ticket_check c;
    if (!db_one(s, &ticket_check_by_id, &(struct id_args){ id }, &c) || !work_hold(s, c.ticket_id, true, &t))
        return false;
    if (done == (c.done_at.us != 0)) { /* somebody was faster: their name stays */
        *out = c;
        return true;
    }
    c.done_at = done ? s->now : (struct instant){ 0 };
    c.done_by_id = done ? s->who->person_id : (struct uuid){ { 0 } };
    c.done_by_name = done ? s->who->name : STR_NONE;
    *out = c;
    return db_run(s, &ticket_check_tick_row, &c, NULL)
        && work_record_inside(s, &t, done ? "ticket_check.ticked" : "ticket_check.unticked", "ticket_check", c.id);
}

bool
ticket_check_remove(struct scope *s, struct uuid id)
{
    struct ticket t;
    struct ticket_check c;
    return db_one(s, &ticket_check_by_id, &(struct id_args){ id }, &c)
        && work_hold(s, c.ticket_id, true, &t)
        && db_run(s, &ticket_check_delete, &(struct id_args){ id }, NULL)
        && work_record_inside(s, &t, "ticket_check.removed", "ticket_check", c.id);
}

/* ---- time ---- */

bool
ticket_time_add(struct scope *s, const struct ticket_time_add *in, struct ticket_work *out)
{
    struct ticket t;
    if (!work_hold(s, in->id, true, &t))
        return false;
    struct ticket_time row = {
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = t.id, .person_id = s->who->person_id,
        .person_name = s->who->name, .worked_on = in->worked_on, .minutes = in->minutes, .note = in->note,
        .created_at = s->now,
    };
    return db_run(s, &ticket_time_insert, &row, NULL)
        && work_record_inside(s, &t, "ticket_time.added", "ticket_time", row.id)
        && work_read(s, &t, out);
}

bool
ticket_time_remove(struct scope *s, struct uuid id)
{
    struct ticket t;
    struct ticket_time e;
    if (!db_one(s, &ticket_time_by_id, &(struct id_args){ id }, &e) || !work_hold(s, e.ticket_id, true, &t))
        return false;
    if (!uuid_eq(e.person_id, s->who->person_id))
        return fail(s, &problem_forbidden, "who wrote it down takes it back");
    return db_run(s, &ticket_time_delete, &(struct id_args){ id }, NULL)
        && work_record_inside(s, &t, "ticket_time.removed", "ticket_time", id);
}
