// Every header compiles alone. See README.md, "headers".

import { execFile } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { complain, files, read, top } from './tree.mjs';

// The flags of the build, without what is one file's own.
const commands = JSON.parse(read('build/release/compile_commands.json'));
const flags = new Set(['-Werror']);
for (const { command, file } of commands.filter((entry) => entry.file.endsWith('.c'))) {
    if (!path.relative(top, file).startsWith('tests/')) {
        command.split(/\s+/).filter((word) => /^-(I|D|f(?!sanitize)|W|std=|pthread)/.test(word) && !word.includes('"'))
            .forEach((word) => flags.add(word));
        [...command.matchAll(/-isystem\s+(\S+)/g)].forEach(([, folder]) => flags.add(`-I${folder}`));
    }
}

const guardOf = (file) => `YAGURA_${file.replace(/\.h$/, '').toUpperCase().replace(/[/.-]/g, '_')}_H`;
const waiting = files(/^(core|xdr|model|workflows|reports|server|agent)\/.*\.h$/);
for (const file of waiting) {
    const text = read(file);
    if (!text.startsWith('/* ')) complain(`${file}:1`, 'a header opens with a comment that explains its model');
    if (!text.includes(`#ifndef ${guardOf(file)}\n#define ${guardOf(file)}\n`)) {
        complain(file, `the guard is ${guardOf(file)}`);
    }
}

// Included twice as well: a guard that does not guard shows.
function compile(file) {
    return new Promise((done) => {
        const args = [...flags, '-fsyntax-only', '-x', 'c', '-'];
        const child = execFile('gcc', args, { cwd: top }, (error, out, errors) => {
            if (error) complain(file, `does not compile alone:\n${errors.split('\n').slice(0, 6).join('\n')}`);
            done();
        });
        child.stdin.end(`#include "${file}"\n#include "${file}"\ntypedef int not_empty;\n`);
    });
}

await Promise.all(Array.from({ length: Math.min(4, os.cpus().length) }, async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) await compile(file);
}));
