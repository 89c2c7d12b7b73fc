// script/with-postgres: what a run made goes when it ends, when it is interrupted, and at the latest with the next run.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporary, until } from './harness.mjs';
import { top } from './postgres.mjs';

const temp = temporary('runs');
const environment = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: temp };
// One whom nobody has buried yet does nothing any more.
const gone = (pid) => {
    try {
        return / Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
        return true;
    }
};

// A command that leaves a file, and a process that would outlive it.
async function begin() {
    const command = 'sleep 600 & echo $!; echo x >"$TMPDIR/left"; echo "$YAGURA_TEST_PG"; wait';
    const child = spawn('script/with-postgres', ['sh', '-c', command],
        { cwd: top, env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => { out += chunk; });
    await until(() => out.split('\n').length > 2, 'the command runs');
    const [sleeper, socket] = out.split('\n');
    return { child, sleeper, socket };
}
const runs = () => fs.readdirSync(temp).filter((name) => name.startsWith('yagura-'));

for (const signal of ['SIGTERM', 'SIGINT']) {
    test(`${signal} leaves neither files nor processes`, async () => {
        const { child, sleeper, socket } = await begin();
        assert.equal(runs().length, 1);
        child.kill(signal);
        await once(child, 'exit');
        assert.ok(gone(sleeper));
        assert.ok(!fs.existsSync(socket));
        assert.deepEqual(runs(), []);
    });
}

test('what a kill -9 left is swept by the next run, and what belongs to somebody alive is not', async () => {
    const { child, sleeper } = await begin();
    child.kill('SIGKILL');
    await once(child, 'exit');
    process.kill(Number(sleeper));
    assert.equal(runs().length, 1);
    fs.mkdirSync(path.join(temp, `yagura-house.${process.pid}.abcdef`));
    const next = await begin();
    next.child.kill('SIGTERM');
    await once(next.child, 'exit');
    assert.deepEqual(runs(), [`yagura-house.${process.pid}.abcdef`]);
});
