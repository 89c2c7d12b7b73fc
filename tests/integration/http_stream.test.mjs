// Live events: who hears what, in order, again after a gap, and no longer than the right to it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answered, refused, startHouse, until } from './harness.mjs';
import { makePerson, makeTenant, PROVIDER, rawHead, signIn } from './http_people.mjs';
import { connect } from './postgres.mjs';

let house, tenant, other;
before(async () => {
    house = await startHouse({ env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0',
        YAGURA_STREAMS_PER_PERSON: '3', YAGURA_WORKERS: '2' } });
    [tenant, other] = [await makeTenant(house, 'HEARS'), await makeTenant(house, 'OTHER')];
});

// Reads a stream; `events` grows as they come.
async function listen(client, { last } = {}) {
    const stop = new AbortController();
    const response = await fetch(`${house.url}/api/v1/stream`, {
        headers: { cookie: `yagura_session=${client.token}`, ...(last ? { 'last-event-id': last } : {}) },
        signal: stop.signal,
    });
    const stream = { status: response.status, headers: response.headers, events: [], comments: 0, ended: false,
        close: () => stop.abort() };
    if (response.status !== 200) {
        stream.text = await response.text();
        return stream;
    }
    (async () => {
        let rest = '';
        for await (const chunk of response.body) {
            const pieces = (rest + Buffer.from(chunk).toString()).split('\n\n');
            rest = pieces.pop();
            for (const piece of pieces) {
                const fields = Object.fromEntries(piece.split('\n').map((line) => [line.slice(0, line.indexOf(':')),
                    line.slice(line.indexOf(':') + 1).trim()]));
                if (fields.data) stream.events.push({ id: fields.id, event: fields.event, ...JSON.parse(fields.data) });
                else if ('' in fields) stream.comments++;
            }
        }
    })().catch(() => {}).finally(() => { stream.ended = true; });
    return stream;
}

const change = (where, noun = 'person', verb = 'updated', id = '00000000-0000-7000-8000-0000000000aa') =>
    house.sql('SELECT change_record($1, $2, $3, $4)', [where, noun, id, verb]);

test('a change is heard by whom it is for and by nobody else', async () => {
    const streams = [];
    for (const [where, set] of [[PROVIDER, 'administrator'], [tenant, 'customer_administrator'],
        [other, 'customer_administrator'], [tenant, 'customer_reader']]) {
        streams.push(await listen(await signIn(house, await makePerson(house, where, set))));
    }
    const [provider, own, stranger, reader] = streams;
    assert.match(own.headers.get('content-type'), /^text\/event-stream/);
    await change(tenant);
    await until(() => provider.events.length > 0 && own.events.length > 0, 'both hear of it');
    assert.deepEqual({ ...own.events[0], id: 0, at: 0 }, { id: 0, at: 0, event: 'person.updated', noun: 'person',
        verb: 'updated', object_id: '00000000-0000-7000-8000-0000000000aa', tenant_id: tenant });
    await change(other);
    await until(() => stranger.events.length === 1, 'the other tenant hears of its own');
    assert.equal(stranger.events[0].tenant_id, other);
    assert.equal(own.events.length, 1);
    assert.equal(reader.events.length, 0, 'customer_reader may not read people');
    for (const stream of streams) stream.close();
});

test('streams hold no worker', async () => {
    const clients = [];
    for (let i = 0; i < 6; i++) {
        clients.push(await signIn(house, await makePerson(house, tenant, 'customer_administrator')));
    }
    const streams = await Promise.all(clients.map((client) => listen(client)));
    assert.ok(streams.every((stream) => stream.status === 200));
    answered(await clients[0].get('/people'));
    await change(tenant);
    await until(() => streams.every((stream) => stream.events.length === 1), 'all six hear');
    for (const stream of streams) stream.close();
});

test('what was missed comes after Last-Event-ID, once and in order', async () => {
    const client = await signIn(house, await makePerson(house, tenant, 'customer_administrator'));
    const first = await listen(client);
    await change(tenant, 'person', 'one');
    await until(() => first.events.length === 1, 'the first is heard');
    first.close();
    for (const verb of ['two', 'three', 'four']) await change(tenant, 'person', verb);
    const second = await listen(client, { last: first.events[0].id });
    await until(() => second.events.length >= 3, 'the missed ones come');
    await change(tenant, 'person', 'five');
    await until(() => second.events.length >= 4, 'and the new one');
    assert.deepEqual(second.events.map((event) => event.verb), ['two', 'three', 'four', 'five']);
    second.close();
    const nonsense = await listen(client, { last: 'yesterday' });
    assert.equal(nonsense.status, 400);
});

test('a gap that is too large is said, not sent', async () => {
    const client = await signIn(house, await makePerson(house, tenant, 'customer_administrator'));
    const first = await listen(client);
    await change(tenant, 'person', 'before');
    await until(() => first.events.length === 1, 'the first is heard');
    first.close();
    await house.sql(`SELECT change_record($1, 'person', gen_random_uuid(), 'many') FROM generate_series(1, 700)`,
        [tenant]);
    const second = await listen(client, { last: first.events[0].id });
    await until(() => second.events.some((event) => event.event === 'reset'), 'reset is said');
    assert.equal(second.events.length, 1);
    await change(tenant, 'person', 'after');
    await until(() => second.events.length === 2, 'and then it goes on');
    second.close();
});

test('a change that commits late is not missed', async () => {
    const client = await signIn(house, await makePerson(house, tenant, 'customer_administrator'));
    const stream = await listen(client);
    await house.sql('BEGIN');
    await change(tenant, 'person', 'late');
    const second = await connect(house.database);
    await second.query('SELECT change_record($1, $2, $3, $4)', [tenant, 'person', tenant, 'early']);
    await sleep(300);
    assert.equal(stream.events.length, 0, 'nothing is passed while an older transaction is open');
    await house.sql('COMMIT');
    await until(() => stream.events.length === 2, 'both come');
    assert.deepEqual(stream.events.map((event) => event.verb), ['late', 'early']);
    await second.end();
    stream.close();
});

test('one person holds a bounded number of streams', async () => {
    const client = await signIn(house, await makePerson(house, tenant, 'customer_administrator'));
    const streams = [await listen(client), await listen(client), await listen(client)];
    const one_more = await listen(client);
    assert.equal(one_more.status, 429);
    streams[0].close();
    await until(async () => {
        const next = await listen(client);
        next.close();
        return next.status === 200;
    }, 'a place comes free soon after its reader has gone');
    for (const stream of streams) stream.close();
});

test('who reloads and reloads is never told that it is too much', async () => {
    const client = await signIn(house, await makePerson(house, tenant, 'customer_administrator'));
    const seen = new Set();
    for (let i = 0; i < 12; i++) {
        const socket = net.connect(house.port, '127.0.0.1');
        socket.write(rawHead(client, 'GET', '/api/v1/stream'));
        const [head] = await once(socket, 'data');
        seen.add(head.toString().split('\r\n')[0]);
        // A browser leaves by either way: it says good-bye, or breaks off.
        socket.resume();
        if (i % 2) socket.destroy();
        else socket.resetAndDestroy();
        await once(socket, 'close');
    }
    assert.deepEqual([...seen], ['HTTP/1.1 200 OK']);
});

test('a stream ends with the session, within the half minute between two looks', async () => {
    const client = await signIn(house, await makePerson(house, tenant, 'customer_administrator'));
    const stream = await listen(client);
    await house.sql('UPDATE session SET revoked_at = now() WHERE id = $1', [client.session]);
    await until(() => stream.ended, 'the stream ends', 120_000);
    assert.ok(stream.comments >= 1, 'and was kept awake until then');
    refused(await client.get('/people'), 401);
});

test('a reader that does not read is sent away, and others hear on', async () => {
    const [lazy, keen] = [await signIn(house, await makePerson(house, tenant, 'customer_administrator')),
        await signIn(house, await makePerson(house, tenant, 'customer_administrator'))];
    const socket = net.connect(house.port, '127.0.0.1');
    socket.write(rawHead(lazy, 'GET', '/api/v1/stream'));
    await once(socket, 'readable'); // the head; nothing more is taken
    const stream = await listen(keen);
    await house.sql(`SELECT change_record($1, 'person', gen_random_uuid(), 'flood') FROM generate_series(1, 60000)`,
        [tenant]);
    await until(() => stream.events.length >= 60_000 || stream.ended, 'the keen one hears all', 120_000);
    const heard = [];
    socket.on('data', (chunk) => heard.push(chunk));
    await until(() => Buffer.concat(heard.slice(-2)).toString().endsWith('0\r\n\r\n'), 'the lazy one is sent away');
    const count = Buffer.concat(heard).toString().match(/event: person\.flood/g).length;
    assert.ok(count < 60_000, `it took ${count}`);
    socket.destroy();
    stream.close();
});

test('changes can be polled with the same tokens', async () => {
    const client = await signIn(house, await makePerson(house, tenant, 'customer_administrator'));
    const begin = answered(await client.get('/changes'));
    assert.deepEqual(begin.items, []);
    for (const verb of ['a', 'b', 'c']) await change(tenant, 'person', verb);
    await change(other, 'person', 'theirs');
    // The feed ends before the oldest transaction that still runs, also one of another test's database.
    await until(async () => answered(await client.get(`/changes?since=${begin.next}`)).items.length === 3,
        'the changes are older than whatever runs');
    const first = answered(await client.get(`/changes?since=${begin.next}&limit=2`));
    assert.equal(first.more, true);
    assert.deepEqual(first.items.map((item) => item.verb), ['a', 'b']);
    const second = answered(await client.get(`/changes?since=${first.next}`));
    assert.deepEqual(second.items.map((item) => item.verb), ['c']);
    assert.equal(second.more, false);
    assert.deepEqual(answered(await client.get(`/changes?since=${second.next}`)).items, []);
    refused(await client.get('/changes?since=x'), 422);
    refused(await client.get('/changes?limit=100000'), 422);
});

test('streams end when the service stops', async () => {
    const client = await signIn(house, await makePerson(house, tenant, 'customer_administrator'));
    const stream = await listen(client);
    await house.stopServers();
    await until(() => stream.ended, 'the stream has ended');
});
