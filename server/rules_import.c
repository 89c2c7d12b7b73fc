#include "server/rules_import.h"

#include <sys/stat.h>
#include <zip.h>
#include <zlib.h>

#include "core/base/text.h"
#include "core/db/db.h"
#include "model/tenant.h"
#include "server/operator.h"
#include "xdr/rule_files.h"
#include "xdr/rule_tar.h"

enum { FILE_MAX = 1 << 20, ENTRIES_MAX = 50 * 1000, REFUSALS_TOLD = 200, PIECE_BLOCK = 256 * 1024 };

struct importing {
    struct scope *s;
    enum detection_rule_origin origin;
    enum detection_rule_state state;
    FILE *tell;
    struct import_counts *out;
};

static void
tell_result(struct importing *in, const struct rule_import *r)
{
    struct import_counts *c = in->out;
    int64_t *const counts[] = { [IMPORT_ADDED] = &c->added, [IMPORT_CHANGED] = &c->changed, [IMPORT_SAME] = &c->same,
                                [IMPORT_KEPT] = &c->kept, [IMPORT_REFUSED] = &c->refused };
    *counts[r->result] += 1;
    if (r->reason.at && in->tell && c->refused + c->kept <= REFUSALS_TOLD)
        fprintf(in->tell, STR_FMT ": " STR_FMT "\n", STR_ARG(r->path), STR_ARG(r->reason));
}

/* Each text has memory of its own: an archive may hold thousands. */
static bool
take(struct importing *in, struct str path, struct str body, struct str tests)
{
    scoped(arena_end) struct arena *piece = arena_new(PIECE_BLOCK);
    struct scope part = *in->s;
    struct rule_import one = { .tenant_id = provider_tenant_id, .path = path, .body = body, .tests = tests,
                               .origin = in->origin, .state = in->state };
    in->out->files++;
    part.arena = piece;
    if (!str_is_utf8(body)) {
        one.result = IMPORT_REFUSED;
        one.reason = STR("it is no UTF-8");
    } else if (!detection_rule_import(&part, &one)) {
        return fail(in->s, part.failure.problem, STR_FMT ": " STR_FMT, STR_ARG(path), STR_ARG(part.failure.detail));
    }
    tell_result(in, &one);
    return true;
}

/* ---- folders ---- */

static void
close_file(FILE **f)
{
    if (*f)
        fclose(*f);
}

static bool
read_whole(struct arena *a, const char *path, struct str *out)
{
    scoped(close_file) FILE *f = fopen(path, "re");
    char *at = f ? arena_alloc(a, FILE_MAX + 1) : NULL;
    size_t len = f ? fread(at, 1, FILE_MAX + 1, f) : 0;
    *out = (struct str){ at, len };
    return f && len <= FILE_MAX;
}

static bool
import_folder(struct importing *in, const char *path)
{
    struct rule_files files = { .arena = in->s->arena };
    rule_files_find(&files, path);
    for (size_t i = 0; i < files.count; i++) {
        scoped(arena_end) struct arena *a = arena_new(PIECE_BLOCK);
        const struct rule_file *f = &files.items[i];
        struct str body, tests;
        if (f->problem.at)
            return fail(in->s, &problem_invalid, STR_FMT ": " STR_FMT, STR_ARG(f->path), STR_ARG(f->problem));
        if (!read_whole(a, str_c(a, f->path), &body))
            return fail(in->s, &problem_invalid, STR_FMT ": cannot be read, or larger than 1 MiB", STR_ARG(f->path));
        size_t dot = f->path.len;
        while (dot > 0 && f->path.at[dot - 1] != '.')
            dot--;
        struct str beside = str_printf(a, STR_FMT "test.json", STR_ARG(str_head(f->path, dot)));
        if (!read_whole(a, str_c(a, beside), &tests))
            tests = STR_NONE;
        if (!take(in, f->path, body, tests))
            return false;
    }
    return true;
}

/* ---- archives ---- */

static void
close_zip(zip_t **z)
{
    if (*z)
        zip_discard(*z);
}

static bool
import_zip_entry(struct importing *in, zip_t *z, zip_uint64_t i)
{
    scoped(arena_end) struct arena *a = arena_new(PIECE_BLOCK);
    zip_stat_t about;
    if (zip_stat_index(z, i, 0, &about) != 0 || !rule_file_is_one(str_of(about.name)))
        return true;
    zip_file_t *f = about.size <= FILE_MAX ? zip_fopen_index(z, i, 0) : NULL;
    char *at = arena_alloc(a, FILE_MAX + 1);
    zip_int64_t len = f ? zip_fread(f, at, FILE_MAX) : -1;
    if (f)
        zip_fclose(f);
    return len >= 0 ? take(in, str_of(about.name), (struct str){ at, (size_t)len }, STR_NONE)
        : fail(in->s, &problem_invalid, "%s: cannot be read, or larger than 1 MiB", about.name);
}

static bool
import_zip(struct importing *in, const char *path)
{
    int why = 0;
    scoped(close_zip) zip_t *z = zip_open(path, ZIP_RDONLY, &why);
    zip_int64_t count = z ? zip_get_num_entries(z, 0) : 0;
    if (!z || count > ENTRIES_MAX)
        return fail(in->s, &problem_invalid, "%s: no archive, or too many files in it", path);
    for (zip_int64_t i = 0; i < count; i++)
        if (!import_zip_entry(in, z, (zip_uint64_t)i))
            return false;
    return true;
}

static void
close_gz(gzFile *f)
{
    if (*f)
        gzclose(*f);
}

static size_t
read_gz(void *from, char *to, size_t bytes)
{
    int got = gzread(from, to, (unsigned)bytes);
    return got > 0 ? (size_t)got : 0;
}

static bool
take_of_tar(void *to, struct str path, struct str body)
{
    return take(to, path, body, STR_NONE);
}

static bool
import_tar(struct importing *in, const char *path)
{
    scoped(close_gz) gzFile f = gzopen(path, "rb");
    struct rule_tar tar = { .read = read_gz, .from = f, .take = take_of_tar, .to = in };
    if (!f)
        return fail(in->s, &problem_invalid, "%s: cannot be read", path);
    const char *problem = rule_tar_walk(&tar);
    return problem ? fail(in->s, &problem_invalid, "%s: %s", path, problem) : !tar.stopped;
}

bool
rules_import_path(struct scope *s, const char *path, enum detection_rule_origin origin,
                  enum detection_rule_state state, FILE *tell, struct import_counts *out)
{
    struct importing in = { s, origin, state, tell, out };
    struct stat about;
    struct str name = str_of(path);
    if (stat(path, &about) != 0)
        return fail(s, &problem_invalid, "%s: %m", path);
    if (!S_ISDIR(about.st_mode) && str_ends(name, STR(".zip")))
        return import_zip(&in, path);
    if (!S_ISDIR(about.st_mode) && (str_ends(name, STR(".tar.gz")) || str_ends(name, STR(".tgz"))))
        return import_tar(&in, path);
    return import_folder(&in, path);
}

bool
rules_import_starter(struct program *p)
{
    struct scope *s = &p->s;
    struct uuid provider = provider_tenant_id;
    struct principal who = { .kind = PRINCIPAL_SYSTEM, .side = SIDE_PROVIDER, .tenant_id = provider,
                             .name = STR("yagura migrate"), .all_tenants = true, .tenants = { &provider, 1 } };
    struct import_counts c = { 0 };
    struct rules_there there;
    if (!p->settings.rule_dir.len)
        return true;
    struct db_settings owner = program_database(p, NULL);
    struct db *db = db_open(&owner);
    s->who = &who;
    bool good = db_begin(s, db, who.tenants) && db_one(s, &rules_there, NULL, &there)
        && (there.any || rules_import_path(s, str_c(s->arena, p->settings.rule_dir), RULE_STARTER, RULE_ACTIVE, stderr,
                                           &c))
        && db_commit(s);
    db_end(s);
    db_close(db);
    s->who = NULL;
    if (good && c.added)
        printf("%lld detection rules to begin with\n", (long long)c.added);
    return good;
}

int
rules_import_command(int argc, char **argv)
{
    const char *config = NULL, *path = NULL;
    enum detection_rule_state state = RULE_ACTIVE;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
            config = argv[++i];
        else if (strcmp(argv[i], "--testing") == 0)
            state = RULE_TESTING;
        else if (!path && argv[i][0] != '-')
            path = argv[i];
        else
            path = NULL, i = argc;
    }
    if (!path) {
        fprintf(stderr, "yagura rules import DIR|FILE|ARCHIVE [--testing] [--config FILE]\n");
        return 2;
    }
    struct operator o = { 0 };
    struct import_counts c = { 0 };
    if (!operator_begin(&o, config, "yagura rules import"))
        return program_complain(&o.program);
    bool good = rules_import_path(&o.program.s, path, RULE_IMPORTED, state, stderr, &c);
    if (good)
        printf("files: %lld\nadded: %lld\nchanged: %lld\nsame: %lld\nkept: %lld\nrefused: %lld\n", (long long)c.files,
               (long long)c.added, (long long)c.changed, (long long)c.same, (long long)c.kept, (long long)c.refused);
    return operator_end(&o, good);
}
