-- Users: patients and practitioners. birth_date, plan and member_number are empty for practitioners.
CREATE TABLE users (
  id            TEXT PRIMARY KEY,
  role          TEXT NOT NULL CHECK (role IN ('patient', 'practitioner')),
  name          TEXT NOT NULL,
  email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
  password_hash TEXT NOT NULL,
  birth_date    TEXT NOT NULL,
  plan          TEXT NOT NULL,
  member_number TEXT NOT NULL
) WITHOUT ROWID;

-- Sessions, by the SHA-256 of their token: who reads this table can log in as nobody. expires is in Unix seconds.
CREATE TABLE sessions (
  token_hash BLOB PRIMARY KEY,
  user       TEXT NOT NULL REFERENCES users (id),
  role       TEXT NOT NULL,
  expires    INTEGER NOT NULL
) WITHOUT ROWID;

-- Consultations: an appointment and its encounter in one row, so that they cannot disagree. The checks are spelt with
-- OR because SQLite builds a temporary table, at every write, for an IN of more than two.
CREATE TABLE consultations (
  seq                   INTEGER PRIMARY KEY AUTOINCREMENT,
  appointment           TEXT NOT NULL UNIQUE,
  encounter             TEXT NOT NULL UNIQUE,
  patient               TEXT NOT NULL REFERENCES users (id),
  practitioner          TEXT NOT NULL REFERENCES users (id),
  slot                  INTEGER NOT NULL CHECK (slot >= 1),
  booked_mode           TEXT NOT NULL CHECK (booked_mode IN ('audio', 'video')),
  description           TEXT NOT NULL,
  status                TEXT NOT NULL CHECK (
    status = 'planned' OR status = 'in-progress' OR status = 'completed' OR status = 'cancelled'),
  mode                  TEXT NOT NULL CHECK (mode IN ('audio', 'video')),
  patient_presence      TEXT NOT NULL CHECK (
    patient_presence = '' OR patient_presence = 'present' OR patient_presence = 'dropped'),
  practitioner_presence TEXT NOT NULL CHECK (
    practitioner_presence = '' OR practitioner_presence = 'present' OR practitioner_presence = 'dropped'),
  stretch               INTEGER NOT NULL,
  segments              INTEGER NOT NULL,
  captured              INTEGER NOT NULL
);

-- A slot is taken while an appointment on it is booked or arrived. The index decides, so two bookings cannot race.
CREATE UNIQUE INDEX slot_taken ON consultations (practitioner, slot) WHERE status IN ('planned', 'in-progress');

-- Segments: recordings in the making. They become recordings when their encounter is completed, so that whatever reads
-- the recordings need not ask whether it may show one yet.
CREATE TABLE segments (
  id        TEXT PRIMARY KEY,
  encounter TEXT NOT NULL REFERENCES consultations (encounter),
  stretch   INTEGER NOT NULL,
  number    INTEGER NOT NULL,
  mode      TEXT NOT NULL,
  size      INTEGER NOT NULL,
  UNIQUE (encounter, number)
) WITHOUT ROWID;

-- Recordings repeat whose they are: ownership is read from the row itself, never from what the slot or the appointment
-- says later.
CREATE TABLE recordings (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  appointment  TEXT NOT NULL,
  encounter    TEXT NOT NULL,
  patient      TEXT NOT NULL,
  practitioner TEXT NOT NULL,
  title        TEXT NOT NULL,
  mode         TEXT NOT NULL,
  segment      INTEGER NOT NULL,
  size         INTEGER NOT NULL
);
CREATE INDEX recordings_of_patient ON recordings (patient, seq);
CREATE INDEX recordings_of_practitioner ON recordings (practitioner, seq);

-- Media, in the pieces in which it came; start is the offset in bytes of the piece within its segment.
CREATE TABLE media (
  segment TEXT NOT NULL,
  start   INTEGER NOT NULL,
  bytes   BLOB NOT NULL,
  PRIMARY KEY (segment, start)
);
