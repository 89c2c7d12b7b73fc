#include "workflows/dashboard.h"

enum { DAYS_USUAL = 7 };

#define ROWS(member, text, of) FIELD(dashboard, member, text, .items = &of, .required = true)
const struct shape dashboard_shape = SHAPE(dashboard,
    FIELD(dashboard, days, "The span up to now, in days"),
    ROWS(incidents, "By status; of the closed ones those of the span", figure_shape),
    ROWS(incident_days, "Opened and closed on each day", day_figure_shape),
    ROWS(top_rules, "What was found most often, on the days (UTC) that the span touches", top_rule_shape),
    ROWS(times, "Detections by time of arrival, by hour up to two days, else by day", time_figure_shape),
    ROWS(unresolved, "Unresolved detections, by the colour of their computer", figure_shape),
    ROWS(popularity, "How many files are on how many computers", figure_shape),
    ROWS(verdicts, "How many files have which reputation", figure_shape),
    FIELD(dashboard, files_at, "When these two were counted, where there are very many files; absent: now"),
    ROWS(new_executables, "The newest files of the span that are on one or two computers", top_executable_shape),
    ROWS(colours, "How many computers have which colour", figure_shape),
    ROWS(worst_computers, "The worst computers", top_computer_shape),
    ROWS(last_seen, "How many computers sent within the hour, the day, the week, or not since", figure_shape),
    ROWS(today, "Events of today", figure_shape),
    FIELD(dashboard, at, "When this was true", .required = true));
#undef ROWS

/* One walk, several lists: in[i] takes the figures of part i. */
static bool
read_parts(struct scope *s, const struct query *query, const struct dashboard_args *args, struct rows *const *in,
           size_t count)
{
    struct rows rows;
    if (!db_list(s, query, args, &rows))
        return false;
    struct figure *figures = arena_array_of(s->arena, rows.count + 1, struct figure);
    for (size_t i = 0; i < count; i++)
        *in[i] = (struct rows){ figures, 0 };
    for (size_t i = 0; i < rows.count; i++) {
        const struct part_figure *f = (const struct part_figure *)rows.items + i;
        struct rows *part = in[(size_t)f->part < count ? (size_t)f->part : 0];
        if (part->count++ == 0)
            part->items = figures + i;
        figures[i] = (struct figure){ f->key, f->count };
    }
    return true;
}

bool
dashboard_read(struct scope *s, const struct dashboard_args *in, struct dashboard *out)
{
    struct dashboard_args args = *in;
    if (args.days == INT_NONE || args.days == 0)
        args.days = DAYS_USUAL;
    if (!args.time_zone.len)
        args.time_zone = STR("UTC");
    args.now = s->now;
    args.since = instant_plus(s->now, -DAYS(args.days));
    const struct {
        const struct query *query;
        struct rows *into;
    } parts[] = {
        { &dashboard_incidents, &out->incidents }, { &dashboard_incident_days, &out->incident_days },
        { &dashboard_top_rules, &out->top_rules }, { &dashboard_times, &out->times },
        { &dashboard_executables, &out->new_executables }, { &dashboard_computers, &out->worst_computers },
        { &dashboard_today, &out->today },
    };
    struct rows *const of_files[] = { &out->verdicts, &out->popularity };
    struct rows *const of_computers[] = { &out->colours, &out->unresolved, &out->last_seen };
    struct files_counted counted;
    if (!db_plan_once(s))
        return false;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (!db_list(s, parts[i].query, &args, parts[i].into))
            return false;
    if (!read_parts(s, &dashboard_files, &args, of_files, COUNT_OF(of_files))
        || !read_parts(s, &dashboard_computer_figures, &args, of_computers, COUNT_OF(of_computers))
        || !db_one(s, &dashboard_files_at, &args, &counted))
        return false;
    out->files_at = counted.at;
    out->days = args.days;
    out->at = s->now;
    return true;
}
