/* parts: the inside of the simulation.
 *
 * Steps are rows. A step that starts a process gives it a name within its story (`as`), and later steps are `by` it.
 * What stands on a computer all day (explorer, services, sshd) has a name, too, and need not be started.
 *
 * Texts of steps have holes, filled when told: $user, $USER (with domain), $home, $host, $ip, $dc, $fs, $app, $domain,
 * $net (first three numbers of the address), $n (eight hex digits, the same within a story), $doc, $site, $day.
 */
#ifndef YAGURA_SERVER_SIMULATION_PARTS_H
#define YAGURA_SERVER_SIMULATION_PARTS_H

#include "core/base/text.h"
#include "server/simulation/simulation.h"

enum sim_role {
    ROLE_OFFICE = 1, ROLE_DEVELOPER = 2, ROLE_ADMIN = 4, ROLE_FILES = 8, ROLE_DOMAIN = 16, ROLE_APPLICATION = 32,
    ROLE_LINUX = 64, ROLE_DESK = ROLE_OFFICE | ROLE_DEVELOPER | ROLE_ADMIN,
    ROLE_SERVER = ROLE_FILES | ROLE_DOMAIN | ROLE_APPLICATION, ROLE_WINDOWS = ROLE_DESK | ROLE_SERVER,
};

struct sim_computer {
    const char *name, *user;
    unsigned role;
    int address; /* the last number */
};

struct sim_company {
    const char *code, *domain, *dns, *site, *net, *zone; /* AOBA, aoba.example, www…, 10.20.4, Asia/Tokyo */
    const char *dc, *fs, *app;
    const char *const *documents; /* names of files people work on, ended by NULL */
    const struct sim_computer *computers;
    size_t computer_count;
};

/* A program, by the name of its file: what its version information and its signature say. */
struct sim_program {
    const char *file, *original, *description, *product, *company;
};
const struct sim_program *sim_program_of(struct str file); /* NULL: says nothing about itself */

enum sim_what {
    SIM_PROCESS = 1, /* image, text: command line */
    SIM_END,
    SIM_CONNECT,     /* image: host name, text: address, more: port */
    SIM_NAME,        /* image: what was asked, text: answer */
    SIM_WRITE,       /* text: file */
    SIM_REMOVE,      /* text: file */
    SIM_REGISTRY,    /* image: key and value, text: data */
    SIM_LOAD,        /* text: library */
    SIM_ACCESS,      /* image: the other's name or image, text: mask, more: call trace */
    SIM_THREAD,      /* image: the other's image */
    SIM_PIPE,        /* text: name */
    SIM_SCRIPT,      /* text: script block */
    SIM_LOGON,       /* text: type, more: from where; user */
    SIM_LOGON_FAILED,
    SIM_TICKET,      /* image: service, text: cipher */
    SIM_SERVICE,     /* image: name, text: command */
    SIM_ACCOUNT,     /* image: new account */
    SIM_MEMBER,      /* image: account, text: group */
    SIM_LOG_CLEARED,
    SIM_SHARE,       /* image: share, text: file within */
    SIM_ANTIVIRUS,   /* image: threat, text: file */
};

struct sim_step {
    int after_ms;      /* since the step before */
    enum sim_what what;
    const char *by;    /* a process of this story, or one that stands; NULL where none acts */
    const char *image, *text, *more;
    const char *as;    /* name of the process that begins */
    const char *host;  /* of a story: another computer from here on */
    const char *user;  /* another one from here on: "SYSTEM", "AOBA\\a-sato" */
};

struct sim_habit {
    const char *name;
    unsigned roles;
    int per_day;       /* on one computer, about */
    int from_hour, to_hour; /* local; 0, 24: around the clock, weekends too */
    const struct sim_step *steps;
    size_t count;
};
extern const struct sim_habit *const sim_habit_tables[];
extern const size_t sim_habit_table_sizes[], sim_habit_table_count;

struct sim_story {
    const char *name, *company;
    const struct sim_step *steps;
    size_t count;
};

/* ---- telling ---- */

enum { SIM_PROCESSES_MAX = 96, SIM_LINE_MAX = 64 << 10 };

struct sim_process {
    const char *as;
    const char *host;
    struct str image, command_line, user, guid, directory;
    int64_t pid;
    bool stands;
};

/* One sequence of steps while it is told. Memory is the arena's; the listener's line is made anew each time. */
struct sim_course {
    struct arena *arena;
    const struct sim_company *company;
    const struct sim_computer *computer;
    struct str user;
    uint64_t seed;
    struct instant at;
    struct sim_process processes[SIM_PROCESSES_MAX];
    size_t process_count;
    sim_tell *tell;
    void *to;
};

uint64_t sim_mix(uint64_t a, uint64_t b);
uint64_t sim_mix_text(uint64_t seed, const char *text);
struct str sim_fill(struct sim_course *c, const char *template); /* its holes filled */
const struct sim_computer *sim_computer_of(const struct sim_company *c, const char *name);
struct sim_process *sim_process_of(struct sim_course *c, const char *name); /* begun, or one that stands */
struct sim_process *sim_begin_process(struct sim_course *c, const struct sim_step *step);

/* Tells a step's event; false: the listener ended it. */
must_check bool sim_say(struct sim_course *c, const struct sim_step *step);

#endif
