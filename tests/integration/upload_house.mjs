// What the tests of uploads share: a case to send files to, the client that browsers use, and files worth sending.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as tus from 'tus-js-client';
import { answered } from './harness.mjs';
import { startDemoHouse } from './identity_house.mjs';

export async function startUploadHouse(options) {
    const house = await startDemoHouse(options);
    house.caseOf = async (code) => (await house.sql(
        `SELECT t.id FROM ticket t JOIN tenant n ON n.id = t.tenant_id
          WHERE n.short_code = $1 AND t.status NOT IN ('closed', 'declined') ORDER BY t.number LIMIT 1`, [code]))[0].id;
    return house;
}

// Bytes that repeat nowhere, the same for the same seed.
export function bytesOf(length, seed = 'yagura') {
    const key = crypto.createHash('sha256').update(seed).digest();
    return crypto.createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

export const sha256 = (bytes) => crypto.createHash('sha256').update(bytes).digest('hex');
export const base64 = (text) => Buffer.from(text).toString('base64');

export function headersOf(browser) {
    const cookie = [...browser.client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    return { cookie, 'x-csrf-token': browser.client.headers['x-csrf-token'] };
}

// The tus client as a page would use it; resolves when it is done, and rejects with what it says.
export function send(house, browser, ticket, content, { onUpload, ...options } = {}) {
    return new Promise((done, failed) => {
        const upload = new tus.Upload(content, {
            endpoint: `${house.url}/api/v1/tickets/${ticket}/uploads`,
            headers: headersOf(browser),
            retryDelays: [0, 100, 300, 500, 1000, 1000, 2000],
            metadata: { filename: 'memory.dmp', filetype: 'application/octet-stream' },
            onSuccess: () => done(upload),
            onError: failed,
            ...options,
        });
        onUpload?.(upload);
        upload.start();
    });
}

export const idOf = (location) => location.slice(location.lastIndexOf('/') + 1);

// What the store holds under this hash, read from its file.
export function stored(house, hash) {
    return fs.readFileSync(path.join(house.folder, 'blobs', 'objects', hash.slice(0, 2), hash.slice(2)));
}

export const partials = (house) => fs.readdirSync(path.join(house.folder, 'blobs', 'partial'));
export const rowOf = async (house, id) => (await house.sql('SELECT * FROM upload WHERE id = $1', [id]))[0];

export const tusHeaders = { 'tus-resumable': '1.0.0' };

export async function create(browser, ticket, length, headers = {}) {
    return browser.request('POST', `/tickets/${ticket}/uploads`, {
        headers: { ...tusHeaders, 'upload-length': String(length),
            'upload-metadata': `filename ${base64('note.txt')}`, ...headers } });
}

export async function begin(browser, ticket, length, headers) {
    const answer = await create(browser, ticket, length, headers);
    assert.equal(answer.status, 201, answer.text);
    return answer.headers.get('location').replace('/api/v1', '');
}

export const patch = (browser, where, offset, body, headers = {}) => browser.request('PATCH', where, {
    body, headers: { ...tusHeaders, 'upload-offset': String(offset),
        'content-type': 'application/offset+octet-stream', ...headers } });

export async function offsetOf(browser, where) {
    const answer = await browser.request('HEAD', where, { headers: tusHeaders });
    answered(answer);
    return Number(answer.headers.get('upload-offset'));
}
