/* program: what every subcommand starts with. */
#ifndef YAGURA_SERVER_PROGRAM_H
#define YAGURA_SERVER_PROGRAM_H

#include "core/db/db.h"
#include "server/settings.h"
#include "workflows/service.h"

/* A process and its one unit of work; everything lives in s.arena until the process ends. */
struct program {
    struct scope s;
    struct settings settings;
    struct service service;
};

/* Reads the settings, `file` may be NULL: enough for what works on the database alone. */
must_check bool program_start(struct program *p, const char *file);
/* The same, and opens what outlives a request: key, blobs, templates. */
must_check bool program_open(struct program *p, const char *file);

/* The database as one of the service's roles: "yagura_api", "yagura_jobs"; NULL: as the owner. */
struct db_settings program_database(const struct program *p, const char *role);

/* The exit status, after giving everything back; complain says on stderr why p->s failed. */
int program_end(struct program *p, int status);
int program_complain(struct program *p);

struct command {
    const char *name;
    const char *usage;
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

int serve_command(int argc, char **argv);
int migrate_command(int argc, char **argv);
int check_command(int argc, char **argv);
int openapi_command(int argc, char **argv);
int settings_command(int argc, char **argv);
int user_command(int argc, char **argv);
int demo_command(int argc, char **argv);
int doctor_command(int argc, char **argv);
int mail_in_command(int argc, char **argv);

#endif
