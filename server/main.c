/* yagura: one binary, its verbs in plain sight. */
#include <malloc.h>

#include "server/program.h"
#include "server/rules_import.h"
#include "workflows/file_look.h"
#ifdef YAGURA_WITH_RULES
#include "xdr/rules_command.h"
#endif

#ifdef YAGURA_WITH_RULES
static int
rules_verb(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "import") == 0)
        return rules_import_command(argc - 1, argv + 1);
    return rules_command(argc - 1, argv + 1);
}
#endif

static const struct command commands[] = {
    { "serve", "serve [--only api|ingest|jobs] [--config FILE]", serve_command },
    { "migrate", "migrate [--config FILE]            bring the database up to date", migrate_command },
    { "check", "check [--config FILE]              compare every query with the database", check_command },
    { "openapi", "openapi                            print the OpenAPI document", openapi_command },
    { "settings", "settings                           print the reference of all settings", settings_command },
    { "user", "user invite|link|password|... MAIL      people, from the command line", user_command },
    { "mail-in", "mail-in [--maildir FOLDER] < MAIL  take a mail in: the mail server calls it", mail_in_command },
    { "doctor", "doctor [--json] [--config FILE]    what is wrong, and how to mend it", doctor_command },
    { "demo", "demo [--code|--history|--live …]   load the demonstration, go on with it, or say a code", demo_command },
#ifdef YAGURA_WITH_RULES
    { "rules", "rules import|check|eval|explain|test  the detection rules", rules_verb },
#endif
};

static int
usage(FILE *to)
{
    fprintf(to, "yagura %s\n\n", YAGURA_VERSION);
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        fprintf(to, "    yagura %s\n", commands[i].usage);
    fprintf(to, "\nSettings come from a file and from the environment (YAGURA_...): docs/operate.md\n");
    return to == stderr ? 2 : 0;
}

int
main(int argc, char **argv)
{
    /* Many threads with a small heap each: few arenas keep the memory of one for the others. */
    mallopt(M_ARENA_MAX, 2);
    if (argc < 2)
        return usage(stderr);
    if (strcmp(argv[1], "--version") == 0)
        return printf("yagura %s\n", YAGURA_VERSION) < 0;
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
        return usage(stdout);
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    if (strcmp(argv[1], "look") == 0) /* nobody types it: the service starts it to look into files */
        return file_look_child(argc - 1, argv + 1);
    fprintf(stderr, "yagura: there is no '%s'\n\n", argv[1]);
    return usage(stderr);
}
