/* yagura demo: fills an empty house with the demonstration, through the same verbs as everybody, as if over two
 * months. A second run changes nothing. `yagura demo --code MAIL` prints the code that the person's authenticator
 * would show. */
#include "server/demo.h"

#include "core/base/crypto.h"
#include "model/credential.h"
#include "model/permission_set.h"
#include "model/principal.h"
#include "server/demo_telemetry.h"
#include "server/demo_tickets.h"
#include "server/operator.h"
#include "workflows/api_keys.h"
#include "workflows/audit.h"
#include "workflows/oidc.h"
#include "workflows/people.h"
#include "workflows/permission_sets.h"
#include "workflows/saved_views.h"
#include "workflows/service.h"
#include "workflows/sign_in.h"
#include "workflows/tenants.h"
#include "workflows/totp.h"

#define DEMO_PASSWORD "yagura-demo-2026"

enum { HISTORY_DAYS_MAX = 60, LIVE_SPEED_MAX = 100 };

struct demo {
    struct operator o;
    struct instant today;
    struct str password_hash; /* one for all: hashing is meant to be slow */
    struct uuid tenants[8];
};

static void
go_to_day(struct demo *d, int days_ago, size_t nth)
{
    d->o.program.s.now = instant_plus(d->today, -DAYS(days_ago) + MINUTES(7) * (int64_t)nth);
}

static struct uuid
tenant_of(const struct demo *d, const char *code)
{
    for (size_t i = 0; code && i < demo_tenant_count; i++)
        if (strcmp(demo_tenants[i].code, code) == 0)
            return d->tenants[i];
    return provider_tenant_id;
}

/* ---- customers ---- */

static bool
add_tenant(struct demo *d, size_t i)
{
    const struct demo_tenant *from = &demo_tenants[i];
    struct scope *s = &d->o.program.s;
    struct tenant made;
    struct tenant_write row = {
        .name = str_of(from->name), .name_kana = str_of(from->name_kana), .short_code = str_of(from->code),
        .plan = from->plan, .language = from->language, .time_zone = str_of(from->time_zone),
        .holiday_country = str_of(from->country), .reopen_days = 30, .password_max_days = INT_NONE,
        .contract_start = str_of(from->contract_start), .status = TENANT_ACTIVE,
    };
    go_to_day(d, 56, i);
    if (!tenant_create(s, &row, &made) || !operator_look(&d->o))
        return false;
    d->tenants[i] = made.id;
    return true;
}

/* ---- people ---- */

static struct str
demo_secret(struct arena *a, struct str email)
{
    return str_head(sha256_of(a, str_printf(a, "yagura demo totp " STR_FMT, STR_ARG(email))).raw, TOTP_SECRET_BYTES);
}

/* As the log would have it, had the person done it. */
static bool
record_of(struct scope *s, const struct person *p, const char *action, bool quiet)
{
    struct str address = s->address;
    s->address = str_printf(s->arena, "203.0.113.%d", 10 + p->id.bytes[15] % 40);
    bool done = audit_record(s, &(struct deed){
        .tenant_id = p->tenant_id, .action = action, .noun = "person", .object_id = p->id, .object_name = p->name,
        .actor_id = p->id, .actor_name = p->name, .quiet = quiet });
    s->address = address;
    return done;
}

/* What the person does with the invitation, and at the first sign-in. */
static bool
settle_in(struct demo *d, const struct person *p)
{
    struct scope *s = &d->o.program.s;
    struct truth done;
    struct credential_args args = {
        .tenant_id = p->tenant_id, .person_id = p->id, .name = p->name, .language = p->language,
        .time_zone = p->time_zone, .terms_version = s->service->terms_version, .at = s->now,
        .password_hash = d->password_hash,
        .sealed = secret_seal(s->arena, &s->service->key, totp_context(s->arena, p->id),
                              demo_secret(s->arena, p->email)),
    };
    return db_one(s, &person_complete, &args, &done) && db_run(s, &password_write, &args, NULL)
        && db_run(s, &totp_enrol, &args, NULL) && record_of(s, p, "person.completed", false);
}

struct set_named_args {
    struct uuid tenant_id;
    struct str key;
};
static const struct shape set_named_shape =
    SHAPE(set_named_args, FIELD(set_named_args, tenant_id, "Whose"), FIELD(set_named_args, key, "Which"));
static const struct query set_named = {
    .name = "set_named", .sql = "SELECT id FROM permission_set WHERE tenant_id = :tenant_id AND key = :key",
    .args = &set_named_shape, .row = &id_args_shape,
};

static bool
add_person(struct demo *d, size_t i, const struct demo_person *from)
{
    struct scope *s = &d->o.program.s;
    struct id_args set;
    struct uuid sees = tenant_of(d, from->sees);
    struct person made;
    struct set_named_args wanted = { tenant_of(d, from->tenant), str_of(from->set) };
    go_to_day(d, from->day, i);
    if (!db_one(s, &set_named, &wanted, &set))
        return false;
    struct person_invite in = {
        .tenant_id = wanted.tenant_id, .email = str_of(from->email), .name = str_of(from->name),
        .language = from->language, .permission_set_ids = { &set.id, 1 }, .all_tenants = from->all_tenants,
        .tenant_ids = { &sees, from->sees ? 1 : 0 },
    };
    if (!person_invite(s, &in, &made) || (from->status != PERSON_INVITED && !settle_in(d, &made)))
        return false;
    return from->status != PERSON_DISABLED || person_act(s, made.id, PERSON_DISABLE, &made);
}

static int
oldest_first(const void *a, const void *b)
{
    const struct demo_person *const *x = a, *const *y = b;
    return (*y)->day - (*x)->day;
}

/* In the order of time, so that the log reads as it would have been written. */
static bool
add_people(struct demo *d)
{
    const struct demo_person **order = arena_array(d->o.program.s.arena, demo_people_count, sizeof *order);
    for (size_t i = 0; i < demo_people_count; i++)
        order[i] = &demo_people[i];
    qsort(order, demo_people_count, sizeof *order, oldest_first);
    for (size_t i = 0; i < demo_people_count; i++)
        if (!add_person(d, i, order[i]))
            return false;
    return true;
}

/* Some come every day, some now and then. */
static bool
sign_in_on(struct demo *d, int days_ago)
{
    struct scope *s = &d->o.program.s;
    for (size_t i = 0; i < demo_people_count; i++) {
        struct person p;
        bool found;
        if (demo_people[i].status != PERSON_ACTIVE || (i * 7 + (size_t)days_ago * 5) % 11 > 10 - i % 6)
            continue;
        go_to_day(d, days_ago, i);
        struct credential_args args = { .at = s->now, .place = STR("demo") };
        if (!operator_find(&d->o, str_of(demo_people[i].email), &p, &found))
            return false;
        args.tenant_id = p.tenant_id;
        args.person_id = p.id;
        if (!db_run(s, &attempt_succeeded, &args, NULL) || !record_of(s, &p, "sign_in.completed", true))
            return false;
    }
    return true;
}

/* ---- the rest of a lived-in house ---- */

static bool
add_service_account(struct demo *d)
{
    struct scope *s = &d->o.program.s;
    struct id_args set;
    struct person account;
    struct api_key key;
    struct str scopes[] = { STR("incidents:read"), STR("detections:read") };
    struct set_named_args wanted = { tenant_of(d, "AOBA"), STR("customer_contact") };
    go_to_day(d, 20, 0);
    if (!db_one(s, &set_named, &wanted, &set))
        return false;
    struct service_account in = { .tenant_id = wanted.tenant_id, .name = STR("社内チケット連携"),
                                  .permission_set_ids = { &set.id, 1 } };
    struct api_key_write row = { .name = STR("社内チケット連携（本番）"), .scopes = { scopes, COUNT_OF(scopes) },
                                 .expires_at = instant_plus(d->today, DAYS(180)) };
    if (!service_account_create(s, &in, &account))
        return false;
    row.person_id = account.id;
    return api_key_create(s, &row, &key);
}

static bool
add_permission_set(struct demo *d)
{
    struct scope *s = &d->o.program.s;
    struct permission_set made;
    struct str grants[] = { STR("tickets:use"), STR("incidents:read"), STR("reports:read") };
    struct permission_set_write row = {
        .tenant_id = tenant_of(d, "AOBA"), .key = STR("factory-desk"), .name_en = STR("Factory service desk"),
        .name_ja = STR("工場ヘルプデスク"), .grants = { grants, COUNT_OF(grants) },
    };
    go_to_day(d, 19, 0);
    return permission_set_create(s, &row, &made);
}

static bool
add_identity_provider(struct demo *d)
{
    struct identity_provider made;
    struct str domains[] = { STR("harbor.demo.yagura.example") };
    struct identity_provider_write row = {
        .tenant_id = tenant_of(d, "HARBOR"), .name = STR("Harbor Logistics SSO"),
        .issuer = STR("https://login.harbor.demo.yagura.example"), .client_id = STR("yagura"),
        .client_secret = STR("demo-secret-that-opens-nothing"), .email_domains = { domains, COUNT_OF(domains) },
    };
    go_to_day(d, 12, 0);
    return identity_provider_create(&d->o.program.s, &row, &made);
}

static bool
add_saved_view(struct demo *d)
{
    struct scope *s = &d->o.program.s;
    struct saved_view made;
    struct person owner;
    struct principal who = d->o.who;
    bool found;
    struct saved_view_write row = { .page = STR("people"), .name = STR("招待中の利用者"), .shared = true,
                                    .state = { STR("{\"status\":\"invited\"}") } };
    go_to_day(d, 9, 0);
    if (!operator_find(&d->o, str_of(demo_people[1].email), &owner, &found))
        return false;
    who.person_id = owner.id;
    who.name = owner.name;
    s->who = &who;
    bool done = saved_view_create(s, &row, &made);
    s->who = &d->o.who;
    return done;
}

static bool
is_there(struct demo *d, bool *there)
{
    struct person p;
    return operator_find(&d->o, str_of(demo_people[0].email), &p, there);
}

static bool
fill(struct demo *d)
{
    struct scope *s = &d->o.program.s;
    bool there;
    d->today = s->now;
    if (!is_there(d, &there))
        return false;
    if (there)
        return demo_tickets(&d->o, d->today);
    if (!password_hash(s, STR(DEMO_PASSWORD), &d->password_hash))
        return false;
    for (size_t i = 0; i < demo_tenant_count; i++)
        if (!add_tenant(d, i))
            return false;
    bool done = add_people(d) && add_service_account(d) && add_permission_set(d) && add_identity_provider(d)
             && add_saved_view(d) && demo_ingest_keys(s, d->tenants);
    for (int day = 7; day > 0 && done; day--)
        done = sign_in_on(d, day);
    s->now = d->today;
    return done && demo_tickets(&d->o, d->today);
}

static void
print_logins(void)
{
    printf("Demo logins, password %s:\n", DEMO_PASSWORD);
    for (size_t i = 0; i < demo_people_count; i++)
        if (demo_people[i].login)
            printf("    %-32s %s\n", demo_people[i].email, demo_people[i].set);
    printf("The six-digit code of the authenticator app:  yagura demo --code MAIL\n");
}

/* ---- the code ---- */

/* A code is good once: when this half minute's was used, the next one is said, which is accepted already. */
static bool
print_code(struct operator *o, struct str email)
{
    struct scope *s = &o->program.s;
    struct person p;
    struct totp_row row;
    struct str secret;
    bool found;
    if (!operator_find(o, email, &p, &found))
        return false;
    if (!found)
        return fail(s, &problem_not_found, "nobody has the address " STR_FMT, STR_ARG(email));
    struct credential_args args = { .tenant_id = p.tenant_id, .person_id = p.id };
    if (!db_one(s, &totp_read, &args, &row))
        return false;
    struct bytes sealed = row.secret.raw.len ? row.secret : row.pending;
    if (!sealed.raw.len)
        return fail(s, &problem_not_found, "no authenticator is linked to " STR_FMT, STR_ARG(email));
    if (!secret_open(s, &s->service->key, totp_context(s->arena, p.id), sealed, &secret))
        return false;
    bool used = row.last_step >= s->now.us / SECONDS(TOTP_STEP_S);
    struct instant at = used ? instant_plus(s->now, SECONDS(TOTP_STEP_S)) : s->now;
    printf(STR_FMT "\n", STR_ARG(totp_code(s->arena, secret, at)));
    return true;
}

/* `--config FILE` at the end; whatever else is left over is a mistake. */
static bool
config_at(int argc, char **argv, int rest, const char **config)
{
    *config = argc == rest + 2 && strcmp(argv[rest], "--config") == 0 ? argv[rest + 1] : NULL;
    return argc == rest || *config;
}

static bool
number_behind(int argc, char **argv, const char *word, int64_t most, int64_t *out)
{
    return argc >= 3 && strcmp(argv[1], word) == 0 && str_int(str_of(argv[2]), out) && *out >= 1 && *out <= most;
}

static int
fill_house(const char *config, const char *code)
{
    struct demo d = { 0 };
    if (!operator_begin(&d.o, config, "yagura demo"))
        return program_complain(&d.o.program);
    if (code)
        return operator_end(&d.o, print_code(&d.o, str_of(code)));
    struct db_settings api = program_database(&d.o.program, "yagura_api");
    struct db *mails = db_open(&api);
    bool good = fill(&d) && db_commit(&d.o.program.s);
    db_end(&d.o.program.s);
    good = good && demo_mail(&d.o.program.s, mails, d.today);
    db_close(mails);
    db_close(d.o.db);
    int status = good ? program_end(&d.o.program, 0) : program_complain(&d.o.program);
    if (status == 0)
        print_logins();
    return status;
}

int
demo_command(int argc, char **argv)
{
    const char *config;
    int64_t number;
    bool has_word = argc >= 3 && strcmp(argv[1], "--config") != 0;
    if (config_at(argc, argv, has_word ? 3 : 1, &config)) {
        if (!has_word)
            return fill_house(config, NULL);
        if (strcmp(argv[1], "--code") == 0)
            return fill_house(config, argv[2]);
        if (number_behind(argc, argv, "--history", HISTORY_DAYS_MAX, &number))
            return demo_history(config, number);
        if (number_behind(argc, argv, "--live", LIVE_SPEED_MAX, &number))
            return demo_live(config, number);
    }
    fprintf(stderr, "yagura demo [--code MAIL | --history DAYS | --live SPEED] [--config FILE]\n");
    return 2;
}
