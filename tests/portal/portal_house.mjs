// A house with the demonstration, a browser in front of it, and the way in: what the portal's tests share.

import { openBrowser } from './browser.mjs';
import { base32, demoSecret, password, people, startDemoHouse, totp } from '../integration/identity_house.mjs';

export { mailSaying, password, people } from '../integration/identity_house.mjs';

// The words by which the tests find things; the portal's own texts would find whatever stands there.
const words = {
    ja: {
        email: 'メールアドレス', password: 'パスワード', submit: 'ログイン', code: '6桁のコード', account: 'アカウント',
    },
    en: { email: 'Mail address', password: 'Password', submit: 'Sign in', code: 'Six-digit code', account: 'Account' },
};

export async function startPortal(options = {}) {
    const house = await startDemoHouse(options);
    const browser = await openBrowser(house);

    // A code is good once: the clock goes on to the next.
    const codeOf = (secret) => {
        house.clock.advance({ seconds: 30 });
        return totp(secret, +house.clock.now);
    };

    const portal = { house, browser };
    portal.code = (mail) => codeOf(demoSecret(people[mail] ?? mail));
    portal.codeOfText = (secret) => codeOf(base32(secret));

    portal.givePassword = async (page, mail, { language = 'ja', word = password } = {}) => {
        const say = words[language];
        await page.getByRole('textbox', { name: say.email }).fill(people[mail] ?? mail);
        await page.getByRole('textbox', { name: say.password }).fill(word);
        await page.getByRole('button', { name: say.submit, exact: true }).click();
    };

    portal.giveCode = async (page, code, { language = 'ja' } = {}) => {
        await page.getByRole('textbox', { name: words[language].code }).fill(code);
    };

    // A page of somebody who has signed in; `role` is one of identity's people.
    portal.as = async (role, { path = '/', language = 'ja', ...more } = {}) => {
        const page = await browser.page({ language, ...more });
        await page.goto(`/sign-in?back=${encodeURIComponent(path)}`);
        await portal.givePassword(page, role, { language });
        await page.getByRole('textbox', { name: words[language].code }).waitFor();
        await portal.giveCode(page, portal.code(role), { language });
        await page.getByRole('button', { name: words[language].account, exact: true }).waitFor();
        await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
        return page;
    };
    return portal;
}
