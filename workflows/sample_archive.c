#include "workflows/sample_archive.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include <zip.h>

#include "workflows/service.h"

/* What libzip pulls the content from. */
struct content {
    struct scope *s;
    struct blob_reader *reader;
    int64_t size;
    zip_error_t error;
};

static zip_int64_t
tell_size(const struct content *c, void *data)
{
    zip_stat_t *about = data;
    zip_stat_init(about);
    about->valid = ZIP_STAT_SIZE | ZIP_STAT_MTIME;
    about->size = (zip_uint64_t)c->size;
    about->mtime = c->s->now.us / SECONDS(1);
    return sizeof *about;
}

static zip_int64_t
pull(void *handle, void *data, zip_uint64_t bytes, zip_source_cmd_t what)
{
    struct content *c = handle;
    size_t got = 0;
    switch (what) {
    case ZIP_SOURCE_READ:
        if (blob_read(c->s, c->reader, data, bytes, &got))
            return (zip_int64_t)got;
        zip_error_set(&c->error, ZIP_ER_READ, EIO);
        return -1;
    case ZIP_SOURCE_STAT:
        return tell_size(c, data);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&c->error, data, bytes);
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT,
                                              ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE, -1);
    case ZIP_SOURCE_OPEN:
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    default:
        zip_error_set(&c->error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

static bool
fail_zip(struct scope *s, zip_t *zip)
{
    bool full = zip && zip_error_code_system(zip_get_error(zip)) == ENOSPC;
    fail(s, full ? &problem_storage_full : &problem_internal, "archive: %s", zip ? zip_strerror(zip) : "no file");
    if (zip)
        zip_discard(zip);
    return false;
}

static bool
pack(struct scope *s, const struct attachment *a, const char *path, struct content *content)
{
    int trouble = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &trouble);
    zip_source_t *source = zip ? zip_source_function(zip, pull, content) : NULL;
    if (!source)
        return fail_zip(s, zip);
    zip_int64_t place = zip_file_add(zip, str_c(s->arena, a->name), source, ZIP_FL_ENC_UTF_8);
    if (place < 0) {
        zip_source_free(source);
        return fail_zip(s, zip);
    }
    if (zip_set_file_compression(zip, (zip_uint64_t)place, ZIP_CM_STORE, 0) != 0
        || zip_file_set_encryption(zip, (zip_uint64_t)place, ZIP_EM_AES_256, SAMPLE_PASSWORD) != 0
        || zip_close(zip) != 0)
        return fail_zip(s, zip);
    return true;
}

static void
remove_folder(char **folder)
{
    rmdir(*folder);
}

bool
sample_archive(struct scope *s, const struct attachment *a, struct blob_reader **out)
{
    struct content content = { .s = s, .size = a->size };
    zip_error_init(&content.error);
    if (!attachment_open(s, a, &content.reader))
        return false;
    struct str pattern = str_printf(s->arena, STR_FMT "/archive-XXXXXX", STR_ARG(s->service->blob_dir));
    scoped(remove_folder) char *folder = (char *)(uintptr_t)pattern.at;
    if (!mkdtemp(folder))
        return fail(s, &problem_internal, "archive: %s", strerror(errno));
    const char *path = str_printf(s->arena, "%s/sample.zip", folder).at;
    bool packed = pack(s, a, path, &content);
    int file = packed ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    unlink(path);
    if (packed && file < 0)
        return fail(s, &problem_internal, "archive: %s", strerror(errno));
    return packed && blob_open_file(s, file, out);
}
