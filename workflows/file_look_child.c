/* The side of the child: binds itself, reads everything, decodes, answers, ends. Nothing here is ever freed. */
#include <gd.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <magic.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "workflows/file_look.h"
#include "workflows/picture_size.h"
#include "workflows/picture_turn.h"

enum { MEMORY_MAX = 768 * 1024 * 1024, SECONDS_MAX = 10, WEBP_QUALITY = 85 };

#if defined(__x86_64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* ---- the bounds ---- */

static bool
bound(int what, rlim_t most)
{
    return setrlimit((__rlimit_resource_t)what, &(struct rlimit){ most, most }) == 0;
}

#if defined(OUR_ARCHITECTURE) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define MAY_CALL(name)                                         \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1),     \
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

/* Memory, time, the one socket, and the end. */
static bool
forbid_calls(void)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        MAY_CALL(read), MAY_CALL(write), MAY_CALL(close), MAY_CALL(brk), MAY_CALL(mmap), MAY_CALL(munmap),
        MAY_CALL(mremap), MAY_CALL(mprotect), MAY_CALL(madvise), MAY_CALL(futex), MAY_CALL(rt_sigreturn),
        MAY_CALL(rt_sigprocmask), MAY_CALL(getrandom), MAY_CALL(clock_gettime), MAY_CALL(gettimeofday),
        MAY_CALL(exit), MAY_CALL(exit_group),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
    };
    struct sock_fprog program = { COUNT_OF(rules), rules };
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool
bound_memory(void)
{
    return bound(RLIMIT_AS, MEMORY_MAX);
}
#else /* a sanitizer wants terabytes of addresses and files of its own */
static bool
forbid_calls(void)
{
    return true;
}

static bool
bound_memory(void)
{
    return true;
}
#endif

static bool
bind_hands(void)
{
    return bound_memory() && bound(RLIMIT_CPU, SECONDS_MAX) && bound(RLIMIT_FSIZE, 0) && bound(RLIMIT_CORE, 0)
        && prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && forbid_calls();
}

/* ---- talking ---- */

static void
say(const void *bytes, size_t count)
{
    const char *at = bytes;
    while (count > 0) {
        ssize_t written = write(STDOUT_FILENO, at, count);
        if (written <= 0)
            _exit(1);
        at += written;
        count -= (size_t)written;
    }
}

static void
answer(const char *word, const void *bytes, size_t count)
{
    say(word, strlen(word));
    say(bytes, count);
    _exit(0);
}

static void
refuse(const char *why)
{
    answer("no ", why, strlen(why));
}

static struct str
read_all(size_t most)
{
    char *bytes = arena_alloc(arena_new(0), most);
    size_t count = 0;
    ssize_t got = 1;
    while (count < most && (got = read(STDIN_FILENO, bytes + count, most - count)) > 0)
        count += (size_t)got;
    if (got < 0)
        _exit(1);
    return (struct str){ bytes, count };
}

/* ---- what it is ---- */

static void
tell_type(void)
{
    magic_t magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
    if (!magic || magic_load(magic, NULL) != 0 || !bind_hands())
        _exit(1);
    struct str head = read_all(LOOK_HEAD_BYTES);
    const char *type = magic_buffer(magic, head.at, head.len);
    if (!type)
        refuse("unknown");
    else
        answer("ok ", type, strlen(type));
}

/* ---- a picture of its own making ---- */

static gdImagePtr
decode(enum picture_format format, int size, char *bytes)
{
    switch (format) {
    case PICTURE_PNG:
        return gdImageCreateFromPngPtr(size, bytes);
    case PICTURE_JPEG:
        return gdImageCreateFromJpegPtr(size, bytes);
    case PICTURE_GIF:
        return gdImageCreateFromGifPtr(size, bytes);
    case PICTURE_WEBP:
        return gdImageCreateFromWebpPtr(size, bytes);
    case PICTURE_BMP:
        return gdImageCreateFromBmpPtr(size, bytes);
    case PICTURE_NONE:
        break;
    }
    return NULL;
}

static gdImagePtr
reduce(gdImagePtr from)
{
    int width = gdImageSX(from), height = gdImageSY(from), longest = width > height ? width : height;
    int to_width = width, to_height = height;
    if (longest > LOOK_SIDE_MAX) {
        to_width = (int)((int64_t)width * LOOK_SIDE_MAX / longest);
        to_height = (int)((int64_t)height * LOOK_SIDE_MAX / longest);
    }
    to_width = to_width ? to_width : 1;
    to_height = to_height ? to_height : 1;
    gdImagePtr to = gdImageCreateTrueColor(to_width, to_height);
    if (!to)
        return NULL;
    gdImageAlphaBlending(to, 0);
    gdImageSaveAlpha(to, 1);
    gdImageFilledRectangle(to, 0, 0, to_width - 1, to_height - 1, gdTrueColorAlpha(0, 0, 0, gdAlphaTransparent));
    gdImageCopyResampled(to, from, 0, 0, 0, 0, to_width, to_height, width, height);
    return to;
}

/* As it was taken: cameras leave the turning to whoever shows the picture. */
static gdImagePtr
turned(gdImagePtr from, int turn)
{
    int width = gdImageSX(from), height = gdImageSY(from);
    bool lies = turn > 4;
    gdImagePtr to = turn == PICTURE_UPRIGHT ? from : gdImageCreateTrueColor(lies ? height : width,
        lies ? width : height);
    if (!to || to == from)
        return to;
    gdImageAlphaBlending(to, 0);
    gdImageSaveAlpha(to, 1);
    for (int y = 0; y < gdImageSY(to); y++)
        for (int x = 0; x < gdImageSX(to); x++) {
            struct picture_place at = picture_turned(turn, x, y, width, height);
            gdImageSetPixel(to, x, y, gdImageGetTrueColorPixel(from, at.x, at.y));
        }
    return to;
}

static void
show_picture(void)
{
    struct picture_size size;
    int bytes = 0;
    if (!bind_hands())
        _exit(1);
    struct str file = read_all(LOOK_PICTURE_BYTES_MAX);
    if (!picture_size_read(file, &size))
        refuse("no kind of picture that is decoded here");
    if (size.width * size.height > LOOK_PIXELS_MAX)
        refuse("it has too many pixels");
    gdImagePtr sent = decode(size.format, (int)file.len, (char *)(uintptr_t)file.at);
    if (!sent)
        refuse("it is damaged");
    gdImagePtr ours = reduce(sent);
    if (ours)
        ours = turned(ours, picture_turn(file));
    void *webp = ours ? gdImageWebpPtrEx(ours, &bytes, WEBP_QUALITY) : NULL;
    if (!webp || bytes <= 0)
        refuse("it cannot be shown");
    answer("ok ", webp, (size_t)bytes);
}

int
file_look_child(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "type") == 0)
        tell_type();
    if (argc == 2 && strcmp(argv[1], "picture") == 0)
        show_picture();
    return 2;
}
