/* yagura user: the first administrator, and help for somebody who cannot get in. */
#include <unistd.h>

#include "core/base/crypto.h"
#include "model/credential.h"
#include "model/permission_set.h"
#include "model/tenant.h"
#include "server/operator.h"
#include "workflows/audit.h"
#include "workflows/invitations.h"
#include "workflows/password.h"
#include "workflows/people.h"

static const char usage[] =
    "yagura user invite MAIL --name NAME [--tenant CODE] [--set KEY] [--language ja|en]\n"
    "                                        prints the link; the first one: an administrator of the provider\n"
    "yagura user link MAIL                   a new link for somebody who was invited\n"
    "yagura user password MAIL               reads the new password from standard input\n"
    "yagura user reset-second-factor MAIL    the authenticator is linked anew at the next sign-in\n"
    "yagura user unlock MAIL                 forgets failed attempts\n"
    "    [--config FILE]\n";

struct options {
    const char *verb, *mail, *name, *tenant, *set, *language, *config;
};

static bool
options_read(int argc, char **argv, struct options *o)
{
    *o = (struct options){ .tenant = "", .language = "" };
    if (argc < 3)
        return false;
    o->verb = argv[1];
    o->mail = argv[2];
    const struct {
        const char *word;
        const char **to;
    } words[] = { { "--name", &o->name }, { "--tenant", &o->tenant }, { "--set", &o->set },
                  { "--language", &o->language }, { "--config", &o->config } };
    for (int i = 3; i < argc; i += 2) {
        size_t w = 0;
        while (w < COUNT_OF(words) && strcmp(argv[i], words[w].word) != 0)
            w++;
        if (w == COUNT_OF(words) || i + 1 == argc)
            return false;
        *words[w].to = argv[i + 1];
    }
    return true;
}

/* ---- invite ---- */

struct tenant_code_args {
    struct str short_code, key;
};
struct home_row {
    struct uuid tenant_id, set_id;
    enum tenant_kind kind;
    enum language language;
};
static const struct shape tenant_code_shape =
    SHAPE(tenant_code_args, FIELD(tenant_code_args, short_code, "Whose"), FIELD(tenant_code_args, key, "Which set"));
static const struct shape home_shape = SHAPE(home_row,
    FIELD(home_row, tenant_id, "Where"), FIELD(home_row, set_id, "With which rights"),
    FIELD(home_row, kind, "Provider or customer", .of = &tenant_kind_domain),
    FIELD(home_row, language, "Its language", .of = &language_domain));

static const struct query find_home = {
    .name = "find_home",
    .sql = "SELECT t.id AS tenant_id, s.id AS set_id, t.kind, t.language FROM tenant t JOIN permission_set s"
           "    ON s.tenant_id = t.id AND s.key = coalesce(:key, CASE t.kind WHEN 'provider' THEN 'administrator'"
           "                                                   ELSE 'customer_administrator' END)"
           " WHERE CASE WHEN :short_code = '' THEN t.kind = 'provider' ELSE t.short_code = upper(:short_code) END",
    .args = &tenant_code_shape, .row = &home_shape,
};

static bool
invite(struct operator *o, const struct options *from)
{
    struct scope *s = &o->program.s;
    struct home_row home;
    struct person person;
    struct str link;
    int language = 0;
    bool found;
    struct tenant_code_args args = { .short_code = str_of(from->tenant), .key = str_of(from->set) };
    if (!from->name)
        return fail(s, &problem_invalid, "--name is needed");
    if (!db_maybe(s, &find_home, &args, &home, &found))
        return false;
    if (!found)
        return fail(s, &problem_not_found, "there is no such tenant, or it has no such permission set");
    if (*from->language && !domain_value(&language_domain, str_of(from->language), &language))
        return fail(s, &problem_invalid, "--language is ja or en");
    struct person_invite in = {
        .tenant_id = home.tenant_id, .email = str_of(from->mail), .name = str_of(from->name),
        .language = language ? (enum language)language : home.language,
        .permission_set_ids = { &home.set_id, 1 }, .all_tenants = home.kind == TENANT_PROVIDER,
    };
    if (!person_invite(s, &in, &person) || !invitation_send(s, &person, &link))
        return false;
    printf(STR_FMT "\n", STR_ARG(link));
    return true;
}

/* ---- for those who are there ---- */

static bool
find(struct operator *o, const struct options *from, struct person *out)
{
    bool found;
    if (!operator_find(o, str_of(from->mail), out, &found))
        return false;
    return found || fail(&o->program.s, &problem_not_found, "nobody has the address %s", from->mail);
}

static bool
new_link(struct operator *o, const struct options *from)
{
    struct person p;
    struct str link;
    if (!find(o, from, &p))
        return false;
    if (p.status != PERSON_INVITED)
        return fail(&o->program.s, &person_state_wrong, "this account is complete: use `yagura user password`");
    if (!invitation_send(&o->program.s, &p, &link))
        return false;
    printf(STR_FMT "\n", STR_ARG(link));
    return true;
}

static bool
set_password(struct operator *o, const struct options *from)
{
    struct scope *s = &o->program.s;
    struct person p;
    struct count_row ended;
    char line[1024];
    if (!find(o, from, &p))
        return false;
    if (isatty(STDIN_FILENO))
        fprintf(stderr, "New password for %s: ", from->mail);
    if (!fgets(line, sizeof line, stdin))
        return fail(s, &problem_invalid, "no password on standard input");
    struct str password = str_of(line);
    while (password.len && (password.at[password.len - 1] == '\n' || password.at[password.len - 1] == '\r'))
        password.len--;
    struct credential_args args = { .tenant_id = p.tenant_id, .person_id = p.id, .at = s->now };
    if (!password_acceptable(s, password, p.email, p.name))
        return fail(s, &problem_invalid, "refused: 12 characters or more, and none of the common ones");
    return password_hash(s, password, &args.password_hash)
        && db_run(s, &password_write, &args, NULL)
        && db_one(s, &session_end, &args, &ended)
        && audit_record(s, &(struct deed){ .tenant_id = p.tenant_id, .action = "person.password_reset",
                                           .noun = "person", .object_id = p.id, .object_name = p.name });
}

static bool
reset_factor(struct operator *o, const struct options *from)
{
    struct person p, after;
    return find(o, from, &p) && person_act(&o->program.s, p.id, PERSON_RESET_FACTOR, &after);
}

static bool
unlock(struct operator *o, const struct options *from)
{
    struct person p, after;
    return find(o, from, &p) && person_act(&o->program.s, p.id, PERSON_UNLOCK, &after);
}

static const struct {
    const char *name;
    bool (*run)(struct operator *o, const struct options *from);
} verbs[] = {
    { "invite", invite },
    { "link", new_link },
    { "password", set_password },
    { "reset-second-factor", reset_factor },
    { "unlock", unlock },
};

int
user_command(int argc, char **argv)
{
    struct operator o = { 0 };
    struct options from;
    size_t v = 0;
    if (options_read(argc, argv, &from))
        while (v < COUNT_OF(verbs) && strcmp(from.verb, verbs[v].name) != 0)
            v++;
    else
        v = COUNT_OF(verbs);
    if (v == COUNT_OF(verbs)) {
        fputs(usage, stderr);
        return 2;
    }
    if (!operator_begin(&o, from.config, "yagura user"))
        return program_complain(&o.program);
    return operator_end(&o, verbs[v].run(&o, &from));
}
