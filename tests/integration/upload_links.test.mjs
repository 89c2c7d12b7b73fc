// Upload links: an address under which a stranger hands files in to one case, and can do nothing else.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as tus from 'tus-js-client';
import { answered, refused } from './harness.mjs';
import { custodyOf, startAttachmentHouse } from './attachment_house.mjs';
import { base64, begin, bytesOf, headersOf, patch, sha256, tusHeaders } from './upload_house.mjs';

const house = await startAttachmentHouse();
const ticket = await house.caseOf('AOBA');
const lead = await house.as('lead');
const contact = await house.as('contact');
const harbor = await house.as('harbor');
const stranger = house.browser({ language: 'ja' });
const bounds = { note: 'the memory dump', needs_sign_in: false, max_files: 2, max_bytes: 1_000_000, valid_hours: 48 };
const make = async (more = {}) => {
    const link = answered(await lead.post(`/tickets/${ticket}/upload-links`, { ...bounds, ...more }), 201);
    return { ...link, token: link.url.split('/').pop() };
};
const create = (browser, token, length) => browser.request('POST', `/upload-visits/${token}/uploads`, {
    headers: { ...tusHeaders, 'upload-length': String(length), 'upload-metadata': `filename ${base64('a.bin')}` } });

function send(token, content, browser) {
    return new Promise((done, failed) => {
        const upload = new tus.Upload(content, {
            endpoint: `${house.url}/api/v1/upload-visits/${token}/uploads`, chunkSize: 100_000,
            headers: browser ? headersOf(browser) : {}, retryDelays: [],
            metadata: { filename: 'dump.bin', visibility: 'internal' },
            onSuccess: () => done(upload), onError: failed });
        upload.start();
    });
}

test('who comes by a link reads what is needed and no more', async () => {
    const link = await make();
    assert.match(link.url, /\/upload\/[A-Za-z0-9_-]{43}$/);
    const visit = answered(await stranger.get(`/upload-visits/${link.token}`));
    assert.deepEqual(Object.keys(visit).sort(), ['bytes', 'created_by_name', 'expires_at', 'file_bytes_max', 'files',
        'hub_name', 'max_bytes', 'max_files', 'note', 'reference']);
    const [row] = await house.sql('SELECT * FROM upload_link WHERE id = $1', [link.id]);
    assert.ok(!JSON.stringify(row).includes(link.token), 'the token is known by its hash alone');
    const listed = answered(await lead.get(`/tickets/${ticket}/upload-links`)).items.find((one) => one.id === link.id);
    assert.equal(listed.url, undefined);
    assert.ok(listed.opened_at);
    for (const path of [`/tickets/${ticket}`, `/tickets/${ticket}/attachments`, `/attachments/${link.id}`]) {
        refused(await stranger.get(path, { headers: { authorization: `Bearer ${link.token}` } }), 401);
    }
});

test('a stranger sends a file by the real client in pieces; its custody names the link', async () => {
    const link = await make();
    const content = bytesOf(350_000, 'link');
    await send(link.token, content);
    const files = answered(await contact.get(`/tickets/${ticket}/attachments`)).items;
    const file = files.find((row) => row.link_id === link.id);
    assert.deepEqual([file.sha256, file.uploaded_by_side, file.internal], [sha256(content), 'link', false]);
    const [received] = await custodyOf(lead, file.id);
    assert.deepEqual([received.event, received.actor_side, received.link_id], ['received', 'link', link.id]);
    const visit = answered(await stranger.get(`/upload-visits/${link.token}`));
    assert.deepEqual([visit.files, visit.bytes], [1, 350_000]);
    const notices = answered(await (await house.as('lead')).get('/me/notices')).items;
    assert.ok(notices.some((one) => one.kind === 'upload'), 'whoever gave the link hears of it');
    const log = answered(await lead.get(`/audit?object_id=${file.id}`)).items;
    assert.equal(log[0].action, 'attachment.received');
});

test('number and size are bounded, what is under way included', async () => {
    const link = await make();
    refused(await create(stranger, link.token, 1_000_001), 409, 'upload-link-full');
    answered(await create(stranger, link.token, 600_000), 201);
    refused(await create(stranger, link.token, 500_000), 409, 'upload-link-full');
    answered(await create(stranger, link.token, 1000), 201);
    refused(await create(stranger, link.token, 1), 409, 'upload-link-full');
});

test('a link that was revoked, has expired or never was opens nothing, not even what was begun', async () => {
    const link = await make();
    const begun = answered(await create(stranger, link.token, 3), 201);
    assert.equal(begun, undefined);
    const where = (await create(stranger, link.token, 3)).headers.get('location').replace('/api/v1', '');
    refused(await harbor.post(`/upload-links/${link.id}/revoke`), 404);
    refused(await contact.post(`/upload-links/${link.id}/revoke`), 409);
    answered(await lead.post(`/upload-links/${link.id}/revoke`));
    refused(await lead.post(`/upload-links/${link.id}/revoke`), 409);
    refused(await stranger.get(`/upload-visits/${link.token}`), 410, 'upload-link-dead');
    refused(await patch(stranger, where, 0, 'abc'), 410);
    refused(await create(stranger, link.token, 3), 410);
    refused(await stranger.get(`/upload-visits/${'A'.repeat(43)}`), 410);
    const short = await make({ valid_hours: 1 });
    house.clock.advance({ minutes: 61 });
    refused(await stranger.get(`/upload-visits/${short.token}`), 410);
});

test('the upload of one link is nothing to another link, nor to a person', async () => {
    const [one, two] = [await make(), await make()];
    const where = (await create(stranger, one.token, 3)).headers.get('location').replace('/api/v1', '');
    refused(await patch(stranger, where.replace(one.token, two.token), 0, 'abc'), 404);
    refused(await patch(await house.as('lead'), where.replace(/.*uploads/, '/uploads'), 0, 'abc'), 404);
    const person = await house.as('contact');
    const own = await begin(person, ticket, 3);
    refused(await patch(stranger, own.replace('/uploads', `/upload-visits/${one.token}/uploads`), 0, 'abc'), 404);
});

test('a link that wants a sign-in takes people of that customer', async () => {
    const link = await make({ needs_sign_in: true });
    refused(await stranger.get(`/upload-visits/${link.token}`), 401, 'upload-link-sign-in');
    refused(await (await house.as('harbor')).get(`/upload-visits/${link.token}`), 403);
    const person = await house.as('contact');
    answered(await person.get(`/upload-visits/${link.token}`));
    await send(link.token, Buffer.from('mine'), person);
    const files = answered(await person.get(`/tickets/${ticket}/attachments`)).items;
    assert.equal(files.find((row) => row.link_id === link.id).uploaded_by_side, 'link');
});

test('only engineers make links, within bounds, and for cases that are open', async () => {
    const person = await house.as('contact');
    refused(await person.post(`/tickets/${ticket}/upload-links`, bounds), 409);
    const engineer = await house.as('lead');
    refused(await engineer.post(`/tickets/${ticket}/upload-links`, { ...bounds, valid_hours: 9999 }), 422);
    refused(await engineer.post(`/tickets/${ticket}/upload-links`, { ...bounds, max_files: 0 }), 422);
});
