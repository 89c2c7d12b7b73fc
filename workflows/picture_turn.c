#include "workflows/picture_turn.h"

enum { ORIENTATION = 0x0112, SEGMENTS_MAX = 200 };

static uint32_t
number(struct str s, size_t at, size_t bytes, bool big)
{
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | (unsigned char)s.at[at + (big ? i : bytes - 1 - i)];
    return value;
}

/* A directory of entries of twelve bytes: tag, type, count, value. */
static int
turn_in_tiff(struct str tiff)
{
    bool big = str_starts(tiff, STR("MM"));
    if (tiff.len < 14 || !(big || str_starts(tiff, STR("II"))) || number(tiff, 2, 2, big) != 42)
        return PICTURE_UPRIGHT;
    size_t at = number(tiff, 4, 4, big);
    if (at > tiff.len - 2)
        return PICTURE_UPRIGHT;
    uint32_t count = number(tiff, at, 2, big);
    for (at += 2; count-- > 0 && at + 12 <= tiff.len; at += 12)
        if (number(tiff, at, 2, big) == ORIENTATION) {
            uint32_t turn = number(tiff, at + 8, 2, big);
            return number(tiff, at + 2, 2, big) == 3 && turn >= 1
                && turn <= PICTURE_TURNS ? (int)turn : PICTURE_UPRIGHT;
        }
    return PICTURE_UPRIGHT;
}

static struct str
without_name(struct str tiff)
{
    return str_starts(tiff, STR("Exif\0\0")) ? str_skip(tiff, 6) : tiff;
}

static int
turn_in_jpeg(struct str f)
{
    size_t at = 2;
    for (int i = 0; i < SEGMENTS_MAX && at + 4 <= f.len && (unsigned char)f.at[at] == 0xFF; i++) {
        unsigned marker = (unsigned char)f.at[at + 1];
        size_t bytes = number(f, at + 2, 2, true);
        if (marker == 0xDA || bytes < 2)
            break;
        struct str segment = str_head(str_skip(f, at + 4), bytes - 2);
        if (marker == 0xE1 && str_starts(segment, STR("Exif\0\0")))
            return turn_in_tiff(without_name(segment));
        at += 2 + bytes;
    }
    return PICTURE_UPRIGHT;
}

/* PNG writes length before name and a sum behind; RIFF name before length, on even places. */
static int
turn_in_chunks(struct str f, bool png)
{
    size_t at = png ? 8 : 12;
    for (int i = 0; i < SEGMENTS_MAX && at + 8 <= f.len; i++) {
        size_t bytes = png ? number(f, at, 4, true) : number(f, at + 4, 4, false);
        struct str name = str_head(str_skip(f, at + (png ? 4 : 0)), 4);
        if (bytes > f.len)
            break;
        if (str_eq(name, png ? STR("eXIf") : STR("EXIF")))
            return turn_in_tiff(without_name(str_head(str_skip(f, at + 8), bytes)));
        at += 8 + bytes + (png ? 4 : bytes % 2);
    }
    return PICTURE_UPRIGHT;
}

int
picture_turn(struct str f)
{
    if (str_starts(f, STR("\xFF\xD8\xFF")))
        return turn_in_jpeg(f);
    if (str_starts(f, STR("\x89PNG\r\n\x1a\n")))
        return turn_in_chunks(f, true);
    bool webp = str_starts(f, STR("RIFF")) && f.len > 12 && str_eq(str_head(str_skip(f, 8), 4), STR("WEBP"));
    return webp ? turn_in_chunks(f, false) : PICTURE_UPRIGHT;
}

struct picture_place
picture_turned(int turn, int x, int y, int width, int height)
{
    int right = width - 1, bottom = height - 1;
    switch (turn) {
    case 2:
        return (struct picture_place){ right - x, y };
    case 3:
        return (struct picture_place){ right - x, bottom - y };
    case 4:
        return (struct picture_place){ x, bottom - y };
    case 5:
        return (struct picture_place){ y, x };
    case 6:
        return (struct picture_place){ y, bottom - x };
    case 7:
        return (struct picture_place){ right - y, bottom - x };
    case 8:
        return (struct picture_place){ right - y, x };
    default:
        return (struct picture_place){ x, y };
    }
}
