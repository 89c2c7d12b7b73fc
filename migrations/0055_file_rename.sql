-- A file may get another name; under which names it stood before is part of its custody.
ALTER TABLE attachment_custody DROP CONSTRAINT attachment_custody_event_check;
ALTER TABLE attachment_custody ADD CONSTRAINT attachment_custody_event_check
    CHECK (event IN ('received', 'fetched', 'fetched_archive', 'previewed', 'flagged', 'unflagged', 'sealed', 'scanned',
                     'published', 'removed', 'renamed'));
GRANT UPDATE (name) ON attachment TO yagura_api, yagura_jobs;
