#include "core/net/fetch.h"

#include <ctype.h>
#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/text.h"
#include "core/net/fetch_reach.h"

const struct problem problem_fetch_refused = {
    422, "address-not-allowed",
    { "This address may not be called.", "この宛先への接続は許可されていません。" },
};
const struct problem problem_fetch_failed = {
    502, "remote-unreachable",
    { "The other server could not be reached.", "相手のサーバーに接続できませんでした。" },
};
const struct problem problem_fetch_too_large = {
    502, "remote-answer-too-large",
    { "The other server's answer was too large.", "相手のサーバーからの応答が大きすぎます。" },
};

enum { CONNECT_MS = 5000, TOTAL_MS = 10000, ANSWER_MAX = 1024 * 1024, HEADERS_MAX = 100, HEADER_BYTES_MAX = 64 * 1024 };
enum { FIRST_PAUSE_MS = 200, URL_MAX = 8192 };

struct exchange {
    struct scope *s;
    const struct fetch_request *request;
    struct fetch_answer *answer;
    CURL *curl;
    struct text body;
    size_t header_bytes;
    bool refused;   /* by our judgement of the address */
    bool too_large;
    char trouble[CURL_ERROR_SIZE];
};

/* DNS has answered, nothing is connected yet: here nobody can swap the address any more. */
static curl_socket_t
open_socket(void *self, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct exchange *e = self;
    if (purpose != CURLSOCKTYPE_IPCXN || !fetch_reach_allows_socket(e->request->reach, &address->addr)) {
        e->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t
take_body(char *data, size_t one, size_t bytes, void *self)
{
    struct exchange *e = self;
    text_add(&e->body, (struct str){ data, one * bytes });
    e->too_large = e->body.full;
    return e->too_large ? 0 : bytes;
}

static size_t
take_header(char *data, size_t one, size_t bytes, void *self)
{
    struct exchange *e = self;
    struct fetch_answer *answer = e->answer;
    struct str line = str_trim((struct str){ data, one * bytes }), name;
    if (str_starts(line, STR("HTTP/"))) { /* of another answer: a redirect, or 100 Continue */
        answer->header_count = 0;
        return bytes;
    }
    e->header_bytes += bytes;
    e->too_large = e->header_bytes > HEADER_BYTES_MAX;
    bool wanted = answer->header_count < HEADERS_MAX && str_contains(line, STR(":")) && str_cut(&line, ':', &name);
    if (wanted)
        answer->headers[answer->header_count++] = (struct fetch_header){
            str_lower(e->s->arena, name), str_copy(e->s->arena, str_trim(line)),
        };
    return e->too_large ? 0 : bytes;
}

static void
end_curl(void *curl)
{
    curl_easy_cleanup(curl);
}

static void
end_headers(void *list)
{
    curl_slist_free_all(list);
}

static bool
header_is_sound(const struct fetch_header *h)
{
    for (size_t i = 0; i < h->name.len; i++)
        if (!isalnum((unsigned char)h->name.at[i]) && h->name.at[i] != '-')
            return false;
    for (size_t i = 0; i < h->value.len; i++)
        if ((unsigned char)h->value.at[i] < ' ' || h->value.at[i] == 127)
            return false;
    return h->name.len > 0;
}

static bool
set_headers(struct exchange *e)
{
    struct arena *a = e->s->arena;
    struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* no waiting for 100 Continue */
    for (size_t i = 0; i < e->request->header_count; i++) {
        const struct fetch_header *h = &e->request->headers[i];
        if (!header_is_sound(h)) {
            curl_slist_free_all(list);
            return fail(e->s, &problem_fetch_refused, "header %zu holds characters no header has", i + 1);
        }
        struct str line = str_printf(a, h->value.len ? STR_FMT ": " STR_FMT : STR_FMT ";" STR_FMT, STR_ARG(h->name),
                                     STR_ARG(h->value));
        list = curl_slist_append(list, line.at);
    }
    arena_defer(a, end_headers, list);
    return curl_easy_setopt(e->curl, CURLOPT_HTTPHEADER, list) == CURLE_OK;
}

static void
set_safety(struct exchange *e)
{
    const struct fetch_request *r = e->request;
    CURL *c = e->curl;
    const char *schemes = r->https_only ? "https" : "http,https";
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, schemes);
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, schemes);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, r->redirects > 0 ? 1L : 0L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, (long)r->redirects);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, e);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)(r->connect_timeout_ms ? r->connect_timeout_ms : CONNECT_MS));
    if (r->ca_file)
        curl_easy_setopt(c, CURLOPT_CAINFO, r->ca_file);
}

static void
set_method(struct exchange *e)
{
    const struct fetch_request *r = e->request;
    const char *method = r->method ? r->method : "GET";
    if (r->body.at) {
        curl_easy_setopt(e->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.len);
        curl_easy_setopt(e->curl, CURLOPT_POSTFIELDS, r->body.at);
    }
    if (strcmp(method, "HEAD") == 0)
        curl_easy_setopt(e->curl, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(e->curl, CURLOPT_CUSTOMREQUEST, method);
}

static bool
prepare(struct exchange *e)
{
    const struct fetch_request *r = e->request;
    if (r->url.len > URL_MAX || !str_is_utf8(r->url))
        return fail(e->s, &problem_fetch_refused, "the URL is too long or not text");
    e->curl = curl_easy_init();
    if (!e->curl)
        return fail(e->s, &problem_unavailable, "libcurl could not begin");
    arena_defer(e->s->arena, end_curl, e->curl);
    curl_easy_setopt(e->curl, CURLOPT_URL, str_c(e->s->arena, r->url));
    curl_easy_setopt(e->curl, CURLOPT_ERRORBUFFER, e->trouble);
    curl_easy_setopt(e->curl, CURLOPT_USERAGENT, "Yagura");
    curl_easy_setopt(e->curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(e->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(e->curl, CURLOPT_WRITEDATA, e);
    curl_easy_setopt(e->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(e->curl, CURLOPT_HEADERDATA, e);
    set_safety(e);
    set_method(e);
    e->answer->headers = arena_array_of(e->s->arena, HEADERS_MAX, struct fetch_header);
    return set_headers(e);
}

static CURLcode
attempt(struct exchange *e, int64_t left_ms)
{
    e->body = text_new(e->s->arena, e->request->answer_max ? e->request->answer_max : ANSWER_MAX);
    e->header_bytes = 0;
    e->refused = e->too_large = false;
    e->trouble[0] = 0;
    e->answer->header_count = 0;
    e->answer->attempts++;
    curl_easy_setopt(e->curl, CURLOPT_TIMEOUT_MS, (long)(left_ms > 0 ? left_ms : 1)); /* 0 would mean for ever */
    CURLcode code = curl_easy_perform(e->curl);
    long status = 0;
    char *address = NULL;
    curl_easy_getinfo(e->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(e->curl, CURLINFO_PRIMARY_IP, &address);
    e->answer->status = code == CURLE_OK ? (int)status : 0;
    e->answer->address = str_copy(e->s->arena, str_of(address ? address : ""));
    e->answer->body = text_str(&e->body);
    return code;
}

static bool
is_idempotent(const struct fetch_request *r)
{
    static const char *const methods[] = { "GET", "HEAD", "PUT", "DELETE" };
    if (!r->method || r->idempotent)
        return true;
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (strcmp(methods[i], r->method) == 0)
            return true;
    return false;
}

static bool
is_passing(const struct exchange *e, CURLcode code)
{
    int status = e->answer->status;
    if (code == CURLE_OK)
        return status == 429 || status == 502 || status == 503 || status == 504;
    return !e->refused && !e->too_large && code != CURLE_PEER_FAILED_VERIFICATION && code != CURLE_UNSUPPORTED_PROTOCOL
        && code != CURLE_URL_MALFORMAT && code != CURLE_TOO_MANY_REDIRECTS;
}

/* Doubles with each attempt; what the server asks for comes first. */
static int64_t
pause_ms(const struct exchange *e)
{
    int64_t asked_s;
    if (str_int(fetch_answer_header(e->answer, "retry-after"), &asked_s) && asked_s >= 0 && asked_s < 86400)
        return asked_s * 1000;
    return (int64_t)FIRST_PAUSE_MS << (e->answer->attempts < 8 ? e->answer->attempts - 1 : 7);
}

static bool
failed(struct exchange *e, CURLcode code)
{
    const char *why = e->trouble[0] ? e->trouble : curl_easy_strerror(code);
    if (e->refused)
        return fail(e->s, &problem_fetch_refused, "the address is not one of the public internet");
    if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
        return fail(e->s, &problem_fetch_refused, "%s", why);
    if (e->too_large)
        return fail(e->s, &problem_fetch_too_large, "more than %zu bytes", e->body.cap);
    return fail(e->s, &problem_fetch_failed, "%s", why);
}

bool
fetch(struct scope *s, const struct fetch_request *request, struct fetch_answer *out)
{
    *out = (struct fetch_answer){ 0 };
    struct exchange e = { .s = s, .request = request, .answer = out };
    int64_t began = clock_monotonic_us(), total_ms = request->timeout_ms ? request->timeout_ms : TOTAL_MS;
    int attempts = is_idempotent(request) && request->attempts > 1 ? request->attempts : 1;
    if (!prepare(&e))
        return false;
    CURLcode code;
    for (;;) {
        code = attempt(&e, total_ms - (clock_monotonic_us() - began) / 1000);
        int64_t pause = pause_ms(&e), left_ms = total_ms - (clock_monotonic_us() - began) / 1000;
        if (out->attempts >= attempts || !is_passing(&e, code) || pause >= left_ms)
            break;
        usleep((useconds_t)(pause * 1000));
    }
    out->elapsed_us = clock_monotonic_us() - began;
    return code == CURLE_OK || failed(&e, code);
}

struct str
fetch_answer_header(const struct fetch_answer *answer, const char *lower_name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (str_is(answer->headers[i].name, lower_name))
            return answer->headers[i].value;
    return STR_NONE;
}
