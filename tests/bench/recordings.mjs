// recordings: the recorded attacks of ../shared/data (or $YAGURA_DATA), which are not part of the repository,
// as one file.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const data = process.env.YAGURA_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
export const recordings = path.join(data, 'otrf');

export function writeRecordings(file) {
    const out = fs.openSync(file, 'w');
    for (const zip of fs.readdirSync(recordings).filter((name) => name.endsWith('.zip')).sort())
        spawnSync('unzip', ['-p', path.join(recordings, zip), '*.json', '-x', '__MACOSX/*'], // one holds no JSON
            { stdio: ['ignore', out, 'ignore'] });
    fs.closeSync(out);
}
