// Files, functions and lines that a person can hold in view. See README.md, "sizes".

import { complain, files, linesOf } from './tree.mjs';

const FILE_LINES = 600;
const HEADER_LINES = 200;
const FUNCTION_LINES = 60;
const COLUMNS = 120;

const code = /\.(c|h|cpp|mjs|ts|tsx|sh|py)$|^script\/[^./]+$|CMakeLists\.txt$|\.sql$/;
const data = /^(tests\/fixtures|tests\/fuzz\/corpus|rules|portal\/src\/api\/generated)\//;

for (const file of files(code).filter((name) => !data.test(name))) {
    const lines = linesOf(file);
    const most = /\.h$/.test(file) ? HEADER_LINES : FILE_LINES;
    if (lines.length - 1 > most) complain(file, `${lines.length - 1} lines; ${most} is the most (a noun per file)`);
    lines.forEach((line, at) => {
        const width = [...line].length;
        if (width > COLUMNS && !/https?:\/\//.test(line)) {
            complain(`${file}:${at + 1}`, `${width} columns; ${COLUMNS} is the most`);
        }
        if (/[ \t]$/.test(line)) complain(`${file}:${at + 1}`, 'space at the end of the line');
        if (/^ *\t/.test(line)) complain(`${file}:${at + 1}`, 'a tab; we indent with four spaces');
    });
    if (lines.at(-1) !== '') complain(file, 'no newline at the end');
}

// The brace of a function stands alone in the first column, and only there.
for (const file of files(/\.(c|cpp)$/)) {
    let begin = -1;
    const lines = linesOf(file);
    lines.forEach((line, at) => {
        if (line === '{') begin = at;
        if (line === '}' && begin >= 0) {
            const name = /(\w+)\(/.exec(lines.slice(Math.max(0, begin - 4), begin).join(' '))?.[1] ?? 'a function';
            const length = at - begin - 1;
            if (length > FUNCTION_LINES) {
                complain(`${file}:${begin + 1}`, `${name} has ${length} lines; ${FUNCTION_LINES} is the most`);
            }
            begin = -1;
        }
    });
}
