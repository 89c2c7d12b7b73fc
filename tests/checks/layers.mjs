// Who may include whom. See README.md, "layers".

import path from 'node:path';
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

// A header and its source are one module; no chain of includes leads from a module back to itself.
const moduleOf = (file) => file.slice(0, -path.extname(file).length);
const graph = new Map();
for (const [file, wanted] of includes) {
    const from = moduleOf(file);
    const to = graph.get(from) ?? new Set();
    wanted.map(moduleOf).filter((module) => module !== from).forEach((module) => to.add(module));
    graph.set(from, to);
}

const done = new Set();
function walk(module, way) {
    const at = way.indexOf(module);
    if (at >= 0) {
        complain(module, `a circle: ${[...way.slice(at), module].join(' -> ')}`);
        return;
    }
    if (done.has(module)) return;
    for (const next of graph.get(module) ?? []) walk(next, [...way, module]);
    done.add(module);
}
for (const module of graph.keys()) walk(module, []);
