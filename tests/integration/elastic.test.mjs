// The face that Elasticsearch's senders know: its own client, and rsyslog as Debian ships it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import { test } from 'node:test';
import { Client } from '@elastic/elasticsearch';
import { answered, atEnd, refused, until } from './harness.mjs';
import { event, events, sameEvents, send, startIngestHouse, storedEvents } from './ingest_house.mjs';

const house = await startIngestHouse();
const key = await house.key(house.aoba);
const base = `${house.url}/api/v1/elastic`;

const client = (auth, more = {}) => new Client({ node: base, auth, maxRetries: 0, ...more });
const apiKey = { apiKey: Buffer.from(`yagura:${key.secret}`).toString('base64') };

async function storedOf(batch, count) {
    const found = [];
    for (let i = 0; i < count; i++) {
        found.push(JSON.parse(answered(await house.admin.get(`/events/${batch}/${i}`)).event));
    }
    return found;
}

test('the client of Elasticsearch sends in bulk, whichever way it shows its key and packs its bodies', async () => {
    const ways = [client(apiKey), client({ username: 'elastic', password: key.secret }), client({ bearer: key.secret }),
        client(apiKey, { compression: 'gzip' })];
    for (const es of ways) {
        const sent = events(40);
        const result = await es.bulk({ operations: sent.flatMap((one) =>
            [{ create: { _index: 'winlogbeat-8.11.0' } }, one]) });
        assert.equal(result.errors, false);
        assert.equal(result.items.length, 40);
        for (const { create } of result.items) {
            assert.equal(create.status, 201);
            assert.equal(create._index, 'winlogbeat-8.11.0');
        }
        const [batch] = result.items[0].create._id.split('.');
        sameEvents(await storedOf(batch, 40), sent);
    }
});

test('what its helper asks and sets up is answered, and its documents arrive', async () => {
    const es = client(apiKey);
    assert.equal((await es.info()).tagline, 'You Know, for Search');
    assert.equal(await es.ping(), true);
    assert.equal((await es.license.get()).license.status, 'active');
    assert.equal((await es.cluster.health()).status, 'green');
    assert.equal(await es.indices.exists({ index: 'filebeat' }), true);
    assert.equal(await es.indices.existsIndexTemplate({ name: 'filebeat' }), true);
    assert.equal((await es.indices.putIndexTemplate({ name: 'filebeat', index_patterns: ['filebeat-*'] })).acknowledged,
        true);
    assert.equal((await es.indices.create({ index: 'filebeat' })).acknowledged, true);
    assert.equal((await es.ilm.putLifecycle({ name: 'filebeat', policy: { phases: {} } })).acknowledged, true);
    await es.ilm.getLifecycle({ name: 'filebeat' });
    const sent = events(500);
    const result = await es.helpers.bulk({ datasource: sent, flushBytes: 20_000, concurrency: 3,
        onDocument: () => ({ index: { _index: 'logs' } }) });
    assert.equal(result.successful, 500);
    assert.equal(result.failed, 0);
    const stored = new Set((await storedEvents(house, house.aoba)).map((one) => one.ProcessGuid));
    assert.ok(sent.every((one) => stored.has(one.ProcessGuid)));
});

test('each item has an answer of its own', async () => {
    const [first, last] = events(2);
    const result = await client(apiKey).bulk({ operations: [
        { index: { _index: 'a' } }, first,
        { delete: { _index: 'a', _id: '1' } },
        { update: { _index: 'a', _id: '1' } }, { doc: { a: 1 } },
        { create: { _index: 'b', _id: 'mine' } }, last,
    ] });
    assert.equal(result.errors, true);
    assert.deepEqual(result.items.map((item) => Object.entries(item)[0]).map(([verb, { status }]) => [verb, status]),
        [['index', 201], ['delete', 400], ['update', 400], ['create', 201]]);
    assert.match(result.items[1].delete.error.reason, /only create and index/);
    const [batch] = result.items[0].index._id.split('.');
    sameEvents(await storedOf(batch, 2), [first, last]);
});

test('a bulk call that breaks its format is refused whole', async () => {
    const bulk = (text) => send(house, key, text, { path: '/api/v1/elastic/_bulk' });
    const good = JSON.stringify(event());
    refused(await bulk(`${good}\n${good}\n`), 400, 'bulk-format');
    refused(await bulk(`{"create":{}}\n${good}\n{"create":{}\n${good}\n`), 400, 'bulk-format');
    const missing = answered(await bulk(`{"create":{}}\n${good}\n{"create":{}}\n`));
    assert.deepEqual(missing.items.map((item) => item.create.status), [201, 400]);
});

test('without a key nothing is answered', async () => {
    await assert.rejects(client({ bearer: 'ygi_0_0' }).info(), (error) => error.meta.statusCode === 401);
    await assert.rejects(client({ bearer: 'ygi_0_0' }).bulk({ operations: [{ create: { _index: 'a' } }, event()] }),
        (error) => error.meta.statusCode === 401);
});

// ---- rsyslog ----

async function startRsyslog(port) {
    const folder = fs.mkdtempSync(path.join(house.folder, 'rsyslog.'));
    const config = path.join(folder, 'rsyslog.conf');
    fs.writeFileSync(config, `
module(load="imtcp")
module(load="omelasticsearch")
input(type="imtcp" address="127.0.0.1" port="${port}")
template(name="event" type="list" option.jsonf="on") {
    property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
    property(outname="Hostname" name="hostname" format="jsonf")
    property(outname="product" name="programname" format="jsonf")
    property(outname="message" name="msg" format="jsonf")
}
action(type="omelasticsearch" template="event" server="${base}" searchIndex="syslog" bulkmode="on"
    uid="rsyslog" pwd="${key.secret}" searchType="" action.resumeRetryCount="-1"
    errorFile="${folder}/errors" queue.type="LinkedList" queue.dequeueBatchSize="200")
`);
    const child = spawn('rsyslogd', ['-n', '-f', config, '-i', path.join(folder, 'pid')], { stdio: 'pipe' });
    let said = '';
    child.stderr.on('data', (chunk) => { said += chunk; });
    atEnd(async () => {
        child.kill('SIGKILL');
        await once(child, 'close');
    });
    const errors = `${folder}/errors`;
    return { folder, said: () => said + (fs.existsSync(errors) ? fs.readFileSync(errors) : '') };
}

const reaches = (port) => new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true); });
    socket.on('error', () => done(false));
});

test('rsyslog\'s own output for Elasticsearch sends unchanged', async () => {
    const probe = net.createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    probe.close();
    await once(probe, 'close');
    const rsyslog = await startRsyslog(port);
    await until(() => reaches(port), 'rsyslog listens', 20_000);
    const socket = net.connect(port, '127.0.0.1');
    const words = Array.from({ length: 300 }, (_, i) => `fox-${process.pid}-${i}-end`);
    socket.end(words.map((word) => `<13>Nov 29 10:00:00 db-02 sshd[77]: login of "taro" failed ${word}\n`).join(''));
    const found = async () => {
        const stored = (await storedEvents(house, house.aoba)).filter((one) => one.product === 'sshd');
        return stored.length >= words.length ? stored : undefined;
    };
    const stored = await until(found, 'all lines are stored', 60_000)
        .catch((error) => assert.fail(`${error.message}\n${rsyslog.said()}`));
    assert.equal(stored.length, words.length);
    assert.ok(stored.every((one) => one.Hostname === 'db-02'));
    for (const word of words) assert.equal(stored.filter((one) => one.message.includes(word)).length, 1, word);
});
