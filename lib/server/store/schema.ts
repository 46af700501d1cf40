import type Database from 'libsql'

// What the file looks like. A step is never changed once it was released: the next one is added.

const steps: readonly string[] = [
  `
  -- What is fixed, how far it has come, and what happened are rows of their own, so that no change
  -- writes the payloads of the others again.
  CREATE TABLE execution (
    ordinal INTEGER PRIMARY KEY,
    arn TEXT NOT NULL UNIQUE,
    facts TEXT NOT NULL
  ) STRICT;
  CREATE TABLE progress (
    execution INTEGER PRIMARY KEY,
    progress TEXT NOT NULL
  ) STRICT;
  CREATE TABLE operation (
    execution INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    record TEXT NOT NULL,
    extras TEXT,
    PRIMARY KEY (execution, sequence)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE event (
    execution INTEGER NOT NULL,
    number INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (execution, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE log (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    execution INTEGER,
    request TEXT,
    function TEXT NOT NULL,
    stream TEXT NOT NULL,
    size INTEGER NOT NULL,
    text TEXT NOT NULL -- as JSON: SQLite cuts a text at a NUL
  ) STRICT;
  CREATE INDEX log_of_execution ON log (execution) WHERE execution IS NOT NULL;
  CREATE INDEX log_of_request ON log (request) WHERE request IS NOT NULL;
  CREATE INDEX log_of_function ON log (function);
  `,
]

export const schemaVersion = steps.length

/** Tells our files from those of other programs: "pdre" in ASCII. */
export const applicationId = 0x70647265

/** Takes the file from the schema that it has to that of version `to`, in one transaction. */
export function migrate(database: Database.Database, from: number, to = schemaVersion): void {
  if (from >= to) return
  database.exec('BEGIN IMMEDIATE')
  for (const step of steps.slice(from, to)) database.exec(step)
  database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${to}; COMMIT`)
}
