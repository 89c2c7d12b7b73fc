// Migrations are numbered, forward only, and never change. See README.md, "migrations".

import { complain, files, read } from './tree.mjs';

const taken = new Map();
for (const file of files(/^migrations\//)) {
    const number = /^migrations\/(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1];
    if (number === undefined) {
        complain(file, 'is not named 0001_what_it_makes.sql');
        continue;
    }
    if (taken.has(number)) complain(file, `has the number of ${taken.get(number)}`);
    taken.set(number, file);
    const sql = read(file).replace(/--.*$/gm, '');
    if (/^\s*(BEGIN|COMMIT|ROLLBACK)\s*;/im.test(sql)) complain(file, 'the migrator opens and ends the transaction');
    if (/\bDROP\s+(TABLE|COLUMN|SCHEMA)\b/i.test(sql) && !/^-- drops /m.test(read(file))) {
        complain(file, 'drops data: say so in a line "-- drops ..." that tells why it is safe');
    }
}
