#include "model/computer_group.h"

#include <arpa/inet.h>

#include "core/base/problem.h"

const struct domain computer_group_kind_domain = DOMAIN(computer_group_kind, "static", "dynamic");

const struct shape group_condition_shape = SHAPE(group_condition,
    FIELD(group_condition, field, "What is asked, as GET /computer-groups/fields lists it", .max = 40,
          .required = true),
    FIELD(group_condition, operator, "How it is compared", .max = 20, .required = true),
    FIELD(group_condition, values, "Of which any will do", .max = 50, .required = true));

const struct shape computer_group_shape = SHAPE(computer_group,
    FIELD(computer_group, id, "Identity", .filter = true, .required = true),
    FIELD(computer_group, tenant_id, "Whose group; the provider's are everybody's", .filter = true, .required = true),
    FIELD(computer_group, tenant_name, "Their name", .sort = true),
    FIELD(computer_group, parent_id, "The group it stands in; absent: below All"),
    FIELD(computer_group, name, "What it is called", .sort = true, .search = true, .required = true),
    FIELD(computer_group, description, "What it is for"),
    FIELD(computer_group, kind, "Filled by hand, or by conditions", .of = &computer_group_kind_domain, .filter = true,
          .required = true),
    FIELD(computer_group, conditions, "All must hold", .items = &group_condition_shape, .required = true),
    FIELD(computer_group, builtin, "Of those that everybody has: which", .filter = true),
    FIELD(computer_group, computers, "How many are in it; absent: not counted", .optional = true),
    FIELD(computer_group, worst_score, "Score of the worst open detection in it", .optional = true),
    FIELD(computer_group, created_at, "When it was made", .required = true),
    FIELD(computer_group, updated_at, "When it last changed", .required = true),
    FIELD(computer_group, version, "Grows with each change"),
    FIELD(computer_group, can, "Verbs the caller may use on it", .required = true));

#define GROUP_WORDS                                                                                            \
    FIELD(computer_group_write, parent_id, "The group it stands in; absent: below All"),                       \
    FIELD(computer_group_write, name, "What it is called", .max = 100, .required = true),                      \
    FIELD(computer_group_write, description, "What it is for", .max = 500),                                    \
    FIELD(computer_group_write, conditions, "Of a dynamic group: all must hold", .items = &group_condition_shape, \
          .max = 20)
const struct shape computer_group_new_shape = SHAPE(computer_group_write,
    FIELD(computer_group_write, tenant_id, "Whose group", .required = true),
    FIELD(computer_group_write, kind, "Filled by hand, or by conditions", .of = &computer_group_kind_domain,
          .required = true),
    GROUP_WORDS);
const struct shape computer_group_update_shape = SHAPE(computer_group_write,
    FIELD(computer_group_write, id, "Which one", .read_only = true),
    FIELD(computer_group_write, version, "What the change is based on", .read_only = true), GROUP_WORDS);
static const struct shape write_args = SHAPE(computer_group_write,
    FIELD(computer_group_write, tenant_id, "Whose"), FIELD(computer_group_write, id, "Which one"),
    FIELD(computer_group_write, kind, "Kind", .of = &computer_group_kind_domain),
    FIELD(computer_group_write, version, "Based on"), FIELD(computer_group_write, at, "When"), GROUP_WORDS);

/* The counts of static groups stand here; dynamic ones are asked by the listing of computers. */
#define STATIC_MEMBERS(what)                                                                                 \
    "(SELECT " what " FROM computer_group_member m JOIN computer c ON c.tenant_id = m.tenant_id"             \
    "    AND c.id = m.computer_id WHERE m.tenant_id = g.tenant_id AND m.group_id = g.id)"
#define GROUP_SELECT                                                                                         \
    "SELECT g.id, g.tenant_id, (SELECT t.name FROM tenant t WHERE t.id = g.tenant_id) AS tenant_name,"       \
    "       g.parent_id, g.name, g.description, g.kind, coalesce(g.conditions, '[]') AS conditions, g.builtin," \
    "       CASE WHEN g.kind = 'static' THEN " STATIC_MEMBERS("count(*)") " END AS computers,"               \
    "       CASE WHEN g.kind = 'static' THEN " STATIC_MEMBERS("max(c.worst_score)") " END AS worst_score,"   \
    "       g.created_at, g.updated_at, g.version,"                                                          \
    "       CASE WHEN g.builtin IS NULL AND grant_rank((SELECT yagura_grants()), 'computers') >= 3"          \
    "            THEN ARRAY['update', 'delete'] ELSE '{}' END::text[] AS can"                                \
    "  FROM computer_group g"

const struct listing computer_group_listing = {
    .name = "computer_groups", .from = GROUP_SELECT, .row = &computer_group_shape, .key = "id", .sort = "name",
};
const struct query computer_group_by_id = {
    .name = "computer_group_by_id", .sql = GROUP_SELECT " WHERE g.id = :id", .args = &id_args_shape,
    .row = &computer_group_shape,
};
const struct query computer_group_insert = {
    .name = "computer_group_insert",
    .sql = "INSERT INTO computer_group (tenant_id, id, parent_id, name, description, kind, conditions, created_at,"
           "    updated_at)"
           " VALUES (:tenant_id, :id, :parent_id, :name, :description, :kind,"
           "    CASE WHEN :kind = 'dynamic' THEN coalesce(:conditions, '[]') END, :at, :at)",
    .args = &write_args,
};
const struct query computer_group_update = {
    .name = "computer_group_update",
    .sql = "UPDATE computer_group SET parent_id = :parent_id, name = :name, description = :description,"
           "       conditions = CASE WHEN kind = 'dynamic' THEN coalesce(:conditions, '[]') END,"
           "       updated_at = :at, version = version + 1"
           " WHERE id = :id AND version = :version AND builtin IS NULL RETURNING id",
    .args = &write_args, .row = &id_args_shape,
};
const struct query computer_group_delete = {
    .name = "computer_group_delete",
    .sql = "WITH emptied AS (DELETE FROM computer_group_member WHERE group_id = :id)"
           "DELETE FROM computer_group WHERE id = :id AND builtin IS NULL",
    .args = &id_args_shape,
};

static const struct shape member_shape = SHAPE(computer_group_member,
    FIELD(computer_group_member, tenant_id, "Whose"), FIELD(computer_group_member, group_id, "Which group"),
    FIELD(computer_group_member, computer_id, "Which computer"));
const struct query computer_group_add = {
    .name = "computer_group_add",
    .sql = "INSERT INTO computer_group_member VALUES (:tenant_id, :group_id, :computer_id) ON CONFLICT DO NOTHING",
    .args = &member_shape,
};
const struct query computer_group_take = {
    .name = "computer_group_take",
    .sql = "DELETE FROM computer_group_member WHERE tenant_id = :tenant_id AND group_id = :group_id"
           "   AND computer_id = :computer_id",
    .args = &member_shape,
};
const struct query computer_group_static_members = {
    .name = "computer_group_static_members",
    .sql = "SELECT m.computer_id AS id FROM computer_group_member m WHERE m.group_id = :id",
    .args = &id_args_shape, .row = &id_args_shape,
};
static const struct shape above_shape = SHAPE(computer_group_above,
    FIELD(computer_group_above, above, "It would stand in itself"));
const struct query computer_group_is_above = {
    .name = "computer_group_is_above",
    .sql = "WITH RECURSIVE up AS (SELECT id, parent_id FROM computer_group"
           "                       WHERE tenant_id = :tenant_id AND id = :group_id"
           "                       UNION SELECT g.id, g.parent_id FROM computer_group g JOIN up ON g.id = up.parent_id"
           "                       WHERE g.tenant_id = :tenant_id)"
           " SELECT EXISTS (SELECT FROM up WHERE id = :computer_id) AS above",
    .args = &member_shape, .row = &above_shape,
};

/* ---- conditions: the fixed table that they can be about ---- */

enum value_kind { VALUE_TEXT, VALUE_WORD, VALUE_NUMBER, VALUE_NETWORK, VALUE_DAYS };

struct asked {
    const char *field, *operator;
    enum value_kind value;
    const char *where; /* about `page`, a row of the listing; ? is the values as text[] */
    bool parts, negated;
    const char *words[4];
};

#define IS(column) "page." column " = ANY (?)"
#define LIKE(column) "page." column " ILIKE ANY (?)"
#define NUMBER "(?)[1]::bigint"

#define ASK(f, o, v, w, ...) { .field = f, .operator = o, .value = v, .where = w, __VA_ARGS__ }

static const struct asked table[] = {
    ASK("name", "contains", VALUE_TEXT, LIKE("name"), .parts = true),
    ASK("name", "is", VALUE_TEXT, IS("name")),
    ASK("domain", "is", VALUE_TEXT, "lower(page.domain) = ANY (SELECT lower(v) FROM unnest(?) v)"),
    ASK("os", "is", VALUE_WORD, IS("os"), .words = { "windows", "linux", "macos" }),
    ASK("os", "is_not", VALUE_WORD, IS("os"), .negated = true, .words = { "windows", "linux", "macos" }),
    ASK("os_version", "contains", VALUE_TEXT, LIKE("os_version"), .parts = true),
    ASK("agent", "is", VALUE_TEXT, IS("agent")),
    ASK("agent", "is_not", VALUE_TEXT, IS("agent"), .negated = true),
    ASK("agent_version", "contains", VALUE_TEXT, LIKE("agent_version"), .parts = true),
    ASK("address", "within", VALUE_NETWORK,
      "EXISTS (SELECT FROM unnest(page.addresses) a, unnest(?) n WHERE a::inet <<= n::inet)"),
    ASK("tag", "has", VALUE_TEXT, "page.tags && ?"),
    ASK("tag", "has_not", VALUE_TEXT, "page.tags && ?", .negated = true),
    ASK("score", "at_least", VALUE_NUMBER, "page.worst_score >= " NUMBER),
    ASK("open_detections", "at_least", VALUE_NUMBER, "page.open_detections >= " NUMBER),
    ASK("silent_days", "at_least", VALUE_DAYS, "page.last_seen_at < (?)[1]::timestamptz"),
    ASK("new_days", "at_most", VALUE_DAYS, "page.first_seen_at >= (?)[1]::timestamptz"),
    ASK("user", "is", VALUE_TEXT,
      "EXISTS (SELECT FROM computer_user u WHERE u.tenant_id = page.tenant_id AND u.computer_id = page.id"
      "   AND u.name = ANY (SELECT lower(v) FROM unnest(?) v))"),
    ASK("grouped", "is", VALUE_WORD,
      "EXISTS (SELECT FROM computer_group_member m WHERE m.tenant_id = page.tenant_id AND m.computer_id = page.id)"
      " = ((?)[1] = 'yes')", .words = { "yes", "no" }),
};

static const struct asked *
find(struct str field, struct str operator)
{
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (str_is(field, table[i].field) && str_is(operator, table[i].operator))
            return &table[i];
    return NULL;
}

static bool
is_network(struct arena *a, struct str text)
{
    struct str rest = text, address;
    unsigned char bytes[16];
    int64_t bits = 0;
    if (!str_cut(&rest, '/', &address))
        return false;
    bool v6 = str_contains(address, STR(":"));
    bool has_bits = address.len < text.len;
    return inet_pton(v6 ? AF_INET6 : AF_INET, str_c(a, address), bytes) == 1
        && (!has_bits || (str_int(rest, &bits) && bits >= 0 && bits <= (v6 ? 128 : 32)));
}

static bool
fits(struct scope *s, const struct asked *asked, struct str value)
{
    int64_t number;
    switch (asked->value) {
    case VALUE_WORD:
        for (size_t i = 0; i < COUNT_OF(asked->words) && asked->words[i]; i++)
            if (str_is(value, asked->words[i]))
                return true;
        return false;
    case VALUE_NUMBER:
        return str_int(value, &number) && number >= 0 && number <= 1000000;
    case VALUE_DAYS:
        return str_int(value, &number) && number >= 0 && number <= 3660;
    case VALUE_NETWORK:
        return is_network(s->arena, value);
    default:
        return value.len > 0 && value.len <= 200;
    }
}

bool
group_conditions_check(struct scope *s, const struct rows *conditions)
{
    const struct group_condition *items = conditions->items;
    for (size_t i = 0; i < conditions->count; i++) {
        const struct asked *asked = find(items[i].field, items[i].operator);
        const char *at = str_printf(s->arena, "/conditions/%zu", i).at;
        if (!asked)
            return fail_field(s, str_printf(s->arena, "%s/operator", at).at, FAULT_NOT_IN_DOMAIN, NULL);
        if (!items[i].values.count)
            return fail_field(s, str_printf(s->arena, "%s/values", at).at, FAULT_REQUIRED, NULL);
        for (size_t k = 0; k < items[i].values.count; k++)
            if (!fits(s, asked, items[i].values.items[k]))
                return fail_field(s, str_printf(s->arena, "%s/values/%zu", at, k).at, FAULT_BAD_FORMAT, NULL);
    }
    return true;
}

/* Days are told from now: the database is given the time itself. */
static struct strs
values_of(struct scope *s, const struct asked *asked, const struct strs *values)
{
    int64_t days;
    if (asked->value != VALUE_DAYS || !values->count || !str_int(values->items[0], &days))
        return *values;
    struct str *at = arena_array_of(s->arena, 1, struct str);
    *at = instant_format(s->arena, instant_plus(s->now, -DAYS(days)));
    return (struct strs){ at, 1 };
}

bool
group_terms(struct scope *s, const struct computer_group *g, struct listing_ask *ask)
{
    if (g->kind == GROUP_STATIC) {
        struct str *id = arena_array_of(s->arena, 1, struct str);
        *id = uuid_format(s->arena, g->id);
        return listing_add(s, &computer_listing, ask, &(struct listing_term){
            .op = FILTER_WHERE, .values = { id, 1 },
            .where = "page.id IN (SELECT m.computer_id FROM computer_group_member m WHERE m.group_id ="
           " (?)[1]::uuid)" });
    }
    const struct group_condition *items = g->conditions.items;
    for (size_t i = 0; i < g->conditions.count; i++) {
        const struct asked *asked = find(items[i].field, items[i].operator);
        if (!asked)
            return fail(s, &problem_internal, "a group asks for what this program does not know");
        const struct listing_term term = { .op = FILTER_WHERE, .where = asked->where, .parts = asked->parts,
                                           .negated = asked->negated,
                                           .values = values_of(s, asked, &items[i].values) };
        if (!listing_add(s, &computer_listing, ask, &term))
            return false;
    }
    return true;
}

bool
computer_group_weigh(struct scope *s, const struct listing *l, const void *args, struct listing_ask *ask)
{
    const struct computer_list_args *in = args;
    struct computer_group g;
    (void)l;
    if (uuid_is_none(in->group_id))
        return true;
    return db_one(s, &computer_group_by_id, &(struct id_args){ in->group_id }, &g) && group_terms(s, &g, ask);
}

/* ---- what can be asked, for the editor ---- */

const struct shape group_field_shape = SHAPE(group_field,
    FIELD(group_field, field, "Its name", .required = true),
    FIELD(group_field, operators, "How it can be compared", .required = true),
    FIELD(group_field, words, "The only values; absent: free text"),
    FIELD(group_field, number, "Values are whole numbers"));

static struct strs
words_of(struct scope *s, const struct asked *asked)
{
    struct strs words = { arena_array_of(s->arena, COUNT_OF(asked->words), struct str), 0 };
    while (words.count < COUNT_OF(asked->words) && asked->words[words.count]) {
        words.items[words.count] = str_of(asked->words[words.count]);
        words.count++;
    }
    return words;
}

struct rows
group_fields(struct scope *s)
{
    struct group_field *fields = arena_array_of(s->arena, COUNT_OF(table), struct group_field);
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (!i || strcmp(table[i].field, table[i - 1].field) != 0)
            fields[count++] = (struct group_field){
                .field = str_of(table[i].field), .words = words_of(s, &table[i]),
                .operators = { arena_array_of(s->arena, 4, struct str), 0 },
                .number = table[i].value == VALUE_NUMBER || table[i].value == VALUE_DAYS };
        struct strs *operators = &fields[count - 1].operators;
        operators->items[operators->count++] = str_of(table[i].operator);
    }
    return (struct rows){ fields, count };
}
