#include "model/executable.h"

const struct domain reputation_domain = DOMAIN(reputation, "clean", "unwanted", "malicious");
const struct domain script_kind_domain =
    DOMAIN(script_kind, "powershell", "vbscript", "jscript", "batch", "shell", "python", "other");

const struct shape executable_shape = SHAPE(executable,
    FIELD(executable, id, "Identity", .filter = true, .required = true),
    FIELD(executable, tenant_id, "On whose computers", .filter = true, .required = true),
    FIELD(executable, tenant_name, "Their name", .sort = true),
    FIELD(executable, hash, "The longest of its hashes that was told", .filter = true, .search = true,
          .required = true),
    FIELD(executable, sha256, "SHA-256", .filter = true, .search = true),
    FIELD(executable, sha1, "SHA-1", .filter = true, .search = true),
    FIELD(executable, md5, "MD5", .filter = true, .search = true),
    FIELD(executable, name, "Name of the file", .filter = true, .sort = true, .search = true, .required = true),
    FIELD(executable, path, "Where it was first seen", .search = true, .required = true),
    FIELD(executable, original_name, "The name its maker gave it", .search = true),
    FIELD(executable, company, "Its maker, as the file says", .filter = true, .search = true),
    FIELD(executable, product, "What it belongs to, as the file says", .search = true),
    FIELD(executable, description, "What it is, as the file says"),
    FIELD(executable, signer, "Whose signature it bears", .filter = true, .search = true),
    FIELD(executable, is_signed, "A signature was told of", .filter = true),
    FIELD(executable, os, "On which system", .of = &computer_os_domain, .filter = true),
    FIELD(executable, markers, "Words put on it", .filter = true),
    FIELD(executable, verdict, "Its reputation", .of = &reputation_domain, .filter = true, .sort = true),
    FIELD(executable, verdict_source, "Who says so"),
    FIELD(executable, verdict_at, "Since when"),
    FIELD(executable, computers, "On how many computers of the customer", .sort = true, .filter = true),
    FIELD(executable, first_seen_at, "When it first ran", .sort = true, .filter = true, .required = true),
    FIELD(executable, last_seen_at, "When it last ran", .sort = true, .filter = true, .required = true),
    FIELD(executable, version, "Grows with each change people make"),
    FIELD(executable, can, "Verbs the caller may use on it", .required = true));

const struct shape executable_list_shape = SHAPE(executable_list_args,
    FIELD(executable_list_args, computer_id, "Only those seen there"));

#define EXECUTABLE_SELECT                                                                                    \
    "SELECT e.id, e.tenant_id, (SELECT t.name FROM tenant t WHERE t.id = e.tenant_id) AS tenant_name, e.hash," \
    "       e.sha256, e.sha1, e.md5, e.name, e.path, e.original_name, e.company, e.product, e.description,"  \
    "       e.signer, coalesce(e.is_signed, false) AS is_signed, e.os, e.markers, e.verdict,"                \
    "       e.verdict_source, e.verdict_at, e.computers, e.first_seen_at, e.last_seen_at, e.version,"        \
    "       CASE WHEN grant_rank((SELECT yagura_grants()), 'computers') >= 2"                                \
    "            THEN ARRAY['mark', 'ask'] ELSE '{}' END::text[] AS can"                                     \
    "  FROM executable e"

/* Through the page's own term, so that the list keeps its order and its pages. */
static bool
weigh(struct scope *s, const struct listing *l, const void *args, struct listing_ask *ask)
{
    const struct executable_list_args *in = args;
    if (uuid_is_none(in->computer_id))
        return true;
    struct str id = uuid_format(s->arena, in->computer_id);
    return listing_add(s, l, ask, &(struct listing_term){
        .op = FILTER_WHERE, .values = { &id, 1 },
        .where = "page.id IN (SELECT p.executable_id FROM executable_computer p WHERE p.computer_id = (?)[1]::uuid)" });
}

const struct listing executable_listing = {
    .name = "executables", .from = EXECUTABLE_SELECT, .args = &executable_list_shape, .row = &executable_shape,
    .key = "id", .sort = "-first_seen_at", .weigh = weigh, .owned = true,
};
const struct query executable_by_id = {
    .name = "executable_by_id", .sql = EXECUTABLE_SELECT " WHERE e.id = :id", .args = &id_args_shape,
    .row = &executable_shape,
};
const struct query executable_lock = {
    .name = "executable_lock", .sql = EXECUTABLE_SELECT " WHERE e.id = :id FOR NO KEY UPDATE OF e",
    .args = &id_args_shape, .row = &executable_shape,
};
static const struct shape hash_args_shape = SHAPE(executable_hash_args,
    FIELD(executable_hash_args, tenant_id, "Whose"), FIELD(executable_hash_args, hash, "Any of its hashes"));
const struct query executable_by_hash = {
    .name = "executable_by_hash",
    .sql = EXECUTABLE_SELECT " WHERE e.tenant_id = :tenant_id AND e.hash = :hash",
    .args = &hash_args_shape, .row = &executable_shape,
};
const struct query executable_save = {
    .name = "executable_save",
    .sql = "UPDATE executable SET markers = coalesce(:markers, '{}'), verdict = :verdict,"
           "       verdict_source = :verdict_source, verdict_at = :verdict_at, version = version + 1"
           " WHERE tenant_id = :tenant_id AND id = :id",
    .args = &executable_shape,
};

const struct shape popularity_shape = SHAPE(popularity,
    FIELD(popularity, id, "Of which file", .required = true),
    FIELD(popularity, computers_here, "On how many computers of the customer"),
    FIELD(popularity, computers_everywhere, "On how many computers of all customers"),
    FIELD(popularity, customers_everywhere, "Of how many customers; never whose"),
    FIELD(popularity, computers_total, "Of how many computers that send"),
    FIELD(popularity, first_seen_everywhere_at, "When it was first seen anywhere"));
const struct query executable_popularity = {
    .name = "executable_popularity",
    .sql = "SELECT e.id, e.computers AS computers_here, f.computers AS computers_everywhere,"
           "       f.customers AS customers_everywhere, f.computers_total,"
           "       f.first_seen_at AS first_seen_everywhere_at"
           "  FROM executable e, executable_everywhere(e.hash) f WHERE e.id = :id",
    .args = &id_args_shape, .row = &popularity_shape,
};

const struct shape executable_place_shape = SHAPE(executable_place,
    FIELD(executable_place, id, "Of the computer", .required = true),
    FIELD(executable_place, tenant_id, "Whose", .filter = true, .required = true),
    FIELD(executable_place, executable_id, "Which file", .filter = true, .required = true),
    FIELD(executable_place, computer_id, "On which computer", .filter = true, .required = true),
    FIELD(executable_place, computer_name, "Its name", .sort = true, .search = true, .required = true),
    FIELD(executable_place, path, "Where it lay", .search = true, .required = true),
    FIELD(executable_place, first_seen_at, "When it first ran there", .sort = true, .required = true),
    FIELD(executable_place, last_seen_at, "When it last ran there", .sort = true, .required = true));
const struct listing executable_place_listing = {
    .name = "executable_places",
    .from = "SELECT p.computer_id AS id, p.tenant_id, p.executable_id, p.computer_id, c.name AS computer_name, p.path,"
            "       p.first_seen_at, p.last_seen_at"
            "  FROM executable_computer p JOIN computer c ON c.tenant_id = p.tenant_id AND c.id = p.computer_id"
            " WHERE p.executable_id = :id",
    .args = &id_args_shape, .row = &executable_place_shape, .key = "id", .sort = "-last_seen_at",
};

/* ---- scripts ---- */

const struct shape script_shape = SHAPE(script,
    FIELD(script, id, "Identity", .filter = true, .required = true),
    FIELD(script, tenant_id, "On whose computers", .filter = true, .required = true),
    FIELD(script, tenant_name, "Their name", .sort = true),
    FIELD(script, kind, "Its language", .of = &script_kind_domain, .filter = true, .required = true),
    FIELD(script, host, "What ran it", .filter = true, .sort = true, .search = true, .required = true),
    FIELD(script, command_line, "The command line", .search = true),
    FIELD(script, body, "The script itself, as far as it was told", .search = true),
    FIELD(script, runs, "How often, about", .sort = true),
    FIELD(script, computers, "On how many computers", .sort = true, .filter = true),
    FIELD(script, first_seen_at, "When it first ran", .sort = true, .filter = true, .required = true),
    FIELD(script, last_seen_at, "When it last ran", .sort = true, .filter = true, .required = true));

#define SCRIPT_SELECT                                                                                          \
    "SELECT x.id, x.tenant_id, (SELECT t.name FROM tenant t WHERE t.id = x.tenant_id) AS tenant_name, x.kind," \
    "       x.host, x.command_line, x.body, x.runs, x.computers, x.first_seen_at, x.last_seen_at FROM script x"

static bool
weigh_scripts(struct scope *s, const struct listing *l, const void *args, struct listing_ask *ask)
{
    const struct executable_list_args *in = args;
    if (uuid_is_none(in->computer_id))
        return true;
    struct str id = uuid_format(s->arena, in->computer_id);
    return listing_add(s, l, ask, &(struct listing_term){
        .op = FILTER_WHERE, .values = { &id, 1 },
        .where = "page.id IN (SELECT p.script_id FROM script_computer p WHERE p.computer_id = (?)[1]::uuid)" });
}

const struct listing script_listing = {
    .name = "scripts", .from = SCRIPT_SELECT, .args = &executable_list_shape, .row = &script_shape, .key = "id",
    .sort = "-last_seen_at", .weigh = weigh_scripts, .owned = true,
};
const struct query script_by_id = {
    .name = "script_by_id", .sql = SCRIPT_SELECT " WHERE x.id = :id", .args = &id_args_shape, .row = &script_shape,
};
