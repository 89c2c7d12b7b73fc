-- Accounts on computers that were not seen for a year go, as files do (docs/incidents.md).
GRANT DELETE ON computer_user TO yagura_jobs;
