// Nothing acknowledged is lost and nothing is stored twice, whenever the service dies.
//
// Senders repeat a batch under its name until it is acknowledged, as real ones do. The service is killed under them,
// again and again; behind that every event stands there once. YAGURA_KILLS=200 is the long run.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answered, until } from './harness.mjs';
import { events, send, startIngestHouse, storedEvents } from './ingest_house.mjs';

const KILLS = Number(process.env.YAGURA_KILLS ?? 12);
const SENDERS = 4;

const house = await startIngestHouse({ env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_LOG_LEVEL: 'warn' } });
const keys = [];
for (let i = 0; i < SENDERS; i++) keys.push(await house.key(house.aoba, { events_per_second: 1_000_000 }));

test(`killed ${KILLS} times under load: every acknowledged event is there, and none twice`, async () => {
    const acknowledged = [];
    const done = { over: false, repeated: 0, cut: 0 };
    const sender = async (key, number) => {
        for (let serial = 0; !done.over; serial++) {
            const batch = events(20 + (serial % 7) * 30);
            for (;;) {
                const answer = await send(house, key, batch, { name: `${number}-${serial}`,
                    coding: serial % 2 ? 'gzip' : undefined }).catch(() => undefined);
                if (answer?.status === 200) {
                    assert.equal(answer.body.accepted, batch.length);
                    done.repeated += answer.body.repeated;
                    acknowledged.push(...batch.map((one) => one.ProcessGuid));
                    break;
                }
                done.cut += 1;
                assert.ok(answer === undefined || answer.status >= 500 || answer.status === 429, answer?.text);
                await sleep(5); // it is being started again
            }
        }
    };
    const senders = keys.map(sender);
    for (let kill = 0; kill < KILLS; kill++) {
        const before = acknowledged.length;
        await until(() => acknowledged.length > before, 'a batch is acknowledged', 60_000);
        await sleep(Math.random() * 40); // anywhere within a batch
        await house.kill();
        await house.start();
    }
    done.over = true;
    await Promise.all(senders);
    const stored = (await storedEvents(house, house.aoba)).map((one) => one.ProcessGuid);
    const unique = new Set(stored);
    assert.equal(unique.size, stored.length, 'an event stands there twice');
    const lost = acknowledged.filter((guid) => !unique.has(guid));
    assert.deepEqual(lost, [], 'an acknowledged event is not there');
    assert.ok(done.cut > 0, 'no sender noticed a kill');
    console.log(`# ${acknowledged.length} events acknowledged, ${done.cut} sends cut, ${done.repeated} repeated`);
});

test('what cannot be written whole is not written at all', async () => {
    await house.sql("ALTER TABLE ingest_batch ADD CONSTRAINT no_more CHECK (name <> 'doomed') NOT VALID");
    const before = await house.sql('SELECT count(*) FROM segment');
    const batch = events(5);
    const failed = await send(house, keys[0], batch, { name: 'doomed' });
    assert.ok(failed.status >= 400, failed.text);
    assert.deepEqual(await house.sql('SELECT count(*) FROM segment'), before);
    await house.sql('ALTER TABLE ingest_batch DROP CONSTRAINT no_more');
    assert.equal(answered(await send(house, keys[0], batch, { name: 'doomed' })).repeated, false);
});

test('without the database a batch waits with its sender, and nothing is half there', async () => {
    const batch = events(10);
    await house.databaseGone(true);
    const refusal = await send(house, keys[0], batch, { name: 'dark' });
    assert.equal(refusal.status, 503, refusal.text);
    assert.ok(Number(refusal.headers.get('retry-after')) >= 1);
    await house.databaseGone(false);
    await house.reconnect();
    const answer = await until(async () => {
        const again = await send(house, keys[0], batch, { name: 'dark' });
        return again.status === 200 ? again : undefined;
    }, 'the database is back', 30_000);
    assert.equal(answered(answer).repeated, false);
    const [{ count }] = await house.sql("SELECT count(*)::int FROM ingest_batch WHERE name = 'dark'");
    assert.equal(count, 1);
});
