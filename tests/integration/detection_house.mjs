// What the tests of rules, detections and exclusions share: rules worth writing, and waiting until they are asked.

import crypto from 'node:crypto';
import { answered, until } from './harness.mjs';
import { event, send, startIngestHouse } from './ingest_house.mjs';

export { event, send };

export function sigma({ id = crypto.randomUUID(), title = 'Command shell asks who it is', level = 'high',
    tags = ['attack.discovery', 'attack.t1033'], product = 'windows', category = 'process_creation',
    detection = { selection: { 'CommandLine|contains': 'whoami' }, condition: 'selection' }, ...rest } = {}) {
    return JSON.stringify({ title, id, status: 'test', level, tags, logsource: { product, category }, detection,
        ...rest }, null, 4); // JSON is YAML, too
}

export async function startDetectionHouse(options) {
    const house = await startIngestHouse(options);
    house.keys = { aoba: await house.key(house.aoba), kuro: await house.key(house.kuro) };
    house.writeRule = async (words, { tenant, state = 'active', tests } = {}) =>
        answered(await house.admin.post('/rules', { ...(tenant ? { tenant_id: tenant } : {}), body: words, state,
            ...(tests ? { tests } : {}) }), 201);
    // Until every rule that is saved now is asked.
    house.rulesAsked = async () => {
        const [{ number }] = await house.sql('SELECT number FROM rule_generation');
        await until(() => house.log('detector.loaded').some((line) =>
            Number(/generation=(\d+)/.exec(line.message ?? line.msg ?? JSON.stringify(line))[1]) >= Number(number)),
        `rules of generation ${number} are loaded`, 60_000);
    };
    house.tell = async (who, list, options) => answered(await send(house, house.keys[who], list, options));
    house.found = async (query = '', client = house.admin) =>
        answered(await client.get(`/detections?${query}`)).items;
    // Until a job of this kind no longer waits.
    house.worked = (kind) => until(async () => (await house.sql(
        `SELECT 1 FROM job WHERE kind = $1 AND state IN ('ready', 'acting')`, [kind])).length === 0,
    `${kind} is done`, 60_000);
    return house;
}
