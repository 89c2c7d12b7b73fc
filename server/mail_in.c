/* yagura mail-in: what a mail server calls for each mail to the service, or a folder of mails that somebody fetched.
 *
 *     /etc/aliases           support: "|/usr/bin/yagura mail-in"
 *     a maildir              yagura mail-in --maildir /var/mail/support
 *
 * The exit status speaks the language of mail servers (sysexits): 0 it is stored, or was before; 65 it is no mail that
 * can be read, and whoever sent it should know; 75 try again; 78 the configuration is wrong. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/net/mime.h"
#include "server/program.h"
#include "workflows/mail_in.h"

enum { MAIL_BLOCK = 256 * 1024, FOLDER_MAX = 10000 };

struct options {
    const char *config, *maildir;
};

static bool
options_read(int argc, char **argv, struct options *o)
{
    *o = (struct options){ 0 };
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--config") == 0)
            o->config = argv[i + 1];
        else if (strcmp(argv[i], "--maildir") == 0)
            o->maildir = argv[i + 1];
        else
            return false;
    }
    return argc % 2 == 1;
}

/* All of it, or one byte more than is allowed. */
static bool
read_all(struct arena *a, int file, struct str *out)
{
    enum { PIECE = 64 * 1024 };
    struct text all = text_new(a, MIME_MAIL_MAX + 1 + PIECE);
    while (all.len <= MIME_MAIL_MAX) {
        char *to = text_reserve(&all, PIECE);
        ssize_t got = to ? read(file, to, PIECE) : -1;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        text_grow(&all, (size_t)got);
    }
    *out = text_str(&all);
    return true;
}

/* Mail servers put the envelope's line before what they give to a program. */
static struct str
without_envelope(struct str raw)
{
    return str_starts(raw, STR("From ")) ? str_skip(raw, str_find(raw, STR("\n")) + 1) : raw;
}

static int
take(struct program *p, struct db *db, int file)
{
    struct clock clock = p->service.clock;
    scoped(arena_end) struct arena *a = arena_new(MAIL_BLOCK);
    struct scope s = scope_new(a, clock_now(&clock));
    struct mail_arrival row;
    struct str raw;
    bool again;
    s.service = &p->service;
    if (!read_all(a, file, &raw))
        return EX_TEMPFAIL;
    bool taken = mail_in_take(&s, db, without_envelope(raw), &row, &again);
    db_end(&s);
    if (!taken) {
        log_warn(&s, "mail_in.later", "%s: " STR_FMT, s.failure.problem ? s.failure.problem->slug : "?",
                 STR_ARG(s.failure.detail));
        return EX_TEMPFAIL;
    }
    return row.state == ARRIVAL_REFUSED && row.reason == REFUSED_UNREADABLE ? EX_DATAERR : EX_OK;
}

/* What cannot be read stays among the read ones, too: it stands in the list of the refused. */
static int
take_file(struct program *p, struct db *db, const char *folder, const char *name)
{
    struct arena *a = p->s.arena;
    const char *from = str_printf(a, "%s/new/%s", folder, name).at;
    const char *to = str_printf(a, "%s/cur/%s:2,S", folder, name).at;
    int file = open(from, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return errno == ENOENT ? EX_OK : EX_TEMPFAIL; /* somebody else was faster */
    int status = take(p, db, file);
    close(file);
    if (status != EX_TEMPFAIL && rename(from, to) != 0 && errno != ENOENT)
        return EX_TEMPFAIL; /* it will be known as taken then */
    return status == EX_DATAERR ? EX_OK : status;
}

static int
by_name(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static void
close_folder(void *folder)
{
    closedir(folder);
}

/* In the order in which they were delivered, as their names begin with the time. */
static bool
list_folder(struct arena *a, const char *folder, struct strs *out)
{
    DIR *d = opendir(folder);
    const struct dirent *entry;
    if (!d)
        return false;
    arena_defer(a, close_folder, d);
    *out = (struct strs){ arena_array_of(a, FOLDER_MAX, struct str), 0 };
    while (out->count < FOLDER_MAX && (entry = readdir(d)))
        if (entry->d_name[0] != '.')
            out->items[out->count++] = str_copy(a, str_of(entry->d_name));
    qsort(out->items, out->count, sizeof *out->items, by_name);
    return true;
}

static int
take_folder(struct program *p, struct db *db, const char *folder)
{
    struct strs names;
    int status = EX_OK;
    if (!list_folder(p->s.arena, str_printf(p->s.arena, "%s/new", folder).at, &names)) {
        fprintf(stderr, "yagura: %s is no maildir: %s\n", folder, strerror(errno));
        return EX_NOINPUT;
    }
    for (size_t i = 0; i < names.count; i++) {
        int one = take_file(p, db, folder, names.items[i].at);
        status = one == EX_OK ? status : one;
    }
    return status;
}

/* Settings that are wrong stay wrong; everything else may be mended by the next attempt. */
static int
complain(struct program *p)
{
    int status = p->s.failure.problem == &problem_invalid ? EX_CONFIG : EX_TEMPFAIL;
    (void)program_complain(p);
    return status;
}

int
mail_in_command(int argc, char **argv)
{
    struct options o;
    struct program p;
    if (!options_read(argc, argv, &o)) {
        fprintf(stderr, "yagura mail-in [--maildir FOLDER] [--config FILE] < MAIL\n");
        return EX_USAGE;
    }
    if (!program_open(&p, o.config))
        return complain(&p);
    struct db_settings api = program_database(&p, "yagura_api");
    struct db *db = db_open(&api);
    int status = o.maildir ? take_folder(&p, db, o.maildir) : take(&p, db, STDIN_FILENO);
    db_close(db);
    return program_end(&p, status);
}
