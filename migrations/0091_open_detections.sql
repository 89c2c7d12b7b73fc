-- open_detections: what is still to be looked at, newest first, is found without walking past what is resolved; and how
-- many of an incident are open.
CREATE INDEX detection_open_recent ON detection (last_at, id) WHERE status <> 'resolved';
CREATE INDEX detection_open_recent_of ON detection (tenant_id, last_at, id) WHERE status <> 'resolved';
CREATE INDEX detection_open_of_incident ON detection (tenant_id, incident_id) WHERE status <> 'resolved';
