// Everything a person reads exists in Japanese and in English. See README.md, "texts".

import { complain, exists, files, read } from './tree.mjs';

const languages = ['ja', 'en'];

// The portal: text/ja.json and text/en.json, or text/ja/NAME.json and text/en/NAME.json.
function flat(object, prefix = '') {
    return Object.entries(object).flatMap(([key, value]) => (typeof value === 'object'
        ? flat(value, `${prefix}${key}.`)
        : [[prefix + key, value]]));
}

// Japanese has one plural form where English has two.
const withoutPlural = (key) => key.replace(/_(zero|one|two|few|many|other)$/, '');
const marks = (text, pattern) =>
    [...new Set([...String(text).matchAll(pattern)].map((match) => match[1].trim()))].sort().join(', ');
const variables = (text) => marks(text, /\{\{([^}]*)\}\}/g);

const texts = files(/^portal\/src\/text\/(ja|en)(\/.*)?\.json$/);
for (const file of texts) {
    const other = file.replace(/\/(ja|en)([/.])/, (all, language, end) => `/${language === 'ja' ? 'en' : 'ja'}${end}`);
    if (!texts.includes(other)) {
        complain(file, `${other} is missing`);
        continue;
    }
    const there = new Map(flat(JSON.parse(read(other))).map(([key, text]) => [withoutPlural(key), text]));
    for (const [key, text] of flat(JSON.parse(read(file)))) {
        const twin = there.get(withoutPlural(key));
        if (typeof text !== 'string' || text.trim() === '') complain(file, `${key} is empty`);
        else if (twin === undefined) complain(other, `${key} is missing`);
        else if (key === withoutPlural(key) && variables(text) !== variables(twin)) {
            complain(file, `${key} names {{${variables(text)}}}, its twin in ${other} {{${variables(twin)}}}`);
        }
    }
}

// Templates: the same files in every language, and the same variables in them.
for (const file of files(/^templates\/(ja|en)\//)) {
    const language = file.split('/')[1];
    const other = file.replace(/^templates\/\w+/, `templates/${languages.find((name) => name !== language)}`);
    if (!exists(other)) {
        complain(file, `${other} is missing`);
        continue;
    }
    const names = /\{\{\{?\s*[#^/&]?\s*([\w.]+)\s*\}?\}\}/g;
    if (language === 'ja' && marks(read(file), names) !== marks(read(other), names)) {
        complain(file, `uses {{${marks(read(file), names)}}}, ${other} uses {{${marks(read(other), names)}}}`);
    }
}

// What the audit log tells of, as the portal's audit page says it.
const { object_type: kinds, action: actions } = JSON.parse(read('portal/src/text/en.json')).value;
for (const file of files(/^(workflows|server|core)\/.*\.c$/)) {
    for (const [, noun] of read(file).matchAll(/\.noun = "(\w+)"/g)) {
        if (!kinds[noun]) complain(file, `portal/src/text/en.json has no value.object_type.${noun} for the audit log`);
    }
    // Statements that record something, or name an action: "noun.done" in them.
    for (const [statement] of read(file).matchAll(/(\.action = |record\w*\()[^;]*/g))
        for (const [, noun, done] of statement.matchAll(/"(\w+)\.([a-z_-]*[a-z])"/g))
            if ((kinds[noun] || actions[noun]) && !actions[noun]?.[done])
                complain(file, `portal/src/text/en.json has no value.action.${noun}.${done} for the audit log`);
}
