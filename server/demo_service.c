/* What the desk of the demonstration looks like after some months: closures to come, a target that begins soon, drills
 * of two quarters, a call, and what two shifts left to each other. */
#include "server/demo_tickets.h"

#include "core/base/zone.h"
#include "workflows/calendar_edit.h"
#include "workflows/calls.h"
#include "workflows/drills.h"
#include "workflows/escalations.h"
#include "workflows/handovers.h"
#include "workflows/service_contacts.h"
#include "workflows/targets.h"
#include "workflows/webhooks.h"

struct desk {
    struct operator *o;
    struct instant today;
};

static struct instant
ago(const struct desk *d, int64_t span)
{
    return instant_plus(d->today, -span);
}

struct code_args {
    struct str code;
};
static const struct shape code_shape = SHAPE(code_args, FIELD(code_args, code, "Which customer"));
static const struct query tenant_by_code = {
    .name = "demo_tenant", .sql = "SELECT id FROM tenant WHERE short_code = :code", .args = &code_shape,
    .row = &id_args_shape,
};
static const struct query calendar_first = {
    .name = "demo_calendar", .sql = "SELECT id FROM business_calendar ORDER BY id LIMIT 1", .row = &id_args_shape,
};
static const struct query case_open_first = {
    .name = "demo_urgent", .row = &id_args_shape,
    .sql = "SELECT id FROM ticket WHERE severity = 'a' AND status NOT IN ('resolved', 'closed', 'declined')"
           " ORDER BY opened_at DESC LIMIT 1",
};

static const struct query person_by_email = {
    .name = "demo_contact", .sql = "SELECT id FROM person WHERE email = :code", .args = &code_shape,
    .row = &id_args_shape,
};

/* ---- calendars and targets ---- */

static struct str
date_text(struct arena *a, int64_t day)
{
    struct civil c = civil_of_day(day);
    return str_printf(a, "%04d-%02d-%02d", c.year, c.month, c.day);
}

/* From the 29th of December to the 3rd of January, as most companies close. */
static bool
close_at_new_year(struct scope *s, int64_t today)
{
    enum { DAYS_CLOSED = 6 };
    struct id_args calendar;
    struct calendar_row saved;
    struct business_exception *closed = arena_array_of(s->arena, DAYS_CLOSED, struct business_exception);
    struct business_window *hours = arena_array_of(s->arena, 5, struct business_window);
    int year = civil_of_day(today + 8).year;
    for (int i = 0; i < DAYS_CLOSED; i++)
        closed[i] = (struct business_exception){ date_text(s->arena, civil_day(year, 12, 29 + i)), false,
                                                 STR("年末年始休業") };
    for (int day = 0; day < 5; day++)
        hours[day] = (struct business_window){ day, 9 * 3600, 17 * 3600 + 1800 };
    struct calendar_write change = {
        .from_day = date_text(s->arena, today + 8), .windows = { hours, 5 }, .exceptions = { closed, DAYS_CLOSED },
        .holidays = HOLIDAYS_OF_JAPAN,
    };
    if (!db_one(s, &calendar_first, NULL, &calendar))
        return false;
    change.id = calendar.id;
    return calendar_put_version(s, &change, &saved);
}

static bool
add_british_hours(struct scope *s)
{
    struct id_args harbor;
    struct calendar_row made;
    struct calendar_use use;
    struct business_window *hours = arena_array_of(s->arena, 5, struct business_window);
    for (int day = 0; day < 5; day++)
        hours[day] = (struct business_window){ day, 8 * 3600, 18 * 3600 };
    struct calendar_write in = { .name = STR("United Kingdom, business days"), .time_zone = STR("Europe/London"),
                                 .windows = { hours, 5 }, .holidays = HOLIDAYS_OF_NOBODY };
    return db_one(s, &tenant_by_code, &(struct code_args){ STR("HARBOR") }, &harbor)
        && calendar_create(s, &in, &made)
        && calendar_choose(s, &(struct calendar_choice){ harbor.id, made.id }, &use);
}

static bool
promise_more(struct scope *s, struct uuid aoba)
{
    struct str waits[] = { STR("waiting_customer") };
    struct str opened[] = { STR("case_opened"), STR("case_reopened") };
    struct str marks[] = { STR("50"), STR("75"), STR("90") };
    struct service_target made;
    struct target_write in = {
        .tenant_id = aoba, .severity = SEVERITY_C, .metric = METRIC_RESOLVE, .pace = PACE_BUSINESS_DAYS,
        .allowance = 10, .mercy_s = 1800, .starts_on = { opened, COUNT_OF(opened) },
        .pauses_while = { waits, COUNT_OF(waits) }, .warn_at = { marks, COUNT_OF(marks) },
        .from_at = instant_plus(s->now, DAYS(10)),
    };
    return target_set(s, &in, &made);
}

/* ---- contacts and drills ---- */

static bool
register_contact(struct scope *s, const char *email, const char *phone, const char *language, const char *hours)
{
    struct id_args person;
    struct service_contact made;
    struct str spoken = str_of(language);
    if (!db_one(s, &person_by_email, &(struct code_args){ str_of(email) }, &person))
        return false;
    struct contact_register in = { .person_id = person.id, .phone = str_of(phone), .languages = { &spoken, 1 },
                                   .hours = str_of(hours) };
    return contact_register(s, &in, &made);
}

static bool
finish(struct scope *s, struct contact_drill *drill)
{
    const struct drill_line *line = drill->lines.items;
    struct uuid id = drill->id;
    for (size_t i = 0, count = drill->lines.count; i < count; i++)
        if (!drill_called(s, &(struct drill_call){ .id = id, .line_id = line[i].id, .outcome = DRILL_REACHED,
                                                   .note = STR("登録内容に変更なし") }, drill))
            return false;
    return true;
}

static bool
hold_drills(struct desk *d, struct uuid aoba)
{
    struct scope *s = &d->o->program.s;
    struct contact_drill drill;
    struct drill_begin in = { aoba };
    s->now = ago(d, DAYS(95));
    if (!drill_begin(s, &in, &drill))
        return false;
    s->now = ago(d, DAYS(93));
    if (!finish(s, &drill))
        return false;
    s->now = ago(d, HOURS(4));
    return drill_begin(s, &in, &drill);
}

/* ---- who is told ---- */

/* Harbor's night is the provider's day: their own chain asks the duty leads at once when their office is closed. */
static bool
own_chain(struct scope *s)
{
    struct id_args harbor;
    struct escalation_chain made;
    struct escalation_step *steps = arena_array_of(s->arena, 3, struct escalation_step);
    steps[0] = (struct escalation_step){ .who = WHO_ASSIGNEE, .portal = true, .mail = true, .from_mark = 50,
                                         .hours = HOURS_OPEN };
    steps[1] = (struct escalation_step){ .who = WHO_PERMISSION_SET, .set_key = STR("duty_lead"), .portal = true,
                                         .mail = true, .from_mark = 50, .hours = HOURS_CLOSED };
    steps[2] = (struct escalation_step){ .who = WHO_PERMISSION_SET, .set_key = STR("administrator"), .portal = true,
                                         .mail = true, .webhook = true, .delay_minutes = 5, .from_mark = 75,
                                         .hours = HOURS_ALWAYS };
    if (!db_one(s, &tenant_by_code, &(struct code_args){ STR("HARBOR") }, &harbor))
        return false;
    struct escalation_chain_write in = { .tenant_id = harbor.id, .name = STR("Harbor: nights to the duty leads"),
                                         .steps = { steps, 3 } };
    return escalation_chain_create(s, &in, &made);
}

/* Nobody listens there: it shows the page, and is switched off so that nothing is tried. */
static bool
idle_webhook(struct desk *d)
{
    struct scope *s = &d->o->program.s;
    struct principal administrator;
    struct webhook made;
    struct str events[] = { STR("ticket.opened"), STR("ticket.posted"), STR("ticket.resolve") };
    struct webhook_write in = { .name = STR("デモ用（このサーバー宛て・停止中）"), .url = STR("https://127.0.0.1:9/yagura-demo-webhook"),
                                .events = { events, COUNT_OF(events) } };
    if (!demo_become(d->o, "customer", &administrator))
        return false;
    s->who = &administrator;
    bool done = webhook_create(s, &in, &made) && webhook_turn(s, made.id, WEBHOOK_PAUSED, &made);
    s->who = &d->o->who;
    return done;
}

/* ---- calls and shifts ---- */

static bool
call(struct desk *d)
{
    struct scope *s = &d->o->program.s;
    struct id_args urgent;
    struct call_task task;
    s->now = ago(d, MINUTES(12));
    if (!db_one(s, &case_open_first, NULL, &urgent)
        || !call_start(s, &(struct call_ask){ urgent.id, STR("暗号化が進行中の可能性があるため、隔離のご承認をいただく。") },
                       &task))
        return false;
    s->now = ago(d, MINUTES(10));
    return uuid_is_none(task.next_contact_id)
        || call_record(s, &(struct call_made){ task.id, task.next_contact_id, CALL_NO_ANSWER, STR_NONE, STR_NONE },
                       &task);
}

static bool
hand_over(struct desk *d, const char *from, const char *to, int64_t hours, const char *notes, const char *remarks)
{
    struct scope *s = &d->o->program.s;
    struct principal leaving, coming;
    struct handover pack;
    s->now = ago(d, HOURS(hours));
    if (!demo_become(d->o, from, &leaving))
        return false;
    s->who = &leaving;
    bool done = handover_write(s, &(struct handover_write){ str_of(notes) }, &pack);
    if (done && to) {
        s->now = instant_plus(s->now, MINUTES(9));
        done = demo_become(d->o, to, &coming);
        s->who = &coming;
        done = done && handover_take(s, &(struct handover_taking){ pack.id, str_of(remarks) }, &pack);
    }
    s->who = &d->o->who;
    return done;
}

static bool
fill(struct desk *d)
{
    struct scope *s = &d->o->program.s;
    struct id_args aoba;
    const struct zone *tokyo;
    if (!db_one(s, &tenant_by_code, &(struct code_args){ STR("AOBA") }, &aoba)
        || !zone_load(s->arena, STR("Asia/Tokyo"), &tokyo))
        return false;
    return close_at_new_year(s, zone_local_day(tokyo, d->today)) && add_british_hours(s) && promise_more(s, aoba.id)
        && register_contact(s, "hayashi@aoba.demo.yagura.example", "090-0000-1234", "ja", "夜間・休日も可")
        && register_contact(s, "emma.clarke@harbor.demo.yagura.example", "+44 161 496 0000", "en", "Weekdays 8 to 18")
        && hold_drills(d, aoba.id) && call(d) && own_chain(s);
}

bool
demo_service(struct operator *o, struct instant today)
{
    struct scope *s = &o->program.s;
    struct desk d = { o, today };
    struct principal lead;
    if (!demo_become(o, "engineer", &lead))
        return false;
    s->who = &lead;
    s->now = today;
    bool done = fill(&d);
    s->who = &o->who;
    done = done
        && hand_over(&d, "engineer", "ishii.takumi", 11,
                     "夜間は静かでした。\n・AOBA: 更新後の遅延の件は、お客様の返答待ち。\n・HARBOR: 倉庫端末は復旧済み。",
                     "確認しました。倉庫の次の版について、朝にお客様へ連絡します。")
        && hand_over(&d, "daniel.weber", NULL, 1,
                     "File server FS01 (Aoba): encryption suspected. Approval for isolation is still missing,\n"
                     "first call was not answered. Please keep calling.", NULL);
    s->now = today;
    return done && idle_webhook(&d);
}
