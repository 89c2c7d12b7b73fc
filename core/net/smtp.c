#include "core/net/smtp.h"

#include <openssl/ssl.h>
/* libesmtp declares some of its functions only when these were seen. */
#include <auth-client.h>
#include <libesmtp.h>

enum { TIMEOUT_S = 30, AFTER_DATA_TIMEOUT_S = 600, SAID_MAX = 300 };

struct delivery {
    struct scope *s;
    const struct smtp_server *server;
    struct str message, unread;
    char said[SAID_MAX + 1];
    const char *trouble; /* with the certificate */
    bool data_began;
};

static const char *
next_part(void **unused, int *bytes, void *self)
{
    enum { PART_BYTES = 8192 };
    struct delivery *d = self;
    (void)unused;
    if (!bytes) { /* from the beginning, please */
        d->unread = d->message;
        return NULL;
    }
    struct str part = str_head(d->unread, d->unread.len < PART_BYTES ? d->unread.len : PART_BYTES);
    d->unread = str_skip(d->unread, part.len);
    *bytes = (int)part.len;
    return part.len ? part.at : NULL;
}

/* The server's first refusal explains what came of it; what follows is farewell. What we said may hold the password. */
static void
listen(const char *line, int bytes, int writing, void *self)
{
    struct delivery *d = self;
    bool refusal = !writing && bytes > 0 && (line[0] == '4' || line[0] == '5');
    if (!refusal || d->said[0])
        return;
    struct str rest = { line, (size_t)bytes }, said;
    if (!str_cut(&rest, '\n', &said))
        return;
    said = str_trim(said);
    size_t kept = said.len < SAID_MAX ? said.len : SAID_MAX;
    for (size_t i = 0; i < kept; i++) /* one line, ASCII: it goes into a log and a page */
        d->said[i] = said.at[i] >= ' ' && said.at[i] < 127 ? said.at[i] : ' ';
    d->said[kept] = 0;
}

static void
on_event(smtp_session_t session, int event, void *self, ...)
{
    struct delivery *d = self;
    (void)session;
    if (event == SMTP_EV_MESSAGEDATA)
        d->data_began = true;
    else if (event == SMTP_EV_INVALID_PEER_CERTIFICATE || event == SMTP_EV_NO_PEER_CERTIFICATE)
        d->trouble = "the server's certificate is not trusted";
    else if (event == SMTP_EV_WRONG_PEER_CERTIFICATE)
        d->trouble = "the server's certificate is for another host";
    else if (event == SMTP_EV_EXTNA_STARTTLS)
        d->trouble = "the server does not offer STARTTLS";
}

static int
answer_auth(auth_client_request_t request, char **result, int fields, void *self)
{
    const struct delivery *d = self;
    for (int i = 0; i < fields; i++) {
        const char *value = request[i].flags & AUTH_PASS ? d->server->password : d->server->user;
        result[i] = (request[i].flags & (AUTH_USER | AUTH_PASS)) ? (char *)(uintptr_t)value : NULL;
    }
    return 1;
}

static void
end_session(void *session)
{
    smtp_destroy_session(session);
}

static void
end_auth(void *context)
{
    auth_destroy_context(context);
}

static void
end_tls(void *context)
{
    SSL_CTX_free(context);
}

static bool
prepare_tls(struct delivery *d, smtp_session_t session)
{
    static const enum starttls_option options[] = {
        [SMTP_TLS_REQUIRED] = Starttls_REQUIRED,
        [SMTP_TLS_OPTIONAL] = Starttls_ENABLED,
        [SMTP_TLS_OFF] = Starttls_DISABLED,
    };
    if (d->server->tls == SMTP_TLS_OFF)
        return smtp_starttls_enable(session, Starttls_DISABLED);
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    if (!tls)
        return false;
    arena_defer(d->s->arena, end_tls, tls);
    /* Not 1.3: there a server sends session tickets when it likes. libesmtp takes them for the answer to a command it
     * has yet to send, waits for the rest of that answer, and both sides wait until the time is up. */
    SSL_CTX_set_min_proto_version(tls, TLS1_2_VERSION);
    SSL_CTX_set_max_proto_version(tls, TLS1_2_VERSION);
    SSL_CTX_set_options(tls, SSL_OP_NO_RENEGOTIATION);
    int trusted = d->server->ca_file ? SSL_CTX_load_verify_locations(tls, d->server->ca_file, NULL)
                                     : SSL_CTX_set_default_verify_paths(tls);
    if (!trusted)
        d->trouble = "the file of trusted certificates cannot be read";
    return trusted && smtp_starttls_set_ctx(session, tls) && smtp_starttls_enable(session, options[d->server->tls]);
}

static bool
prepare_auth(struct delivery *d, smtp_session_t session)
{
    if (!d->server->user)
        return true;
    auth_context_t auth = auth_create_context();
    if (!auth)
        return false;
    arena_defer(d->s->arena, end_auth, auth);
    auth_set_mechanism_flags(auth, AUTH_PLUGIN_PLAIN, 0);
    auth_set_interact_cb(auth, answer_auth, d);
    return smtp_auth_set_context(session, auth);
}

static void
set_timeouts(smtp_session_t session, int seconds)
{
    static const int kinds[] = { Timeout_GREETING, Timeout_ENVELOPE, Timeout_DATA, Timeout_TRANSFER };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        smtp_set_timeout(session, kinds[i] | Timeout_OVERRIDE_RFC2822_MINIMUM, seconds * 1000L);
    /* Long, as RFC 5321 asks: giving up here is what makes a mail arrive twice. */
    smtp_set_timeout(session, Timeout_DATA2, AFTER_DATA_TIMEOUT_S * 1000L);
}

/* A status may be absent, or belong to a step that was never reached. */
static int
code_of(const smtp_status_t *status)
{
    return status ? status->code : 0;
}

/* Ours to mend, not the mail's fault: authentication is demanded, too weak or failed. */
static bool
is_about_sign_in(int code)
{
    return code == 530 || code == 534 || code == 535 || code == 538;
}

static struct smtp_result
judge(struct delivery *d, smtp_message_t message, smtp_recipient_t recipient)
{
    int sent = code_of(smtp_message_transfer_status(message));
    int codes[] = { code_of(smtp_reverse_path_status(message)), code_of(smtp_recipient_status(recipient)), sent };
    struct smtp_result result = { .outcome = SMTP_LATER };
    for (size_t i = 0; i < COUNT_OF(codes) && result.code < 400; i++)
        result.code = codes[i];
    if (result.code >= 500 && !is_about_sign_in(result.code))
        result.outcome = SMTP_REFUSED;
    else if (result.code < 400 && sent >= 200 && sent < 300)
        result.outcome = SMTP_ACCEPTED;
    else if (result.code < 400)
        result.in_doubt = d->data_began;
    return result;
}

static struct str
explain(struct delivery *d, const struct smtp_result *result)
{
    char reason[200] = "";
    const char *text = d->trouble;
    if (result->outcome == SMTP_ACCEPTED)
        text = "";
    else if (result->in_doubt)
        text = "the connection broke before the server confirmed the mail";
    else if (!text && d->said[0])
        text = d->said;
    else if (!text)
        text = smtp_strerror(smtp_errno(), reason, sizeof reason);
    return str_copy(d->s->arena, str_of(text));
}

static struct smtp_result
converse(struct delivery *d, struct str from, struct str to)
{
    struct arena *a = d->s->arena;
    struct smtp_result result = { .outcome = SMTP_LATER, .text = STR("out of memory") };
    smtp_session_t session = smtp_create_session();
    if (!session)
        return result;
    arena_defer(a, end_session, session);
    smtp_message_t message = smtp_add_message(session);
    smtp_recipient_t recipient = message ? smtp_add_recipient(message, str_c(a, to)) : NULL;
    bool ready = recipient && smtp_set_reverse_path(message, str_c(a, from))
        && smtp_set_messagecb(message, next_part, d) && smtp_set_monitorcb(session, listen, d, 0)
        && smtp_set_eventcb(session, on_event, d)
        && smtp_set_server(session, str_c(a, str_printf(a, "%s:%s", d->server->host, d->server->port)))
        && prepare_tls(d, session) && prepare_auth(d, session);
    if (ready) {
        set_timeouts(session, d->server->timeout_s ? d->server->timeout_s : TIMEOUT_S);
        smtp_start_session(session); /* what it says is less than what the codes say */
        result = judge(d, message, recipient);
    }
    result.text = explain(d, &result);
    return result;
}

struct smtp_result
smtp_send(struct scope *s, const struct smtp_server *server, struct str from, struct str to, struct str message)
{
    struct delivery d = { .s = s, .server = server, .message = message, .unread = message };
    /* libesmtp connects without a limit of time, and a worker that waits for it does nothing else. */
    if (!smtp_reach(s, server)) {
        struct smtp_result result = { .outcome = SMTP_LATER, .text = s->failure.detail };
        scope_forgive(s);
        return result;
    }
    return converse(&d, from, to);
}
