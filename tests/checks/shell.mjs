// Shell scripts parse, stop at the first failure, and say what they do. See README.md, "shell".

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { complain, files, read, top } from './tree.mjs';

for (const file of files(/^(script|deploy|\.ci)\//)) {
    const text = fs.statSync(path.join(top, file)).isFile() ? read(file) : '';
    const isCommand = /^#!.*\b(ba)?sh\b/.test(text);
    if (!isCommand && !file.endsWith('.sh')) continue;
    const parsed = spawnSync('bash', ['-n', path.join(top, file)], { encoding: 'utf8' });
    if (parsed.status !== 0) complain(file, parsed.stderr.trim());
    if (!isCommand) continue;
    if ((fs.statSync(path.join(top, file)).mode & 0o111) === 0) complain(file, 'has no run bit');
    if (text.split('\n').length > 3 && !/^set -e/m.test(text)) complain(file, 'lacks set -euo pipefail');
}
