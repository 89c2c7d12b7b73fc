// The starter rules are complete: both languages, tactics, tests; and their catalogue is current. README.md, "rules".

import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { complain, exists, files, read, top } from './tree.mjs';

const tactics = ['reconnaissance', 'resource-development', 'initial-access', 'execution', 'persistence',
    'privilege-escalation', 'defense-evasion', 'credential-access', 'discovery', 'lateral-movement', 'collection',
    'command-and-control', 'exfiltration', 'impact'];
const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;
const rules = files(/^rules\/.*\.yml$/);
const ids = new Map();
const covered = new Set();

const valueOf = (text, key) => text.match(new RegExp(`^${key}:(.*(?:\\n {4}.*)*)`, 'm'))?.[1].trim() ?? '';

for (const file of rules) {
    const text = read(file).split('\n---\n')[0];
    for (const key of ['title', 'id', 'status', 'description', 'license', 'author', 'date', 'level', 'falsepositives'])
        if (valueOf(text, key) === '') complain(file, `has no ${key}`);
    for (const key of ['title_ja', 'description_ja', 'falsepositives_ja'])
        if (!japanese.test(valueOf(text, key))) complain(file, `has no ${key} in Japanese`);
    for (const [, id] of read(file).matchAll(/^id: (\S+)$/gm)) {
        if (ids.has(id)) complain(file, `has the id of ${ids.get(id)}`);
        ids.set(id, file);
    }
    const found = tactics.filter((tactic) => text.includes(`    - attack.${tactic}\n`));
    if (found.length === 0) complain(file, 'names no tactic');
    found.forEach((tactic) => covered.add(tactic));
    const test = file.replace(/yml$/, 'test.json');
    if (!exists(test)) { complain(file, 'has no test beside it'); continue; }
    const events = JSON.parse(read(test));
    if (!events.match?.length || !events.no_match?.length) complain(test, 'needs events for match and for no_match');
}

if (rules.length < 150) complain('rules', `only ${rules.length} rules`);
for (const tactic of tactics) if (!covered.has(tactic)) complain('rules', `no rule for ${tactic}`);
for (const test of files(/^rules\/.*\.test\.json$/))
    if (!exists(test.replace(/test\.json$/, 'yml')) && !exists(test.replace(/test\.json$/, 'xml')))
        complain(test, 'stands beside no rule');

const catalogue = spawnSync('bash', [path.join(top, 'script/rules-catalogue'), '--check'], { encoding: 'utf8' });
if (catalogue.status !== 0) complain('docs/rules.md', 'is out of date: run script/rules-catalogue');
