-- What services keep that choose otherwise than the reference clinic: a mode that was proposed and by whom, whether the
-- practitioner has been there, and who is in the other mode.
ALTER TABLE consultations ADD COLUMN proposed TEXT NOT NULL DEFAULT '';
ALTER TABLE consultations ADD COLUMN proposer TEXT NOT NULL DEFAULT '';
ALTER TABLE consultations ADD COLUMN met INTEGER NOT NULL DEFAULT 0;
ALTER TABLE consultations ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;

-- Who speaks in a segment, where each has one of their own.
ALTER TABLE segments ADD COLUMN speaker TEXT NOT NULL DEFAULT '';

-- Grants that do not count yet.
CREATE TABLE offered_shares (
  recording TEXT NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
  user      TEXT NOT NULL REFERENCES users (id),
  PRIMARY KEY (recording, user)
) WITHOUT ROWID;
CREATE TABLE offered_proxies (
  patient TEXT NOT NULL REFERENCES users (id),
  proxy   TEXT NOT NULL REFERENCES users (id),
  PRIMARY KEY (patient, proxy)
) WITHOUT ROWID;

-- Notices that stay when their recording is gone.
CREATE TABLE kept_notices (
  id          TEXT PRIMARY KEY,
  recipient   TEXT NOT NULL,
  recording   TEXT NOT NULL,
  appointment TEXT NOT NULL,
  title       TEXT NOT NULL
);
CREATE INDEX kept_notices_to ON kept_notices (recipient);

-- Whose recordings were deleted, so that it can be said again that they are.
CREATE TABLE deleted (
  recording TEXT NOT NULL,
  patient   TEXT NOT NULL,
  PRIMARY KEY (recording, patient)
) WITHOUT ROWID;
