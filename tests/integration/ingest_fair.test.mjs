// One sender's flood is nobody else's delay.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
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

test('a flood of one key is bounded, and every batch of another customer gets through meanwhile', async () => {
    const loud = await house.key(house.aoba, { events_per_second: 1_000_000 });
    const quiet = await house.key(house.kuro);
    const body = codings.gzip(lines(events(20_000)));
    const flood = { over: false, taken: 0, refused: 0 };
    const sender = async (number) => {
        for (let serial = 0; !flood.over; serial++) {
            const answer = await send(house, loud, body,
                { name: `${number}-${serial}`, headers: { 'content-encoding': 'gzip' } });
            assert.ok([200, 429].includes(answer.status), answer.text);
            if (answer.status === 200) {
                flood.taken += answer.body.accepted;
            } else {
                flood.refused += 1;
                assert.ok(Number(answer.headers.get('retry-after')) >= 1);
            }
        }
    };
    const senders = Array.from({ length: 12 }, (_, number) => sender(number));
    const times = [];
    for (let i = 0; i < 30; i++) {
        const began = Date.now();
        assert.equal(answered(await send(house, quiet, events(5))).accepted, 5);
        times.push(Date.now() - began);
    }
    flood.over = true;
    await Promise.all(senders);
    assert.ok(flood.refused > 0, 'the flood met no bound');
    assert.ok(flood.taken > 0, 'the flood got nothing through');
    times.sort((a, b) => a - b);
    console.log(`# a small batch beside the flood: median ${times[15]} ms, longest ${times.at(-1)} ms; `
        + `${flood.taken} events of the flood taken, ${flood.refused} batches refused`);
});

test('a customer has so many batches under way at once, whatever keys it shows', async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => house.key(house.aoba, { events_per_second: 1_000_000 })));
    const text = lines(events(4000));
    const answers = await Promise.all(keys.flatMap((key) => Array.from({ length: 4 }, (_, i) =>
        send(house, key, text, { name: `at-once-${i}` }))));
    const statuses = answers.map(({ status }) => status);
    assert.ok(statuses.includes(200));
    assert.ok(statuses.every((status) => status === 200 || status === 429), statuses.join());
});
