// docs/develop.md is true: its blocks, put into a copy of the tree, build, pass the rules of the tree, and pass the
// tests that the page ends with. The copy stays in build/develop, so that only what changed is built anew.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { top } from './postgres.mjs';

const copy = path.join(top, 'build/develop');
const binary = path.join(copy, 'build/bin/yagura');

const run = (command, args, options = {}) => promisify(execFile)(command, args,
    { cwd: copy, maxBuffer: 64 << 20, ...options }).catch((error) => {
    throw new Error(`${command} ${args.join(' ')}\n${error.stdout}\n${error.stderr}`);
});

// Only what differs is written: the build goes by the time of files.
function place(file, text) {
    const target = path.join(copy, file);
    if (fs.existsSync(target) && fs.readFileSync(target).equals(text)) return;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, text);
    if (fs.existsSync(path.join(top, file))) fs.chmodSync(target, fs.statSync(path.join(top, file)).mode);
}

// ```language file=PATH and, for what goes into a file that exists, after="the line it follows"
function blocks(page) {
    const fence = /^```\w+ file=(\S+)(?: after="(.*)")?\n([\s\S]*?)^```$/gm;
    return [...page.matchAll(fence)].map(([, file, after, text]) => ({ file, after, text }));
}

function insert(text, { file, after, text: block }) {
    const lines = text.split('\n');
    const at = lines.indexOf(after);
    assert.ok(at >= 0, `${file} has no line ${after}`);
    lines.splice(at + 1, 0, ...block.trimEnd().split('\n'));
    return lines.join('\n');
}

let example;

before(async () => {
    const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: top });
    const files = stdout.split('\0').filter((file) => file !== '' && fs.existsSync(path.join(top, file)));
    const tree = new Map(files.map((file) => [file, fs.readFileSync(path.join(top, file))]));
    example = blocks(tree.get('docs/develop.md').toString('utf8'));
    assert.ok(example.length > 10, 'the page has lost its blocks');
    for (const block of example) {
        if (block.after === undefined) {
            assert.ok(!tree.has(block.file), `${block.file} exists already: the example needs another name`);
            tree.set(block.file, Buffer.from(block.text));
        } else {
            tree.set(block.file, Buffer.from(insert(tree.get(block.file).toString('utf8'), block)));
        }
    }
    fs.mkdirSync(copy, { recursive: true });
    if (!fs.existsSync(path.join(copy, '.git'))) await run('git', ['init', '--quiet']);
    for (const [file, text] of tree) place(file, text);
    for (const folder of ['tests/node_modules', 'portal/node_modules']) {
        const target = path.join(copy, folder);
        if (fs.existsSync(path.join(top, folder)) && !fs.existsSync(target)) {
            fs.symlinkSync(path.join(top, folder), target);
        }
    }
});

test('the example builds without a warning', { timeout: 900_000 }, async () => {
    // The program alone, and not made fast: what is asked is whether it compiles and does what the page says.
    const env = { ...process.env, CCACHE_BASEDIR: copy, CCACHE_NOHASHDIR: '1' };
    await run('cmake', ['-S', '.', '-B', 'build', '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=RelWithDebInfo',
        '-DCMAKE_C_FLAGS_RELWITHDEBINFO=-O1', '-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O1'], { env });
    await run('cmake', ['--build', 'build', '-j', '2', '--target', 'yagura'], { env });
});

test('it keeps the rules of the tree', async () => {
    for (const rule of ['layers', 'sizes', 'words', 'texts', 'migrations', 'markup']) {
        const said = await run('node', [`tests/checks/${rule}.mjs`]).then(() => '', (error) => error.message);
        // What is wrong elsewhere is the matter of the suite of checks.
        const ours = said.split('\n').filter((line) => example.some(({ file }) => line.startsWith(file)));
        assert.deepEqual(ours, []);
    }
});

test('its test passes, and the promises of the schema hold for its table', { timeout: 600_000 }, async () => {
    const env = { ...process.env, YAGURA_BIN: binary, YAGURA_TEST_TEMPLATE: 'yagura_template_develop' };
    delete env.NODE_TEST_CONTEXT; // a run of its own, not a part of this one
    const { stdout } = await run('node', ['--test', '--test-reporter=tap', 'tests/integration/site.test.mjs',
        'tests/integration/schema.test.mjs'], { env });
    assert.match(stdout, /^# fail 0$/m);
    assert.match(stdout, /^ok \d+ - a site is added, and the customer sees it$/m);
});

test('its page has the types that its routes promise', { timeout: 600_000 }, async () => {
    const { stdout } = await run(binary, ['openapi']);
    fs.writeFileSync(path.join(copy, 'openapi.json'), stdout);
    const env = { ...process.env, YAGURA_OPENAPI: path.join(copy, 'openapi.json') };
    const options = { cwd: path.join(copy, 'portal'), env };
    await run('npm', ['run', 'types'], options);
    await run('npm', ['run', 'lint'], options);
    await run('npx', ['--no-install', 'tsc', '--noEmit'], options);
});
