/* Incidents that people make, join and divide; and the case that is opened for one. */
#include "model/incident_work.h"
#include "workflows/incident_news.h"
#include "workflows/incidents.h"
#include "workflows/incidents_parts.h"
#include "workflows/ticket_work.h"
#include "workflows/tickets_parts.h"

enum { WORDS_MAX = 20000, CHOSEN_MAX = 1000, COMPUTERS_NAMED = 100 };

const struct shape incident_open_shape = SHAPE(incident_open,
    FIELD(incident_open, tenant_id, "Whose incident", .required = true),
    FIELD(incident_open, title, "In one line", .max = 300, .required = true),
    FIELD(incident_open, summary, "What is known of it", .max = WORDS_MAX, .format = FORMAT_MARKDOWN),
    FIELD(incident_open, severity, "Proposed for a case", .of = &severity_domain, .required = true),
    FIELD(incident_open, detection_ids, "Detections it begins with", .max = CHOSEN_MAX));
const struct shape incident_merge_shape = SHAPE(incident_merge,
    FIELD(incident_merge, id, "The one that ends", .read_only = true),
    FIELD(incident_merge, into, "The one in which it goes on, as people say it: AOBA-I12", .max = 60, .required = true),
    FIELD(incident_merge, reason, "Why", .max = 2000));
const struct shape incident_split_shape = SHAPE(incident_split,
    FIELD(incident_split, id, "Which incident", .read_only = true),
    FIELD(incident_split, detection_ids, "The detections that leave it", .max = CHOSEN_MAX, .required = true),
    FIELD(incident_split, title, "Of the new incident; made from what happened when absent", .max = 300));
const struct shape incident_add_shape = SHAPE(incident_add,
    FIELD(incident_add, id, "Which incident", .read_only = true),
    FIELD(incident_add, detection_ids, "The detections that join it", .max = CHOSEN_MAX, .required = true));
const struct shape incident_case_shape = SHAPE(incident_case,
    FIELD(incident_case, id, "Which incident", .read_only = true),
    FIELD(incident_case, category_id, "What the case is about; an incident when absent"),
    FIELD(incident_case, subject, "In one line; the incident's title when absent", .max = 200),
    FIELD(incident_case, description, "The whole story; made from the incident when absent", .max = 50000,
          .format = FORMAT_MARKDOWN),
    FIELD(incident_case, severity, "How grave; as the incident proposes when absent", .of = &severity_domain));

/* Those of the customer, each once; a strange id is the caller's fault. */
static bool
choose(struct scope *s, struct uuid tenant_id, const struct uuids *ids, const struct gather_detection ***out,
       size_t *count)
{
    struct rows rows;
    const struct gather_ids args = { .tenant_id = tenant_id, .ids = *ids };
    if (!db_list(s, &gather_chosen, &args, &rows))
        return false;
    for (size_t i = 0; i < ids->count; i++) {
        bool found = false;
        for (size_t k = 0; k < rows.count && !found; k++)
            found = uuid_eq(((const struct gather_detection *)rows.items)[k].id, ids->items[i]);
        if (!found)
            return fail_field(s, str_printf(s->arena, "/detection_ids/%zu", i).at, FAULT_NOT_FOUND, NULL);
    }
    *out = arena_array_of(s->arena, rows.count + 1, const struct gather_detection *);
    *count = rows.count;
    for (size_t k = 0; k < rows.count; k++)
        (*out)[k] = (const struct gather_detection *)rows.items + k;
    return true;
}

/* The incidents that lose detections by it are told anew. */
static bool
begin(struct scope *s, const struct incident_open *in, const struct incident_profile *profile, struct uuid *id)
{
    const struct gather_detection **detections;
    struct incident_number_row number;
    struct rows others;
    size_t count;
    const struct incident_begin row = {
        .tenant_id = in->tenant_id, .id = uuid_new(s->now), .title = in->title, .title_ja = in->title,
        .opened_by_name = s->who->name, .severity = in->severity, .gather_by = profile->gather_by,
        .window_minutes = profile->window_minutes, .now = s->now };
    const struct gather_ids chosen = { .tenant_id = in->tenant_id, .incident_id = row.id, .ids = in->detection_ids };
    const struct incident_word opened = { .kind = "opened" };
    *id = row.id;
    if (!choose(s, in->tenant_id, &in->detection_ids, &detections, &count)
        || !db_list(s, &incidents_of_detections, &chosen, &others)
        || !db_one(s, &incident_begin_row, &row, &number)
        || !incident_write(s, in->tenant_id, row.id, &opened, NULL)
        || !incident_take(s, in->tenant_id, row.id, profile, detections, count))
        return false;
    for (size_t i = 0; i < others.count; i++)
        if (!incident_rebuild(s, in->tenant_id, ((const struct id_args *)others.items)[i].id))
            return false;
    return true;
}

bool
incident_open(struct scope *s, const struct incident_open *in, struct incident *out)
{
    struct uuid id;
    if (ticket_side(s) != SIDE_PROVIDER)
        return fail(s, &problem_forbidden, "incidents are opened by the service side");
    if (!principal_sees(s->who, in->tenant_id))
        return fail_field(s, "/tenant_id", FAULT_NOT_FOUND, NULL);
    if (!incidents_hold_all(s, in->tenant_id) || !begin(s, in, &incident_profile_default, &id))
        return false;
    const struct incident_name_args name = { in->tenant_id, id, in->title };
    const struct incident_summary_args summary = { in->tenant_id, id, in->summary };
    return db_run(s, &incident_rename, &name, NULL)
        && db_run(s, &incident_summary_set, &summary, NULL)
        && incident_tell_new(s, in->tenant_id, id)
        && db_one(s, &incident_by_id, &(struct id_args){ id }, out);
}

bool
incident_add(struct scope *s, const struct incident_add *in, struct incident *out)
{
    const struct gather_detection **detections;
    struct incident before;
    struct rows others;
    size_t count;
    if (!db_one(s, &incident_by_id, &(struct id_args){ in->id }, &before)
        || !incidents_hold_all(s, before.tenant_id) || !incident_hold(s, in->id, &before) || !incident_may(s, &before)
        || !choose(s, before.tenant_id, &in->detection_ids, &detections, &count))
        return false;
    const struct gather_ids chosen = { .tenant_id = before.tenant_id, .incident_id = in->id,
                                       .ids = in->detection_ids };
    if (!db_list(s, &incidents_of_detections, &chosen, &others)
        || !incident_take(s, before.tenant_id, in->id, &incident_profile_default, detections, count))
        return false;
    for (size_t i = 0; i < others.count; i++)
        if (!incident_rebuild(s, before.tenant_id, ((const struct id_args *)others.items)[i].id))
            return false;
    const struct incident_word word = {
        .kind = "added", .detail = { str_printf(s->arena, "{\"detections\":%zu}", count) } };
    return incident_write(s, before.tenant_id, in->id, &word, NULL)
        && incident_rebuild(s, before.tenant_id, in->id)
        && db_one(s, &incident_by_id, &(struct id_args){ in->id }, out)
        && incident_record(s, "incident.added", &before, out);
}

bool
incident_split(struct scope *s, const struct incident_split *in, struct incident *out)
{
    struct incident from;
    struct uuid id;
    if (!db_one(s, &incident_by_id, &(struct id_args){ in->id }, &from) || !incidents_hold_all(s, from.tenant_id)
        || !incident_hold(s, in->id, &from) || !incident_may(s, &from))
        return false;
    const struct gather_ids chosen = { .tenant_id = from.tenant_id, .incident_id = in->id, .ids = in->detection_ids };
    struct incident_count_row inside;
    if (!db_one(s, &incident_count_of, &chosen, &inside))
        return false;
    if ((size_t)inside.count != in->detection_ids.count || inside.count >= from.detections)
        return fail_field(s, "/detection_ids", FAULT_NOT_ALLOWED, NULL);
    const struct incident_open open = { .tenant_id = from.tenant_id, .title = in->title.len ? in->title : from.title,
                                        .severity = from.severity, .detection_ids = in->detection_ids };
    if (!begin(s, &open, &incident_profile_default, &id))
        return false;
    const struct incident_name_args name = { from.tenant_id, id, in->title };
    struct str detail = str_printf(s->arena, "{\"incident_id\":\"" STR_FMT "\"}", STR_ARG(uuid_format(s->arena, id)));
    const struct incident_word word = { .kind = "split", .detail = { detail } };
    return (!in->title.len || db_run(s, &incident_rename, &name, NULL))
        && incident_write(s, from.tenant_id, in->id, &word, NULL)
        && incident_tell_new(s, from.tenant_id, id)
        && db_one(s, &incident_by_id, &(struct id_args){ id }, out)
        && incident_record(s, "incident.split", &from, &from);
}

bool
incident_merge(struct scope *s, const struct incident_merge *in, struct incident *out)
{
    struct incident from, into;
    struct id_args found;
    bool known;
    if (!db_one(s, &incident_by_id, &(struct id_args){ in->id }, &from) || !incidents_hold_all(s, from.tenant_id))
        return false;
    const struct incident_reference_args reference = { from.tenant_id, str_trim(in->into) };
    if (!db_maybe(s, &incident_by_reference, &reference, &found, &known))
        return false;
    if (!known)
        return fail_field(s, "/into", FAULT_NOT_FOUND, NULL);
    if (uuid_eq(found.id, in->id))
        return fail_field(s, "/into", FAULT_NOT_ALLOWED, NULL);
    return incident_hold(s, in->id, &from) && incident_may(s, &from)
        && incident_hold(s, found.id, &into) && incident_may(s, &into)
        && incident_absorb(s, from.tenant_id, in->id, found.id, in->reason)
        && db_one(s, &incident_by_id, &(struct id_args){ found.id }, out);
}

/* ---- its case ---- */

static struct str
story_of(struct scope *s, const struct incident *i)
{
    bool ja = s->language != LANGUAGE_EN;
    struct text t = text_new(s->arena, 60000);
    text_addf(&t, ja ? "インシデント " STR_FMT " について対応を開始します。\n\n**" STR_FMT "**\n"
                     : "We are working on incident " STR_FMT ".\n\n**" STR_FMT "**\n",
              STR_ARG(i->reference), STR_ARG(i->title));
    if (i->summary.len)
        text_addf(&t, "\n" STR_FMT "\n", STR_ARG(i->summary));
    text_addf(&t, ja ? "\n- 検知件数: %lld\n- 対象コンピューター: %lld台\n" : "\n- Detections: %lld\n- Computers: %lld\n",
              (long long)i->detections, (long long)i->computers);
    for (size_t k = 0; k < i->techniques.count && k < 20; k++)
        text_addf(&t, "- " STR_FMT "\n", STR_ARG(i->techniques.items[k]));
    return text_str(&t);
}

static bool
name_computers(struct scope *s, const struct incident *i, struct uuid ticket_id)
{
    struct rows rows;
    struct ticket_work work;
    if (!db_list(s, &incident_computer_names, &(struct id_args){ i->id }, &rows))
        return false;
    struct computer_entry *entries = arena_array_of(s->arena, rows.count + 1, struct computer_entry);
    size_t count = rows.count < COMPUTERS_NAMED ? rows.count : COMPUTERS_NAMED;
    for (size_t k = 0; k < count; k++)
        entries[k] = (struct computer_entry){ .name = ((const struct incident_label *)rows.items)[k].label };
    return !count
        || ticket_computers_add(s, &(struct ticket_computers_add){ ticket_id, { entries, count } }, &work);
}

static bool
category_of(struct scope *s, const struct incident_case *in, struct uuid *out)
{
    struct id_args row;
    *out = in->category_id;
    if (!uuid_is_none(in->category_id))
        return true;
    if (!db_one(s, &incident_category, NULL, &row))
        return false;
    *out = row.id;
    return true;
}

bool
incident_case(struct scope *s, const struct incident_case *in, struct incident *out)
{
    struct incident before;
    struct ticket t;
    struct ticket_open open;
    if (!incident_hold(s, in->id, out) || !incident_may(s, out))
        return false;
    if (!uuid_is_none(out->ticket_id))
        return fail(s, &incident_cannot, "it has case " STR_FMT, STR_ARG(out->ticket_reference));
    before = *out;
    open = (struct ticket_open){ .tenant_id = out->tenant_id, .subject = in->subject.len ? in->subject : out->title,
                                 .description = in->description.len ? in->description : story_of(s, out),
                                 .severity = in->severity ? in->severity : out->severity };
    while (open.subject.len && str_characters(open.subject) > 200) /* a title may be longer than a subject */
        open.subject = str_head(open.subject, open.subject.len - 1);
    if (!category_of(s, in, &open.category_id) || !ticket_open(s, &open, &t) || !name_computers(s, out, t.id))
        return false;
    out->ticket_id = t.id;
    out->taken_at = out->taken_at.us ? out->taken_at : s->now;
    out->told_at = out->told_at.us ? out->told_at : s->now;
    struct str detail = str_printf(s->arena, "{\"ticket_id\":\"" STR_FMT "\",\"reference\":\"" STR_FMT "\"}",
                                   STR_ARG(uuid_format(s->arena, t.id)), STR_ARG(t.reference));
    const struct incident_word word = { .kind = "case", .detail = { detail } };
    return incident_keep(s, "incident.case-opened", &before, out, &word);
}
