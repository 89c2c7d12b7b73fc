// Who may include whom. See README.md, "layers".

import { complain, exists, files, linesOf } from './tree.mjs';

const may = {
    'core/base': ['core/base'],
    core: ['core'],
    xdr: ['core/base', 'xdr'],
    model: ['core', 'model'],
    workflows: ['core', 'xdr', 'model', 'workflows'],
    reports: ['core', 'xdr', 'model', 'workflows', 'reports'],
    'server/http': ['core', 'xdr', 'model', 'workflows', 'reports', 'server/http'],
    server: ['core', 'xdr', 'model', 'workflows', 'reports', 'server'],
    agent: ['core', 'agent'],
};

const inside = (file, folder) => file.startsWith(`${folder}/`);
const longestFirst = Object.keys(may).sort((a, b) => b.length - a.length);
const layerOf = (file) => longestFirst.find((layer) => inside(file, layer));

const includes = new Map();
for (const file of files(/^(core|xdr|model|workflows|reports|server|agent)\/.*\.(c|h|cpp)$/)) {
    includes.set(file, []);
    linesOf(file).forEach((line, at) => {
        const wanted = /^\s*#\s*include\s+"([^"]+)"/.exec(line)?.[1];
        if (wanted === undefined) return;
        const place = `${file}:${at + 1}`;
        if (!exists(wanted)) {
            complain(place, `"${wanted}" is not a path from the top of the tree`);
            return;
        }
        const layer = layerOf(file);
        if (!may[layer].some((folder) => inside(wanted, folder))) {
            complain(place, `${layer} may not include ${wanted}; it may include ${may[layer].join(', ')}`);
        }
        includes.get(file).push(wanted);
    });
}

// No chain of includes leads from a header back to itself; a guard would only hide it.
const done = new Set();
function walk(file, way) {
    const at = way.indexOf(file);
    if (at >= 0) {
        complain(file, `a circle: ${[...way.slice(at), file].join(' -> ')}`);
        return;
    }
    if (done.has(file)) return;
    for (const next of includes.get(file) ?? []) walk(next, [...way, file]);
    done.add(file);
}
for (const file of includes.keys()) walk(file, []);
