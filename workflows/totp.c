#include "workflows/totp.h"

#include "core/base/crypto.h"
#include "core/base/text.h"

#include <errno.h>
#include <liboath/oath.h>
#include <qrencode.h>

enum { SVG_BYTES_MAX = 64 << 10, QUIET_ZONE = 4, CODE_ROOM = 8 };

struct str
totp_new_secret(struct arena *a)
{
    char *at = arena_alloc(a, TOTP_SECRET_BYTES);
    random_bytes(at, TOTP_SECRET_BYTES);
    return (struct str){ at, TOTP_SECRET_BYTES };
}

struct str
totp_spell(struct arena *a, struct str secret)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    struct text t = text_new(a, secret.len * 2 + 1);
    uint32_t held = 0;
    int bits = 0;
    for (size_t i = 0; i < secret.len; i++) {
        held = held << 8 | (uint8_t)secret.at[i];
        for (bits += 8; bits >= 5; bits -= 5)
            text_add_char(&t, alphabet[held >> (bits - 5) & 31]);
    }
    if (bits)
        text_add_char(&t, alphabet[held << (5 - bits) & 31]);
    return text_str(&t);
}

static void
add_escaped(struct text *t, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        if (plain)
            text_add_char(t, (char)c);
        else
            text_addf(t, "%%%02X", c);
    }
}

struct str
totp_uri(struct arena *a, struct str issuer, struct str account, struct str secret)
{
    struct text t = text_new(a, 4096);
    text_add_c(&t, "otpauth://totp/");
    add_escaped(&t, issuer);
    text_add_char(&t, ':');
    add_escaped(&t, account);
    text_add_c(&t, "?secret=");
    text_add(&t, totp_spell(a, secret));
    text_add_c(&t, "&issuer=");
    add_escaped(&t, issuer);
    return text_str(&t);
}

static void
end_code(QRcode **code)
{
    QRcode_free(*code);
}

/* One path of unit squares, runs joined: small, sharp at any size, and black on white in a dark theme as well. */
bool
totp_qr_svg(struct scope *s, struct str uri, struct str *svg)
{
    scoped(end_code) QRcode *code = QRcode_encodeString(str_c(s->arena, uri), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code)
        return fail(s, &problem_internal, "no QR code: %s", strerror(errno));
    int side = code->width + 2 * QUIET_ZONE;
    struct text t = text_new(s->arena, SVG_BYTES_MAX);
    text_addf(&t, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
                  "<path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/><path fill=\"#000\" d=\"",
              side, side, side, side, side);
    for (int y = 0; y < code->width; y++)
        for (int x = 0, run; x < code->width; x += run ? run : 1) {
            for (run = 0; x + run < code->width && code->data[y * code->width + x + run] & 1; run++)
                ;
            if (run)
                text_addf(&t, "M%d %dh%dv1h-%dz", x + QUIET_ZONE, y + QUIET_ZONE, run, run);
        }
    text_add_c(&t, "\"/></svg>");
    *svg = text_str(&t);
    return !t.full || fail(s, &problem_internal, "the QR code is too large");
}

static bool
code_at(struct str secret, int64_t step, char out[CODE_ROOM])
{
    return step >= 0
        && oath_hotp_generate(secret.at, secret.len, (uint64_t)step, TOTP_DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION,
                              out) == OATH_OK;
}

bool
totp_match(struct str secret, struct str code, struct instant now, int64_t *step)
{
    int64_t present = now.us / SECONDS(TOTP_STEP_S);
    bool matched = false;
    for (int64_t at = present - 1; at <= present + 1; at++) {
        char right[CODE_ROOM];
        if (!code_at(secret, at, right) || !equal_in_constant_time(str_of(right), code))
            continue;
        *step = at;
        matched = true;
    }
    return matched;
}

struct str
totp_code(struct arena *a, struct str secret, struct instant now)
{
    char code[CODE_ROOM];
    return code_at(secret, now.us / SECONDS(TOTP_STEP_S), code) ? str_copy(a, str_of(code)) : STR_NONE;
}
