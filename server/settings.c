#include "server/settings.h"

#include <unistd.h>

extern char **environ;

const struct domain log_level_domain = DOMAIN(log_level, "debug", "info", "warn", "error");

/* clang-format off */
const struct shape settings_shape = SHAPE(settings,
    FIELD(settings, listen, "Address and port to listen at; [::]:8080 for all", .required = true, .max = 200),
    FIELD(settings, public_url, "The address people type, without a slash at the end; https makes cookies Secure",
          .format = FORMAT_URL, .required = true, .max = 200),
    FIELD(settings, hub_name, "What customers call this place, in mails and titles", .required = true, .max = 100),
    FIELD(settings, terms_version, "Which terms of use an invited person accepts", .max = 40, .required = true),
    FIELD(settings, database_url, "PostgreSQL 15 or newer: postgresql://user@host/name", .secret = true,
          .required = true, .max = 1000),
    FIELD(settings, database_owner_url, "The same database as its owner, for migrations; absent: database_url",
          .secret = true, .max = 1000),
    FIELD(settings, statement_timeout_ms, "No statement of a request runs longer", .min = 100, .max = 600000),
    FIELD(settings, key_file, "64 hex digits that seal secrets at rest; keep a copy elsewhere", .required = true,
          .max = 1000),
    FIELD(settings, blob_dir, "Where files are kept by their hash", .required = true, .max = 1000),
    FIELD(settings, template_dir, "The folder of mails, with ja and en inside", .required = true, .max = 1000),
    FIELD(settings, rule_dir, "The folder of rules that an empty house begins with; none when empty", .max = 1000),
    FIELD(settings, migration_dir, "The folder of numbered SQL", .required = true, .max = 1000),
    FIELD(settings, portal_dir, "The built portal; when it is not there, only the API is served", .max = 1000),
    FIELD(settings, clamd, "The virus scanner: /run/clamav/clamd.ctl or host:3310; absent: files are not scanned",
          .max = 300),
    FIELD(settings, smtp_url, "smtp://user:password@host:587, with STARTTLS; absent: mails stay in the outbox",
          .secret = true, .max = 1000),
    FIELD(settings, smtp_ca_file, "Certificates to verify the mail server with; absent: the system's", .max = 1000),
    FIELD(settings, mail_from, "The sender's address of all mails", .format = FORMAT_EMAIL, .required = true),
    FIELD(settings, mail_from_name, "The sender's name; absent: hub_name", .max = 100),
    FIELD(settings, mail_answers_to, "Where answers to mails about cases go: the address whose mails your mail server"
          " gives to `yagura mail-in`; absent: answers are not read", .format = FORMAT_EMAIL, .max = 254),
    FIELD(settings, fetch_reach, "Private networks that outgoing calls may enter: 10.1.0.0/16, fd00::/8", .max = 1000),
    FIELD(settings, tls_cert_file, "PEM certificate chain; with tls_key_file the service speaks HTTPS itself",
          .max = 1000),
    FIELD(settings, tls_key_file, "PEM private key", .max = 1000),
    FIELD(settings, trusted_proxies, "Whose X-Forwarded-For is believed: 127.0.0.1, 10.0.0.0/8", .max = 1000),
    FIELD(settings, metrics_token, "Bearer token for /metrics; absent: loopback only", .secret = true, .max = 200),
    FIELD(settings, backup_stamp, "A file the backup touches when it is done; its age stands on the status page",
          .max = 1000),
    FIELD(settings, workers, "Threads that run calls, each with a database connection", .min = 1, .max = 256),
    FIELD(settings, loops, "Threads that read and write sockets", .min = 1, .max = 16),
    FIELD(settings, writers, "Threads that take in files and telemetry, each with a database connection",
          .min = 1, .max = 64),
    FIELD(settings, uploads_max, "Files and batches of telemetry that may arrive at once, 512 KiB of memory and more"
          " each; beyond that 503", .min = 1,
          .max = 10000),
    FIELD(settings, job_threads, "Threads that run jobs, each with a database connection", .min = 1, .max = 64),
    FIELD(settings, queue_max, "Calls that may wait for a worker before 503 is answered", .min = 1, .max = 100000),
    FIELD(settings, upload_max_bytes, "The largest file that may be sent", .min = 1, .max = INT64_C(1) << 44),
    FIELD(settings, upload_tenant_bytes, "What one customer's files may take up in a day, with those under way",
          .min = 1, .max = INT64_C(1) << 50),
    FIELD(settings, upload_keep_hours, "How long an upload that broke off may be gone on with", .min = 1, .max = 720),
    FIELD(settings, ingest_events_per_second, "Events a second that an ingest key without a share of its own may send",
          .min = 1, .max = 10000000),
    FIELD(settings, ingest_key_batches, "Batches of one ingest key that may arrive at once", .min = 1, .max = 1000),
    FIELD(settings, ingest_tenant_batches, "Batches of one customer that may arrive at once; all together share"
          " uploads_max", .min = 1, .max = 10000),
    FIELD(settings, syslog_listen, "Where syslog by TCP is taken, host:port; absent: nowhere", .max = 200),
    FIELD(settings, syslog_tls_listen, "The same by TLS; needs syslog_tls_cert_file and syslog_tls_key_file",
          .max = 200),
    FIELD(settings, syslog_tls_cert_file, "PEM certificate chain of that", .max = 1000),
    FIELD(settings, syslog_tls_key_file, "PEM private key of that", .max = 1000),
    FIELD(settings, syslog_tls_client_ca_file, "Whose client certificates are let in; absent: none is asked for",
          .max = 1000),
    FIELD(settings, syslog_connections, "Connections of syslog that may be open at each door, 5 MiB of memory each",
          .min = 1, .max = 5000),
    FIELD(settings, connections_max, "Connections that may be open", .min = 16, .max = 200000),
    FIELD(settings, connections_per_address, "Connections from one address but loopback; 0: no limit", .max = 200000),
    FIELD(settings, streams_per_person, "Live event streams one person may hold open", .min = 1, .max = 1000),
    FIELD(settings, rate_per_address, "Calls a minute from one address; 0: no limit", .max = 10000000),
    FIELD(settings, rate_per_person, "Calls a minute by one person or key; 0: no limit", .max = 10000000),
    FIELD(settings, idle_s, "How long a connection may say nothing", .min = 5, .max = 3600),
    FIELD(settings, request_s, "How long the head of a request may take to arrive", .min = 1, .max = 600),
    FIELD(settings, log_level, "Least level that is logged", .of = &log_level_domain, .required = true));
/* clang-format on */

struct settings
settings_default(void)
{
    return (struct settings){
        .listen = STR("127.0.0.1:8080"),
        .public_url = STR("http://127.0.0.1:8080"),
        .hub_name = STR("Yagura"),
        .terms_version = STR("2026-11"),
        .statement_timeout_ms = 15000,
        .key_file = STR("/etc/yagura/secret.key"),
        .blob_dir = STR("/var/lib/yagura/blobs"),
        .template_dir = STR("templates"),
        .migration_dir = STR("migrations"),
        .rule_dir = STR("rules"),
        .portal_dir = STR("portal/dist"),
        .mail_from = STR("yagura@localhost.localdomain"),
        .workers = 8,
        .loops = 2,
        .writers = 4,
        .uploads_max = 64,
        .job_threads = 4,
        .queue_max = 256,
        .upload_max_bytes = INT64_C(16) << 30,
        .upload_tenant_bytes = INT64_C(200) << 30,
        .upload_keep_hours = 72,
        .syslog_connections = 128,
        .ingest_events_per_second = 20000,
        .ingest_key_batches = 4,
        .ingest_tenant_batches = 8,
        .connections_max = 12000,
        .connections_per_address = 1000,
        .streams_per_person = 10,
        .rate_per_address = 12000,
        .rate_per_person = 3000,
        .idle_s = 180,
        .request_s = 20,
        .log_level = 2,
    };
}

bool
settings_read(struct scope *s, const char *file, struct settings *out)
{
    static const char usual[] = "/etc/yagura/yagura.conf";
    const char *named = file ? file : getenv("YAGURA_CONFIG");
    if (!named && access(usual, R_OK) == 0)
        named = usual;
    *out = settings_default();
    if (!config_read(s, &settings_shape, named, environ, out))
        return false;
    if (!out->database_owner_url.at)
        out->database_owner_url = out->database_url;
    if (!!out->tls_cert_file.at != !!out->tls_key_file.at)
        return fail(s, &problem_invalid, "configuration: tls_cert_file and tls_key_file belong together");
    if (out->syslog_tls_listen.at && !(out->syslog_tls_cert_file.at && out->syslog_tls_key_file.at))
        return fail(s, &problem_invalid, "configuration: syslog_tls_listen needs syslog_tls_cert_file and _key_file");
    return true;
}
