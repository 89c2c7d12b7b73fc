// The portal's tables of pages name each page and each path once, and each page has a title. See README.md, "pages".

import { complain, read } from './tree.mjs';

const rows = ['portal/src/app/pages.ts', 'portal/src/app/doors.ts'].flatMap((file) => {
    const table = read(file);
    const lineOf = (at) => table.slice(0, at).split('\n').length;
    const found = [...table.matchAll(/\bkey: "([^"]+)",\s*path: "([^"]+)"/g)]
        .map(({ 1: key, 2: path, index }) => ({ key, path, place: `${file}:${lineOf(index)}` }));
    // A row that this check cannot read would be one that nobody compares.
    const loads = [...table.matchAll(/\bload: \(\) =>\s*(withText|import)\(/g)].length;
    if (!loads || found.length !== loads) {
        complain(file, `${loads} pages are loaded, ${found.length} have key and path`);
    }
    return found;
});

// The router takes $id and $token for the same: whatever stands there.
const once = {
    key: (row) => row.key,
    path: (row) => row.path.replace(/\$\w+/g, '$'),
};
for (const [what, word] of Object.entries(once)) {
    const first = new Map();
    for (const row of rows) {
        const other = first.get(word(row));
        if (other) complain(row.place, `the ${what} "${row[what]}" stands at ${other.place} already`);
        else first.set(word(row), row);
    }
}

for (const language of ['ja', 'en']) {
    const titles = JSON.parse(read(`portal/src/text/${language}.json`)).page;
    for (const { key, place } of rows) {
        if (!titles[key]) complain(place, `portal/src/text/${language}.json has no page.${key}`);
    }
}
