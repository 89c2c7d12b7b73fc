// A reporter of node --test that counts: one line "passed failed skipped" and, for each skipped test, why.
// A test that was skipped without a reason counts as failed.

export default async function* tally(source) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const notes = [];

    for await (const { type, data } of source) {
        const isSuite = data.details?.type === 'suite';
        const byChildren = data.details?.error?.failureType === 'subtestsFailed';
        if (type === 'test:fail' && !byChildren && data.todo === undefined) {
            counts.failed += 1;
        } else if (type === 'test:pass' && !isSuite) {
            const skip = data.skip ?? data.todo;
            const reason = typeof skip === 'string' && skip !== '' ? skip : undefined;
            if (skip === undefined) counts.passed += 1;
            else if (reason !== undefined) counts.skipped += 1;
            else counts.failed += 1;
            if (skip !== undefined) notes.push(`skipped: ${data.name}: ${reason ?? 'no reason given'}`);
        }
    }
    yield `${counts.passed} ${counts.failed} ${counts.skipped}\n${notes.map((note) => `${note}\n`).join('')}`;
}
