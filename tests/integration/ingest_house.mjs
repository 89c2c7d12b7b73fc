// What the tests of ingest share: a house with two customers, keys for them, and events worth sending.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import zlib from 'node:zlib';
import { answered, startHouse } from './harness.mjs';
import { makePerson, makeTenant, PROVIDER, signIn } from './http_people.mjs';

export async function startIngestHouse(options) {
    const house = await startHouse({ ...options, start: false });
    house.aoba = await makeTenant(house, 'AOBA');
    house.kuro = await makeTenant(house, 'KURO');
    house.signIn = async () => {
        house.admin = await signIn(house, await makePerson(house, PROVIDER, 'administrator'));
    };
    if (options?.start !== false) {
        await house.start();
        await house.signIn();
    }
    house.key = async (tenant, { name = crypto.randomUUID(), kind = 'forwarder', ...rest } = {}) =>
        answered(await house.admin.post('/ingest-keys', { tenant_id: tenant, name, kind, ...rest }), 201);
    return house;
}

let serial = 0;

// A process start as Sysmon tells it, flat.
export function event({ host = 'PC-01.aoba.example', command = 'cmd.exe /c whoami', at = new Date(), ...rest } = {}) {
    serial += 1;
    return {
        Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1, Computer: host, UtcTime: at.toISOString(),
        '@timestamp': at.toISOString(), Image: 'C:\\Windows\\System32\\cmd.exe', CommandLine: command,
        User: 'AOBA\\taro', ProcessGuid: `{${crypto.randomUUID()}}`, ProcessId: 4000 + serial, serial, ...rest,
    };
}

export const events = (count, options) => Array.from({ length: count }, () => event(options));
export const lines = (list) => list.map((one) => JSON.stringify(one)).join('\n') + '\n';

export const codings = {
    identity: (text) => Buffer.from(text),
    gzip: (text) => zlib.gzipSync(text),
    zstd: (text) => execFileSync('zstd', ['-q', '-c'], { input: text, maxBuffer: 1 << 28 }),
};

// One batch; `list` is events or a text.
export async function send(house, key, list,
    { coding, name, headers = {}, path = '/api/v1/ingest', url = house.url } = {}) {
    const text = typeof list === 'string' || Buffer.isBuffer(list) ? list : lines(list);
    const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: {
            authorization: `Bearer ${key.secret ?? key}`, 'content-type': 'application/x-ndjson',
            ...(coding ? { 'content-encoding': coding } : {}), ...(name ? { 'x-batch-id': name } : {}), ...headers,
        },
        body: coding ? codings[coding](text) : text,
    });
    const body = await response.text();
    return { status: response.status, headers: response.headers, text: body, wanted: 'POST /ingest',
        body: body.startsWith('{') ? JSON.parse(body) : undefined };
}

// All stored events of a customer, batch by batch: a segment is a stream that zstd can read.
export async function storedEvents(house, tenant) {
    const texts = new Map();
    const batches = await house.sql(`SELECT segment_id, first_event::int AS first, events::int AS count
        FROM ingest_batch WHERE tenant_id = $1 ORDER BY id`, [tenant]);
    const segments = await house.sql('SELECT id, body FROM segment WHERE tenant_id = $1', [tenant]);
    if (segments.length === 0) return [];
    const whole = execFileSync('zstd', ['-d', '-q', '-c'], { input: Buffer.concat(segments.map(({ body }) => body)),
        maxBuffer: 1 << 28, encoding: 'utf8' }).split('\n');
    const counts = await house.sql('SELECT id, events::int FROM segment WHERE tenant_id = $1', [tenant]);
    const eventsOf = new Map(counts.map(({ id, events: count }) => [id, count]));
    let at = 0;
    for (const { id } of segments) {
        texts.set(id, whole.slice(at, at + eventsOf.get(id)));
        at += eventsOf.get(id);
    }
    return batches.flatMap(({ segment_id: segment, first, count }) =>
        texts.get(segment).slice(first, first + count).map((line) => JSON.parse(line)));
}

export function sameEvents(found, sent) {
    assert.deepEqual(found.map((one) => one.ProcessGuid).sort(), sent.map((one) => one.ProcessGuid).sort());
}
