// What an upload costs: a file sent by tus beside the same file hashed and written locally, in turns, on one disk.

import fs from 'node:fs';
import path from 'node:path';
import { begin, bytesOf, headersOf, idOf, rowOf, startUploadHouse, tusHeaders } from '../integration/upload_house.mjs';
import { figure } from './figure.mjs';
import { run } from './tools.mjs';

const PIECE = 64 * 1024 * 1024;
const PIECES = 16;
const TURNS = 3;

const house = await startUploadHouse({ env: { YAGURA_RATE_PER_ADDRESS: '0', YAGURA_RATE_PER_PERSON: '0' } });
const ticket = await house.caseOf('AOBA');
const contact = await house.as('contact');
const source = path.join(house.folder, 'source');
for (let i = 0; i < PIECES; i++) fs.appendFileSync(source, bytesOf(PIECE, `piece ${i}`));

async function upload() {
    const where = await begin(contact, ticket, PIECE * PIECES);
    const headers = { host: 'x', ...headersOf(contact), ...tusHeaders, 'upload-offset': '0',
        'content-type': 'application/offset+octet-stream', 'content-length': PIECE * PIECES };
    const head = [`PATCH /api/v1${where} HTTP/1.1`,
        ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
    const result = await run('bench_upload', ['send', house.port, source], head);
    if (result.status !== 204) throw new Error(`the upload was answered with ${result.status}`);
    const { sha256 } = await rowOf(house, idOf(where));
    fs.rmSync(path.join(house.folder, 'blobs', 'objects', sha256.slice(0, 2), sha256.slice(2)));
    return result;
}

async function local() {
    const target = path.join(house.folder, 'target');
    const result = await run('bench_upload', ['local', source, target]);
    fs.rmSync(target);
    return result;
}

const speed = ({ bytes, seconds }) => bytes / seconds / 1e6;
const best = (results) => Math.max(...results.map(speed));
const [uploads, locals] = [[], []];
await local(); // warm
for (let turn = 0; turn < TURNS; turn++) {
    locals.push(await local());
    uploads.push(await upload());
}
figure('1 GiB hashed three times, written and synced', best(locals), { unit: 'MB/s' });
const share = Math.round((100 * best(uploads)) / best(locals));
figure('the same sent by tus', best(uploads),
    { unit: 'MB/s', atLeast: 0.7 * best(locals), because: `${share} % of it locally; 70 % wanted` });
await house.close();
