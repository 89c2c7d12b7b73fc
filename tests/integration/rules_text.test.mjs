// The command line of the detection engine over lines that are no JSON: found by the first line, or said for a pipe.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { temporary } from './harness.mjs';

const yagura = process.env.YAGURA_BIN ?? path.resolve('build/release/bin/yagura');

const RULE = `title: Reading passwords
id: 6a1f0f52-0a58-4a8c-9f43-0d8e2f6f6a01
logsource: { product: linux, category: process_creation }
detection:
    selection: { Image|endswith: /cat, CommandLine|contains: /etc/shadow }
    condition: selection
`;

const RECORDS = [
    'type=SYSCALL msg=audit(1.000:7): arch=c000003e syscall=59 exe="/bin/cat"',
    'type=USER_AUTH msg=audit(1.001:8): pid=1 msg=\'op=login acct="root" res=success\'',
    'type=EXECVE msg=audit(1.000:7): argc=2 a0="cat" a1="/etc/shadow"',
    'this is no record',
    'type=PROCTITLE msg=audit(1.000:7): proctitle="cat"',
    '<Event><System><EventID>1</EventID><Channel>Linux-Sysmon/Operational</Channel></System><EventData>'
        + '<Data Name="Image">/bin/cat</Data><Data Name="CommandLine">cat /etc/shadow</Data></EventData></Event>',
].map((line) => `${line}\n`).join('');

const evaluate = (t, ...more) => {
    const folder = temporary('rules');
    fs.writeFileSync(path.join(folder, 'rule.yml'), RULE);
    fs.writeFileSync(path.join(folder, 'audit.log'), RECORDS);
    const source = more.length ? '-' : path.join(folder, 'audit.log');
    const { status, stdout, stderr } = spawnSync(yagura, ['rules', 'eval', '--rules', path.join(folder, 'rule.yml'),
        '--events', source, ...more], { encoding: 'utf8', input: RECORDS });
    assert.equal(status, 0, stderr);
    return { events: stdout.trim().split('\n').map((line) => JSON.parse(line).event), stderr };
};

test('records of a log file are joined and told by their first line', (t) => {
    const { events, stderr } = evaluate(t);
    assert.deepEqual(events, [0, 5]);
    assert.match(stderr, /^events: 4$/m);
    assert.match(stderr, /^event 3: /m);
    assert.match(stderr, /^events not readable: 1$/m);
});

test('a pipe says what it brings', (t) => {
    assert.deepEqual(evaluate(t, '--format', 'text').events, [0, 5]);
});
