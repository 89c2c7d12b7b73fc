// Kill -9 in the middle of the job queue: nothing is lost, nothing takes effect twice. The workers are two processes of
// tests/bench/bench_jobs.c, which run the queue of core/db as the service does.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { program } from '../bench/tools.mjs';
import { startHouse, until } from './harness.mjs';

const JOBS = 20_000;

const house = await startHouse({ start: false });
await house.sql('CREATE TABLE bench_effect (n bigint NOT NULL)');
await house.sql('GRANT INSERT ON bench_effect TO yagura_jobs');

const start = (...args) => spawn(program('bench_jobs'), args, { stdio: ['ignore', 'inherit', 'inherit'] });
const work = () => start('work', house.env.YAGURA_DATABASE_URL, '2');
const done = async () => Number((await house.sql('SELECT count(*) FROM bench_effect'))[0].count);

async function endWell(child) {
    child.kill('SIGTERM');
    const [status] = await once(child, 'exit');
    assert.equal(status, 0, 'a worker ends cleanly when it is told to');
}

test('a worker that is killed loses no job, and no job takes effect twice', async () => {
    const [status] = await once(start('add', house.env.YAGURA_DATABASE_URL, String(JOBS)), 'exit');
    assert.equal(status, 0, 'the jobs were added');

    const doomed = work();
    const survivor = work();
    await until(async () => (await done()) > JOBS / 5, 'a fifth of the jobs ran', 180_000);
    doomed.kill('SIGKILL');
    await once(doomed, 'exit');
    const atDeath = await done();
    assert.ok(atDeath < JOBS, `all ${atDeath} jobs ran before the kill: it was not midway`);

    const next = work(); // as systemd would
    await until(async () => (await done()) >= JOBS, 'all jobs ran', 180_000);
    await endWell(survivor);
    await endWell(next);

    const [row] = await house.sql(
        'SELECT count(*) AS all, count(DISTINCT n) AS once, min(n), max(n) FROM bench_effect');
    assert.deepEqual(row, { all: String(JOBS), once: String(JOBS), min: '0', max: String(JOBS - 1) });
    const left = await house.sql("SELECT state, count(*) FROM job WHERE kind = 'bench.effect' GROUP BY state");
    assert.deepEqual(left, [{ state: 'done', count: String(JOBS) }]);
});
