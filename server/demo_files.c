/* Files of the demonstration, made while it is told: a log, a picture of a screen, and something that its sender holds
 * to be malicious (and is a line of text). */
#include <gd.h>
#include <gdfontl.h>

#include "core/db/blob.h"
#include "server/demo_tickets.h"
#include "workflows/attachment_hook.h"
#include "workflows/service.h"
#include "workflows/upload_links.h"

enum { LOG_LINES = 600, LOG_BYTES = 128 * 1024, WIDTH = 960, HEIGHT = 540, MARGIN = 24, LINE = 22 };

static struct str
make_log(struct scope *s)
{
    static const char *const said[] = {
        "service started, policy 118", "update 26.11.2 applied", "scan of C:\\Users finished: 18211 objects, 0 found",
        "WARN  slow answer of the update server: 2140 ms", "device AOBA-PC-0231 released from isolation",
        "ERROR network filter: adapter 'Ethernet 2' stays blocked (0x80320009)",
    };
    struct text t = text_new(s->arena, LOG_BYTES);
    for (int i = 0; i < LOG_LINES; i++) {
        struct instant at = instant_plus(s->now, -SECONDS((LOG_LINES - i) * 31));
        text_addf(&t, STR_FMT "  [%04d]  %s\n", STR_ARG(instant_format(s->arena, at)), 1200 + i * 7 % 400,
                  said[(size_t)(i * i + i / 7) % COUNT_OF(said)]);
    }
    return text_str(&t);
}

static void
end_picture(gdImagePtr *picture)
{
    gdImageDestroy(*picture);
}

static void
write_line(gdImagePtr to, int line, const char *words, int colour)
{
    gdImageString(to, gdFontGetLarge(), MARGIN + 16, 96 + line * LINE, (unsigned char *)(uintptr_t)words, colour);
}

/* A window of a program that cannot reach the network. */
static struct str
make_picture(struct scope *s)
{
    static const char *const lines[] = {
        "Endpoint agent 26.11.2", "", "Isolation:        released", "Network filter:   blocking (adapter 'Ethernet 2')",
        "Last contact:     14 minutes ago", "", "The agent cannot reach the server.", "Code 0x80320009",
    };
    scoped(end_picture) gdImagePtr p = gdImageCreateTrueColor(WIDTH, HEIGHT);
    int back = gdTrueColor(0x2b, 0x3a, 0x4f), window = gdTrueColor(0xf5, 0xf6, 0xf8);
    int bar = gdTrueColor(0x1f, 0x55, 0x96);
    int ink = gdTrueColor(0x1a, 0x23, 0x30), red = gdTrueColor(0xa8, 0x34, 0x1d), white = gdTrueColor(255, 255, 255);
    gdImageFilledRectangle(p, 0, 0, WIDTH, HEIGHT, back);
    gdImageFilledRectangle(p, MARGIN, MARGIN, WIDTH - MARGIN, HEIGHT - MARGIN, window);
    gdImageFilledRectangle(p, MARGIN, MARGIN, WIDTH - MARGIN, MARGIN + 36, bar);
    gdImageString(p, gdFontGetLarge(), MARGIN + 16, MARGIN + 10, (unsigned char *)(uintptr_t)"AOBA-PC-0231", white);
    for (int i = 0; i < (int)COUNT_OF(lines); i++)
        write_line(p, i, lines[i], i >= 6 ? red : ink);
    int size = 0;
    void *bytes = gdImagePngPtr(p, &size);
    struct str copy = bytes ? str_copy(s->arena, (struct str){ bytes, (size_t)size }) : STR_NONE;
    gdFree(bytes);
    return copy;
}

static bool
keep(struct scope *s, struct str content, struct blob_facts *out)
{
    struct blob_writer *w;
    return blob_begin(s, s->service->blobs, &w) && blob_write(s, w, content.at, content.len) && blob_finish(s, w, out);
}

static bool
give_link(struct scope *s, struct uuid ticket, struct str note)
{
    const struct upload_link_make in = { .id = ticket, .note = note, .max_files = 5, .valid_hours = 72,
                                         .max_bytes = (int64_t)4 << 30 };
    struct upload_link made;
    return upload_link_make(s, &in, &made);
}

bool
demo_file(struct scope *s, struct uuid id, struct str text)
{
    struct str name = text, kind;
    struct ticket t;
    struct blob_facts blob;
    struct uuid made;
    if (!str_cut(&name, ' ', &kind))
        return fail(s, &problem_internal, "a file without a name");
    if (str_is(kind, "link"))
        return give_link(s, id, name);
    struct str content = str_is(kind, "log") ? make_log(s) : str_is(kind, "picture") ? make_picture(s)
        : str_printf(s->arena, "Not malicious at all: a line in the demonstration of " STR_FMT ".\n",
                     STR_ARG(s->service->hub_name));
    if (!db_one(s, &ticket_by_id, &(struct id_args){ id }, &t) || !keep(s, content, &blob))
        return false;
    struct upload u = {
        .id = uuid_new(s->now), .tenant_id = t.tenant_id, .ticket_id = id, .creator_id = s->who->person_id,
        .creator_name = s->who->name, .name = name, .length = blob.bytes, .received = blob.bytes,
        .metadata = { str_is(kind, "sample") ? STR("{\"sample\":\"true\"}")
                      : str_is(kind, "note") ? STR("{\"visibility\":\"internal\"}") : STR("{}") },
    };
    return attachment_from_upload(s, &u, &blob, &made);
}
