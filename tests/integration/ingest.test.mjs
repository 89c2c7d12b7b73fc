// Batches of events: how they arrive, and what is refused of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, refused } from './harness.mjs';
import { codings, event, events, lines, sameEvents, send, startIngestHouse, storedEvents } from './ingest_house.mjs';

const house = await startIngestHouse();
const key = await house.key(house.aoba);

test('a batch is stored as it was sent, whatever it was packed in', async () => {
    for (const coding of [undefined, ...Object.keys(codings)]) {
        const sent = events(50);
        const answer = answered(await send(house, key, sent, { coding }));
        assert.equal(answer.accepted, 50, coding);
        assert.equal(answer.refused_count, 0);
        assert.equal(answer.repeated, false);
        for (const index of [0, 17, 49]) {
            const stored = answered(await house.admin.get(`/events/${answer.batch_id}/${index}`));
            assert.equal(stored.event, JSON.stringify(sent[index]));
            assert.equal(stored.host, 'pc-01');
            assert.equal(stored.kind, 'process_creation');
        }
        refused(await house.admin.get(`/events/${answer.batch_id}/50`), 404);
    }
});

test('what events say of their own computer stands on it: addresses and system, not those of a collector', async () => {
    const winlogbeat = (name, host) => ({ '@timestamp': new Date().toISOString(),
        agent: { type: 'winlogbeat', version: '8.11.0' }, host,
        winlog: { channel: 'Security', computer_name: name, event_id: '4624' } });
    const os = { type: 'windows', name: 'Windows 11 Pro', version: '10.0', build: '22631.2428' };
    answered(await send(house, key, [
        winlogbeat('OWN-1.aoba.example', { name: 'own-1', os,
            ip: ['fe80::1', '127.0.0.1', '169.254.3.4', '192.0.2.31', '2001:DB8::31', '192.0.2.31', 'nonsense'] }),
        winlogbeat('OWN-2', { name: 'collector', os, ip: ['192.0.2.1'] }),
        { class_uid: 1007, activity_id: 1, time: Date.now(), device: { hostname: 'OWN-3', ip: '192.0.2.33',
            os: { name: 'Ubuntu', version: '22.04', type: 'Linux' } }, process: { name: 'sh' } },
    ]));
    const said = async (name) => {
        const [one] = answered(await house.admin.get(`/computers?name=${name}`)).items;
        return [one.os ?? null, one.os_version ?? null, one.addresses];
    };
    assert.deepEqual(await said('OWN-1'), ['windows', 'Windows 11 Pro 10.0 (22631.2428)',
        ['192.0.2.31', '2001:db8::31']]);
    assert.deepEqual(await said('OWN-2'), ['windows', null, []]);
    assert.deepEqual(await said('OWN-3'), ['linux', 'Ubuntu 22.04', ['192.0.2.33']]);
});

test('the same batch again is answered again and stored once; another one of its name is refused', async () => {
    const sent = events(3);
    const first = answered(await send(house, key, sent, { name: 'shift-1' }));
    const again = answered(await send(house, key, sent, { name: 'shift-1', coding: 'gzip' }));
    assert.deepEqual(again, { ...first, repeated: true });
    assert.equal(refused(await send(house, key, events(3), { name: 'shift-1' }), 409, 'batch-name-reused')
        .detail.includes('shift-1'), true);
    const other = await house.key(house.aoba);
    assert.equal(answered(await send(house, other, events(2), { name: 'shift-1' })).repeated, false,
        'names are a key\'s own');
    const [{ count }] = await house.sql('SELECT count(*)::int FROM ingest_batch WHERE key_id = $1 AND name = $2',
        [key.id, 'shift-1']);
    assert.equal(count, 1);
});

test('a batch without a name is known by its content', async () => {
    const sent = events(2);
    const first = answered(await send(house, key, sent));
    assert.equal(answered(await send(house, key, sent)).repeated, true);
    assert.equal(answered(await send(house, key, sent)).batch_id, first.batch_id);
});

test('two at once of one name are one', async () => {
    const sent = events(200);
    const answers = await Promise.all([1, 2, 3].map(() => send(house, key, sent, { name: 'twins' })));
    assert.deepEqual(answers.map((answer) => answered(answer).repeated).sort(), [false, true, true]);
});

test('what is no event is refused by its number, and the rest is stored', async () => {
    const good = events(3);
    const long = JSON.stringify(event({ command: 'x'.repeat(1100 * 1024) }));
    const text = [JSON.stringify(good[0]), '{"broken":', '', JSON.stringify(good[1]), long, 'no json',
        JSON.stringify(good[2])].join('\n');
    const answer = answered(await send(house, key, text));
    assert.equal(answer.accepted, 3);
    assert.equal(answer.refused_count, 3);
    assert.deepEqual(answer.refused.map(({ index }) => index), [1, 3, 4]);
    assert.match(answer.refused[1].reason, /larger than 1 MiB/);
    for (const index of [0, 1, 2]) {
        const stored = answered(await house.admin.get(`/events/${answer.batch_id}/${index}`));
        assert.equal(stored.event, JSON.stringify(good[index]));
    }
});

test('of many refusals the first are told and all are counted', async () => {
    const answer = answered(await send(house, key, 'x\n'.repeat(1000) + lines(events(1))));
    assert.equal(answer.refused_count, 1000);
    assert.equal(answer.refused.length, 100);
    assert.equal(answer.accepted, 1);
});

test('compression that lies or breaks is refused whole', async () => {
    const before = await house.sql('SELECT count(*) FROM segment');
    const bomb = codings.gzip(Buffer.alloc(200 * 1024 * 1024, ' '));
    refused(await send(house, key, bomb, { headers: { 'content-encoding': 'gzip' } }), 413, 'body-too-large');
    const bombs = codings.zstd(Buffer.alloc(60 * 1024 * 1024, '\n'));
    refused(await send(house, key, bombs, { headers: { 'content-encoding': 'zstd' } }), 413, 'body-too-large');
    for (const coding of ['gzip', 'zstd']) {
        const whole = codings[coding](lines(events(100)));
        const headers = { 'content-encoding': coding };
        refused(await send(house, key, whole.subarray(0, whole.length - 20), { headers }), 400, 'body-broken');
        refused(await send(house, key, Buffer.from('this is neither'), { headers }), 400, 'body-broken');
    }
    refused(await send(house, key, events(1), { headers: { 'content-encoding': 'br' } }), 415, 'unknown-coding');
    assert.deepEqual(await house.sql('SELECT count(*) FROM segment'), before);
});

test('a 64 MiB event costs its sender a refusal, and nobody anything', async () => {
    const text = `{"a":"${'y'.repeat(63 * 1024 * 1024)}"}\n` + lines(events(1));
    const answer = answered(await send(house, key, text));
    assert.equal(answer.accepted, 1);
    assert.equal(answer.refused[0].index, 0);
    refused(await send(house, key, `{"a":"${'y'.repeat(66 * 1024 * 1024)}"}`), 413, 'body-too-large');
});

test('keys that are unknown, revoked, expired or of a suspended customer take nothing', async () => {
    refused(await send(house, 'ygi_0000000000_nothing', events(1)), 401, 'ingest-key');
    refused(await send(house, '', events(1)), 401, 'ingest-key');
    const doomed = await house.key(house.aoba);
    answered(await send(house, doomed, events(1)));
    answered(await house.admin.post(`/ingest-keys/${doomed.id}/revoke`));
    refused(await send(house, doomed, events(1)), 401, 'ingest-key');
    const brief = await house.key(house.aoba, { expires_at: new Date(Date.now() + 3600_000).toISOString() });
    await house.sql("UPDATE ingest_key SET expires_at = now() - interval '1 second' WHERE id = $1", [brief.id]);
    refused(await send(house, brief, events(1)), 401, 'ingest-key');
    const theirs = await house.key(house.kuro);
    await house.sql("UPDATE tenant SET status = 'suspended' WHERE id = $1", [house.kuro]);
    refused(await send(house, theirs, events(1)), 401, 'ingest-key');
    await house.sql("UPDATE tenant SET status = 'active' WHERE id = $1", [house.kuro]);
    answered(await send(house, theirs, events(1)));
});

test('a session or an API key sends no telemetry, and an ingest key opens nothing else', async () => {
    const headers = { authorization: '', cookie: `yagura_session=${house.admin.token}` };
    refused(await send(house, 'x', events(1), { headers }), 401, 'ingest-key');
    refused(await house.client({ key: key.secret }).get('/ingest-keys'), 401);
});

test('a key of one computer tells of no other', async () => {
    const own = await house.key(house.aoba, { kind: 'host', host: 'PC-07.aoba.example' });
    const sent = [event({ host: 'pc-07' }), event({ host: 'PC-08' }), event({ host: 'PC-07.other.example' }),
        event({ Computer: undefined })];
    const answer = answered(await send(house, own, sent));
    assert.equal(answer.accepted, 3);
    assert.equal(answer.refused_count, 1);
    assert.equal(answer.refused[0].index, 1);
    assert.match(answer.refused[0].reason, /another computer: PC-08/);
    assert.equal(answered(await house.admin.get(`/events/${answer.batch_id}/2`)).host, 'pc-07');
});

test('events from 1970 and from the future keep their time, beside that of their arrival', async () => {
    const times = [new Date('1970-01-01T00:00:01Z'), new Date('2099-01-01T00:00:00Z'), new Date()];
    const answer = answered(await send(house, key, times.map((at) => event({ at }))));
    assert.equal(answer.accepted, 3);
    for (const [index, at] of times.entries()) {
        const stored = answered(await house.admin.get(`/events/${answer.batch_id}/${index}`));
        assert.equal(new Date(stored.event_at).getTime(), at.getTime());
        assert.ok(Math.abs(new Date(stored.arrived_at).getTime() - Date.now()) < 600_000);
    }
});

test('an empty batch is answered, and nothing is stored', async () => {
    const answer = answered(await send(house, key, '\n\n'));
    assert.equal(answer.accepted, 0);
    assert.deepEqual(answer.refused, []);
});

test('a bad batch name is refused', async () => {
    refused(await send(house, key, events(1), { name: 'a b' }), 400);
    refused(await send(house, key, events(1), { name: 'x'.repeat(129) }), 400);
});

test('nobody sees another customer\'s events', async () => {
    const theirs = await house.key(house.kuro);
    const sent = events(2);
    answered(await send(house, theirs, sent));
    sameEvents((await storedEvents(house, house.kuro)).slice(-2), sent);
});

test('the figures of a key follow what it sent', async () => {
    const counted = await house.key(house.aoba);
    answered(await send(house, counted, lines(events(5)) + 'x\n'));
    const row = answered(await house.admin.get(`/ingest-keys/${counted.id}`));
    assert.equal(row.events, 5);
    assert.equal(row.refused, 1);
    assert.ok(row.bytes > 500);
    assert.ok(row.last_used_at);
    assert.equal(row.secret, undefined);
});
