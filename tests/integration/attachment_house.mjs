// What the tests of attachments share: sending a file, its custody, and where its content lies.

import path from 'node:path';
import { answered } from './harness.mjs';
import { idOf, send, startUploadHouse } from './upload_house.mjs';

export const startAttachmentHouse = startUploadHouse;

// Sends a file into a case; its attachment's id.
export async function put(house, browser, ticket, name, content, metadata = {}) {
    const upload = await send(house, browser, ticket, Buffer.from(content),
        { metadata: { filename: name, ...metadata } });
    const [row] = await house.sql('SELECT attachment_id FROM upload WHERE id = $1', [idOf(upload.url)]);
    return row.attachment_id;
}

export const custodyOf = async (browser, id) => answered(await browser.get(`/attachments/${id}/custody`)).items;

export const blobOf = (house, shelf, hash) => path.join(house.folder, 'blobs', shelf, hash.slice(0, 2), hash.slice(2));
