/* settings: what the operator decides. Read once at start from a file and the environment; the shape is the parser,
 * the bounds and the reference in docs/operate.md. */
#ifndef YAGURA_SERVER_SETTINGS_H
#define YAGURA_SERVER_SETTINGS_H

#include "core/base/config.h"

struct settings {
    struct str listen, public_url, hub_name, terms_version;
    struct str database_url, database_owner_url;
    int64_t statement_timeout_ms;
    struct str key_file, blob_dir, template_dir, migration_dir, rule_dir, portal_dir;
    struct str clamd;
    struct str smtp_url, smtp_ca_file, mail_from, mail_from_name, mail_answers_to, fetch_reach;
    struct str tls_cert_file, tls_key_file, trusted_proxies, metrics_token, backup_stamp;
    int64_t workers, loops, writers, job_threads, queue_max, uploads_max;
    int64_t upload_max_bytes, upload_tenant_bytes, upload_keep_hours;
    struct str syslog_listen, syslog_tls_listen, syslog_tls_cert_file, syslog_tls_key_file, syslog_tls_client_ca_file;
    int64_t syslog_connections;
    int64_t ingest_events_per_second, ingest_key_batches, ingest_tenant_batches;
    int64_t connections_max, connections_per_address, streams_per_person;
    int64_t rate_per_address, rate_per_person, idle_s, request_s;
    int log_level; /* of log_level_domain: a step above enum log_level */
};

extern const struct shape settings_shape;
extern const struct domain log_level_domain;

struct settings settings_default(void);

/* file: --config FILE, else YAGURA_CONFIG, else /etc/yagura/yagura.conf when it is there. */
must_check bool settings_read(struct scope *s, const char *file, struct settings *out);

#endif
