#include "workflows/picture_size.h"

static int64_t
big(struct str s, size_t at, size_t bytes)
{
    int64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | (unsigned char)s.at[at + i];
    return value;
}

static int64_t
little(struct str s, size_t at, size_t bytes)
{
    int64_t value = 0;
    for (size_t i = bytes; i-- > 0;)
        value = value << 8 | (unsigned char)s.at[at + i];
    return value;
}

static bool
read_png(struct str f, struct picture_size *out)
{
    if (f.len < 33 || !str_eq(str_head(str_skip(f, 12), 4), STR("IHDR")))
        return false;
    *out = (struct picture_size){ PICTURE_PNG, big(f, 16, 4), big(f, 20, 4) };
    return true;
}

static bool
is_frame_marker(unsigned marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/* Segments follow each other, each with its length, until the frame's. */
static bool
read_jpeg(struct str f, struct picture_size *out)
{
    for (size_t at = 2; at + 9 < f.len;) {
        unsigned marker = (unsigned char)f.at[at + 1];
        if ((unsigned char)f.at[at] != 0xFF)
            return false;
        if (marker == 0xFF) { /* filling */
            at++;
            continue;
        }
        if (is_frame_marker(marker)) {
            *out = (struct picture_size){ PICTURE_JPEG, big(f, at + 7, 2), big(f, at + 5, 2) };
            return true;
        }
        bool bare = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD9);
        at += 2 + (bare ? 0 : (size_t)big(f, at + 2, 2));
    }
    return false;
}

static bool
read_webp(struct str f, struct picture_size *out)
{
    if (f.len < 30 || !str_eq(str_head(str_skip(f, 8), 4), STR("WEBP")))
        return false;
    struct str kind = str_head(str_skip(f, 12), 4);
    *out = (struct picture_size){ .format = PICTURE_WEBP };
    if (str_eq(kind, STR("VP8X"))) {
        out->width = little(f, 24, 3) + 1;
        out->height = little(f, 27, 3) + 1;
    } else if (str_eq(kind, STR("VP8L"))) {
        int64_t bits = little(f, 21, 4);
        out->width = (bits & 0x3FFF) + 1;
        out->height = (bits >> 14 & 0x3FFF) + 1;
    } else if (str_eq(kind, STR("VP8 "))) {
        out->width = little(f, 26, 2) & 0x3FFF;
        out->height = little(f, 28, 2) & 0x3FFF;
    }
    return out->width > 0;
}

static int64_t
larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* The first picture may be larger than the screen that the head announces. */
static bool
read_gif(struct str f, struct picture_size *out)
{
    if (f.len < 13)
        return false;
    *out = (struct picture_size){ PICTURE_GIF, little(f, 6, 2), little(f, 8, 2) };
    unsigned flags = (unsigned char)f.at[10];
    size_t at = 13 + (flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0);
    while (at + 10 <= f.len && f.at[at] == '!') {
        at += 2;
        while (at < f.len && f.at[at] != 0)
            at += (size_t)(unsigned char)f.at[at] + 1;
        at++;
    }
    if (at + 10 > f.len || f.at[at] != ',')
        return false;
    out->width = larger(out->width, little(f, at + 5, 2));
    out->height = larger(out->height, little(f, at + 7, 2));
    return true;
}

static bool
read_bmp(struct str f, struct picture_size *out)
{
    if (f.len < 26)
        return false;
    bool old = little(f, 14, 4) == 12;
    int64_t height = old ? little(f, 20, 2) : (int32_t)little(f, 22, 4);
    *out = (struct picture_size){ PICTURE_BMP, old ? little(f, 18, 2) : (int32_t)little(f, 18, 4),
                                  height < 0 ? -height : height };
    return true;
}

bool
picture_size_read(struct str f, struct picture_size *out)
{
    bool read = str_starts(f, STR("\x89PNG\r\n\x1a\n")) ? read_png(f, out)
              : str_starts(f, STR("\xFF\xD8\xFF")) ? read_jpeg(f, out)
              : str_starts(f, STR("GIF87a")) || str_starts(f, STR("GIF89a")) ? read_gif(f, out)
              : str_starts(f, STR("RIFF")) ? read_webp(f, out)
              : str_starts(f, STR("BM")) ? read_bmp(f, out) : false;
    return read && out->width > 0 && out->height > 0;
}
