/**
 * The file of the index over values (decision 0022): beside the database, made of its events alone, and so thrown away and
 * built again wherever it does not fit. Words lie in a full-text index that keeps no text; scalars of inputs and outputs
 * lie by their paths. It is never backed up, and no run waits for it.
 */
import { rmSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import Database from "better-sqlite3"

export const searchName = "search.db"

/** Another number is another file: what an older release built is built anew. */
const searchVersion = 4
/** `WBS1` */
const searchId = 0x57425331

/** A run's texts lie at `run_key * 65536 + seq`. */
export const seqBits = 16

const tables = `
CREATE VIRTUAL TABLE run_text USING fts5(body, content='', contentless_delete=1, tokenize='ascii');
-- Ids and names in pieces of three letters: finds the runs in which a free word may stand.
CREATE VIRTUAL TABLE run_names USING fts5(names, content='', contentless_delete=1, detail=none, tokenize='trigram');
CREATE TABLE paths (
  path_id INTEGER PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  path TEXT NOT NULL,
  UNIQUE (workspace_id, path)
) STRICT;
CREATE TABLE leaves (
  run_key INTEGER NOT NULL,
  path_id INTEGER NOT NULL,
  value ANY NOT NULL,
  PRIMARY KEY (run_key, path_id, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX leaves_by_value ON leaves (path_id, value, run_key);
CREATE TABLE indexed_runs (
  run_key INTEGER PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  -- Of its texts; what is beyond the bound is not searched.
  chars INTEGER NOT NULL,
  completed_at INTEGER,
  -- 1: its input and what came after was there to be read.
  valued INTEGER NOT NULL,
  -- 1: its values were cleared away, its ids are still found.
  cleared INTEGER NOT NULL
) STRICT;
CREATE INDEX indexed_runs_ended ON indexed_runs (workspace_id, cleared, completed_at, run_key)
  WHERE completed_at IS NOT NULL;
-- Batches of the archive whose runs are all in with their values.
CREATE TABLE archived_batches (batch_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
-- Runs of very many events, with how far they have come, and up to where their context was folded.
CREATE TABLE long_runs (
  run_key INTEGER PRIMARY KEY,
  head INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  folded INTEGER NOT NULL,
  -- From which head on it is worth the next point.
  due INTEGER NOT NULL
) STRICT;
CREATE INDEX long_runs_due ON long_runs (run_key) WHERE head >= due OR (ended = 1 AND head > folded);
-- Their contexts at some points of the way, with the hash of the event there: it tells all that came before.
CREATE TABLE context_points (
  run_key INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  codec TEXT NOT NULL,
  chars INTEGER NOT NULL,
  fold TEXT NOT NULL,
  PRIMARY KEY (run_key, seq)
) STRICT;
CREATE TABLE place (
  name TEXT PRIMARY KEY,
  -- All events up to here, and the hash of the one there: after a restore it is another.
  position INTEGER NOT NULL,
  hash TEXT NOT NULL,
  -- How often the database was put back from a backup.
  restored INTEGER NOT NULL,
  -- Runs up to this key are in.
  run_key INTEGER NOT NULL,
  -- Texts and scalars that were too many or too long.
  cut INTEGER NOT NULL,
  -- 1: something was cleared away whose words lie in old parts of the index still.
  to_merge INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO place (name, position, hash, restored, run_key, cut, to_merge) VALUES ('feed', 0, '', 0, 0, 0, 0);
`

const names = [
  "run_text",
  "run_names",
  "paths",
  "leaves",
  "indexed_runs",
  "archived_batches",
  "long_runs",
  "context_points",
  "place",
]

export function searchPath(databasePath: string): string {
  return join(dirname(databasePath), searchName)
}

/** Makes it where it is not there, or is of another release, or cannot be read. */
export function ensureSearchFile(databasePath: string): void {
  const path = searchPath(databasePath)
  try {
    openSearchWriter(path).close()
  } catch {
    for (const end of ["", "-wal", "-shm"]) rmSync(`${path}${end}`, { force: true })
    openSearchWriter(path).close()
  }
}

/** @throws when it is damaged, or of another release */
export function openSearchWriter(path: string): Database.Database {
  const db = new Database(path, { timeout: 5_000 })
  try {
    db.pragma("journal_mode = WAL")
    // A lost end is built again; only order matters.
    db.pragma("synchronous = NORMAL")
    db.pragma("wal_autocheckpoint = 4000")
    db.pragma("cache_size = -65536")
    db.pragma("temp_store = MEMORY")
    const version = db.pragma("user_version", { simple: true }) as number
    if (version === 0) db.transaction(() => createTables(db)).immediate()
    else if (version !== searchVersion || db.pragma("application_id", { simple: true }) !== searchId)
      throw new Error(`${path} is of another release`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Empty again: the next slice begins at the first event. */
export function emptySearch(db: Database.Database): void {
  db.transaction(() => {
    for (const name of names) db.exec(`DROP TABLE IF EXISTS ${name}`)
    createTables(db)
  }).immediate()
}

function createTables(db: Database.Database): void {
  db.exec(tables)
  db.pragma(`user_version = ${searchVersion}`)
  db.pragma(`application_id = ${searchId}`)
}

/** For a connection that lists runs: the index under the name `search`. */
export function attachSearch(db: Database.Database, databasePath: string = db.name): void {
  db.prepare("ATTACH DATABASE ? AS search").run(searchPath(databasePath))
}

/** Which file lies there; null: none. As long as somebody has one open no other gets its number. */
export function fileNumber(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? null
}

/** The index under the name `search`, and the new one once the old one was thrown away. */
export class AttachedSearch {
  readonly #db: Database.Database
  readonly #databasePath: string
  #number: number | null

  constructor(db: Database.Database, databasePath: string) {
    this.#db = db
    this.#databasePath = databasePath
    const path = searchPath(databasePath)
    if (fileNumber(path) === null) ensureSearchFile(databasePath)
    this.#number = fileNumber(path)
    attachSearch(db, databasePath)
  }

  /** Between two questions. */
  follow(): void {
    const number = fileNumber(searchPath(this.#databasePath))
    if (number === null || number === this.#number) return
    this.#db.exec("DETACH DATABASE search")
    attachSearch(this.#db, this.#databasePath)
    this.#number = number
  }
}
