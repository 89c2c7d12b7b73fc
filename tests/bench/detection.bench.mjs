// What the detection engine makes of a core: SigmaHQ's rules over recorded attacks and over process starts of our own,
// beside simdjson's whole parse. Needs the data of ../shared/data (or $YAGURA_DATA), which is not part of the
// repository; skipped without it.
//
// Rates are of one core's own time. The growth is measured with random samples of 300 and 3,000 rule files, the small
// one part of the large one, which take turns over the same events; each seed is another pair of samples.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { figure } from './figure.mjs';
import { randomOf, writeProcessEvents } from './process_events.mjs';
import { data, recordings, writeRecordings } from './recordings.mjs';

const top = fileURLToPath(new URL('../..', import.meta.url));
const bin = path.join(top, 'build/release/bin');
const rules = path.join(data, 'sigmahq');

const SEEDS = [1, 2, 3];
const PROCESS_EVENTS = 100_000;
const ORACLE_EVENTS = 300;

const run = (program, ...args) =>
    execFileSync(path.join(bin, program), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/* Folders of links to random rules: the first `counts[i]` of one shuffled list each. */
function sampleRules(folder, seed, counts) {
    const random = randomOf(seed);
    const files = fs.readdirSync(rules, { recursive: true }).filter((name) => name.endsWith('.yml')).sort();
    for (let i = files.length - 1; i > 0; i--) {
        const j = Math.floor(random() * (i + 1));
        [files[i], files[j]] = [files[j], files[i]];
    }
    return counts.map((count) => {
        const sample = path.join(folder, `rules-${seed}-${count}`);
        fs.mkdirSync(sample);
        for (const name of files.slice(0, count))
            fs.symlinkSync(path.join(rules, name), path.join(sample, name.replaceAll('/', '_')));
        return sample;
    });
}

function rates(name, events, atLeast) {
    const printed = run('xdr_bench', rules, events, String(ORACLE_EVENTS));
    const of = (step) => {
        const [, perSecond, megabytes] = printed.match(new RegExp(`^${step} +(\\d+) events/s +([\\d.]+) MB/s`, 'm'));
        return { perSecond: Number(perSecond), words: `${megabytes} MB/s` };
    };
    const [, bytes] = printed.match(/^events: \d+ of (\d+) bytes/m);
    const parse = of('parse only');
    const fields = of('parse \\+ fields');
    const full = of('full');
    const oracle = of('oracle');
    const share = Math.round((100 * full.perSecond) / parse.perSecond);
    const unit = 'events/s';
    figure(`${name}, ${bytes} bytes: parse only (simdjson)`, parse.perSecond, { unit, because: parse.words });
    figure(`${name}: parse and fields`, fields.perSecond, { unit, because: fields.words });
    figure(`${name}: every rule of SigmaHQ`, full.perSecond, { unit, atLeast,
        because: `${full.words}; ${share} % of parsing alone, 50 % is the goal` });
    figure(`${name}: the plain oracle`, oracle.perSecond, { unit, because: oracle.words });
    return printed.match(/read ([\d.]+) s, compiled ([\d.]+) s/);
}

function growth(name, samples, events) {
    const found = samples.map(([few, many]) => {
        const printed = run('xdr_bench', 'growth', few, many, events);
        return Number(printed.match(/([\d.]+) times the cost/)[1]);
    });
    figure(`${name}: cost with 3,000 rules beside 300`, Math.max(...found), { unit: 'times', below: 1.5,
        because: `the worst of ${found.join(', ')}` });
}

function evaluate(events, ...more) {
    const { stderr } = spawnSync(path.join(bin, 'yagura-rules'),
        ['eval', '--quiet', '--rules', rules, '--events', events, ...more],
        { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
    return (name) => Number(stderr.match(new RegExp(`^${name}: ([\\d.]+)`, 'm'))[1]);
}

function threads(events) {
    const best = { 1: 0, 2: 0 };
    for (let i = 0; i < 6; i++) {
        const count = 1 + (i % 2);
        best[count] = Math.max(best[count], evaluate(events, '--threads', String(count))('events/s'));
    }
    const [, one, two, times] = run('xdr_bench', 'threads', rules, events)
        .match(/threads: (\d+) and (\d+) events\/s, ([\d.]+) times/);
    figure('two threads beside one, in their own time', Number(times), { unit: 'times', atLeast: 1.8,
        because: `${two} and ${one} events/s` });
    figure('the same on the clock, reading and writing too', best[2] / best[1], { unit: 'times',
        because: `${best[2]} and ${best[1]} events/s; neighbours on the machine count here` });
}

function starts(folder, events) {
    const one = path.join(folder, 'one.ndjson');
    const cache = path.join(folder, 'kept');
    fs.writeFileSync(one, fs.readFileSync(events, 'utf8').split('\n', 1)[0] + '\n');
    evaluate(one, '--cache', cache);
    const kept = Array.from({ length: 10 }, () => evaluate(one, '--cache', cache)('load processor seconds'));
    figure('start from the kept set', Math.min(...kept), { unit: 's', below: 0.2,
        because: 'processor time, best of 10' });
    figure('resident while it evaluates', evaluate(events)('resident MB') / 1.048576, { unit: 'MiB', below: 200 });
}

if (fs.existsSync(recordings) && fs.existsSync(rules)) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'yagura-bench-'));
    const attacks = path.join(folder, 'attacks.ndjson');
    const processes = path.join(folder, 'processes.ndjson');
    writeRecordings(attacks);
    await writeProcessEvents(attacks, processes, PROCESS_EVENTS);
    rates('recorded attacks', attacks, 150_000);
    const [, read, compiled] = rates('process starts', processes, 250_000);
    const samples = SEEDS.map((seed) => sampleRules(folder, seed, [300, 3000]));
    growth('recorded attacks', samples, attacks);
    growth('process starts', samples, processes);
    figure('reading and compiling the rules', Number(read) + Number(compiled), { unit: 's', below: 2 });
    starts(folder, attacks);
    threads(attacks);
    fs.rmSync(folder, { recursive: true });
} else {
    console.log(`skipped: no ${recordings} and ${rules} (set YAGURA_DATA)`);
}
