// The measuring programs of this folder, from JavaScript.

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { top } from '../integration/postgres.mjs';

export const program = (name) => path.join(top, 'build/release/bench', name);

// run('bench_http', ['load', ...], input): the one line of JSON that it prints
export function run(name, args, input = '') {
    return new Promise((done, failed) => {
        const child = execFile(program(name), args, (error, out, errors) => {
            if (error) failed(new Error(`${name}: ${errors || error.message}`));
            else done(JSON.parse(out));
        });
        child.stdin.end(input);
    });
}

// hold(port, connections, request): resolves when all stand; call the answer to let go
export async function hold(port, connections, request) {
    const child = spawn(program('bench_http'), ['hold', port, connections], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(request);
    const held = await Promise.race([once(child.stdout.setEncoding('utf8'), 'data'), once(child, 'exit')]);
    if (held[0] !== 'held\n') throw new Error('the connections could not be opened');
    return () => child.kill();
}

// What a process keeps in memory, in MiB.
export function residentMiB(pid) {
    const line = /^VmRSS:\s+(\d+) kB/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line[1]) / 1024;
}
