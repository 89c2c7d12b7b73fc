/* One question to one source: its turn, the exchange, and what is kept of the answer. */
#include "core/db/change.h"
#include "workflows/reputations.h"
#include "workflows/service.h"

enum { ANSWER_MAX = 4 * 1024 * 1024, TIMEOUT_MS = 20000, LATER_S = 60, PAUSE_MAX_S = 86400, ATTEMPTS = 6 };

/* From run to act to finish; only the id is in the row. */
struct asking {
    struct id_args args;
    bool meant;
    struct reputation_hold hold;
    struct str key, trouble;
    struct fetch_answer answer;
    struct reputation_reading reading;
    bool answered;
};

static const struct shape asking_shape = {
    .name = "reputation_ask", .size = sizeof(struct asking), .count = 1,
    .fields = (const struct field[]){ FIELD(id_args, id, "Which answer is waited for") },
};

static bool
run(struct scope *s, void *args)
{
    struct asking *x = args;
    bool found;
    int64_t turns = 0;
    if (!db_maybe(s, &reputation_hold_by_id, &x->args, &x->hold, &found) || !found)
        return !scope_has_failed(s);
    if (!db_run(s, &reputation_take_turn, &(struct reputation_turn){ x->hold.source_id, s->now }, &turns))
        return false;
    if (!turns) { /* whoever has no turn now comes again, for as long as it takes */
        struct instant later = instant_plus(s->now, SECONDS(LATER_S));
        if (x->hold.paused_until.us > later.us)
            later = x->hold.paused_until;
        return job_add(s, &reputation_ask_job, x->hold.tenant_id, &x->args, later, STR_NONE);
    }
    x->meant = true;
    return secret_open(s, &s->service->key, reputation_key_context(s->arena, x->hold.source_id), x->hold.key_sealed,
                       &x->key);
}

static struct fetch_request
virustotal(struct scope *s, const struct asking *x, struct fetch_header *headers)
{
    static const char *const paths[] = { "", "files", "ip_addresses", "domains" };
    headers[0] = (struct fetch_header){ STR("x-apikey"), x->key };
    headers[1] = (struct fetch_header){ STR("Accept"), STR("application/json") };
    return (struct fetch_request){
        .url = str_printf(s->arena, STR_FMT "/api/v3/%s/" STR_FMT, STR_ARG(x->hold.url), paths[x->hold.kind],
                          STR_ARG(x->hold.value)),
        .headers = headers, .header_count = 2 };
}

static struct fetch_request
misp(struct scope *s, const struct asking *x, struct fetch_header *headers)
{
    static const char *const types[] = { "", "\"md5\",\"sha1\",\"sha256\"", "\"ip-src\",\"ip-dst\"",
                                         "\"domain\",\"hostname\"" };
    headers[0] = (struct fetch_header){ STR("Authorization"), x->key };
    headers[1] = (struct fetch_header){ STR("Accept"), STR("application/json") };
    headers[2] = (struct fetch_header){ STR("Content-Type"), STR("application/json") };
    return (struct fetch_request){
        .method = "POST", .url = str_printf(s->arena, STR_FMT "/attributes/restSearch", STR_ARG(x->hold.url)),
        .body = str_printf(s->arena, "{\"returnFormat\":\"json\",\"limit\":20,\"includeContext\":true,\"type\":[%s],"
                                     "\"value\":\"" STR_FMT "\"}",
                           types[x->hold.kind], STR_ARG(x->hold.value)),
        .headers = headers, .header_count = 3 };
}

/* Always succeeds: what came of it is written by finish. */
static bool
act(struct scope *s, void *args)
{
    struct asking *x = args;
    struct fetch_header headers[3];
    if (!x->meant)
        return true;
    bool is_misp = x->hold.source_kind == SOURCE_MISP;
    struct fetch_request request = is_misp ? misp(s, x, headers) : virustotal(s, x, headers);
    request.reach = s->service->reach;
    request.https_only = str_starts(x->hold.url, STR("https:"));
    request.timeout_ms = TIMEOUT_MS;
    request.answer_max = ANSWER_MAX;
    x->answered = fetch(s, &request, &x->answer)
        && (x->answer.status != 200
            || (is_misp ? reputation_read_misp(s, x->answer.body, &x->reading)
                        : reputation_read_virustotal(s, x->answer.body, &x->reading)));
    if (!x->answered) {
        x->trouble = str_printf(s->arena, "%s (" STR_FMT ")", s->failure.problem->title.en, STR_ARG(s->failure.detail));
        scope_forgive(s);
    }
    return true;
}

static int64_t
pause_asked_for(const struct fetch_answer *answer)
{
    int64_t seconds;
    if (str_int(fetch_answer_header(answer, "retry-after"), &seconds) && seconds > 0)
        return seconds < PAUSE_MAX_S ? seconds : PAUSE_MAX_S;
    return LATER_S;
}

static bool
keep(struct scope *s, const struct asking *x, struct reputation_found *f)
{
    f->answer_id = x->hold.answer_id;
    f->source_id = x->hold.source_id;
    f->tenant_id = x->hold.tenant_id;
    f->kind = x->hold.kind;
    f->value = x->hold.value;
    f->now = s->now;
    return db_run(s, &reputation_source_tell, f, NULL)
        && (f->state == REPUTATION_WAITING || db_run(s, &reputation_keep, f, NULL))
        && (f->state != REPUTATION_KNOWN || f->kind != THING_HASH || db_run(s, &reputation_judge, f, NULL))
        && change_record(s, f->tenant_id, "reputation_answer", f->answer_id, "answered");
}

static struct str
page_of(struct scope *s, const struct asking *x)
{
    static const char *const pages[] = { "", "file", "ip-address", "domain" };
    if (x->hold.source_kind != SOURCE_VIRUSTOTAL)
        return STR_NONE;
    return str_printf(s->arena, "https://www.virustotal.com/gui/%s/" STR_FMT, pages[x->hold.kind],
                      STR_ARG(x->hold.value));
}

static bool
finish(struct scope *s, void *args, bool acted)
{
    const struct asking *x = args;
    struct reputation_found f = { .malicious = INT_NONE, .suspicious = INT_NONE, .harmless = INT_NONE };
    int status = x->answer.status;
    (void)acted;
    if (!x->meant)
        return true;
    if (x->answered && status == 429) {
        f.state = REPUTATION_WAITING;
        f.trouble = STR("it says that it was asked too often");
        f.paused_until = instant_plus(s->now, SECONDS(pause_asked_for(&x->answer)));
        return keep(s, x, &f)
            && job_add(s, &reputation_ask_job, x->hold.tenant_id, &x->args, f.paused_until, STR_NONE);
    }
    if (x->answered && (status == 404 || (status == 200 && !x->reading.known))) {
        f.state = REPUTATION_UNKNOWN;
        f.expires_at = instant_plus(s->now, HOURS(x->hold.unknown_hours));
    } else if (x->answered && status == 200) {
        f.state = REPUTATION_KNOWN;
        f.verdict = x->reading.verdict;
        f.malicious = x->reading.malicious;
        f.suspicious = x->reading.suspicious;
        f.harmless = x->reading.harmless;
        f.labels = x->reading.labels;
        f.link = page_of(s, x);
        f.expires_at = instant_plus(s->now, HOURS(x->hold.keep_hours));
    } else {
        f.state = REPUTATION_FAILED;
        f.trouble = x->answered ? str_printf(s->arena, "it answered %d", status) : x->trouble;
        f.expires_at = s->now;
    }
    return keep(s, x, &f);
}

const struct job_kind reputation_ask_job = {
    .name = "reputation_ask", .prose = "Ask a source what it knows of a file, an address or a name",
    .args = &asking_shape, .run = run, .act = act, .finish = finish, .max_attempts = ATTEMPTS, .parallel_max = 2,
};
