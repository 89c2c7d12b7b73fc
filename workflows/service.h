/* service: what lives as long as the process and is constant once it serves (but for a counter). The program fills it
 * at start from its settings; every unit of work reads it through scope->service. Nothing in it belongs to one
 * customer. */
#ifndef YAGURA_WORKFLOWS_SERVICE_H
#define YAGURA_WORKFLOWS_SERVICE_H

#include "core/base/crypto.h"

struct blob_store;
struct detector;
struct fetch_reach;
struct ingest_gate;
struct inventory_memory;
struct mail_service;
struct oidc_kept;

struct upload_limits {
    int64_t file_bytes;   /* one file */
    int64_t tenant_bytes; /* of one customer: in a day, and under way */
    int64_t keep_hours;   /* how long an upload may be gone on with */
};

struct service {
    struct clock clock;
    struct str public_url;           /* https://hub.example.jp, no slash at the end; links in mails begin with it */
    struct str hub_name;             /* what customers call this place: subjects and headings */
    struct str terms_version;        /* of the terms of use that an invited person accepts */
    struct secret_key key;           /* seals secrets at rest */
    struct blob_store *blobs;
    struct detector *detector;       /* workflows/detector.h: the rules at work; NULL where no events arrive */
    struct ingest_gate *ingest;      /* workflows/ingest_gate.h: who may send right now; NULL as well */
    _Atomic int64_t *ingest_day;     /* the day (since 1970) whose partitions are known to be there */
    struct upload_limits uploads;
    const struct mail_service *mail; /* workflows/mail_service.h: templates and the way out */
    const struct fetch_reach *reach; /* private networks that outgoing calls may enter */
    struct str clamd;                /* the virus scanner's socket; absent: files are not scanned */
    _Atomic int *picture_turns;      /* counters: pictures that are being decoded right now, */
    _Atomic int *archive_turns;      /* and samples that are being packed */
    _Atomic int *provider_talks;     /* a counter: calls that wait for an identity provider right now */
    struct inventory_memory *inventory; /* what telemetry told lately; NULL: nothing is remembered */
    struct oidc_kept *oidc_kept;     /* workflows/oidc_kept.h: what identity providers publish */
    /* For the status page. */
    struct str blob_dir;             /* for the space behind it */
    struct str tls_cert_file;        /* absent: somebody in front speaks TLS, or nobody does */
    struct str backup_stamp;         /* a file that the backup touches; absent: there is none */
    int64_t migration_newest;        /* that this program knows */
};

#endif
