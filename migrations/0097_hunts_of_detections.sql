-- A question may be put to detections instead of events: each is asked about the event that it keeps. What is found
-- then leads to the detection instead of a batch.
ALTER TABLE hunt ADD COLUMN about text NOT NULL DEFAULT 'events'
    CONSTRAINT hunt_about_check CHECK (about IN ('events', 'detections'));
ALTER TABLE hunt_hit ADD COLUMN detection_id uuid, ADD COLUMN rule_title_ja text;
ALTER TABLE hunt_hit ALTER COLUMN batch_id DROP NOT NULL, ALTER COLUMN event_index DROP NOT NULL;
CREATE UNIQUE INDEX hunt_hit_detection_key ON hunt_hit (tenant_id, hunt_id, detection_id)
    WHERE detection_id IS NOT NULL;
