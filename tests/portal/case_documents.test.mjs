// What a category asks for in the form of a new case, and a document that goes from the engineer to the customer's home
// and back with an answer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible } from './browser.mjs';
import { startPortal } from './portal_house.mjs';

const portal = await startPortal({ clock: new Date().toISOString() });
const { house, browser } = portal;
browser.expectFailure(/tickets\/new logged .* status of 422/); // too many units
const subject = '更新後に経理端末の動作が遅くなりました';
const [{ id }] = await house.sql('SELECT id FROM ticket WHERE subject = $1', [subject]);
const customer = await portal.as('customer', { path: '/tickets/new' });
const engineer = await portal.as('engineer', { path: `/tickets/${id}` });
const button = (page, name) => page.getByRole('button', { name, exact: true });
const title = '経理端末の復旧計画';

test('CREATE waits until every mandatory field of the category is filled', async () => {
    await customer.getByRole('radio', { name: /デプロイメント/ }).check();
    await customer.getByRole('textbox', { name: '件名' }).fill('新しい拠点への導入');
    await customer.getByRole('textbox', { name: '内容' }).fill('大阪の拠点に導入したいです。');
    await button(customer, '作成する').click();
    await customer.getByText('入力してください').first().waitFor();
    assert.equal(await customer.getByText('入力してください').count(), 6);
    await accessible(customer);
    for (const [name, value] of [['対象プログラム', 'EPP'], ['プログラムの数', '50'], ['エージェントの数', '50'],
        ['コネクターの数', '1'], ['対象範囲', '大阪']]) await customer.getByLabel(name).fill(value);
    await customer.getByLabel('実施希望日').fill('2027-01-15');
    await customer.getByText('合計 101（上限 100）').waitFor();
    await button(customer, '作成する').click();
    await customer.getByText('100以下にしてください').waitFor();
    await customer.getByLabel('コネクターの数').fill('0');
    await button(customer, '作成する').click();
    await customer.getByRole('heading', { level: 1, name: '新しい拠点への導入' }).waitFor();
    const [made] = await house.sql('SELECT answers FROM ticket WHERE subject = $1', ['新しい拠点への導入']);
    assert.deepEqual(made.answers.map((a) => a.value), ['EPP', '50', '50', '0', '大阪', '2027-01-15']);
    await customer.getByText('2027-01-15').waitFor();
});

test('an engineer puts a document before the customer\'s administrators', async () => {
    await button(engineer, '文書を依頼').click();
    const dialog = engineer.getByRole('dialog');
    await dialog.getByLabel('種類').selectOption('plan');
    await dialog.getByLabel('表題').fill(title);
    await dialog.getByRole('textbox', { name: '本文' }).fill('**前の版へ戻します。**\n\n- 5台\n- 夜間に実施');
    await accessible(engineer);
    await button(dialog, '依頼する').click();
    await engineer.getByRole('region', { name: '確認・承認をお願いする文書' }).getByText('回答待ち').waitFor();
});

test('it waits on the customer\'s home, is read and approved, and the engineer sees by whom and when', async () => {
    await customer.goto('/');
    await customer.getByRole('region', { name: 'ご確認・ご承認をお願いします' }).getByRole('link', { name: title }).click();
    await customer.getByRole('button', { name: new RegExp(title) }).click();
    const dialog = customer.getByRole('dialog');
    await dialog.locator('strong', { hasText: '前の版へ戻します。' }).waitFor();
    await dialog.getByText(/SHA-256：[0-9a-f]{64}/).waitFor();
    await accessible(customer);
    await button(dialog, '承認する').click();
    const area = engineer.getByRole('region', { name: '確認・承認をお願いする文書' });
    await area.getByText('承認済み').waitFor();
    await area.getByRole('button', { name: new RegExp(title) }).click();
    const answer = engineer.getByRole('dialog').getByRole('listitem').filter({ hasText: '佐々木 健一' });
    assert.match(await answer.innerText(), /承認しました[\s\S]*127\.0\.0\.1|::1/);
    await customer.goto('/');
    await customer.getByRole('heading', { level: 1 }).waitFor();
    assert.equal(await customer.getByRole('link', { name: title }).count(), 0);
});

test('who refuses says why', async () => {
    const [other] = await house.sql(`SELECT id, ticket_id AS ticket FROM ticket_document
                                      WHERE state = 'open' AND kind = 'proposal'`);
    await customer.goto(`/tickets/${other.ticket}`);
    await customer.getByRole('button', { name: /更新のご提案/ }).click();
    const dialog = customer.getByRole('dialog');
    await button(dialog, '承認しない').click();
    assert.equal(await button(dialog, '承認しない').isDisabled(), true);
    await dialog.getByLabel('理由').fill('年末は避けてください。');
    await button(dialog, '承認しない').click();
    await customer.getByText('承認されませんでした').first().waitFor();
    const sql = 'SELECT answer, reason FROM ticket_document_answer WHERE document_id = $1';
    const [row] = await house.sql(sql, [other.id]);
    assert.deepEqual({ ...row }, { answer: 'refused', reason: '年末は避けてください。' });
});
