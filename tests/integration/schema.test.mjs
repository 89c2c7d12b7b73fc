// What the database itself must keep, whoever adds a table: read from its catalogue after all migrations.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHouse } from './harness.mjs';

const house = await startHouse({ start: false });

// Tables over all tenants that nevertheless name one. No program role may touch them: functions of the owner do.
const acrossTenants = {
    login: 'the directory of addresses: one belongs to one person, whatever the tenant',
};
// Foreign keys that leave the tenant on purpose, and why that shows nobody anything.
const leaveTheTenant = {
    handover_item_handover_id_fkey: 'a line of a shift\'s pack stands with the customer it is about',
    calendar_use_calendar_id_fkey: 'the provider\'s calendars are there for every customer',
    promise_calendar_tenant_id_calendar_id_fkey: 'a customer without a calendar of its own goes by the provider\'s',
};
const roles = ['yagura_api', 'yagura_jobs', 'yagura_ingest'];

const tenantTables = `
    SELECT c.oid, c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, a.attnum AS tenant
      FROM pg_class c
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
     WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace`;

const none = async (sql, words, values) => assert.deepEqual(await house.sql(sql, values), [], words);

test('there are tables of tenants', async () => {
    assert.ok((await house.sql(tenantTables)).length >= 10);
});

test('row-level security is enabled and forced on every table of tenants', async () => {
    await none(`SELECT name FROM (${tenantTables}) t WHERE NOT (enabled AND forced)`, 'without row-level security');
});

test('every table of tenants has at least one policy', async () => {
    await none(`SELECT name FROM (${tenantTables}) t
                 WHERE NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = t.oid)`, 'without a policy');
});

// Called bare, it would read the setting anew for every row; as a sub-select it is asked once for a statement.
test('a policy asks once whom the transaction sees', async () => {
    await none(`SELECT tablename, policyname FROM pg_policies
                 WHERE regexp_replace(coalesce(qual, '') || coalesce(with_check, ''),
                                      '\\( SELECT yagura_\\w+\\(\\)', '', 'g') ~ 'yagura_\\w+\\(\\)'`,
    'write (SELECT yagura_tenants())::uuid[], (SELECT yagura_home())');
});

test('the primary key of every table of tenants begins with tenant_id', async () => {
    await none(`SELECT name FROM (${tenantTables}) t
                 WHERE name <> ALL ($1)
                   AND NOT EXISTS (SELECT 1 FROM pg_constraint k
                                    WHERE k.conrelid = t.oid AND k.contype = 'p' AND k.conkey[1] = t.tenant)`,
        'a key that does not begin with tenant_id', [Object.keys(acrossTenants)]);
});

test('every foreign key between tables of tenants carries tenant_id', async () => {
    await none(`SELECT k.conname, t.name FROM (${tenantTables}) t
                  JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
                  JOIN (${tenantTables}) target ON target.oid = k.confrelid
                 WHERE k.conname <> ALL ($1)
                   AND NOT EXISTS (SELECT 1 FROM unnest(k.conkey, k.confkey) AS pair (mine, theirs)
                                    WHERE pair.mine = t.tenant AND pair.theirs = target.tenant)`,
        'a foreign key that could cross tenants', [Object.keys(leaveTheTenant)]);
});

test('the roles of the program cannot bypass, log in, make roles, or own anything', async () => {
    const found = await house.sql('SELECT rolname FROM pg_roles WHERE rolname = ANY ($1) ORDER BY 1', [roles]);
    assert.deepEqual(found.map((row) => row.rolname), [...roles].sort());
    await none(`SELECT rolname FROM pg_roles
                 WHERE rolname = ANY ($1)
                   AND (rolsuper OR rolbypassrls OR rolcanlogin OR rolcreaterole OR rolcreatedb OR rolreplication)`,
    'a role that may too much', [roles]);
    await none(`SELECT c.relname, r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
                 WHERE r.rolname = ANY ($1)`, 'owned by a role of the program', [roles]);
    await none(`SELECT r.rolname, g.rolname AS member_of FROM pg_auth_members m
                  JOIN pg_roles r ON r.oid = m.member JOIN pg_roles g ON g.oid = m.roleid
                 WHERE r.rolname = ANY ($1)`, 'a role that inherits from another', [roles]);
    await none(`SELECT r.rolname FROM unnest($1::text[]) AS r (rolname)
                 WHERE has_schema_privilege(r.rolname, 'public', 'CREATE')`, 'a role that may make tables', [roles]);
});

test('nobody but its owner reaches a table over all tenants', async () => {
    for (const table of Object.keys(acrossTenants)) {
        await none(`SELECT r.rolname FROM unnest($1::text[]) AS r (rolname)
                     WHERE has_table_privilege(r.rolname, $2, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
                        OR has_any_column_privilege(r.rolname, $2, 'SELECT, INSERT, UPDATE')`,
        `${table} is open`, [roles, table]);
    }
});

test('the audit log can be read, and neither written, changed nor emptied, by the roles of the program', async () => {
    for (const table of ['audit_entry', 'audit_head']) {
        await none(`SELECT r.rolname FROM unnest($1::text[]) AS r (rolname)
                     WHERE has_table_privilege(r.rolname, $2, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
                        OR has_any_column_privilege(r.rolname, $2, 'INSERT, UPDATE')`,
        `${table} is open`, [roles, table]);
    }
});

test('a function that runs as its owner pins its search path and is not open to everybody', async () => {
    await none(`SELECT p.proname FROM pg_proc p
                 WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
                   AND NOT EXISTS (SELECT 1 FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search_path=%')`,
    'without a search path of its own');
    await none(`SELECT p.proname FROM pg_proc p
                 WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
                   AND EXISTS (SELECT 1 FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
                                WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')`, 'open to everybody');
});

test('every foreign key of tenants has an index to walk it by', async () => {
    await none(`SELECT t.name, k.conname FROM (${tenantTables}) t
                  JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
                  JOIN (${tenantTables}) target ON target.oid = k.confrelid
                 WHERE NOT EXISTS (SELECT 1 FROM pg_index i
                                    WHERE i.indrelid = t.oid
                                      AND (SELECT array_agg(column_number ORDER BY column_number)
                                             FROM unnest((i.indkey::int2[])[0:array_length(k.conkey, 1) - 1])
                                               AS column_number)
                                        = (SELECT array_agg(column_number ORDER BY column_number)
                                             FROM unnest(k.conkey) AS column_number))`,
        'deleting or changing the other side would read the whole table');
});
