#include "core/net/decoder.h"

#include <zlib.h>
#include <zstd.h>

enum { PIECE = 256 * 1024, TEXT_SLACK = 64, GZIP_WINDOW = 15 + 16, ZSTD_WINDOW_LOG_MAX = 23 };

const struct problem coding_broken = {
    400, "body-broken",
    { "The body cannot be decompressed: it is broken, or ends too early.",
      "本文を展開できません。データが壊れているか、途中で終わっています。" },
};
const struct problem coding_lies = {
    413, "body-too-large",
    { "The body is larger than one batch may be. Please send smaller batches.",
      "本文が1回の送信で受け付けられるサイズを超えています。分割して送信してください。" },
};
const struct problem coding_unknown = {
    415, "unknown-coding",
    { "This content encoding is not known here. Use gzip, zstd or none.",
      "この Content-Encoding には対応していません。gzip、zstd、または無圧縮で送信してください。" },
};

struct decoder {
    struct decoder_bounds bounds;
    enum coding coding;
    decoder_take *take;
    void *to;
    int64_t sent, text;
    z_stream gzip;
    ZSTD_DStream *zstd;
    bool inside; /* of a member or frame that has not ended */
    char *out;
};

static void
release(void *handle)
{
    struct decoder *d = handle;
    inflateEnd(&d->gzip);
    ZSTD_freeDStream(d->zstd);
}

struct decoder *
decoder_new(struct arena *a, const struct decoder_bounds *bounds)
{
    struct decoder *d = arena_new_of(a, struct decoder);
    *d = (struct decoder){ .bounds = *bounds, .zstd = ZSTD_createDStream(), .out = arena_alloc(a, PIECE + TEXT_SLACK) };
    if (!d->zstd || inflateInit2(&d->gzip, GZIP_WINDOW) != Z_OK
        || ZSTD_isError(ZSTD_DCtx_setParameter(d->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG_MAX)))
        abort(); /* memory has ended */
    arena_defer(a, release, d);
    return d;
}

bool
coding_parse(struct scope *s, struct str header, enum coding *out)
{
    static const struct {
        const char *word;
        enum coding coding;
    } words[] = { { "identity", CODING_IDENTITY }, { "gzip", CODING_GZIP }, { "x-gzip", CODING_GZIP },
                  { "zstd", CODING_ZSTD } };
    struct str word = str_trim(header);
    *out = CODING_IDENTITY;
    if (!word.len)
        return true;
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq_nocase(word, str_of(words[i].word))) {
            *out = words[i].coding;
            return true;
        }
    return fail(s, &coding_unknown, "Content-Encoding " STR_FMT, STR_ARG(str_head(word, 40)));
}

void
decoder_begin(struct decoder *d, enum coding coding, decoder_take *take, void *to)
{
    d->coding = coding;
    d->take = take;
    d->to = to;
    d->sent = d->text = 0;
    d->inside = false;
    inflateReset(&d->gzip);
    ZSTD_DCtx_reset(d->zstd, ZSTD_reset_session_only);
}

static bool
give(struct scope *s, struct decoder *d, struct str text)
{
    const struct decoder_bounds *b = &d->bounds;
    d->text += (int64_t)text.len;
    if (d->text > b->text_max)
        return fail(s, &coding_lies, "at most %lld bytes of text", (long long)b->text_max);
    if (d->text > b->ratio_from && d->text / b->ratio_max > d->sent)
        return fail(s, &coding_lies, "more than %lld bytes of text for each byte sent", (long long)b->ratio_max);
    return text.len == 0 || d->take(s, d->to, text);
}

static bool
add_gzip(struct scope *s, struct decoder *d, struct str piece)
{
    d->gzip.next_in = (Bytef *)(uintptr_t)piece.at; /* zlib only reads it */
    d->gzip.avail_in = (uInt)piece.len;
    while (d->gzip.avail_in > 0 || d->gzip.avail_out == 0) {
        d->gzip.next_out = (Bytef *)d->out;
        d->gzip.avail_out = PIECE;
        if (!d->inside && d->gzip.avail_in > 0)
            inflateReset(&d->gzip);
        int result = inflate(&d->gzip, Z_NO_FLUSH);
        if (result == Z_BUF_ERROR)
            break; /* nothing more to be had from what came */
        if (result != Z_OK && result != Z_STREAM_END)
            return fail(s, &coding_broken, "gzip: %s", d->gzip.msg ? d->gzip.msg : "broken");
        d->inside = result == Z_OK;
        if (!give(s, d, (struct str){ d->out, PIECE - d->gzip.avail_out }))
            return false;
        if (result == Z_STREAM_END && d->gzip.avail_in == 0)
            break;
    }
    return true;
}

static bool
add_zstd(struct scope *s, struct decoder *d, struct str piece)
{
    ZSTD_inBuffer in = { piece.at, piece.len, 0 };
    bool more = true;
    while (in.pos < in.size || more) {
        ZSTD_outBuffer out = { d->out, PIECE, 0 };
        size_t left = ZSTD_decompressStream(d->zstd, &out, &in);
        if (ZSTD_isError(left))
            return fail(s, &coding_broken, "zstd: %s", ZSTD_getErrorName(left));
        d->inside = left != 0;
        more = d->inside && out.pos == out.size; /* behind the last frame a call would begin another */
        if (!give(s, d, (struct str){ d->out, out.pos }))
            return false;
    }
    return true;
}

bool
decoder_add(struct scope *s, struct decoder *d, struct str piece)
{
    d->sent += (int64_t)piece.len;
    if (piece.len == 0)
        return true;
    if (d->coding == CODING_GZIP)
        return add_gzip(s, d, piece);
    return d->coding == CODING_ZSTD ? add_zstd(s, d, piece) : give(s, d, piece);
}

bool
decoder_end(struct scope *s, struct decoder *d)
{
    return !d->inside || fail(s, &coding_broken, "the body ends before the text does");
}

int64_t
decoder_text_bytes(const struct decoder *d)
{
    return d->text;
}
