// What the detection engine makes of a core: SigmaHQ's rules over recorded attacks, beside simdjson's whole parse.
// Needs the data of ../shared/data (or $YAGURA_DATA), which is not part of the repository; skipped without it.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { figure } from './figure.mjs';

const top = fileURLToPath(new URL('../..', import.meta.url));
const data = process.env.YAGURA_DATA ?? path.join(top, '../shared/data');
const bench = path.join(top, 'build/release/bin/xdr_bench');
const recordings = path.join(data, 'otrf');
const rules = path.join(data, 'sigmahq');

if (fs.existsSync(recordings) && fs.existsSync(rules)) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'yagura-bench-'));
    const events = path.join(folder, 'events.ndjson');
    const out = fs.openSync(events, 'w');
    for (const zip of fs.readdirSync(recordings).filter((name) => name.endsWith('.zip')).sort())
        spawnSync('unzip', ['-p', path.join(recordings, zip), '*.json', '-x', '__MACOSX/*'], // one holds no JSON
            { stdio: ['ignore', out, 'ignore'] });
    fs.closeSync(out);
    const printed = execFileSync(bench, [rules, events, '1000'],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    fs.rmSync(folder, { recursive: true });

    const rate = (name) => Number(printed.match(new RegExp(`^${name} +(\\d+) events/s`, 'm'))[1]);
    const [, read, compiled] = printed.match(/read ([\d.]+) s, compiled ([\d.]+) s/);
    const parse = rate('parse only');
    const full = rate('full');
    const share = `${Math.round((100 * full) / parse)} % of parsing alone; 50 % is the goal`;
    figure('simdjson, the whole parse', parse, { unit: 'events/s' });
    figure('parse and the fields that rules read', rate('parse \\+ fields'), { unit: 'events/s' });
    figure('recorded attacks, every rule of SigmaHQ', full, { unit: 'events/s', atLeast: 150_000, because: share });
    figure('the plain oracle', rate('oracle'), { unit: 'events/s' });
    figure('reading and compiling the rules', Number(read) + Number(compiled), { unit: 's', below: 2 });
} else {
    console.log(`skipped: no ${recordings} and ${rules} (set YAGURA_DATA)`);
}
