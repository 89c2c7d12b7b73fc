-- For how many days the customer may open an ended case again; later a new case is opened. Engineers always may.
ALTER TABLE tenant ADD COLUMN reopen_days int NOT NULL DEFAULT 30
    CONSTRAINT tenant_reopen_days_check CHECK (reopen_days BETWEEN 0 AND 366);
GRANT UPDATE (reopen_days) ON tenant TO yagura_api;
