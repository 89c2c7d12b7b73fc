// A page costs the same number of statements however many rows it shows: nobody asks once per row. The statements are
// counted in PostgreSQL's own log.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { answered, until } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

const house = await startDemoHouse({ env: { YAGURA_RATE_PER_PERSON: '0', YAGURA_RATE_PER_ADDRESS: '0' } });
const [{ pid }] = await house.sql('SELECT pg_backend_pid() AS pid');
const log = fs.readlinkSync(`/proc/${pid}/fd/2`);
const quiet = `UPDATE job SET state = 'done', ended_at = now() WHERE state = 'ready'`;
await house.sql(`ALTER DATABASE ${house.database} SET log_statement = 'all'`);
await house.restart();
const lead = await house.as('lead');
const document = answered(await lead.get('/openapi.json'));

const size = () => fs.statSync(log).size;
// Of the connection that answered, what it executes (not how it keeps its prepared statements); workers that look for
// jobs write there, too.
async function statementsOf(path) {
    const from = size();
    answered(await lead.get(path));
    await until(() => size() > from, 'the log tells of it');
    const text = fs.readFileSync(log).subarray(from).toString('utf8');
    const counts = new Map();
    let answering;
    for (const [, process, sql] of text.matchAll(/ \[(\d+)\] LOG: {2}execute [^:]+: (.*)/g)) {
        counts.set(process, (counts.get(process) ?? 0) + 1);
        if (/principal_open/.test(sql)) answering = process;
    }
    return counts.get(answering);
}

const lists = Object.entries(document.paths)
    .filter(([, verbs]) => verbs.get?.parameters?.some((p) => p.in === 'query' && p.name === 'limit'))
    .map(([path]) => path.replace(/^\/api\/v1/, ''));

// /tickets/{id}/posts: of an object that has them, or there is nothing to count.
async function objectOf(path) {
    const [, base, rest] = /^(\/[^{]+)\/\{id\}(.*)$/.exec(path) ?? [];
    if (!base || rest.includes('{') || !lists.includes(base)) return undefined;
    const { items } = answered(await lead.get(`${base}?limit=50`));
    for (const { id } of items) {
        const inner = await lead.get(`${base}/${id}${rest}?limit=50`);
        if (inner.status === 200 && inner.body.items.length > 1) return `${base}/${id}${rest}`;
    }
    return undefined;
}

test('a list of many rows takes as many statements as a list of one', async (t) => {
    await house.sql(quiet);
    const counted = [];
    for (const path of lists) {
        const where = path.includes('{') ? await objectOf(path) : path;
        if (where === undefined) continue;
        const sign = where.includes('?') ? '&' : '?';
        const first = await lead.get(`${where}${sign}limit=50`);
        if (first.status !== 200 || first.body.items.length < 2) continue; // nothing to compare, or more is asked for
        const many = await statementsOf(`${where}${sign}limit=50`);
        const one = await statementsOf(`${where}${sign}limit=1`);
        assert.ok(one > 0, `${where}: the log told nothing`);
        assert.equal(many, one, `${where}: ${many} statements for many rows, ${one} for one`);
        counted.push(where);
    }
    t.diagnostic(`${counted.length} of ${lists.length} lists had two rows or more`);
    for (const name of ['/tickets', '/people', '/tenants', '/audit', '/mails', '/jobs'])
        assert.ok(counted.includes(name), `${name} was counted`);
    assert.ok(counted.some((name) => /^\/tickets\/.*\/posts$/.test(name)));
});

test('a case with many clocks takes as many statements as one with few', async () => {
    const { items } = answered(await lead.get('/tickets?limit=100'));
    const seen = [];
    for (const { id } of items) {
        const clocks = answered(await lead.get(`/tickets/${id}/clocks`)).items.length;
        if (clocks > 0) seen.push({ clocks, statements: await statementsOf(`/tickets/${id}/clocks`) });
    }
    seen.sort((a, b) => a.clocks - b.clocks);
    assert.ok(seen.at(-1).clocks > seen[0].clocks, 'cases differ');
    assert.equal(seen.at(-1).statements, seen[0].statements);
});
