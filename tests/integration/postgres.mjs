// Databases for tests: one throw-away cluster per run, one migrated template, one clone per test file.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
export const top = path.resolve(import.meta.dirname, '../..');
export const binary = process.env.YAGURA_BIN ?? path.join(top, 'build/release/bin/yagura');

// script/test provides the cluster. A test file that runs alone gets one of its own: it lives as long as the pipe to
// its standard input, so it ends with this process however that ends.
let socket = process.env.YAGURA_TEST_PG;

async function cluster() {
    if (socket === undefined) {
        const child = spawn(path.join(top, 'script/with-postgres'), ['sh', '-c', 'echo "$YAGURA_TEST_PG"; exec cat'],
            { stdio: ['pipe', 'pipe', 'inherit'] });
        const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
        socket = line.trim();
        child.unref();
        child.stdin.unref();
        child.stdout.unref();
    }
    return socket;
}

export async function connect(database) {
    const client = new pg.Client({ host: await cluster(), user: 'postgres', database });
    client.on('error', () => {}); // a test may take the database away
    await client.connect();
    return client;
}

export const databaseUrl = (database) => `postgresql:///${database}?host=${socket}&user=yagura`;

async function inMaintenance(work) {
    const client = await connect('postgres');
    try {
        return await work(client);
    } finally {
        await client.end();
    }
}

// The template is made by whoever comes first; the others wait at the lock.
async function template(name, make) {
    await inMaintenance(async (client) => {
        await client.query('SELECT pg_advisory_lock(4711)');
        const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
        if (rows.length === 0) {
            await make(client);
        }
    });
    return name;
}

const yagura = (database, ...args) => run(binary, args, {
    cwd: top,
    env: { ...serviceEnvironment(), YAGURA_DATABASE_URL: databaseUrl(database) },
    maxBuffer: 64 << 20,
});

export function serviceEnvironment() {
    const { PATH, HOME, LANG, ASAN_OPTIONS, UBSAN_OPTIONS } = process.env;
    return {
        PATH, HOME, LANG, ASAN_OPTIONS, UBSAN_OPTIONS,
        YAGURA_CONNECTIONS_MAX: '500', // a machine of small limits will do
        YAGURA_RULE_DIR: '', // tests write the rules that they need
        YAGURA_MIGRATION_DIR: path.join(top, 'migrations'),
        YAGURA_TEMPLATE_DIR: path.join(top, 'templates'),
        YAGURA_PORTAL_DIR: path.join(top, 'portal/dist'),
    };
}

// Another tree's migrations make another template.
const templateName = process.env.YAGURA_TEST_TEMPLATE ?? 'yagura_template';
const migrated = () => template(templateName, async (client) => {
    await client.query('CREATE DATABASE yagura_growing OWNER yagura');
    await yagura('yagura_growing', 'migrate');
    await client.query(`ALTER DATABASE yagura_growing RENAME TO ${templateName}`);
});

let made = 0;

// freshDatabase(): the name of a new database at the newest migration
export async function freshDatabase() {
    const source = await migrated();
    const name = `t_${process.pid}_${++made}`;
    await inMaintenance((client) => client.query(`CREATE DATABASE ${name} OWNER yagura TEMPLATE ${source}`));
    return name;
}

// emptyDatabase(): one without any table, for tests of the migrations themselves
export async function emptyDatabase() {
    const name = `t_${process.pid}_${++made}`;
    await inMaintenance((client) => client.query(`CREATE DATABASE ${name} OWNER yagura`));
    return name;
}

export async function dropDatabase(name) {
    await inMaintenance((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
}

// The database as if it were gone: nobody gets in, who is in is thrown out. Undone with `gone = false`.
export async function setGone(name, gone) {
    await inMaintenance(async (client) => {
        await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${gone ? 'false' : 'true'}`);
        if (gone) {
            await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
        }
    });
}
