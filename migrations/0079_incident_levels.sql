-- What each level of an incident means and whom it tells (the boundary between mail and telephone is a setting), and
-- incidents among the events of webhooks.

CREATE TABLE incident_level (
    tenant_id  uuid NOT NULL REFERENCES tenant (id), -- the provider's hold for every customer without one
    id         uuid NOT NULL,
    level      int NOT NULL CONSTRAINT incident_level_level_check CHECK (level BETWEEN 0 AND 4),
    meaning_en text NOT NULL,
    meaning_ja text NOT NULL,
    by_mail    boolean NOT NULL,
    by_phone   boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT incident_level_level_key UNIQUE (tenant_id, level)
);
CREATE INDEX incident_level_by_id ON incident_level (id);
ALTER TABLE incident_level ENABLE ROW LEVEL SECURITY;
ALTER TABLE incident_level FORCE ROW LEVEL SECURITY;
REVOKE ALL ON incident_level FROM PUBLIC;
CREATE POLICY incident_level_owner ON incident_level TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY incident_level_tenant ON incident_level TO yagura_api, yagura_jobs
    USING (tenant_id = ANY ((SELECT yagura_tenants())::uuid[]));
CREATE POLICY incident_level_shared ON incident_level FOR SELECT TO yagura_api, yagura_jobs
    USING (tenant_id = '00000000-0000-7000-8000-000000000001');
GRANT SELECT, INSERT, UPDATE, DELETE ON incident_level TO yagura_api;
GRANT SELECT ON incident_level TO yagura_jobs;
INSERT INTO incident_level (tenant_id, id, level, meaning_en, meaning_ja, by_mail, by_phone, updated_at)
SELECT '00000000-0000-7000-8000-000000000001', ('00000000-0000-7000-8000-00000c00300' || level)::uuid, level, en, ja,
       by_mail, by_phone, now()
  FROM (VALUES
    (4, 'Malicious activity on several protected targets is confirmed.', '複数の監視対象で不正な活動を確認しました。', true, true),
    (3, 'Malicious activity on one protected target is confirmed.', '1つの監視対象で不正な活動を確認しました。', true, true),
    (2, 'Possibly malicious; it cannot be judged without asking the customer.',
     '不正の可能性があり、お客様への確認なしには判断できません。', true, false),
    (1, 'Needs watching before it can be judged.', '判断のため経過観察が必要です。', false, false),
    (0, 'Normal behaviour.', '正常な動作です。', false, false)) AS l (level, en, ja, by_mail, by_phone);

CREATE TRIGGER webhook_of_incident AFTER INSERT ON change FOR EACH ROW
    WHEN (NEW.noun = 'incident' AND NEW.verb IN ('opened', 'assigned', 'level-decided', 'start', 'wait', 'closed',
                                                 'reopened', 'merged', 'told', 'commented', 'case-opened'))
    EXECUTE FUNCTION webhook_of_change();

-- A job reads incidents as a person does.
GRANT EXECUTE ON FUNCTION grant_rank(text[], text) TO yagura_jobs;
