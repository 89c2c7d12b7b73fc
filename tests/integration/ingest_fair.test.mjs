// One sender's flood is nobody else's delay.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { answered, refused, until } from './harness.mjs';
import { codings, events, lines, send, startIngestHouse } from './ingest_house.mjs';

const house = await startIngestHouse({ env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_LOG_LEVEL: 'warn' } });

test('a key beyond its share is told when to come again, and comes again', async () => {
    const slow = await house.key(house.aoba, { events_per_second: 100 });
    answered(await send(house, slow, events(400))); // two seconds' worth, and two more
    const refusal = await send(house, slow, events(1));
    refused(refusal, 429, 'too-many-events');
    const wait = Number(refusal.headers.get('retry-after'));
    assert.ok(wait >= 1 && wait <= 4, `${wait}`);
    const other = await house.key(house.aoba, { events_per_second: 100 });
    answered(await send(house, other, events(1)));
});

// The flood is a process of its own: this one only looks at how a small batch gets on beside it.
async function startFlood(key) {
    const file = path.join(house.folder, 'flood.gz');
    fs.writeFileSync(file, codings.gzip(lines(events(20_000))));
    const program = fileURLToPath(new URL('flood.mjs', import.meta.url));
    const child = spawn('node', [program, house.url, key.secret, file, '12'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => { said += chunk; });
    return async () => {
        child.kill('SIGTERM');
        await once(child, 'close');
        return JSON.parse(said);
    };
}

async function times(key, count) {
    const list = [];
    for (let i = 0; i < count; i++) {
        const began = performance.now();
        assert.equal(answered(await send(house, key, events(5))).accepted, 5);
        list.push(Math.round(performance.now() - began));
    }
    return list.sort((a, b) => a - b);
}

test('a flood of one key is bounded, and every batch of another customer gets through meanwhile', async () => {
    const loud = await house.key(house.aoba, { events_per_second: 1_000_000 });
    const quiet = await house.key(house.kuro);
    const alone = await times(quiet, 20);
    const end = await startFlood(loud);
    const stored = async () => Number((await house.sql(
        'SELECT coalesce(sum(events), 0) AS sum FROM ingest_batch WHERE key_id = $1', [loud.id]))[0].sum);
    await until(async () => await stored() > 0, 'the flood flows', 60_000);
    const beside = await times(quiet, 30);
    const before = await stored();
    await until(async () => await stored() > before, 'the flood still flows', 60_000);
    const flood = await end();
    assert.ok(flood.refused > 0, 'the flood met no bound');
    assert.equal(flood.cut, 0, 'somebody was cut off');
    console.log(`# a small batch, median and longest: alone ${alone[10]} and ${alone.at(-1)} ms, beside the flood `
        + `${beside[15]} and ${beside.at(-1)} ms; ${flood.taken} batches of 20,000 taken, ${flood.refused} refused`);
});

test('a customer has so many batches under way at once, whatever keys it shows', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () =>
        house.key(house.aoba, { events_per_second: 1_000_000 })));
    const text = lines(events(4000));
    const answers = await Promise.all(keys.flatMap((key) => Array.from({ length: 4 }, (_, i) =>
        send(house, key, text, { name: `at-once-${i}` }))));
    const statuses = answers.map(({ status }) => status);
    assert.ok(statuses.includes(200));
    assert.ok(statuses.every((status) => status === 200 || status === 429), statuses.join());
});

// They once did: the key's own row, and the computers they speak of.
test('batches of one key at once never wait for each other in a circle', async () => {
    const key = await house.key(house.aoba, { events_per_second: 1_000_000 });
    for (let round = 0; round < 10; round++) {
        await house.sql("UPDATE ingest_key SET last_used_at = now() - interval '1 hour' WHERE id = $1", [key.id]);
        const answers = await Promise.all(Array.from({ length: 4 }, (_, i) => send(house, key,
            events(40).map((one, at) => ({ ...one, Computer: `PC-${(at * 7 + i * 13) % 40}` })))));
        assert.deepEqual(answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 429), []);
    }
});
