/* What strangers say of the files they send: metadata, names, ranges. Whatever is let through is short, UTF-8, and
 * cannot climb out of anything. */
#include <assert.h>

#include "server/http/file_answer.h"
#include "tests/fuzz/fuzz.h"
#include "workflows/file_name.h"
#include "workflows/upload_metadata.h"

static void
check_metadata(struct arena *a, struct str header)
{
    struct scope s = scope_new(a, (struct instant){ 1 });
    struct upload_metadata m;
    if (!metadata_read(&s, header, &m))
        return;
    assert(m.count <= METADATA_WORDS_MAX);
    for (size_t i = 0; i < header.len; i++) /* it is sent back as it came */
        assert(header.at[i] >= ' ' && header.at[i] < 0x7F);
    for (size_t i = 0; i < m.count; i++) {
        assert(m.words[i].name.len > 0 && m.words[i].name.len <= METADATA_NAME_MAX);
        assert(m.words[i].value.len <= METADATA_VALUE_MAX && str_is_utf8(m.words[i].value));
    }
    struct str json = metadata_json(a, &m).raw;
    assert(str_starts(json, STR("{")) && str_ends(json, STR("}")) && str_is_utf8(json));
}

static void
check_name(struct arena *a, struct str given)
{
    struct str name = file_name_clean(a, given);
    assert(name.len > 0 && name.len <= FILE_NAME_MAX && str_is_utf8(name));
    assert(!str_contains(name, STR("/")) && !str_contains(name, STR("\\")) && !str_is(name, ".."));
    for (size_t i = 0; i < name.len; i++)
        assert((unsigned char)name.at[i] >= 0x20);
    assert(str_eq(file_name_clean(a, name), name));
}

static void
check_range(struct str header)
{
    static const int64_t sizes[] = { 1, 2, 1000, INT64_MAX };
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        int64_t first, length;
        if (range_parse(header, sizes[i], &first, &length) == RANGE_PART)
            assert(first >= 0 && length > 0 && length <= sizes[i] && first <= sizes[i] - length);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(16 * 1024);
    struct str input = { (const char *)data, size };
    check_metadata(a, input);
    check_name(a, input);
    check_range(input);
    arena_free(a);
    return 0;
}
