// What the tests of incidents share: detections as rows, however many, and the job that gathers them.

import crypto from 'node:crypto';
import { answered, startHouse, until } from './harness.mjs';
import { makePerson, makeTenant, PROVIDER, signIn } from './http_people.mjs';

// As the service makes them: of version 7, of this moment.
export function uuid7(ms) {
    const hex = ms.toString(16).padStart(12, '0') + '7' + crypto.randomBytes(2).toString('hex').slice(0, 3)
        + '8' + crypto.randomBytes(8).toString('hex').slice(0, 15);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const COLUMNS = ['tenant_id', 'id', 'rule_id', 'rule_key', 'rule_version', 'title', 'title_ja', 'score', 'techniques',
    'tactics', 'computer_id', 'computer_name', 'user_name', 'process_name', 'process_path', 'process_guid',
    'parent_guid', 'parent_path', 'command_line', 'sha256', 'addresses', 'first_at', 'last_at', 'arrived_at', 'origin',
    'updated_at'];

export async function startIncidentHouse(options) {
    const house = await startHouse(options);
    house.aoba = await makeTenant(house, 'AOBA');
    house.kuro = await makeTenant(house, 'KURO');
    house.adminPerson = await makePerson(house, PROVIDER, 'administrator');
    house.engineerPerson = await makePerson(house, PROVIDER, 'engineer');
    house.contactPerson = await makePerson(house, house.aoba, 'customer_administrator');
    house.admin = await signIn(house, house.adminPerson);
    house.engineer = await signIn(house, house.engineerPerson);
    house.contact = await signIn(house, house.contactPerson);
    house.stranger = await signIn(house, await makePerson(house, house.kuro, 'customer_administrator'));
    await house.sql(`SELECT day_begin(d::date) FROM generate_series(now() - interval '3 days', now(), '1 day') d`);

    house.computer = async (tenant, name, more = {}) => {
        const id = uuid7(Date.now());
        await house.sql(`INSERT INTO computer (tenant_id, id, name, name_key, os, tags, first_seen_at, last_seen_at,
            created_at, updated_at) VALUES ($1, $2, $3, lower($3), $4, $5, now(), $6, now(), now())`,
        [tenant, id, name, more.os ?? 'windows', more.tags ?? [], more.last_seen_at ?? new Date()]);
        return id;
    };
    // minutes: so long ago
    house.detect = async (tenant, { minutes = 0, ...words } = {}) => {
        const at = new Date(Date.now() - minutes * 60_000);
        const key = words.rule_key ?? crypto.randomUUID();
        const row = { tenant_id: tenant, id: uuid7(at.getTime()), rule_id: crypto.randomUUID(), rule_key: key,
            rule_version: 1, title: 'Something odd', title_ja: '不審な動作', score: 50, techniques: [], tactics: [],
            addresses: [], first_at: at, last_at: at, arrived_at: at, origin: 'rule', updated_at: at, ...words };
        await house.sql(`INSERT INTO detection (${COLUMNS}) VALUES (${COLUMNS.map((_, i) => `$${i + 1}`)})`,
            COLUMNS.map((name) => row[name] ?? null));
        return row.id;
    };
    house.askToGather = (tenant) => house.sql(`INSERT INTO job (tenant_id, id, kind, args, run_at, created_at,
        max_attempts)
        VALUES ($1, gen_random_uuid(), 'incident_gather', '{}', now(), now(), 10)`, [tenant])
        .then(() => house.sql(`NOTIFY yagura_job`));
    house.gathered = () => until(async () => {
        const waiting = await house.sql(`SELECT last_error, attempts FROM job WHERE kind = 'incident_gather'
            AND state IN ('ready', 'acting')`);
        const stuck = waiting.find((job) => job.attempts > 2);
        if (stuck) throw new Error(`gathering fails: ${stuck.last_error}`);
        return waiting.length === 0;
    }, 'everything is gathered', 60_000);
    house.gather = async (tenant) => {
        await house.askToGather(tenant);
        await house.gathered();
    };
    house.incidents = async (query = '', client = house.engineer) =>
        answered(await client.get(`/incidents?${query}`)).items;
    house.incidentOf = async (detection) =>
        (await house.sql('SELECT incident_id FROM detection WHERE id = $1', [detection]))[0].incident_id;
    return house;
}
