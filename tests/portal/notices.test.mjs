// What people are told, as they meet it: the bell, how news reach me, "I have it" on a case, chains and webhooks.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import { test } from 'node:test';
import { atEnd, until } from '../integration/harness.mjs';
import { accessible, listening } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString(), env: { YAGURA_FETCH_REACH: '127.0.0.1/32' } });
const { house } = portal;
const api = { customer: await house.as('customer'), lead: await house.as('lead') };
const category = (await api.lead.get('/ticket-categories')).body.items.find((c) => c.key === 'xdr').id;
const open = async (subject, severity = 'a') => (await api.customer.post('/tickets', {
    category_id: category, severity, subject, description: '本文' })).body;
const lead = await portal.as('lead');
const customer = await portal.as('customer');
const button = (page, name) => page.getByRole('button', { name, exact: true });
const bell = (page) => page.getByRole('button', { name: /^お知らせ \(\d+\)$/ });
const unread = async (page) => Number(/\((\d+)\)/.exec(await bell(page).getAttribute('aria-label'))[1]);

test('the bell counts live, and a notice leads to its case', async () => {
    await listening(lead);
    const before = (await api.lead.get('/me/notices/unread')).body.unread;
    await until(async () => await unread(lead) === before, 'the bell counts what is there');
    const ticket = await open('ベルの確認');
    await until(async () => await unread(lead) === before + 1, 'the bell counts');
    await bell(lead).click();
    const line = lead.getByRole('button', { name: /新しいお問い合わせ: .*ベルの確認/ });
    await line.waitFor();
    await accessible(lead);
    await line.click();
    await lead.getByRole('heading', { level: 1, name: 'ベルの確認' }).waitFor();
    assert.match(lead.url(), new RegExp(ticket.id));
    await until(async () => await unread(lead) === before, 'it was read');
});

test('everybody chooses how news reach them, and the choice stays', async () => {
    await customer.goto('/account/notices');
    const row = customer.getByRole('radiogroup', { name: '新しいメッセージが届いたとき' });
    await row.getByText('ポータルのみ').click();
    await until(async () => (await api.customer.get('/me/notice-preferences')).body.items
        .find((one) => one.kind === 'message').way === 'portal', 'it is kept');
    await customer.reload();
    await customer.getByRole('heading', { level: 1, name: 'お知らせ' }).waitFor();
    await row.getByRole('radio', { name: 'ポータルのみ', checked: true }).waitFor({ state: 'attached' });
    assert.equal(await customer.getByText('期限が近づいた').count(), 0, 'deadlines are no business of customers');
    await customer.getByRole('switch', { name: 'メッセージの本文をメールに載せる' }).waitFor();
    await accessible(customer);
});

test('an escalation stands on the case, and "I have it" ends it', async () => {
    const ticket = await open('期限のある件');
    house.clock.advance({ hours: 1, minutes: 31 });
    const raised = async () => (await api.lead.get(`/tickets/${ticket.id}/escalations`)).body.items?.length > 0;
    await until(raised, 'it is raised');
    await lead.goto(`/tickets/${ticket.id}#escalation`);
    const part = lead.getByRole('region', { name: 'エスカレーション' });
    await part.getByText(/初回回答: 時間の75%が経過/).waitFor();
    await part.getByText('連絡中').first().waitFor();
    await accessible(lead);
    await button(part, '対応します').click();
    await part.getByText('対応者あり').first().waitFor();
    assert.equal(await button(part, '対応します').count(), 0);
    await customer.goto(`/tickets/${ticket.id}`);
    await customer.getByRole('heading', { level: 1, name: '期限のある件' }).waitFor();
    assert.equal(await customer.getByText('エスカレーション').count(), 0);
});

test('a chain for one customer is made in a minute', async () => {
    await lead.goto('/escalation-chains');
    await lead.getByRole('region', { name: '標準の連絡順' }).waitFor();
    await accessible(lead);
    await button(lead, 'お客様専用の連絡順を作成').click();
    const dialog = lead.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'お客様' }).fill('青葉');
    await lead.getByRole('option', { name: /青葉/ }).click();
    await dialog.getByRole('textbox', { name: '名前' }).fill('青葉専用');
    await button(dialog, '連絡先を追加').click();
    await dialog.getByRole('group', { name: '2番目' }).getByRole('checkbox', { name: 'Webhook' }).check();
    await accessible(lead);
    await button(dialog, '保存する').click();
    const made = lead.getByRole('region', { name: '株式会社青葉製作所' });
    await made.getByText('当番責任者').first().waitFor();
    assert.equal(await made.getByRole('listitem').count(), 2);
});

test('a webhook is added, its secret shown once, tested, and its log read', async () => {
    const got = [];
    const receiver = http.createServer((request, response) => {
        got.push(request.headers['webhook-signature']);
        response.writeHead(418).end('a teapot');
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    atEnd(() => receiver.close() && receiver.closeAllConnections());
    await customer.goto('/webhooks');
    await button(customer, 'Webhookを追加').first().click();
    const dialog = customer.getByRole('dialog');
    await dialog.getByRole('textbox', { name: '名前' }).fill('SIEM連携');
    await dialog.getByRole('textbox', { name: '送信先URL' }).fill(`http://127.0.0.1:${receiver.address().port}/`);
    await button(dialog, '作成する').click();
    await dialog.getByText(/^whsec_/).waitFor();
    await accessible(customer);
    await button(dialog, '保管しました').click();
    await customer.getByRole('heading', { level: 1, name: 'SIEM連携' }).waitFor();
    assert.equal(await customer.getByText(/whsec_/).count(), 0);
    await button(customer, 'テスト送信').click();
    await until(() => got.length > 0, 'the test arrives');
    const line = customer.getByRole('row', { name: /webhook.test/ });
    await line.getByText('失敗').waitFor();
    await line.click();
    const drawer = customer.getByRole('dialog');
    await drawer.getByText('a teapot').waitFor();
    await drawer.getByText(/webhook-signature: v1,/).waitFor();
    await accessible(customer);
});
