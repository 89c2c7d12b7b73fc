// Documents that repeat what the program knows must repeat it truly.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import { startHouse } from './harness.mjs';
import { top } from './postgres.mjs';

const house = await startHouse({ start: false });
const read = (file) => fs.readFileSync(path.join(top, file), 'utf8');

test('the settings in docs/operate.md are those of the program', async () => {
    const { stdout, status } = await house.yagura(['settings']);
    assert.equal(status, 0);
    const table = /<!-- settings -->\n([\s\S]*?)<!-- \/settings -->/.exec(read('docs/operate.md'))[1];
    assert.equal(table.trim(), stdout.trim(), 'put what `yagura settings` prints between the marks');
});

test('every link of the documents leads somewhere', () => {
    const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'tests/checks/README.md',
        'deploy/citus.md',
        ...fs.readdirSync(path.join(top, 'docs'), { recursive: true, encoding: 'utf8' })
            .filter((file) => file.endsWith('.md')).map((file) => path.join('docs', file))];
    const dead = pages.flatMap((page) => [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
        .map(([, target]) => target)
        .filter((target) => !fs.existsSync(path.join(top, path.dirname(page), target)))
        .map((target) => `${page}: ${target}`));
    assert.deepEqual(dead, []);
});

test('every route says in a line what it does, and so does every field that it takes or gives', async () => {
    const document = JSON.parse((await house.yagura(['openapi'])).stdout);
    const silent = [];
    for (const [where, operations] of Object.entries(document.paths)) {
        for (const [method, operation] of Object.entries(operations)) {
            if (!operation.summary?.trim()) silent.push(`${method} ${where}`);
            for (const parameter of operation.parameters ?? []) {
                const words = parameter.description ?? parameter.schema?.description;
                if (!words?.trim() && parameter.$ref === undefined) silent.push(`${method} ${where} ${parameter.name}`);
            }
        }
    }
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
        for (const [field, { description, $ref }] of Object.entries(schema.properties ?? {})) {
            if (!description?.trim() && $ref === undefined) silent.push(`${name}.${field}`);
        }
    }
    assert.ok(Object.keys(document.paths).length > 20);
    assert.deepEqual(silent, []);
});
