/* Mails of strangers: whatever they are made of, what is read is clean, bounded text. */
#include <assert.h>

#include "core/net/html_text.h"
#include "core/net/mime_read.h"
#include "core/net/net.h"
#include "tests/fuzz/fuzz.h"
#include "workflows/mail_words.h"

static void
assert_clean(struct str text, size_t most)
{
    assert(text.len <= most && (!text.at || str_is_utf8(text)));
    for (size_t i = 0; i < text.len; i++)
        assert((unsigned char)text.at[i] >= ' ' || text.at[i] == '\n');
}

static void
check(struct arena *a, const struct mime_letter *l)
{
    bool cut;
    assert_clean(l->text, MIME_TEXT_MAX);
    assert_clean(l->subject, 4 * MIME_SUBJECT_MAX);
    assert_clean(l->from_name, 400);
    assert(l->from.len <= 254 && l->message_id.len <= MIME_ID_MAX);
    assert(l->references.count <= MIME_REFERENCES_MAX && l->file_count <= MIME_FILES_MAX);
    for (size_t i = 0; i < l->file_count; i++)
        assert_clean(l->files[i].name, 4 * MIME_SUBJECT_MAX + 8);
    struct mail_words words = mail_words_of(a, l->text);
    assert(words.said.len + words.folded.len <= l->text.len);
    assert(words.said.len > 0 || l->text.len == 0);
    struct str body = mail_markdown(a, words.said, 1000, &cut);
    assert_clean(body, 4000);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    started = started || net_start();
    struct arena *a = arena_new(16 * 1024);
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct str raw = { (const char *)data, size };
    struct mime_letter letter;
    if (size < 1 << 17) {
        if (mime_read(&s, raw, &letter))
            check(a, &letter);
        assert(html_text(a, raw, 10000).len <= 10000);
    }
    arena_free(a);
    return 0;
}
