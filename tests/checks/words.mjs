// Words that have no place here. See README.md, "words".

import { complain, files, linesOf } from './tree.mjs';

const c = /\.(c|h|cpp)$/;
const ours = /^(core|xdr|model|workflows|reports|server|agent)\//;

const rules = [
    { where: /./, not: /^tests\/checks\/words\.mjs$|^rules\//, word: /(^|[^\w.])\/(work|home|root)\/\w/,
        why: 'a path of somebody\'s machine' },
    { where: /./, not: /^(tests\/checks\/|LICENSE)/, word: /\b(TODO|FIXME|XXX)\b/,
        why: 'finish it, or write an issue' },
    { where: c, word: /\bgoto\b/, why: 'no goto: the arena and scoped() end things' },
    { where: c, not: /^(core|tests)\//, word: /(?<![\w.>])(free|malloc|calloc|realloc|strdup|asprintf)\(/,
        why: 'memory comes from an arena; a foreign handle is scoped() or given to arena_defer()' },
    { where: c, not: /^(core\/base\/(instant|log|crypto)|agent|tests)/,
        word: /(?<![\w.>])(time|gettimeofday|clock_gettime)\((?!CLOCK_MONOTONIC)/,
        why: 'ask the scope what time it is' },
    { where: /^(model|workflows|reports|server)\/.*\.c$/, word: /\b(now\(\)|current_timestamp|clock_timestamp\(\))/i,
        why: 'SQL takes the time as an argument, from the scope' },
    { where: /^(model|workflows|reports|server)\/.*\.c$/, word: /(?<![\w.>])(sleep|usleep)\(/,
        why: 'wait for a stated condition, or make it a job' },
    { where: c, not: /^tests\//, why: 'hides a bound, a locale or a static buffer',
        word: /(?<![\w.>])(strcpy|strcat|strtok|sprintf|vsprintf|atoi|atol|localtime|gmtime)\(/ },
    { where: ours, not: /\.md$/, word: /#\s*include\s+"\.\.?\//, why: 'include by the path from the top of the tree' },
    { where: /^(script|deploy|\.ci|tests)\/|CMakeLists\.txt$/, not: /^tests\/(checks|fixtures)\//,
        word: /\b(pip3?|cargo|go|gem) install\b|\bcurl [^|]*https?:\/\/(?!127\.|localhost)|\bwget /,
        why: 'dependencies are Debian packages and the npm registry' },
    { where: /^tests\/.*\.mjs$/, not: /^tests\/checks\//, word: /\b(test|describe|it)\.only\(/,
        why: 'runs one test and hides the rest' },
];

const binary = /\.(png|jpg|ico|woff2?|gz|br|zst|zip|pdf|xlsx|pcap|bin)$/;
const data = /^tests\/(fuzz\/corpus|fixtures)\/|package-lock\.json$/;

for (const file of files().filter((name) => !binary.test(name) && !data.test(name))) {
    const mine = rules.filter(({ where, not }) => where.test(file) && !not?.test(file));
    linesOf(file).forEach((line, at) => {
        for (const { word, why } of mine) {
            const found = word.exec(line);
            if (found) complain(`${file}:${at + 1}`, `"${found[0].trim()}": ${why}`);
        }
    });
}
