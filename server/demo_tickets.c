#include "server/demo_tickets.h"

#include "model/person.h"
#include "server/demo.h"
#include "workflows/ticket_chatter.h"

struct told {
    struct operator *o;
    struct instant today;
    struct uuid *tickets;
    struct uuid *posts; /* the last one of each case */
};

/* ---- who acts ---- */

struct acting_args {
    struct uuid person_id;
    enum principal_side side;
};
static const struct domain side_domain = DOMAIN(side, "provider", "customer");
static const struct shape acting_shape = SHAPE(acting_args, FIELD(acting_args, person_id, "Who acts"),
                                               FIELD(acting_args, side, "For which side", .of = &side_domain));
static const struct query act_as = {
    .name = "demo_act_as",
    .sql = "SELECT set_config('yagura.person', :person_id::text, true), set_config('yagura.side', :side, true)",
    .args = &acting_shape,
};

static bool
find_person(struct operator *o, const char *who, struct person *out)
{
    for (size_t i = 0; i < demo_people_count; i++) {
        struct str email = str_of(demo_people[i].email), name = str_of(who);
        bool found = str_starts(email, name) && email.at[name.len] == '@';
        if (found && !operator_find(o, email, out, &found))
            return false;
        if (found)
            return true;
    }
    return fail(&o->program.s, &problem_internal, "nobody in the demonstration is called %s", who);
}

bool
demo_become(struct operator *o, const char *who, struct principal *out)
{
    struct person p;
    if (!find_person(o, who, &p))
        return false;
    *out = (struct principal){
        .kind = PRINCIPAL_SESSION, .side = p.side, .tenant_id = p.tenant_id, .person_id = p.id, .name = p.name,
        .email = p.email, .language = p.language, .tenants = o->who.tenants, .all_tenants = p.side == SIDE_PROVIDER,
    };
    return db_run(&o->program.s, &act_as, &(struct acting_args){ p.id, p.side }, NULL);
}

/* ---- what they do ---- */

struct category_key_args {
    struct str key;
};
static const struct shape category_key_shape = SHAPE(category_key_args, FIELD(category_key_args, key, "Which"));
static const struct query category_by_key = {
    .name = "demo_category", .sql = "SELECT id FROM ticket_category WHERE key = :key",
    .args = &category_key_shape, .row = &id_args_shape,
};

enum { ANSWERS_MAX = 8 };

static struct rows
answers_of(struct scope *s, const char *text)
{
    struct form_entry *entries = arena_array_of(s->arena, ANSWERS_MAX, struct form_entry);
    struct rows all = { entries, 0 };
    struct str rest = str_of(text), pair;
    while (all.count < ANSWERS_MAX && str_cut(&rest, ';', &pair))
        if (str_cut(&pair, '=', &entries[all.count].key)) {
            entries[all.count].value = pair;
            all.count++;
        }
    return all;
}

static bool
open_case(struct told *d, const struct demo_moment *m)
{
    struct scope *s = &d->o->program.s;
    const struct demo_case *from = &demo_cases[m->nth];
    struct id_args category;
    struct ticket made;
    struct str tag = from->tag ? str_of(from->tag) : STR_NONE;
    if (!db_one(s, &category_by_key, &(struct category_key_args){ str_of(from->category) }, &category))
        return false;
    struct ticket_open in = {
        .category_id = category.id, .subject = str_of(from->subject), .description = str_of(m->text),
        .severity = from->severity, .tags = { &tag, from->tag ? 1 : 0 },
        .answers = answers_of(s, from->answers),
    };
    if (!ticket_open(s, &in, &made))
        return false;
    d->tickets[m->nth] = made.id;
    return true;
}

/* People of the demonstration who stand in a text as @Name. */
static bool
named_in(struct operator *o, struct str text, struct uuids *out)
{
    struct scope *s = &o->program.s;
    out->items = arena_array_of(s->arena, demo_people_count, struct uuid);
    out->count = 0;
    for (size_t i = 0; i < demo_people_count; i++) {
        struct person p;
        bool found = str_contains(text, str_printf(s->arena, "@%s", demo_people[i].name));
        if (found && !operator_find(o, str_of(demo_people[i].email), &p, &found))
            return false;
        if (found)
            out->items[out->count++] = p.id;
    }
    return true;
}

/* The last message of the case, in better words. */
static bool
correct(struct told *d, const struct demo_moment *m)
{
    struct ticket_post post;
    struct ticket_post_edit in = { .id = d->posts[m->nth], .version = 1, .body = str_of(m->text) };
    return ticket_post_edit(&d->o->program.s, &in, &post);
}

/* Text that begins with > answers the post before it. */
static bool
say(struct told *d, const struct demo_moment *m)
{
    struct ticket_post post;
    bool quotes = m->text[0] == '>';
    struct ticket_say in = {
        .id = d->tickets[m->nth], .body = str_of(m->text + quotes), .ask = m->act == DEMO_ASK,
        .visibility = m->act == DEMO_NOTE ? POST_INTERNAL : POST_FOR_CUSTOMER,
    };
    if (quotes)
        in.quotes_id = d->posts[m->nth];
    if (!named_in(d->o, in.body, &in.mentions) || !ticket_say(&d->o->program.s, &in, &post))
        return false;
    if (m->act != DEMO_NOTE)
        d->posts[m->nth] = post.id;
    return true;
}

static bool
move(struct told *d, const struct demo_moment *m, const char *verb)
{
    struct ticket t;
    struct ticket_verb in = { d->tickets[m->nth], m->text ? str_of(m->text) : STR_NONE };
    return ticket_move(&d->o->program.s, verb, &in, &t);
}

static bool
act(struct told *d, const struct demo_moment *m)
{
    static const char *const verbs[] = { [DEMO_WAIT] = "wait", [DEMO_RESOLVE] = "resolve", [DEMO_CLOSE] = "close",
                                         [DEMO_DECLINE] = "decline", [DEMO_REOPEN] = "reopen", [DEMO_READ] = NULL };
    struct scope *s = &d->o->program.s;
    struct uuid id = d->tickets[m->nth];
    struct ticket t;
    switch (m->act) {
    case DEMO_OPEN:
        return open_case(d, m);
    case DEMO_SAY:
    case DEMO_ASK:
    case DEMO_NOTE:
        return say(d, m);
    case DEMO_ASSIGN:
        return ticket_assign(s, &(struct ticket_assign){ id, s->who->person_id }, &t);
    case DEMO_GRADE:
        return ticket_decide_severity(s, &(struct ticket_decide){ id, m->severity, str_of(m->text) }, &t);
    case DEMO_READ:
        return ticket_mark_read(s, id);
    case DEMO_WORK:
        return demo_work(s, d->tickets, m);
    case DEMO_EDIT:
        return correct(d, m);
    case DEMO_FILE:
        return demo_file(s, id, str_of(m->text));
    default:
        return move(d, m, verbs[m->act]);
    }
}

/* ---- the story ---- */

static int
oldest_first(const void *a, const void *b)
{
    const struct demo_moment *const *x = a, *const *y = b;
    int by_time = (*y)->minutes_ago - (*x)->minutes_ago;
    return by_time ? by_time : (*x < *y ? -1 : 1);
}

static bool
tell(struct told *d, const struct demo_moment *m)
{
    struct scope *s = &d->o->program.s;
    struct principal who;
    if (!demo_become(d->o, m->who, &who))
        return false;
    s->now = instant_plus(d->today, -MINUTES(m->minutes_ago));
    s->who = &who;
    bool done = act(d, m);
    s->who = &d->o->who;
    s->now = d->today;
    return done;
}

struct any_row {
    int64_t count;
};
static const struct shape any_shape = SHAPE(any_row, FIELD(any_row, count, "How many"));
static const struct query any_ticket = {
    .name = "demo_any_ticket", .sql = "SELECT count(*) AS count FROM (SELECT FROM ticket LIMIT 1) t", .row = &any_shape,
};

bool
demo_tickets(struct operator *o, struct instant today)
{
    struct scope *s = &o->program.s;
    struct any_row any;
    if (!db_one(s, &any_ticket, NULL, &any) || any.count)
        return !scope_has_failed(s);
    const struct demo_moment **order = arena_array(s->arena, demo_moment_count, sizeof *order);
    struct told d = { o, today, arena_array_of(s->arena, demo_case_count, struct uuid),
                      arena_array_of(s->arena, demo_case_count, struct uuid) };
    for (size_t i = 0; i < demo_moment_count; i++)
        order[i] = &demo_moments[i];
    qsort(order, demo_moment_count, sizeof *order, oldest_first);
    for (size_t i = 0; i < demo_moment_count; i++)
        if (!tell(&d, order[i]))
            return false;
    return demo_service(o, today);
}
