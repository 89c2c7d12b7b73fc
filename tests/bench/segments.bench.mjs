// What stored events cost: size, writing, reading, searching and filters, beside zstdcat and grep on the same bytes.
// Needs the recordings of ../shared/data (or $YAGURA_DATA), which are not part of the repository; skipped without them.
//
// Rates are of one core's own time; of `zstdcat | grep -c` the time of both processes together. The process starts are
// the worst there is: each with hashes and names that nothing else has.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { figure } from './figure.mjs';
import { writeProcessEvents } from './process_events.mjs';
import { recordings, writeRecordings } from './recordings.mjs';

const top = fileURLToPath(new URL('../..', import.meta.url));
const program = path.join(top, 'build/release/bench/bench_segments');
const PROCESS_EVENTS = 100_000;

function measure(events, folder, ...options) {
    const printed = execFileSync(program, [events, path.join(folder, 'segments'), ...options], { encoding: 'utf8' });
    return (words) => {
        const found = printed.match(new RegExp(`^${words}`, 'm'));
        if (!found) throw new Error(`bench_segments does not print ${words}:\n${printed}`);
        return Number(found[1]);
    };
}

const rateOf = (of, step) => of(`${step}: ([\\d.]+) MB/s`);
const unit = 'MB/s';

function rates(name, of) {
    const cat = rateOf(of, 'zstdcat');
    figure(`${name}: write`, rateOf(of, 'write'), { unit });
    figure(`${name}: read every event`, rateOf(of, 'read'), { unit, atLeast: 0.6 * cat,
        because: `60 % of zstdcat, ${cat} MB/s` });
    for (const needle of ['some', 'common']) {
        const grep = rateOf(of, `grep ${needle}`);
        const words = needle === 'some' ? 'a needle unknown to filters' : 'a needle of many events';
        figure(`${name}: scan for ${words}`, rateOf(of, `scan ${needle}`), { unit, atLeast: 0.6 * grep,
            because: `60 % of zstdcat | grep -c, ${grep} MB/s` });
    }
}

function filters(name, of) {
    figure(`${name}: filter, for each token`, of('filters: ([\\d.]+) bits'), { unit: 'bits', below: 13 });
    figure(`${name}: filter, false answers`, of('filters: .* tokens, (\\d+) false'),
        { unit: 'of a million', below: 1000 });
    figure(`${name}: an address that is nowhere`, of('absent address: ([\\d.]+) us'), { unit: 'us a segment' });
}

if (fs.existsSync(recordings)) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'yagura-bench-'));
    const attacks = path.join(folder, 'attacks.ndjson');
    const processes = path.join(folder, 'processes.ndjson');
    writeRecordings(attacks);
    await writeProcessEvents(attacks, processes, PROCESS_EVENTS);
    const stored = 'stored: .* with filters 1/([\\d.]+)';
    const recorded = measure(attacks, folder);
    figure('recorded attacks: JSON beside what is stored', recorded(stored), { unit: 'times', atLeast: 10 });
    rates('recorded attacks', recorded);
    filters('recorded attacks', recorded);
    const batches = measure(attacks, folder, '1', '1024', '512'); // as they arrive, before they are merged
    figure('the same in batches of 512 KiB', batches(stored), { unit: 'times', atLeast: 10 });
    figure('the same in batches of 512 KiB: write', rateOf(batches, 'write'), { unit });
    const worst = measure(processes, folder);
    figure('process starts: JSON beside what is stored', worst(stored), { unit: 'times', because: 'unlike hashes' });
    rates('process starts', worst);
    filters('process starts', worst);
    fs.rmSync(folder, { recursive: true });
} else {
    console.log(`skipped: no ${recordings} (set YAGURA_DATA)`);
}
