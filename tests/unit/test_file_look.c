#include "tests/unit/claims.h"

#include "workflows/picture_size.h"
#include "workflows/picture_turn.h"
#include "workflows/plain_text.h"

static void
a_picture_says_its_size_before_it_is_decoded(void **state)
{
    (void)state;
    struct picture_size size;
    assert_true(picture_size_read(STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\0\2\0\x08\2\0\0\0abcd"), &size));
    assert_int_equal(size.format, PICTURE_PNG);
    assert_int_equal(size.width, 65536);
    assert_int_equal(size.height, 512);
    assert_true(picture_size_read(STR("\xFF\xD8\xFF\xE0\0\x04xx\xFF\xC4\0\x03x\xFF\xC2\0\x11\x08\x01\x02\x03\x04zzzz"),
                                  &size));
    assert_int_equal(size.width, 0x304);
    assert_int_equal(size.height, 0x102);
    assert_true(picture_size_read(STR("GIF89a\1\0\1\0\0\0\0!\xF9\4\0\0\0\0\0,\0\0\0\0\xFF\xFF\xFE\xFF\0"), &size));
    assert_int_equal(size.width, 65535); /* the picture inside is larger than the screen */
    assert_int_equal(size.height, 65534);
    assert_true(picture_size_read(STR("RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xFF\xFF\xFF\1\0\0"), &size));
    assert_int_equal(size.width, 1 << 24);
    assert_int_equal(size.height, 2);
}

static void
a_camera_says_how_it_was_held(void **state)
{
    (void)state;
    static const char little[] = "\xFF\xD8\xFF\xE1\0\x22" "Exif\0\0"
                                 "II\x2A\0\x08\0\0\0" "\1\0" "\x12\1\3\0\1\0\0\0\6\0\0\0"
                                 "\0\0\0\0\xFF\xDA";
    static const char big[] = "\xFF\xD8\xFF\xE0\0\4xx\xFF\xE1\0\x22" "Exif\0\0" "MM\0\x2A\0\0\0\x08" "\0\1"
                              "\1\x12\0\3\0\0\0\1\0\x08\0\0" "\0\0\0\0";
    static const char png[] = "\x89PNG\r\n\x1a\n\0\0\0\0IHDR1234\0\0\0\x1a"
                              "eXIfMM\0\x2A\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\3\0\0";
    static const char webp[] = "RIFF\0\0\0\0WEBPVP8X\1\0\0\0..EXIF\x1a\0\0\0"
                               "II\x2A\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\5\0\0\0";
    static const struct {
        struct str file;
        int turn;
    } rows[] = { { { little, sizeof little - 1 }, 6 }, { { big, sizeof big - 1 }, 8 }, { { png, sizeof png - 1 }, 3 },
                 { { webp, sizeof webp - 1 }, 5 }, { { "GIF89a", 6 }, 1 }, { { "", 0 }, 1 } };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(picture_turn(rows[i].file), rows[i].turn);
        for (size_t length = 0; length < rows[i].file.len; length++) {
            char *exact = malloc(length + 1); /* so that a byte too far is one too far */
            memcpy(exact, rows[i].file.at, length);
            int turn = picture_turn((struct str){ exact, length });
            assert_true(turn == 1 || turn == rows[i].turn);
            free(exact);
        }
    }
}

/* A place of the turned picture and the one it came from, of a picture three wide and two high: each way there and
 * back. */
static void
a_turn_loses_no_pixel(void **state)
{
    (void)state;
    for (int turn = 1; turn <= PICTURE_TURNS; turn++) {
        int width = turn > 4 ? 2 : 3, height = turn > 4 ? 3 : 2, seen = 0;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                struct picture_place at = picture_turned(turn, x, y, 3, 2);
                assert_true(at.x >= 0 && at.x < 3 && at.y >= 0 && at.y < 2);
                seen |= 1 << (at.y * 3 + at.x);
            }
        assert_int_equal(seen, 0x3F);
    }
    /* Held upright with the home button right: what was the left edge, from below, becomes the top. */
    assert_int_equal(picture_turned(6, 0, 0, 3, 2).x, 0);
    assert_int_equal(picture_turned(6, 0, 0, 3, 2).y, 1);
    assert_int_equal(picture_turned(8, 0, 0, 3, 2).x, 2);
    assert_int_equal(picture_turned(8, 0, 0, 3, 2).y, 0);
}

static void
a_head_that_is_cut_or_broken_is_no_picture(void **state)
{
    (void)state;
    static const struct str heads[] = {
        { "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0\0\0\2\0\x08\2\0\0\0abcd", 33 },
        { "\xFF\xD8\xFF\xE0\0\x04xx\xFF\xC4\0\x03x\xFF\xC2\0\x11\x08\x01\x02\x03\x04zzzz", 26 },
        { "GIF89a\1\0\1\0\0\0\0!\xF9\4\0\0\0\0\0,\0\0\0\0\xFF\xFF\xFE\xFF\0", 32 },
        { "RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xFF\xFF\xFF\1\0\0", 30 },
        { "BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\2\0\0\0\3\0\0\0", 26 },
    };
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        for (size_t length = 0; length < heads[i].len; length++) {
            struct picture_size size;
            char *exact = malloc(length + 1); /* so that a sanitizer sees one byte too many */
            memcpy(exact, heads[i].at, length);
            bool read = picture_size_read((struct str){ exact, length }, &size);
            free(exact);
            if (read && length + 8 < heads[i].len)
                claim_failed("head %zu of %zu bytes was read", i, length);
        }
    struct picture_size size;
    assert_false(picture_size_read(STR("\xFF\xD8\xFF\xE0\0\0\0\0\0\0\0\0\0\0"), &size));
    assert_false(picture_size_read(STR("<svg>"), &size));
    assert_false(picture_size_read(STR("BM\0\0\0\0\0\0\0\0\0\0\0\0\x28\0\0\0\0\0\0\0\0\0\0\0"), &size));
}

static void
shows(struct str sent, const char *text, const char *encoding)
{
    scoped(arena_end) struct arena *a = arena_new(4096);
    const char *found;
    struct str shown = plain_text_of(a, sent, &found);
    assert_string_equal(str_c(a, shown), text);
    assert_string_equal(found, encoding);
    assert_true(shown.len == 0 || str_is_utf8(shown));
}

static void
every_character_of_a_text_is_seen(void **state)
{
    (void)state;
    shows(STR(""), "", "UTF-8");
    shows(STR("a\r\nb\rc\td"), "a\nb\xE2\x90\x8D" "c\td", "UTF-8");
    shows(STR("\x1b[1m\x7f"), "\xE2\x90\x9B[1m\xE2\x90\xA1", "UTF-8");
    shows(STR("x\xE2\x80\xAEy"), "x\xE2\x9F\xA6U+202E\xE2\x9F\xA7y", "UTF-8");
    shows(STR("a\0b"), "a\xE2\x90\x80" "b", "UTF-8");
}

static void
bad_bytes_are_replaced_and_a_cut_character_is_left_out(void **state)
{
    (void)state;
    shows(STR("a\xC0\xAF\0z"), "a\xEF\xBF\xBD\xEF\xBF\xBD\xE2\x90\x80z", "UTF-8");
    shows(STR("\xE6\x97\xA5\xE6\x9C"), "\xE6\x97\xA5", "UTF-8");
    shows(STR("ok\xF0"), "ok", "UTF-8");
}

static void
encodings_of_japan_and_wide_characters_are_read(void **state)
{
    (void)state;
    shows(STR("\x83\x8D\x83O"), "\xE3\x83\xAD\xE3\x82\xB0", "CP932");
    shows(STR("\xFF\xFE" "a\0b\0"), "ab", "UTF-16");
    shows(STR("\xEF\xBB\xBFmark"), "mark", "UTF-8");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_picture_says_its_size_before_it_is_decoded),
        cmocka_unit_test(a_head_that_is_cut_or_broken_is_no_picture),
        cmocka_unit_test(a_camera_says_how_it_was_held), cmocka_unit_test(a_turn_loses_no_pixel),
        cmocka_unit_test(every_character_of_a_text_is_seen),
        cmocka_unit_test(bad_bytes_are_replaced_and_a_cut_character_is_left_out),
        cmocka_unit_test(encodings_of_japan_and_wide_characters_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
