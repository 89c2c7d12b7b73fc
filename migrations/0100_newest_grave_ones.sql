-- The newest open ones of a score, the newest of a rule at one customer, and a customer's worst: each is read in the
-- order of an index that knows both, however many others have.

-- drops an index that a wider one replaces
DROP INDEX detection_open_recent;
CREATE INDEX detection_open_recent ON detection (last_at, id, (score::bigint)) WHERE status <> 'resolved';

CREATE INDEX detection_of_rule_here ON detection (tenant_id, rule_id, last_at);
CREATE INDEX detection_worst_of ON detection (tenant_id, (score::bigint), id) WHERE status <> 'resolved';
