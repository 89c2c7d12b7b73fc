// A sender that knows no measure: node flood.mjs URL KEY FILE CONNECTIONS sends the gzipped file as batch after batch
// until it is ended, and says then how many were taken and refused.

import fs from 'node:fs';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [url, key, file, connections] = process.argv.slice(2);
const body = fs.readFileSync(file);
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(connections) });
const count = { taken: 0, refused: 0, cut: 0 };
let serial = 0;

process.on('SIGTERM', () => {
    console.log(JSON.stringify(count));
    process.exit(0);
});

const post = () => new Promise((done) => {
    serial += 1;
    const request = http.request(`${url}/api/v1/ingest`, { method: 'POST', agent, headers: {
        authorization: `Bearer ${key}`, 'content-encoding': 'gzip', 'content-length': body.length,
        'x-batch-id': `flood-${process.pid}-${serial}` } }, (response) => {
        response.resume().on('end', () => done(response.statusCode));
    });
    request.on('error', () => done(0));
    request.end(body);
});

await Promise.all(Array.from({ length: Number(connections) }, async () => {
    for (;;) {
        const status = await post();
        count[status === 200 ? 'taken' : status === 429 ? 'refused' : 'cut'] += 1;
        if (status !== 200) await sleep(100); // it does not wait as long as it was told
    }
}));
