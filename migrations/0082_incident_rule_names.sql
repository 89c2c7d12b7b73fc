-- The rule that began an incident is told in the reader's language, as it was called then.

ALTER TABLE incident ADD COLUMN rule_name_ja text;
UPDATE incident i SET rule_name_ja = r.name_ja
  FROM incident_rule r WHERE r.id = i.rule_id AND r.name = i.rule_name;
