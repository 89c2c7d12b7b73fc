#include "server/http/reply.h"

#include "server/http/exchange.h"
#include "server/http/parts.h"
#include "server/http/request.h"
#include "server/http/url.h"

void
reply_status(struct scope *s, int status)
{
    if (s->reply)
        s->reply->status = status;
}

static bool
is_header_text(struct str value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.at[i] < 0x20 || value.at[i] == 0x7F)
            return false;
    return true;
}

/* More headers than have room, or a line break in one, is our own mistake. */
void
reply_header(struct scope *s, const char *name, struct str value)
{
    if (!s->reply)
        return;
    if (s->reply->header_count == HEADERS_MAX || !is_header_text(value))
        abort();
    s->reply->headers[s->reply->header_count++] = (struct header){ name, str_copy(s->arena, value) };
}

static bool
is_cookie_text(struct str value)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.at[i] <= ' ' || value.at[i] == '"' || value.at[i] == ',' || value.at[i] == ';'
            || value.at[i] == '\\' || value.at[i] == 0x7F)
            return false;
    return true;
}

void
reply_cookie(struct scope *s, const char *name, struct str value, int64_t max_age_s)
{
    if (!s->reply)
        return;
    if (!is_cookie_text(value))
        abort();
    const char *secure = s->reply->exchange->http->secure ? "; Secure" : "";
    reply_header(s, "Set-Cookie",
                 str_printf(s->arena, "%s=" STR_FMT "; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s", name,
                            STR_ARG(value), (long long)max_age_s, secure));
}

void
reply_location(struct scope *s, struct str url)
{
    reply_status(s, 303);
    reply_header(s, "Location", url);
}

void
reply_body(struct scope *s, const char *content_type, struct str body)
{
    if (!s->reply)
        return;
    s->reply->content_type = content_type;
    s->reply->body = body;
}

void
reply_attachment(struct scope *s, struct str file_name)
{
    struct str escaped;
    struct text plain = text_new(s->arena, 400);
    for (size_t i = 0; i < file_name.len && i < 300; i++) {
        char c = file_name.at[i];
        text_add_char(&plain, c >= ' ' && c < 0x7F && c != '"' && c != '\\' ? c : '_');
    }
    url_encode(s->arena, file_name, &escaped);
    reply_header(s, "Content-Disposition",
                 str_printf(s->arena, "attachment; filename=\"" STR_FMT "\"; filename*=UTF-8''" STR_FMT,
                            STR_ARG(text_str(&plain)), STR_ARG(escaped)));
}

struct str
request_header(const struct scope *s, const char *name)
{
    return s->reply ? exchange_header(s->reply->exchange, name) : STR_NONE;
}

static struct str
cookie_of(struct str header, const char *name)
{
    struct str part, key;
    while (str_cut(&header, ';', &part)) {
        struct str value = str_trim(part);
        if (str_cut(&value, '=', &key) && str_is(key, name))
            return value.at ? value : STR("");
    }
    return STR_NONE;
}

struct str
request_cookie(const struct scope *s, const char *name)
{
    return cookie_of(request_header(s, "Cookie"), name);
}

struct str
request_credential(const struct scope *s)
{
    return s->reply ? s->reply->exchange->credential : STR_NONE;
}

struct str
csrf_token(struct arena *a, struct str session_token)
{
    return base64url_of(a, hmac_sha256(a, session_token, STR("csrf")));
}
