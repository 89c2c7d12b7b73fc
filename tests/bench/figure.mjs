// figure: one measured number beside the limit it chases.
//
//     figure('list of 50 rows', 5200, { unit: '/s', atLeast: 0.6 * bare, because: `60 % of bare libpq, ${bare}/s` });
//     figure('memory after start', 41, { unit: 'MiB', below: 64 });
//     figure('segments read', 812, { unit: 'MB/s' });             a figure without a limit of its own

import fs from 'node:fs';

const round = (value) => (Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3)));
const say = (value, unit) => `${round(value).toLocaleString('en')}${unit === '/s' || unit === '%' ? '' : ' '}${unit}`;

export function figure(name, value, { unit = '', atLeast, below, because } = {}) {
    const limit = atLeast ?? below;
    const kept = limit === undefined || (atLeast !== undefined ? value >= atLeast : value < below);
    const words = limit === undefined ? '' : `${atLeast !== undefined ? 'at least' : 'below'} ${say(limit, unit)}`;
    const line = [
        name.padEnd(52), say(value, unit).padStart(14), '  ', words.padEnd(22),
        limit === undefined ? '' : kept ? 'ok    ' : 'MISSED', because ? `  (${because})` : '',
    ].join(' ').trimEnd();
    console.log(line);
    if (process.env.YAGURA_FIGURES) fs.appendFileSync(process.env.YAGURA_FIGURES, `${line}\n`);
    return kept;
}
