/* What a batch tells of files and scripts, written in sets: each statement locks its rows in the order of keys. */
#include "model/executable.h"

static const struct shape file_shape = SHAPE(executable_seen,
    FIELD(executable_seen, id, "If it is new"), FIELD(executable_seen, hash, "The longest"),
    FIELD(executable_seen, sha256, ""), FIELD(executable_seen, sha1, ""), FIELD(executable_seen, md5, ""),
    FIELD(executable_seen, name, "Name"), FIELD(executable_seen, path, "Where"),
    FIELD(executable_seen, original_name, ""), FIELD(executable_seen, company, ""),
    FIELD(executable_seen, product, ""), FIELD(executable_seen, description, ""),
    FIELD(executable_seen, signer, ""), FIELD(executable_seen, os, ""), FIELD(executable_seen, at, "When"));
static const struct shape place_shape = SHAPE(place_seen,
    FIELD(place_seen, executable_id, "Which"), FIELD(place_seen, computer_id, "Where"), FIELD(place_seen, path, "Path"),
    FIELD(place_seen, at, "When"));
static const struct shape script_shape_seen = SHAPE(script_seen,
    FIELD(script_seen, id, "If it is new"), FIELD(script_seen, key, "Hexadecimal"),
    FIELD(script_seen, kind, "Language"),
    FIELD(script_seen, host, "What ran it"), FIELD(script_seen, command_line, ""), FIELD(script_seen, body, ""),
    FIELD(script_seen, runs, "How often"), FIELD(script_seen, at, "When"));
static const struct shape script_place_shape = SHAPE(script_place_seen,
    FIELD(script_place_seen, script_id, "Which"), FIELD(script_place_seen, computer_id, "Where"),
    FIELD(script_place_seen, runs, "How often"), FIELD(script_place_seen, at, "When"));

static const struct shape known_shape = SHAPE(thing_known,
    FIELD(thing_known, id, "Identity"), FIELD(thing_known, key, "What it is known by"));

static const struct shape files_args = SHAPE(files_seen_args,
    FIELD(files_seen_args, tenant_id, "Whose"), FIELD(files_seen_args, files, "Which", .items = &file_shape));
static const struct shape places_args = SHAPE(files_seen_args,
    FIELD(files_seen_args, tenant_id, "Whose"), FIELD(files_seen_args, places, "Where", .items = &place_shape));
static const struct shape scripts_args = SHAPE(files_seen_args,
    FIELD(files_seen_args, tenant_id, "Whose"), FIELD(files_seen_args, files, "Which", .items = &script_shape_seen));
static const struct shape script_places_args = SHAPE(files_seen_args,
    FIELD(files_seen_args, tenant_id, "Whose"), FIELD(files_seen_args, places, "Where", .items = &script_place_shape));

const struct query executables_seen = {
    .name = "executables_seen",
    .sql = "INSERT INTO executable AS e (tenant_id, id, hash, sha256, sha1, md5, name, path, original_name, company,"
           "    product, description, signer, is_signed, os, first_seen_at, last_seen_at, updated_at)"
           " SELECT :tenant_id, x.id, x.hash, x.sha256, x.sha1, x.md5, x.name, x.path, x.original_name, x.company,"
           "        x.product, x.description, x.signer, x.signer IS NOT NULL, x.os, x.at, x.at, x.at"
           "   FROM jsonb_to_recordset(:files) AS x (id uuid, hash text, sha256 text, sha1 text, md5 text, name text,"
           "        path text, original_name text, company text, product text, description text, signer text, os text,"
           "        at timestamptz)"
           "  ORDER BY x.hash COLLATE \"C\""
           " ON CONFLICT (tenant_id, hash) DO UPDATE SET"
           "    sha1 = coalesce(e.sha1, excluded.sha1), md5 = coalesce(e.md5, excluded.md5),"
           "    original_name = coalesce(e.original_name, excluded.original_name),"
           "    company = coalesce(e.company, excluded.company), product = coalesce(e.product, excluded.product),"
           "    description = coalesce(e.description, excluded.description),"
           "    signer = coalesce(e.signer, excluded.signer), is_signed = e.is_signed OR excluded.is_signed,"
           "    first_seen_at = least(e.first_seen_at, excluded.first_seen_at),"
           "    last_seen_at = greatest(e.last_seen_at, excluded.last_seen_at)"
           " RETURNING e.id, e.hash AS key",
    .args = &files_args, .row = &known_shape,
};

/* The rows of executables that gain a computer are held already: they were told of in the statement before. Nothing is
 * joined here, and what counts is an INSERT that always meets its row. A join would be planned by statistics, which
 * know nothing of a house that began a minute ago, and walk all files of the customer for each that was told. */
const struct query executable_places_seen = {
    .name = "executable_places_seen",
    .sql = "WITH told AS ("
           " INSERT INTO executable_computer AS p (tenant_id, executable_id, computer_id, path, first_seen_at,"
           "    last_seen_at)"
           " SELECT :tenant_id, x.executable_id, x.computer_id, x.path, x.at, x.at"
           "   FROM jsonb_to_recordset(:places) AS x (executable_id uuid, computer_id uuid, path text, at timestamptz)"
           "  ORDER BY x.executable_id, x.computer_id"
           " ON CONFLICT (tenant_id, executable_id, computer_id)"
           "    DO UPDATE SET last_seen_at = greatest(p.last_seen_at, excluded.last_seen_at)"
           " RETURNING p.executable_id, p.xmax = 0 AS is_new)"
           "INSERT INTO executable AS e (tenant_id, id, hash, name, path, computers, first_seen_at, last_seen_at,"
           "    updated_at)"
           " SELECT :tenant_id, executable_id, '', '', '', count(*), 'epoch', 'epoch', 'epoch'"
           "   FROM told WHERE is_new GROUP BY executable_id"
           " ON CONFLICT (tenant_id, id) DO UPDATE SET computers = e.computers + excluded.computers",
    .args = &places_args,
};

const struct query scripts_seen = {
    .name = "scripts_seen",
    .sql = "INSERT INTO script AS s (tenant_id, id, key, kind, host, command_line, body, runs, first_seen_at,"
           "    last_seen_at)"
           " SELECT :tenant_id, x.id, decode(x.key, 'hex'), x.kind, x.host, x.command_line, x.body, x.runs, x.at, x.at"
           "   FROM jsonb_to_recordset(:files) AS x (id uuid, key text, kind text, host text, command_line text,"
           "        body text, runs bigint, at timestamptz)"
           "  ORDER BY decode(x.key, 'hex')"
           " ON CONFLICT (tenant_id, key) DO UPDATE SET runs = s.runs + excluded.runs,"
           "    last_seen_at = greatest(s.last_seen_at, excluded.last_seen_at)"
           " RETURNING s.id, encode(s.key, 'hex') AS key",
    .args = &scripts_args, .row = &known_shape,
};

const struct query script_places_seen = {
    .name = "script_places_seen",
    .sql = "WITH told AS ("
           " INSERT INTO script_computer AS p (tenant_id, script_id, computer_id, runs, first_seen_at, last_seen_at)"
           " SELECT :tenant_id, x.script_id, x.computer_id, x.runs, x.at, x.at"
           "   FROM jsonb_to_recordset(:places) AS x (script_id uuid, computer_id uuid, runs bigint, at timestamptz)"
           "  ORDER BY x.script_id, x.computer_id"
           " ON CONFLICT (tenant_id, script_id, computer_id) DO UPDATE SET runs = p.runs + excluded.runs,"
           "    last_seen_at = greatest(p.last_seen_at, excluded.last_seen_at)"
           " RETURNING p.script_id, p.xmax = 0 AS is_new)"
           "INSERT INTO script AS s (tenant_id, id, key, kind, host, command_line, computers, first_seen_at,"
           "    last_seen_at)"
           " SELECT :tenant_id, script_id, '', 'shell', '', '', count(*), 'epoch', 'epoch'"
           "   FROM told WHERE is_new GROUP BY script_id"
           " ON CONFLICT (tenant_id, id) DO UPDATE SET computers = s.computers + excluded.computers",
    .args = &script_places_args,
};
