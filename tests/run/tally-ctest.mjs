// Counts what ctest ran, from its JUnit file: the same lines as tally.mjs.
// A cmocka program counts as many tests as it holds, and one failure more when it ended before its summary; a
// program whose last line is "N passed, N failed" is believed; every other one is one test.

import fs from 'node:fs';

const [, , file] = process.argv;
const xml = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
const total = { passed: 0, failed: 0, skipped: 0 };
const notes = [];

const unescape = (text) => text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"')
    .replace(/&apos;/g, "'").replace(/&amp;/g, '&');
const count = (text, pattern) => (text.match(pattern) ?? []).length;

function read(name, status, output) {
    const passed = status === 'run';
    const summary = /(\d+) passed, (\d+) failed\s*$/.exec(output);
    if (status === 'notrun' || status === 'disabled') return { passed: 0, failed: 1, skipped: 0 };
    if (/^\[ {2}RUN|^\[ RUN/m.test(output)) {
        const skipped = [...output.matchAll(/^\[ {2}SKIPPED \] (?!Test|\d)(\S+)/gm)].map((match) => match[1]);
        const reasons = [...output.matchAll(/^skipped: (.*)$/gm)].map((match) => match[1]);
        const failed = new Set([...output.matchAll(/^\[ {2}FAILED {2}\] (\w+)$/gm)].map((match) => match[1])).size;
        if (new Set(skipped).size > reasons.length) {
            notes.push(`${name}: skipped without saying why (skip_because): ${[...new Set(skipped)].join(', ')}`);
        }
        notes.push(...reasons.map((reason) => `skipped: ${name}: ${reason}`));
        return {
            passed: count(output, /^\[ {7}OK \] /gm),
            failed: (passed ? 0 : Math.max(1, failed)) + Math.max(0, new Set(skipped).size - reasons.length),
            skipped: Math.min(new Set(skipped).size, reasons.length),
        };
    }
    if (summary) {
        const failed = Number(summary[2]);
        return { passed: Number(summary[1]), failed: passed ? failed : Math.max(1, failed), skipped: 0 };
    }
    return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

for (const [, attributes, body] of xml.matchAll(/<testcase ([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const name = /name="([^"]*)"/.exec(attributes)[1];
    const status = /status="([^"]*)"/.exec(attributes)[1];
    const output = unescape(/<system-out>([\s\S]*?)<\/system-out>/.exec(body ?? '')?.[1] ?? '');
    for (const [key, value] of Object.entries(read(name, status, output))) total[key] += value;
}

console.log(`${total.passed} ${total.failed} ${total.skipped}`);
notes.forEach((note) => console.log(note));
