// The statements that the server sends for one request, with their values, as PostgreSQL's own log tells them.

import fs from 'node:fs';

// A logged value: 'it''s' or NULL
function readValues(detail) {
    const values = [];
    for (const [, , text] of detail.matchAll(/\$(\d+) = (NULL|'(?:[^']|'')*')/g)) {
        values.push(text === 'NULL' ? null : text.slice(1, -1).replaceAll("''", "'"));
    }
    return values;
}

// statementsOf(house, about, ask): [{ sql, params }] in the order of sending, of the connection that sent one which
// `about` matches. Binary arguments are logged as text, so bare libpq sends the same statements with the same values.
export async function statementsOf(house, about, ask) {
    const [{ pid }] = await house.sql('SELECT pg_backend_pid() AS pid');
    const file = fs.readlinkSync(`/proc/${pid}/fd/2`);

    await house.sql(`ALTER DATABASE ${house.database} SET log_statement = 'all'`);
    await house.sql(`ALTER DATABASE ${house.database} SET log_parameter_max_length = -1`);
    await house.restart(); // connections that log
    await ask(); // prepares
    const from = fs.statSync(file).size;
    await ask();
    const text = fs.readFileSync(file).subarray(from).toString('utf8');
    await house.sql(`ALTER DATABASE ${house.database} RESET ALL`);
    await house.restart(); // connections that do not
    await ask();

    const sent = [...parse(text).values()].find((statements) => statements.some(({ sql }) => about.test(sql)));
    if (sent === undefined) throw new Error(`no statement like ${about} in\n${text}`);
    return sent.slice(sent.findLastIndex(({ sql }) => sql === 'BEGIN')); // before it: a connection being set up
}

// 2026-11-21 01:02:03.456 UTC [4711] LOG:  execute name: SELECT ...   further lines begin with a tab
// 2026-11-21 01:02:03.456 UTC [4711] DETAIL:  parameters: $1 = '...', $2 = NULL
function parse(text) {
    const byProcess = new Map();
    for (const record of text.split(/\n(?=\d{4}-\d\d-\d\d )/)) {
        const pid = /\[(\d+)\]/.exec(record)?.[1];
        const sql = /LOG: {2}(?:execute [^:]+|statement): ([\s\S]*)$/.exec(record)?.[1];
        const detail = /DETAIL: {2}parameters: ([\s\S]*)$/.exec(record)?.[1];
        const statements = byProcess.get(pid) ?? [];
        byProcess.set(pid, statements);
        if (sql !== undefined) statements.push({ sql: sql.replaceAll('\n\t', '\n').trim(), params: [] });
        else if (detail !== undefined && statements.length > 0) statements.at(-1).params = readValues(detail);
    }
    return byProcess;
}
