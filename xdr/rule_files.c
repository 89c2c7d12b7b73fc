#include "xdr/rule_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "xdr/hash.h"
#include "xdr/rulexml/rulexml.h"

enum { FILE_BYTES_MAX = 16 << 20, FOLDER_DEPTH_MAX = 32 };

static void
add(struct rule_files *files, struct rule_file file)
{
    if (files->count == files->room) {
        files->room = files->room ? files->room * 2 : 256;
        struct rule_file *items = arena_array_of(files->arena, files->room, struct rule_file);
        if (files->count)
            memcpy(items, files->items, files->count * sizeof *items);
        files->items = items;
    }
    files->items[files->count++] = file;
}

static void
add_problem(struct rule_files *files, struct str path, const char *why)
{
    add(files, (struct rule_file){ .path = path, .problem = str_copy(files->arena, str_of(why)) });
}

bool
rule_file_is_one(struct str path)
{
    return str_ends(path, STR(".yml")) || str_ends(path, STR(".yaml")) || str_ends(path, STR(".xml"));
}

static void
close_folder(DIR **folder)
{
    if (*folder)
        closedir(*folder);
}

static int
by_name(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static bool
names_below(struct rule_files *files, struct str path, struct strs *out)
{
    scoped(close_folder) DIR *folder = opendir(path.at);
    size_t room = 0;
    if (!folder)
        return false;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        if (out->count == room) {
            room = room ? room * 2 : 64;
            struct str *items = arena_array_of(files->arena, room, struct str);
            if (out->count)
                memcpy(items, out->items, out->count * sizeof *items);
            out->items = items;
        }
        out->items[out->count++] = str_copy(files->arena, str_of(entry->d_name));
    }
    if (out->count)
        qsort(out->items, out->count, sizeof *out->items, by_name);
    return true;
}

static void
find(struct rule_files *files, struct str path, int depth)
{
    struct stat about;
    struct strs names = { NULL, 0 };
    if (stat(path.at, &about) != 0) {
        add_problem(files, path, strerror(errno));
    } else if (!S_ISDIR(about.st_mode)) {
        int64_t changed_ns = about.st_mtim.tv_sec * 1000000000ll + about.st_mtim.tv_nsec;
        if (depth == 0 || rule_file_is_one(path))
            add(files, (struct rule_file){ path, about.st_size, changed_ns, STR_NONE });
    } else if (depth > FOLDER_DEPTH_MAX) {
        add_problem(files, path, "folders are nested too deeply");
    } else if (!names_below(files, path, &names)) {
        add_problem(files, path, strerror(errno));
    }
    for (size_t i = 0; i < names.count; i++)
        find(files, str_printf(files->arena, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(names.items[i])), depth + 1);
}

void
rule_files_find(struct rule_files *files, const char *path)
{
    find(files, str_copy(files->arena, str_of(path)), 0);
}

uint64_t
rule_files_key(const struct rule_files *files)
{
    uint64_t key = files->count;
    for (size_t i = 0; i < files->count; i++) {
        const struct rule_file *f = &files->items[i];
        key = hash_mix(key, hash_bytes(f->path.at, f->path.len));
        key = hash_mix(key, hash_mix((uint64_t)f->bytes, (uint64_t)f->changed_ns));
    }
    return key;
}

/* ---- reading them ---- */

static void
close_file(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static bool
refuse(struct ruleset *set, struct str path, const char *why)
{
    return ruleset_refuse(set, (struct refusal){ .file = str_copy(set->arena, path), .line = 0,
                                                 .reason = str_copy(set->arena, str_of(why)) });
}

static bool
read_whole(struct ruleset *set, const struct rule_file *file, struct str *out)
{
    scoped(close_file) int fd = open(file->path.at, O_RDONLY | O_CLOEXEC);
    size_t most = (size_t)file->bytes, len = 0;
    if (fd < 0)
        return refuse(set, file->path, strerror(errno));
    if (file->bytes > FILE_BYTES_MAX)
        return refuse(set, file->path, "the file is too large for rules");
    char *text = arena_alloc(set->arena, most + 1);
    ssize_t got = 1;
    while (len < most && (got = read(fd, text + len, most - len)) > 0)
        len += (size_t)got;
    *out = (struct str){ text, len };
    return got >= 0 || refuse(set, file->path, strerror(errno));
}

static bool
add_file(struct ruleset *set, const struct rule_file *file)
{
    struct str text;
    if (file->problem.at)
        return refuse(set, file->path, file->problem.at);
    set->file_count++;
    if (!read_whole(set, file, &text))
        return false;
    return str_ends(file->path, STR(".xml")) ? ruleset_add_xml(set, file->path, text)
                                          : ruleset_add_sigma(set, file->path, text);
}

void
ruleset_add_files(struct ruleset *set, const struct rule_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        add_file(set, &files->items[i]);
}

bool
ruleset_add_path(struct ruleset *set, const char *path)
{
    struct rule_files files = { .arena = set->arena };
    rule_files_find(&files, path);
    ruleset_add_files(set, &files);
    return !(files.count == 1 && files.items[0].problem.at);
}
