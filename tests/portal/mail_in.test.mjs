// What came by mail, as people see it: in the case, in the list of what came in, and in the settings of a customer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answered, until } from '../integration/harness.mjs';
import { accessible } from './browser.mjs';
import { people, startPortal } from './portal_house.mjs';

const portal = await startPortal();
const { house } = portal;
const customer = await house.as('customer');
const [xdr] = answered(await customer.get('/ticket-categories')).items.filter((one) => one.key === 'xdr');
const ticket = answered(await customer.post('/tickets', {
    category_id: xdr.id, severity: 'c', subject: '端末が遅い', description: '朝から動作が重いです。' }), 201);

let count = 0;
async function bring({ from = people.customer, subject = `Re: [${ticket.reference}] 端末が遅い`, body, head = '' }) {
    const done = await house.yagura(['mail-in'], { input: `From: ${from}\r\nMessage-ID: <${++count}@mail.example>\r\n`
        + `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=\r\n${head}`
        + `Content-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n` });
    assert.equal(done.status, 0, done.stderr);
}

test('a message by mail says so, its quotes unfold, and an answering machine is one quiet line', async () => {
    await bring({ body: '再起動しました。\n\n2026年11月24日 Yagura <yagura@localhost>:\n> 再起動をお願いします。' });
    await bring({ body: '本日は不在です。', head: 'Auto-Submitted: auto-replied\r\n' });
    const page = await portal.as('lead', { path: `/tickets/${ticket.id}` });
    const list = page.getByRole('list', { name: 'やり取り' });
    const post = list.getByRole('listitem').filter({ hasText: '再起動しました。' });
    await post.getByText('メール', { exact: true }).waitFor();
    assert.equal(await post.getByText('再起動をお願いします。').isVisible(), false);
    await post.getByText('引用と署名').click();
    await post.getByText('再起動をお願いします。').waitFor();
    const quiet = list.getByRole('listitem').filter({ hasText: '自動返信メール' });
    assert.equal(await quiet.getByText('本日は不在です。').isVisible(), false);
    await quiet.getByText(/自動返信メール/).click();
    await quiet.getByText('本日は不在です。').waitFor();
    await accessible(page);
});

test('a stranger stands in the list of what came in, with the reason', async () => {
    await bring({ from: 'stranger@else.example', subject: '見積もりのお願い', body: 'はじめまして。' });
    await house.sql("UPDATE person SET language = 'en' WHERE email = $1", [people.administrator]);
    const page = await portal.as('administrator', { path: '/mail-arrivals', language: 'en', colorScheme: 'dark' });
    const row = page.getByRole('row').filter({ hasText: 'stranger@else.example' });
    await row.getByText('Refused').waitFor();
    await row.getByText('Sender unknown').waitFor();
    await page.getByRole('link', { name: ticket.reference }).first().click();
    await page.waitForURL(/\/tickets\//);
});

test('an engineer says on the customer\'s page that mails open no cases there', async () => {
    await house.sql("UPDATE person SET language = 'ja' WHERE email = $1", [people.administrator]);
    const page = await portal.as('administrator', { path: `/tenants/${ticket.tenant_id}` });
    const opens = page.getByRole('switch', { name: 'メールでお問い合わせを作成できる' });
    assert.equal(await opens.isChecked(), true);
    await opens.click();
    await page.getByRole('button', { name: '保存する', exact: true }).click();
    const lead = await house.as('administrator');
    const settings = async () => answered(await lead.get(`/tenants/${ticket.tenant_id}/notice-settings`));
    await until(async () => (await settings()).mail_opens_cases === false, 'it is kept', 60_000);
    assert.equal((await settings()).own, true);
});
