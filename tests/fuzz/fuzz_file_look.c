/* Heads of pictures and texts of strangers: never a byte too far, and what is shown is text of which all is seen. */
#include "tests/fuzz/fuzz.h"
#include "workflows/picture_size.h"
#include "workflows/picture_turn.h"
#include "workflows/plain_text.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(1 << 16);
    struct str given = { (const char *)data, size };
    struct picture_size picture;
    const char *encoding;
    if (picture_size_read(given, &picture) && (picture.width <= 0 || picture.height <= 0 || !picture.format))
        abort();
    int turn = picture_turn(given);
    if (turn < 1 || turn > PICTURE_TURNS)
        abort();
    struct str shown = plain_text_of(a, given, &encoding);
    if (shown.len > 0 && !str_is_utf8(shown))
        abort();
    for (size_t i = 0; i < shown.len; i++)
        if ((unsigned char)shown.at[i] < 0x20 && shown.at[i] != '\n' && shown.at[i] != '\t')
            abort();
    arena_free(a);
    return 0;
}
