// What every check shares: the files of the tree, and how to say what is wrong.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

export const top = path.resolve(import.meta.dirname, '../..');

// files(/pattern/): the paths of our own files, committed or about to be
export function files(pattern = /./) {
    const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: top, encoding: 'utf8' });
    return [...new Set(listed.split('\0'))]
        .filter((file) => file !== '' && pattern.test(file) && fs.existsSync(path.join(top, file)))
        .sort();
}

export const read = (file) => fs.readFileSync(path.join(top, file), 'utf8');
export const exists = (file) => fs.existsSync(path.join(top, file));
export const linesOf = (file) => read(file).split('\n');

const problems = [];

// complain('core/base/str.c:12', 'what is wrong, and what to do')
export function complain(place, words) { problems.push(`${place}: ${words}`); }

process.on('exit', (code) => {
    problems.forEach((problem) => console.log(problem));
    if (code === 0 && problems.length > 0) process.exitCode = 1;
});
