/* The short verbs: migrate, check, openapi, settings. */
#include "core/db/migrate.h"
#include "server/api/routes.h"
#include "server/catalogue.h"
#include "server/http/openapi.h"
#include "server/program.h"
#include "server/rules_import.h"
#include "workflows/mail_templates.h"

enum { DOCUMENT_BLOCK = 64 * 1024 };

static const char *
config_of(int argc, char **argv)
{
    return argc == 3 && strcmp(argv[1], "--config") == 0 ? argv[2] : NULL;
}

int
migrate_command(int argc, char **argv)
{
    struct program p;
    int applied = 0;
    if (!program_start(&p, config_of(argc, argv)))
        return program_complain(&p);
    struct db_settings owner = program_database(&p, NULL);
    if (!migrate_run(&p.s, owner.url, str_c(p.s.arena, p.settings.migration_dir), &applied))
        return program_complain(&p);
    printf("%d migrations applied\n", applied);
    if (applied && !rules_import_starter(&p))
        return program_complain(&p);
    return program_end(&p, 0);
}

int
check_command(int argc, char **argv)
{
    struct program p;
    const struct mail_templates *templates;
    if (!program_start(&p, config_of(argc, argv)) || !mail_templates_load(&p.s, p.settings.template_dir, &templates))
        return program_complain(&p);
    struct db_settings api = program_database(&p, "yagura_api");
    struct db *db = db_open(&api);
    struct db_catalogue all = catalogue_collect(p.s.arena, api_routes, api_routes_count);
    bool good = db_check(&p.s, db, &all);
    if (good)
        printf("%zu queries and %zu listings agree with the database, all mails with their templates\n",
               all.query_count, all.listing_count);
    db_end(&p.s);
    db_close(db);
    return good ? program_end(&p, 0) : program_complain(&p);
}

int
openapi_command(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    scoped(arena_end) struct arena *a = arena_new(DOCUMENT_BLOCK);
    struct str document;
    openapi_write(a, api_routes, api_routes_count, STR(YAGURA_VERSION), &document);
    return fwrite(document.at, 1, document.len, stdout) == document.len && putchar('\n') != EOF ? 0 : 1;
}

int
settings_command(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    scoped(arena_end) struct arena *a = arena_new(DOCUMENT_BLOCK);
    struct settings defaults = settings_default();
    struct text t = text_new(a, 1024 * 1024);
    config_write_reference(&t, &settings_shape, &defaults);
    struct str reference = text_str(&t);
    return fwrite(reference.at, 1, reference.len, stdout) == reference.len ? 0 : 1;
}
