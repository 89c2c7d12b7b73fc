/* executable: a file that ran, by its hash; script: a script or a script host's command line.
 *
 * An executable is known by the longest hash that was told. `computers` says on how many computers of the customer it
 * was seen; how many there are everywhere is asked of a function of the database that gives numbers and never names.
 */
#ifndef YAGURA_MODEL_EXECUTABLE_H
#define YAGURA_MODEL_EXECUTABLE_H

#include "model/computer.h"

enum reputation { REPUTATION_NONE, REPUTATION_CLEAN, REPUTATION_UNWANTED, REPUTATION_MALICIOUS };
extern const struct domain reputation_domain;
enum script_kind { SCRIPT_KIND_NONE, SCRIPT_POWERSHELL, SCRIPT_VBSCRIPT, SCRIPT_JSCRIPT, SCRIPT_BATCH, SCRIPT_SHELL,
                   SCRIPT_PYTHON, SCRIPT_OTHER };
extern const struct domain script_kind_domain;

struct executable {
    struct uuid id, tenant_id;
    struct str tenant_name, hash, sha256, sha1, md5, name, path, original_name, company, product, description, signer;
    bool is_signed;
    enum computer_os os;
    struct strs markers;
    enum reputation verdict;
    struct str verdict_source;
    struct instant verdict_at;
    int64_t computers;
    struct instant first_seen_at, last_seen_at;
    int64_t version;
    struct strs can;
};
extern const struct shape executable_shape;

struct executable_list_args {
    struct uuid computer_id; /* only those seen there */
};
extern const struct shape executable_list_shape;
extern const struct listing executable_listing;
extern const struct query executable_by_id, executable_lock, executable_by_hash, executable_save;

struct executable_hash_args {
    struct uuid tenant_id;
    struct str hash;
};

/* How widespread a file is: on this many computers, of so many customers; never whose. */
struct popularity {
    struct uuid id;
    int64_t computers_here, computers_everywhere, customers_everywhere, computers_total;
    struct instant first_seen_everywhere_at;
};
extern const struct shape popularity_shape;
extern const struct query executable_popularity;

struct executable_place {
    struct uuid id, tenant_id, executable_id, computer_id; /* id is the computer's */
    struct str computer_name, path;
    struct instant first_seen_at, last_seen_at;
};
extern const struct shape executable_place_shape;
extern const struct listing executable_place_listing;

struct script {
    struct uuid id, tenant_id;
    struct str tenant_name;
    enum script_kind kind;
    struct str host, command_line, body;
    int64_t runs, computers;
    struct instant first_seen_at, last_seen_at;
};
extern const struct shape script_shape;
extern const struct listing script_listing;
extern const struct query script_by_id;

/* ---- what a batch tells, written in sets ---- */

struct executable_seen {
    struct uuid id;
    struct str hash, sha256, sha1, md5, name, path, original_name, company, product, description, signer, os;
    struct instant at;
};
struct thing_known { /* of what was told, in no order */
    struct uuid id;
    struct str key; /* hash of a file, key of a script */
};
struct place_seen {
    struct uuid executable_id, computer_id;
    struct str path;
    struct instant at;
};
struct script_seen {
    struct uuid id;
    struct str key, kind, host, command_line, body; /* key: hexadecimal */
    int64_t runs;
    struct instant at;
};
struct script_place_seen {
    struct uuid script_id, computer_id;
    int64_t runs;
    struct instant at;
};
struct files_seen_args {
    struct uuid tenant_id;
    struct rows files, places;
};
extern const struct query executables_seen, scripts_seen; /* files_seen_args -> thing_known */
extern const struct query executable_places_seen, script_places_seen;

#endif
