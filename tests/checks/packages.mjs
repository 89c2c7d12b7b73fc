// What the build asks pkg-config for stands in script/packages.txt, and nothing else does. See README.md, "packages".

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { complain, files, read } from './tree.mjs';

// "PKGS a b" up to the next ")" or word in capitals, "pkg_check_modules(name REQUIRED IMPORTED_TARGET a)", and lists
// that are named pkgs_*.
const modules = new Set();
for (const file of files(/(^|\/)CMakeLists\.txt$/)) {
    const text = read(file).replace(/#.*$/gm, '');
    const lists = [...text.matchAll(/\bPKGS((?:\s+[a-z][\w.+-]*)+)/g),
        ...text.matchAll(/IMPORTED_TARGET\s+([a-z][\w.+-]*)/g), ...text.matchAll(/set\(pkgs_\w+((?:\s+[\w.+-]+)+)\)/g)];
    lists.flatMap(([, names]) => names.trim().split(/\s+/)).forEach((name) => modules.add(name));
}

const listed = new Set();
let group;
for (const line of read('script/packages.txt').split('\n')) {
    const [word] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (word.startsWith('[')) group = word.slice(1, -1);
    else if (word !== '' && group === 'build') listed.add(word);
}

const ask = (command, ...args) => execFileSync(command, args, { encoding: 'utf8' }).trim();
const used = new Set();
for (const module of modules) {
    const folder = fs.realpathSync(ask('pkg-config', '--variable=pcfiledir', module));
    const owner = ask('dpkg-query', '-S', path.join(folder, `${module}.pc`)).split(':')[0];
    used.add(owner);
    if (!listed.has(owner)) complain('script/packages.txt', `${owner} is missing; the build asks for ${module}`);
}
for (const name of listed) {
    if (name.endsWith('-dev') && !used.has(name)) complain('script/packages.txt', `the build never asks for ${name}`);
}
if (modules.size < 10) complain('tests/checks/packages.mjs', 'finds too few modules to be right');
