#include "server/program.h"

#include "core/base/log.h"
#include "core/db/blob.h"
#include "core/db/migrate.h"
#include "core/net/fetch.h"
#include "core/net/net.h"
#include "workflows/ingest_gate.h"
#include "workflows/inventory.h"
#include "workflows/mail_service.h"
#include "workflows/oidc_kept.h"

enum { PROGRAM_BLOCK = 64 * 1024 };

static bool
open_service(struct program *p)
{
    struct scope *s = &p->s;
    const struct settings *from = &p->settings;
    struct service *v = &p->service;
    struct fetch_reach *reach = fetch_reach_parse(s->arena, from->fetch_reach.at ? from->fetch_reach : STR(""));
    const struct mail_settings mail = {
        .templates = from->template_dir, .smtp_url = from->smtp_url, .smtp_ca_file = from->smtp_ca_file,
        .answers_to = from->mail_answers_to, .from_address = from->mail_from,
        .from_name = from->mail_from_name.at ? from->mail_from_name : from->hub_name };
    *v = (struct service){ .clock = clock_system(), .public_url = from->public_url, .hub_name = from->hub_name,
                           .uploads = { .file_bytes = from->upload_max_bytes,
                                        .tenant_bytes = from->upload_tenant_bytes,
                                        .keep_hours = from->upload_keep_hours },
                           .terms_version = from->terms_version, .reach = reach, .blob_dir = from->blob_dir,
                           .clamd = from->clamd,
                           .picture_turns = arena_alloc(s->arena, sizeof *v->picture_turns),
                           .archive_turns = arena_alloc(s->arena, sizeof *v->archive_turns),
                           .oidc_kept = oidc_kept_new(s->arena),
                           .provider_talks = arena_alloc(s->arena, sizeof *v->provider_talks),
                           .tls_cert_file = from->tls_cert_file, .backup_stamp = from->backup_stamp };
    const struct ingest_limits limits = { .key_batches = from->ingest_key_batches,
                                          .tenant_batches = from->ingest_tenant_batches,
                                          .batches = from->uploads_max,
                                          .key_events_per_second = from->ingest_events_per_second };
    v->ingest = ingest_gate_new(s->arena, &limits);
    v->ingest_day = arena_alloc(s->arena, sizeof *v->ingest_day);
    if (!v->inventory)
        v->inventory = inventory_memory_new(s->arena);
    if (!reach)
        return fail(s, &problem_invalid, "configuration: fetch_reach is no list of networks");
    return secret_key_read(s, str_c(s->arena, from->key_file), &v->key)
        && blob_store_open(s, str_c(s->arena, from->blob_dir), &v->blobs)
        && mail_service_start(s, &mail, &v->mail)
        && migrate_newest(s, str_c(s->arena, from->migration_dir), &v->migration_newest);
}

bool
program_start(struct program *p, const char *file)
{
    struct clock clock = clock_system();
    *p = (struct program){ 0 };
    p->s = scope_new(arena_new(PROGRAM_BLOCK), clock_now(&clock));
    if (!crypto_start() || !net_start())
        return fail(&p->s, &problem_internal, "the libraries for secrets and networks do not start");
    if (!settings_read(&p->s, file, &p->settings))
        return false;
    log_start((enum log_level)(p->settings.log_level - 1));
    return true;
}

bool
program_open(struct program *p, const char *file)
{
    if (!program_start(p, file))
        return false;
    p->s.service = &p->service;
    return open_service(p);
}

struct db_settings
program_database(const struct program *p, const char *role)
{
    struct str url = role ? p->settings.database_url : p->settings.database_owner_url;
    return (struct db_settings){ .url = str_c(p->s.arena, url), .role = role,
                                 .statement_timeout_ms = (int)p->settings.statement_timeout_ms };
}

int
program_end(struct program *p, int status)
{
    blob_store_close(p->service.blobs);
    p->service.blobs = NULL;
    arena_free(p->s.arena);
    p->s.arena = NULL;
    return status;
}

int
program_complain(struct program *p)
{
    const struct failure *f = &p->s.failure;
    fprintf(stderr, "yagura: " STR_FMT "\n",
            STR_ARG(f->detail.at ? f->detail : str_of(f->problem ? f->problem->title.en : "failed")));
    return program_end(p, 1);
}
