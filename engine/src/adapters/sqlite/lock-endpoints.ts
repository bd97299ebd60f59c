/**
 * When the database is opened with the key: endpoints of a release that kept them in the open are locked, and what an
 * earlier key locked is locked anew. One transaction: a crash leaves all of it to be done or none. What lay in the open is
 * written over, in the table's pages, in free ones and in the log; copies and backups of before have it still.
 */
import type Database from "better-sqlite3"
import {
  type EndpointKeys,
  endpointShape,
  lockedEndpoint,
  lockName,
  openedEndpoint,
  type StoredEndpoint,
  shownEndpoint,
} from "./endpoint-locks.ts"
import { readMeta, writeMeta } from "./open-database.ts"
import { type Cell, cells, insertSql, selection } from "./rows.ts"

/** Written over at the start: 100 MiB of them take about a second. */
const freePagesMax = 25_600
/** Shorter ones are words of every answer. */
const echoLettersMin = 6
const readersWaitMs = 200
const logHoldsThem = "endpoints_in_log"

export function lockEndpoints(db: Database.Database, keys: EndpointKeys): void {
  const rows = db.prepare<[], StoredEndpoint>(`SELECT ${selection(endpointShape, "e")} FROM webhook_endpoints e`).all()
  const locked = rows.map((row) => relocked(keys, row))
  if (locked.some((row, index) => row !== rows[index])) replaceAll(db, rows, locked)
  emptyLog(db)
}

/** The same row where it is as it should be, or where nobody can open it. */
function relocked(keys: EndpointKeys, row: StoredEndpoint): StoredEndpoint {
  if (row.locked === null) return lockedEndpoint(keys, shownEndpoint(row))
  if (keys.isCurrent(row.locked)) return row
  const isOpen = keys.unlock(row.workspaceId, lockName(row), row.locked) !== null
  return isOpen ? lockedEndpoint(keys, openedEndpoint(keys, row)) : row
}

function replaceAll(db: Database.Database, before: readonly StoredEndpoint[], rows: readonly StoredEndpoint[]): void {
  db.pragma("secure_delete = ON")
  try {
    db.transaction(() => {
      db.exec("DELETE FROM webhook_endpoints")
      const insert = db.prepare<Cell[]>(insertSql(endpointShape, []))
      for (const row of rows) insert.run(...cells(cells([], row, endpointShape.fixed), row, endpointShape.moving))
      forgetEchoes(
        db,
        before.filter(({ locked }) => locked === null),
      )
      overwriteFree(db)
      writeMeta(db, logHoldsThem, "yes")
    }).immediate()
  } finally {
    db.pragma("secure_delete = OFF")
  }
}

/** What an endpoint answered was kept as it came, also where it repeated what it had been sent. One walk through them all. */
function forgetEchoes(db: Database.Database, rows: readonly StoredEndpoint[]): void {
  const sent = [...new Set(rows.flatMap(sentTo))].filter((text) => text.length >= echoLettersMin)
  if (sent.length === 0) return
  db.prepare<[string]>(
    `UPDATE webhook_attempts SET answer = '…'
     WHERE EXISTS (SELECT 1 FROM json_each(?) AS sent WHERE instr(webhook_attempts.answer, sent.value) > 0)`,
  ).run(JSON.stringify(sent))
}

function sentTo({ url, headers }: StoredEndpoint): readonly string[] {
  const values = Object.values(JSON.parse(headers) as Record<string, string>)
  return [...behindHost(url), ...values.flatMap((value) => value.split(" "))]
}

/** Each part by itself may be as good as a password: a place in the path, a value of the query. */
function behindHost(url: string): readonly string[] {
  if (!URL.canParse(url)) return []
  const { pathname, search, searchParams } = new URL(url)
  const raw = search
    .slice(1)
    .split("&")
    .map((pair) => pair.slice(pair.indexOf("=") + 1))
  return [pathname, ...pathname.split("/"), ...raw, ...searchParams.values()]
}

/** Endpoints that were removed left theirs there. */
function overwriteFree(db: Database.Database): void {
  const pages = db.pragma("freelist_count", { simple: true }) as number
  if (pages === 0 || pages > freePagesMax) return
  const bytes = pages * ((db.pragma("page_size", { simple: true }) as number) - 4)
  db.exec("CREATE TABLE written_over (blank BLOB)")
  db.prepare<[number]>("INSERT INTO written_over VALUES (zeroblob(?))").run(bytes)
  db.exec("DROP TABLE written_over")
}

/** Once, behind the commit; after a crash before it, at the next start. */
function emptyLog(db: Database.Database): void {
  if (readMeta(db, logHoldsThem) === null) return
  const busyMs = db.pragma("busy_timeout", { simple: true }) as number
  db.pragma(`busy_timeout = ${readersWaitMs}`)
  const [result] = db.pragma("wal_checkpoint(TRUNCATE)") as { busy: number }[]
  db.pragma(`busy_timeout = ${busyMs}`)
  // Somebody reads the file beside us: the next start does it.
  if (result!.busy !== 0) return
  db.prepare("DELETE FROM waybill_meta WHERE name = ?").run(logHoldsThem)
}
