#include "model/ticket.h"

#include "model/ticket_query.h"

const struct domain ticket_status_domain = DOMAIN(ticket_status, "new", "in_progress", "waiting_customer",
                                                  "waiting_third_party", "resolved", "closed", "declined");
const struct domain severity_domain = DOMAIN(severity, "a", "b", "c");
const struct domain ticket_awaits_domain = DOMAIN(ticket_awaits, "provider", "customer", "nobody");
const struct domain ticket_service_domain = DOMAIN(ticket_service, "inquiry", "mdr", "premium", "mss");
const struct domain promise_metric_domain =
    DOMAIN(promise_metric, "acknowledge", "first_response", "next_update", "resolve");

/* ---- the catalogue ---- */

const struct shape ticket_category_shape = SHAPE(ticket_category,
    FIELD(ticket_category, id, "Identity", .filter = true),
    FIELD(ticket_category, key, "Name for programs", .required = true),
    FIELD(ticket_category, service, "The part of the service", .of = &ticket_service_domain, .filter = true),
    FIELD(ticket_category, name, "What people read", .required = true, .search = true),
    FIELD(ticket_category, hint, "When to choose it", .required = true),
    FIELD(ticket_category, plans, "Contracts that include it"),
    FIELD(ticket_category, registered_contacts_only, "Only registered contacts may ask"),
    FIELD(ticket_category, may_be_declined, "The engineer may decline it"),
    FIELD(ticket_category, closes_on_approval, "Ends only when the customer has approved what was done"),
    FIELD(ticket_category, active, "Offered at present", .filter = true),
    FIELD(ticket_category, position, "Place in the list", .sort = true));

#define IN_LANGUAGE(en, ja) "CASE current_setting('yagura.language', true) WHEN 'en' THEN " en " ELSE " ja " END"

#define CATEGORY_SELECT                                                                                      \
    "SELECT id, key, service, " IN_LANGUAGE("name_en", "name_ja") " AS name, "                               \
    IN_LANGUAGE("hint_en", "hint_ja") " AS hint, plans, registered_contacts_only, may_be_declined,"          \
    "       closes_on_approval, active, position FROM ticket_category"

const struct listing ticket_category_listing = {
    .name = "ticket_categories", .from = CATEGORY_SELECT, .row = &ticket_category_shape, .key = "id",
    .sort = "position",
};

const struct query ticket_category_by_id = {
    .name = "ticket_category_by_id", .sql = CATEGORY_SELECT " WHERE id = :id",
    .args = &id_args_shape, .row = &ticket_category_shape,
};

/* ---- cases ---- */

const struct shape ticket_shape = SHAPE(ticket,
    FIELD(ticket, id, "Identity, never reused", .filter = true),
    FIELD(ticket, tenant_id, "Whose case", .filter = true),
    FIELD(ticket, tenant_name, "The customer's name", .required = true, .sort = true, .search = true),
    FIELD(ticket, reference, "As people say it on the phone", .required = true, .search = true),
    FIELD(ticket, number, "Number within the customer", .sort = true, .filter = true),
    FIELD(ticket, category_id, "What it is about", .filter = true),
    FIELD(ticket, category, "What it is about, in words", .required = true),
    FIELD(ticket, subject, "In one line", .required = true, .sort = true, .search = true),
    FIELD(ticket, description, "The whole story, in Markdown", .required = true, .format = FORMAT_MARKDOWN),
    FIELD(ticket, status, "Where it stands", .of = &ticket_status_domain, .filter = true, .sort = true),
    FIELD(ticket, severity, "How grave it is", .of = &severity_domain, .filter = true, .sort = true),
    FIELD(ticket, severity_proposed, "How grave the requester thought it", .of = &severity_domain),
    FIELD(ticket, severity_reason, "Why the service side decided so"),
    FIELD(ticket, severity_decided, "The service side has decided", .filter = true),
    FIELD(ticket, priority, "Premium support ranks above", .sort = true),
    FIELD(ticket, requester_id, "Who opened it", .filter = true),
    FIELD(ticket, requester_name, "Who opened it, by name", .required = true, .search = true),
    FIELD(ticket, assignee_id, "The engineer in charge", .filter = true),
    FIELD(ticket, assignee_name, "The engineer in charge, by name", .sort = true, .search = true),
    FIELD(ticket, team, "The team in charge", .filter = true),
    FIELD(ticket, tags, "Words to find it by", .filter = true),
    FIELD(ticket, cycle, "Grows with each reopening"),
    FIELD(ticket, awaits, "Whose turn it is", .of = &ticket_awaits_domain, .filter = true),
    FIELD(ticket, due_at, "When the next promise is due", .sort = true, .filter = true),
    FIELD(ticket, due_from, "Since when that promise runs"),
    FIELD(ticket, due_metric, "Which promise that is", .of = &promise_metric_domain),
    FIELD(ticket, post_count, "Messages both sides can read"),
    FIELD(ticket, opened_at, "When it was opened", .sort = true, .filter = true),
    FIELD(ticket, last_post_at, "When the last message came", .sort = true, .filter = true),
    FIELD(ticket, first_response_at, "When a human first answered"),
    FIELD(ticket, resolved_at, "When it was resolved", .sort = true, .filter = true),
    FIELD(ticket, closed_at, "When it was closed", .sort = true, .filter = true),
    FIELD(ticket, close_reason, "Why it was closed or declined"),
    FIELD(ticket, merged_into_id, "The case it was merged into"),
    FIELD(ticket, merged_into, "The case it was merged into, as people say it"),
    FIELD(ticket, incident_id, "The incident it was opened for; absent for who may not see incidents"),
    FIELD(ticket, incident, "The incident it was opened for, as people say it: AOBA-I12"),
    FIELD(ticket, answers, "What its category asked for", .items = &form_answer_shape, .required = true),
    FIELD(ticket, unread, "Something in it is new to the caller"),
    FIELD(ticket, by_mail, "A mail opened it: a sender's address proves little"),
    FIELD(ticket, snoozed_until, "Until when the caller has put it aside; absent: it is in the caller's queue"),
    FIELD(ticket, created_at, "When the row was written"),
    FIELD(ticket, updated_at, "When it last changed", .sort = true, .filter = true),
    FIELD(ticket, version, "Grows with each change"),
    FIELD(ticket, can, "Verbs the caller may use on it"));

const struct shape ticket_list_shape = SHAPE(ticket_list_args,
    FIELD(ticket_list_args, words, "Cases in which all of these words were said", .max = 200),
    FIELD(ticket_list_args, query, "Cases of which all of this holds: status:open due<2h \"exact words\" -tag:training;"
          " GET /tickets/query/fields tells what can be asked", .max = QUERY_TEXT_MAX),
    FIELD(ticket_list_args, time_zone, "Where the days of the query begin; UTC when absent",
          .format = FORMAT_TIME_ZONE));

/* Names come from queries of their own, not from joins: then the order of an index survives, and they are asked for the
 * rows of the page alone. */
#define CUSTOMER(column) "(SELECT c." column " FROM tenant c WHERE c.id = t.tenant_id)"
/* Two incidents may have one case once one was merged: the one that goes on is meant. */
#define INCIDENT_OF(column)                                                                                        \
    "(SELECT " column " FROM incident i WHERE i.tenant_id = t.tenant_id AND i.ticket_id = t.id"                    \
    "    AND grant_rank((SELECT yagura_grants()), 'incidents') >= 1"                                               \
    "  ORDER BY i.merged_into_id IS NOT NULL, i.number LIMIT 1)"
#define TICKET_COLUMNS                                                                                             \
    "t.id, t.tenant_id, " CUSTOMER("name") " AS tenant_name,"                                                      \
    " " CUSTOMER("short_code") " || '-' || t.number AS reference, t.number, t.category_id,"                        \
    " (SELECT " IN_LANGUAGE("k.name_en", "k.name_ja") " FROM ticket_category k"                                    \
    "     WHERE k.id = t.category_id) AS category, t.subject, t.description, t.status,"                            \
    " t.severity, t.severity_proposed, t.severity_reason, t.severity_decided, t.priority, t.requester_id,"         \
    " t.requester_name, t.assignee_id, t.assignee_name, t.team, t.tags, t.cycle, t.awaits, t.due_at,"              \
    " t.due_metric, t.post_count, t.opened_at, t.last_post_at, t.first_response_at, t.resolved_at, t.closed_at,"   \
    " t.close_reason, t.merged_into_id, (SELECT " CUSTOMER("short_code") " || '-' || m.number FROM ticket m"       \
    "     WHERE m.tenant_id = t.tenant_id AND m.id = t.merged_into_id) AS merged_into, t.answers, t.by_mail,"   \
    " " INCIDENT_OF("i.id") " AS incident_id,"                                                                     \
    " " INCIDENT_OF(CUSTOMER("short_code") " || '-I' || i.number") " AS incident,"                                 \
    " t.created_at, t.updated_at, t.version,"                                                                         \
    " (SELECT max(p.started_at) FROM promise p WHERE p.tenant_id = t.tenant_id AND p.ticket_id = t.id"             \
    "     AND p.cycle = t.cycle AND p.metric = t.due_metric AND p.state = 'running') AS due_from,"                 \
    " t.last_post_at > coalesce((SELECT r.at FROM ticket_read r WHERE r.tenant_id = t.tenant_id"                   \
    "     AND r.ticket_id = t.id AND r.person_id = yagura_person()), '-infinity') IS TRUE AS unread,"              \
    " ARRAY(SELECT m.verb FROM ticket_move m WHERE m.from_status = t.status AND m.side = yagura_side()"            \
    "     AND grant_rank(yagura_grants(), 'tickets') >= m.level ORDER BY m.verb)" \
    " || CASE WHEN yagura_side() = 'provider'"                                                                       \
    "     AND grant_rank(yagura_grants(), 'tickets') >= 2 AND t.status NOT IN ('resolved', 'closed', 'declined')"      \
    "     THEN '{snooze}'::text[] ELSE '{}' END AS can,"                                                               \
    " (SELECT z.until_at FROM ticket_snoozed z WHERE z.tenant_id = t.tenant_id AND z.ticket_id = t.id) AS snoozed_until"

#define TICKET_FROM " FROM ticket t"

enum { COLLECTED_MAX = 8000, MANY_OF_NEWEST = 100 };

struct found_row {
    int64_t count;
};
static const struct shape found_shape = SHAPE(found_row, FIELD(found_row, count, "How many, so far as it matters"));

struct named_row {
    struct uuids ids;
};
static const struct shape named_shape = SHAPE(named_row, FIELD(named_row, ids, "Which, so far as it matters"));

static const struct shape sought_shape = SHAPE(ticket_list_args,
    FIELD(ticket_list_args, words, "Said in the case"), FIELD(ticket_list_args, phrases, "Said exactly so"),
    FIELD(ticket_list_args, parts, "One of them stands in the subject"),
    FIELD(ticket_list_args, owners, "Names or codes of customers"));

const struct query ticket_newest = {
    .name = "ticket_newest", .sql = "SELECT ticket_newest(:words, :phrases, :parts, 201) AS count",
    .args = &sought_shape, .row = &found_shape,
};
const struct query ticket_saying = {
    .name = "ticket_saying", .sql = "SELECT ARRAY(SELECT ticket_said(:words, :phrases, 8001)) AS ids",
    .args = &sought_shape, .row = &named_shape,
};
const struct query ticket_titled = {
    .name = "ticket_titled", .sql = "SELECT ticket_titled_few(:parts, 8001) AS ids",
    .args = &sought_shape, .row = &named_shape,
};
const struct query ticket_owners = {
    .name = "ticket_owners", .args = &sought_shape, .row = &named_shape,
    .sql = "SELECT ARRAY(SELECT t.id FROM tenant t WHERE EXISTS (SELECT FROM unnest(:owners::text[]) o (said)"
           " WHERE strpos(lower(t.name), lower(o.said)) > 0 OR strpos(lower(t.short_code), lower(o.said)) > 0)"
           " LIMIT 2) AS ids",
};

#define EACH_SAYS                                                                                                  \
    "(SELECT CASE yagura_side() WHEN 'provider' THEN w.words_all ELSE w.words END @@ (SELECT ticket_question((?)[1]))" \
    "   FROM ticket w WHERE w.tenant_id = page.tenant_id AND w.id = page.id)"

static const struct listing_term nothing = { .op = FILTER_WHERE, .where = "false" };

static bool
collect(struct scope *s, const struct listing *l, struct uuids ids, struct listing_ask *ask)
{
    struct strs values = { arena_array_of(s->arena, ids.count, struct str), ids.count };
    for (size_t i = 0; i < ids.count; i++)
        values.items[i] = uuid_format(s->arena, ids.items[i]);
    return listing_add(s, l, ask, ids.count == 0 ? &nothing : &(struct listing_term){
        .op = FILTER_WHERE, .values = values, .where = "page.id IN (SELECT unnest(?)::uuid)" });
}

static bool
ask_each_what_it_says(struct scope *s, const struct listing *l, const struct ticket_list_args *in,
                      struct listing_ask *ask)
{
    struct str words = in->words;
    struct listing_term said = { .op = FILTER_WHERE, .values = { &words, 1 }, .where = EACH_SAYS };
    listing_uncounted(ask);
    if (!listing_add(s, l, ask, &said))
        return false;
    for (size_t i = 0; i < in->phrases.count; i++) {
        said = (struct listing_term){ .op = FILTER_WHERE, .values = { in->phrases.items + i, 1 }, .parts = true,
                                      .where = ticket_query_language.phrase_where };
        if (!listing_add(s, l, ask, &said))
            return false;
    }
    return true;
}

/* What very many say: the list is read in its order, and each case is asked; nobody counts them then. A first page that
 * the newest fill anyway needs no more to be known; where a count was asked for, too, only if there are surely many. */
static bool
newest_fill_it(struct scope *s, const struct listing *l, const struct ticket_list_args *in,
               const struct listing_ask *ask, bool *out)
{
    struct found_row found = { 0 };
    int64_t rows = listing_first_page(s, l, ask, in->parts.count > 0);
    if (listing_counts(ask) && rows < MANY_OF_NEWEST)
        rows = rows ? MANY_OF_NEWEST : 0;
    if (rows && !db_one(s, &ticket_newest, in, &found))
        return false;
    *out = rows && found.count >= rows;
    return true;
}

/* What few cases say is collected, then sorted. Internal notes are found by the provider alone: a hit is an answer,
 * too. Parts of the subject are among the list's conditions already; where they are rare, the index names those that
 * can meet them. */
static bool
weigh_words(struct scope *s, const struct listing *l, const struct ticket_list_args *in, struct listing_ask *ask)
{
    struct named_row found;
    if (!db_one(s, &ticket_saying, in, &found))
        return false;
    return found.ids.count > COLLECTED_MAX ? ask_each_what_it_says(s, l, in, ask) : collect(s, l, found.ids, ask);
}

static bool
weigh_parts(struct scope *s, const struct listing *l, const struct ticket_list_args *in, struct listing_ask *ask)
{
    struct named_row found;
    if (!db_one(s, &ticket_titled, in, &found))
        return false;
    if (found.ids.items && found.ids.count <= COLLECTED_MAX)
        return collect(s, l, found.ids, ask);
    listing_uncounted(ask);
    return true;
}

/* A customer who is the only one of that name: then an index of one customer's cases follows, in its order. */
static bool
weigh_owners(struct scope *s, const struct listing *l, const struct ticket_list_args *in, struct listing_ask *ask)
{
    struct named_row found;
    if (!db_one(s, &ticket_owners, in, &found))
        return false;
    if (found.ids.count != 1)
        return found.ids.count > 0 || listing_add(s, l, ask, &nothing);
    struct str id = uuid_format(s->arena, found.ids.items[0]);
    return listing_add(s, l, ask, &(struct listing_term){
        .column = "tenant_id", .op = FILTER_IS, .values = { &id, 1 } });
}

static bool
weigh(struct scope *s, const struct listing *l, const void *args, struct listing_ask *ask)
{
    const struct ticket_list_args *in = args;
    bool filled = false;
    if ((in->words.at || in->parts.count) && !newest_fill_it(s, l, in, ask, &filled))
        return false;
    if (filled) {
        listing_uncounted(ask);
        return !in->words.at || ask_each_what_it_says(s, l, in, ask);
    }
    return (!in->owners.count || weigh_owners(s, l, in, ask)) && (!in->words.at || weigh_words(s, l, in, ask))
        && (!in->parts.count || weigh_parts(s, l, in, ask));
}

const struct listing ticket_listing = {
    .name = "tickets",
    .from = "SELECT " TICKET_COLUMNS TICKET_FROM,
    .args = &ticket_list_shape, .row = &ticket_shape, .key = "id", .sort = "-updated_at",
    .understand = ticket_query_understand, .weigh = weigh, .owned = true,
};

const struct query ticket_by_id = {
    .name = "ticket_by_id", .sql = "SELECT " TICKET_COLUMNS TICKET_FROM " WHERE t.id = :id",
    .args = &id_args_shape, .row = &ticket_shape,
};

const struct query ticket_lock = {
    .name = "ticket_lock", .sql = "SELECT " TICKET_COLUMNS TICKET_FROM " WHERE t.id = :id FOR UPDATE OF t",
    .args = &id_args_shape, .row = &ticket_shape,
};

static const struct shape number_shape = SHAPE(ticket_number_row, FIELD(ticket_number_row, number, "The next one"));

const struct query ticket_insert = {
    .name = "ticket_insert",
    .sql = "INSERT INTO ticket (tenant_id, id, number, category_id, subject, description, status, severity,"
           "    severity_proposed, severity_decided, priority, requester_id, requester_name, tags, awaits, opened_at,"
           "    last_post_at, answers, by_mail, words, words_all, created_at, updated_at)"
           " SELECT :tenant_id, :id, ticket_number_next(:tenant_id), :category_id, :subject, :description, :status,"
           "    :severity, :severity_proposed, :severity_decided, :priority, :requester_id, :requester_name,"
           "    coalesce(:tags, '{}'), :awaits, :opened_at, :opened_at, coalesce(:answers, '[]'), :by_mail, w, w,"
           "    :created_at, :created_at"
           "   FROM array_to_tsvector(ticket_words(:subject || ' ' || :description || ' '"
           "        || ticket_answer_words(coalesce(:answers, '[]')))) w"
           " RETURNING number",
    .args = &ticket_shape, .row = &number_shape,
};

const struct query ticket_save = {
    .name = "ticket_save",
    .sql = "UPDATE ticket SET category_id = :category_id, subject = :subject, description = :description,"
           "    status = :status, severity = :severity, severity_reason = :severity_reason,"
           "    severity_decided = :severity_decided, assignee_id = :assignee_id, assignee_name = :assignee_name,"
           "    team = :team, tags = coalesce(:tags, '{}'), cycle = :cycle, awaits = :awaits, due_at = :due_at,"
           "    due_metric = :due_metric, post_count = :post_count, last_post_at = :last_post_at,"
           "    first_response_at = :first_response_at, resolved_at = :resolved_at, closed_at = :closed_at,"
           "    close_reason = :close_reason, merged_into_id = :merged_into_id, updated_at = :updated_at,"
           "    version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &ticket_shape,
};

static const struct shape words_shape = SHAPE(ticket_words_args,
    FIELD(ticket_words_args, tenant_id, "Whose case"), FIELD(ticket_words_args, id, "Which case"),
    FIELD(ticket_words_args, said, "What was said"), FIELD(ticket_words_args, internal, "Among engineers"));

const struct query ticket_add_words = {
    .name = "ticket_add_words",
    .sql = "UPDATE ticket SET words_all = words_all || w, words = CASE WHEN :internal THEN words ELSE words || w END"
           "  FROM array_to_tsvector(ticket_words(:said)) w WHERE tenant_id = :tenant_id AND id = :id",
    .args = &words_shape,
};

static const struct shape move_args_shape = SHAPE(ticket_move_args,
    FIELD(ticket_move_args, verb, "What somebody does"),
    FIELD(ticket_move_args, from_status, "Where the case stands", .of = &ticket_status_domain));
static const struct shape move_row_shape = SHAPE(ticket_move_row,
    FIELD(ticket_move_row, to_status, "Where it leads", .of = &ticket_status_domain));

const struct query ticket_move_find = {
    .name = "ticket_move_find",
    .sql = "SELECT to_status FROM ticket_move WHERE verb = :verb AND from_status = :from_status"
           "   AND side = yagura_side()",
    .args = &move_args_shape, .row = &move_row_shape,
};
