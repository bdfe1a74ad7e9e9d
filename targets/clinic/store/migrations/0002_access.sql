-- Accounts that were closed keep their row, because consultations refer to it, and nothing in it that is anybody's.
ALTER TABLE users ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_of_user ON sessions (user);

-- A guest is the second patient of a group appointment; empty: there is none.
ALTER TABLE consultations ADD COLUMN guest TEXT NOT NULL DEFAULT '';
ALTER TABLE consultations ADD COLUMN guest_presence TEXT NOT NULL DEFAULT '' CHECK (
  guest_presence = '' OR guest_presence = 'present' OR guest_presence = 'dropped');
CREATE INDEX consultations_of_patient ON consultations (patient);
CREATE INDEX consultations_of_guest ON consultations (guest) WHERE guest <> '';

-- ended is when the consultation was over, in Unix nanoseconds: recordings are shown so long after it.
ALTER TABLE recordings ADD COLUMN guest TEXT NOT NULL DEFAULT '';
ALTER TABLE recordings ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
CREATE INDEX recordings_of_guest ON recordings (guest, seq) WHERE guest <> '';

-- Whom the patient lets see one recording, and whom the patient lets see all and act for them. A recording takes what hangs
-- on it with it when it is deleted.
CREATE TABLE shares (
  recording TEXT NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
  user      TEXT NOT NULL REFERENCES users (id),
  PRIMARY KEY (recording, user)
) WITHOUT ROWID;
CREATE INDEX shares_with ON shares (user);
CREATE TABLE proxies (
  patient TEXT NOT NULL REFERENCES users (id),
  proxy   TEXT NOT NULL REFERENCES users (id),
  PRIMARY KEY (patient, proxy)
) WITHOUT ROWID;
CREATE INDEX proxies_by_proxy ON proxies (proxy);

-- Playback links, by the SHA-256 of their secret: who reads this table can open none.
CREATE TABLE links (
  secret_hash BLOB PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  maker       TEXT NOT NULL REFERENCES users (id),
  role        TEXT NOT NULL,
  recording   TEXT NOT NULL REFERENCES recordings (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX links_of_maker ON links (maker);
CREATE INDEX links_to_recording ON links (recording);

-- Notices that a recording is there.
CREATE TABLE notices (
  recording TEXT NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
  recipient TEXT NOT NULL,
  id        TEXT NOT NULL,
  PRIMARY KEY (recording, recipient)
) WITHOUT ROWID;
CREATE INDEX notices_to ON notices (recipient);

-- The audit trail refers to nothing, so that it outlives what it tells of. at is in Unix nanoseconds. It is written while
-- recordings are read, and therefore has no index but the one it is in.
CREATE TABLE audit (
  subject   TEXT NOT NULL,
  recording TEXT NOT NULL,
  agent     TEXT NOT NULL,
  action    TEXT NOT NULL,
  role      TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (subject, recording, agent, action)
) WITHOUT ROWID;

-- Switches that the operator has set.
CREATE TABLE switches (
  name    TEXT PRIMARY KEY,
  enabled INTEGER NOT NULL
) WITHOUT ROWID;
