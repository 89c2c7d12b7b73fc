#include <ctype.h>

#include "core/base/text.h"
#include "core/net/smtp.h"

static bool
refuse(struct scope *s, const char *what)
{
    return fail(s, &problem_invalid, "smtp_url: %s (smtp://user:password@host:587)", what);
}

static int
hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = memchr(digits, tolower((unsigned char)c), 16);
    return at ? (int)(at - digits) : -1;
}

static bool
percent_decode(struct scope *s, struct str in, const char **out)
{
    struct text t = text_new(s->arena, in.len + 1);
    for (size_t i = 0; i < in.len; i++) {
        if (in.at[i] != '%') {
            text_add_char(&t, in.at[i]);
            continue;
        }
        int high = i + 2 < in.len ? hex_digit(in.at[i + 1]) : -1, low = high < 0 ? -1 : hex_digit(in.at[i + 2]);
        if (low < 0 || high * 16 + low == 0)
            return refuse(s, "a % in user or password is not followed by two hex digits");
        text_add_char(&t, (char)(high * 16 + low));
        i += 2;
    }
    *out = str_c(s->arena, text_str(&t));
    return true;
}

static bool
read_credentials(struct scope *s, struct str text, struct smtp_server *out)
{
    struct str user;
    if (!str_cut(&text, ':', &user) || !user.len || !text.len)
        return refuse(s, "before the @ stand user:password");
    return percent_decode(s, user, &out->user) && percent_decode(s, text, &out->password);
}

static bool
read_host(struct scope *s, struct str text, struct smtp_server *out)
{
    struct str port = text, host;
    if (!str_cut(&port, ':', &host))
        host = text;
    if (!port.at)
        port = STR("587");
    int64_t number;
    if (!str_int(port, &number) || number < 1 || number > 65535)
        return refuse(s, "the port is not a number from 1 to 65535");
    for (size_t i = 0; i < host.len; i++)
        if (!isalnum((unsigned char)host.at[i]) && !strchr("-._", host.at[i]))
            return refuse(s, "the host is not a name or an IPv4 address");
    out->host = str_c(s->arena, host);
    out->port = str_c(s->arena, port);
    return host.len > 0 || refuse(s, "there is no host");
}

static bool
is_loopback(const char *host)
{
    return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 || strncmp(host, "127.", 4) == 0;
}

static bool
read_options(struct scope *s, struct str text, struct smtp_server *out)
{
    out->tls = is_loopback(out->host) ? SMTP_TLS_OPTIONAL : SMTP_TLS_REQUIRED;
    if (str_is(text, "tls=required"))
        out->tls = SMTP_TLS_REQUIRED;
    else if (str_is(text, "tls=optional"))
        out->tls = SMTP_TLS_OPTIONAL;
    else if (str_is(text, "tls=off"))
        out->tls = SMTP_TLS_OFF;
    else if (text.len)
        return refuse(s, "after the ? stands tls=required, tls=optional or tls=off");
    bool in_the_clear = out->password && out->tls != SMTP_TLS_REQUIRED && !is_loopback(out->host);
    return !in_the_clear || refuse(s, "a password would cross the network without TLS");
}

bool
smtp_server_parse(struct scope *s, struct str url, struct smtp_server *out)
{
    *out = (struct smtp_server){ 0 };
    if (str_starts(url, STR("smtps://")))
        return refuse(s, "smtps:// is not spoken; use smtp://, which starts TLS on port 587");
    if (!str_starts(url, STR("smtp://")))
        return refuse(s, "does not begin with smtp://");
    struct str options = str_skip(url, strlen("smtp://")), host, slash;
    if (!str_cut(&options, '?', &host))
        return refuse(s, "there is no host");
    size_t at = host.len;
    while (at > 0 && host.at[at - 1] != '@')
        at--;
    if (at > 0 && !read_credentials(s, str_head(host, at - 1), out))
        return false;
    host = str_skip(host, at);
    if (str_cut(&host, '/', &slash) && host.len)
        return refuse(s, "has a path");
    return read_host(s, slash, out) && read_options(s, options, out);
}
