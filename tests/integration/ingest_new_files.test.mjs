// The first minutes of a house, before the database has counted anything: thousands of files that nobody has seen,
// again and again.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { test } from 'node:test';
import { event, events, send, startIngestHouse } from './ingest_house.mjs';

const house = await startIngestHouse({ env: { YAGURA_RATE_PER_ADDRESS: '0' } });
const key = await house.key(house.aoba, { events_per_second: 1_000_000 });
const FILES = 3000;

const file = (i) => event({ host: `PC-${i % 300}.aoba.example`, User: `AOBA\\user${i}`,
    Image: `C:\\build\\${i}.exe`, command: `build ${i} ${crypto.randomUUID()}`,
    Hashes: `SHA256=${crypto.randomBytes(32).toString('hex')}` });

async function seconds(list) {
    const began = performance.now();
    const answer = await send(house, key, list);
    assert.equal(answer.status, 200, answer.text);
    return (performance.now() - began) / 1000;
}

test('batches of files that are all new cost little more than a batch without', async () => {
    const without = await seconds(Array.from({ length: FILES }, (_, i) => ({ ...file(i), Hashes: '' })));
    const times = [];
    for (let batch = 0; batch < 5; batch += 1)
        times.push(await seconds(Array.from({ length: FILES }, (_, i) => file(i))));
    assert.ok(Math.max(...times) < 6 * without + 1, `seconds: ${without}; ${times.join(', ')}`);
    const [{ files, places }] = await house.sql(`SELECT count(*)::int AS files, sum(computers)::int AS places
        FROM executable WHERE tenant_id = $1`, [house.aoba]);
    assert.deepEqual([files, places], [5 * FILES, 5 * FILES]);
});

test('each computer that runs a file is counted once', async () => {
    const hash = crypto.randomBytes(32).toString('hex');
    const run = (host) => event({ host, Image: 'C:\\tool.exe', command: 'tool',
        Hashes: `SHA256=${hash.toUpperCase()}` });
    for (const hosts of [['A', 'B'], ['B', 'C'], ['C', 'A']])
        assert.equal((await send(house, key, [...hosts.map(run), ...events(1)])).status, 200);
    assert.deepEqual(await house.sql('SELECT computers::int, (SELECT count(*)::int FROM executable_computer c'
        + ' WHERE c.executable_id = e.id) AS places FROM executable e WHERE hash = $1', [hash]),
    [{ computers: 3, places: 3 }]);
});
