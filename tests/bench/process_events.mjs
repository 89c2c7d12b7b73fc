// Process starts as our agent sends them, about 700 bytes each and no two equal: half with command lines of recorded
// attacks, half as the day of an office machine goes. The same seed writes the same file.

import fs from 'node:fs';
import readline from 'node:readline';

const DAY = Date.UTC(2026, 0, 5);

export function randomOf(seed) { // mulberry32
    let state = seed >>> 0;
    return () => {
        state = (state + 0x6D2B79F5) >>> 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
}

const EVERYDAY = [
    ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Windows\\explorer.exe', () =>
        '"C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe" --type=renderer --lang=ja '],
    ['C:\\Windows\\System32\\svchost.exe', 'C:\\Windows\\System32\\services.exe', () =>
        'C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s '],
    ['C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE', 'C:\\Windows\\explorer.exe', () =>
        '"C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE" /n "C:\\Users\\aoki\\Documents\\'],
    ['C:\\Program Files\\Git\\cmd\\git.exe', 'C:\\Program Files\\Microsoft VS Code\\Code.exe', () =>
        'git.exe -c core.quotepath=false status --porcelain=v2 --branch '],
    ['C:\\Program Files\\nodejs\\node.exe', 'C:\\Windows\\System32\\cmd.exe', () =>
        'node  "C:\\src\\portal\\node_modules\\.bin\\vite" build --outDir '],
    ['C:\\Windows\\System32\\taskhostw.exe', 'C:\\Windows\\System32\\svchost.exe', () => 'taskhostw.exe '],
    ['C:\\Windows\\System32\\backgroundTaskHost.exe', 'C:\\Windows\\System32\\svchost.exe', () =>
        '"C:\\Windows\\system32\\backgroundTaskHost.exe" -ServerName:App.'],
    ['C:\\Windows\\System32\\notepad.exe', 'C:\\Windows\\explorer.exe', () =>
        '"C:\\Windows\\system32\\notepad.exe" C:\\Users\\aoki\\Desktop\\'],
];

/* What recordings hold of process starts, Sysmon's and the Security log's. */
async function startsOf(recordings) {
    const starts = new Map();
    for await (const line of readline.createInterface({ input: fs.createReadStream(recordings) })) {
        if (!line.includes('CommandLine')) continue;
        const event = JSON.parse(line);
        const of = event.event_data ?? event;
        const image = of.Image ?? of.NewProcessName;
        if (image && of.CommandLine && (of.ParentImage ?? of.ParentProcessName))
            starts.set(`${image} ${of.CommandLine}`, [image, of.ParentImage ?? of.ParentProcessName,
                () => `${of.CommandLine} `]);
    }
    return [...starts.values()];
}

export async function writeProcessEvents(recordings, file, count, seed = 1) {
    const random = randomOf(seed);
    const pick = (list) => list[Math.floor(random() * list.length)];
    const digit = () => '0123456789ABCDEF'[Math.floor(random() * 16)];
    const hex = (digits) => Array.from({ length: digits }, digit).join('');
    const word = () => Math.floor(random() * 2 ** 40).toString(36);
    const recorded = await startsOf(recordings);
    const out = fs.openSync(file, 'w');
    let lines = '';
    for (let i = 0; i < count; i++) {
        const [image, parent, begun] = pick(random() < 0.5 ? recorded : EVERYDAY);
        lines += JSON.stringify({
            EventTime: new Date(DAY + i * 40).toISOString(), EventID: 1,
            Channel: 'Microsoft-Windows-Sysmon/Operational',
            Computer: `pc-${Math.floor(random() * 400)}.example`, ProcessId: Math.floor(random() * 65536),
            ProcessGuid: `{${hex(8)}-${hex(4)}}`, Image: image, OriginalFileName: image.split('\\').at(-1),
            CommandLine: begun() + word(), User: `EXAMPLE\\${word()}`,
            LogonId: `0x${hex(6)}`, IntegrityLevel: pick(['Medium', 'High', 'System']),
            Hashes: `SHA256=${hex(64)},IMPHASH=${hex(32)}`, ParentProcessId: Math.floor(random() * 65536),
            ParentProcessGuid: `{${hex(8)}-${hex(4)}}`, ParentImage: parent, ParentCommandLine: `"${parent}" ${word()}`,
        }) + '\n';
        if (lines.length > 1 << 20) {
            fs.writeSync(out, lines);
            lines = '';
        }
    }
    fs.writeSync(out, lines);
    fs.closeSync(out);
}
