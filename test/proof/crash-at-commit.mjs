/**
 * Loaded into the server with `--import`: ends the process with SIGKILL at its Nth commit, in front of it or right behind
 * it (CRASH_AT = `before:12` or `after:12`); `count:FILE` writes down at the end how many there were. Every commit of the
 * main thread counts, those of the boot too; other threads only read. It is the test's, and nothing of the server knows it.
 */
import { writeFileSync } from "node:fs"
import { isMainThread } from "node:worker_threads"
import Database from "better-sqlite3"

const [place = "", number = ""] = split(process.env.CRASH_AT ?? "")
let commits = 0

if (isMainThread && place !== "") {
  watchStatements()
  watchTransactions()
  if (place === "count") process.on("exit", () => writeFileSync(number, String(commits)))
}

/** The engine's own: it prepares its COMMIT. */
function watchStatements() {
  const prepare = Database.prototype.prepare
  Database.prototype.prepare = function prepareWatched(sql, ...rest) {
    const statement = prepare.call(this, sql, ...rest)
    if (sql.trim().toUpperCase() !== "COMMIT") return statement
    const run = statement.run.bind(statement)
    statement.run = (...values) => {
      inFront()
      return behind(run(...values))
    }
    return statement
  }
}

/** The library's, which migrations take: it commits when what it wraps has returned. Deferred ones only read. */
function watchTransactions() {
  const transaction = Database.prototype.transaction
  Database.prototype.transaction = function transactionWatched(work) {
    const writes = transaction.call(this, (...values) => {
      const done = work(...values)
      inFront()
      return done
    })
    const immediate = (...values) => behind(writes.immediate(...values))
    return Object.assign(immediate, { immediate, deferred: transaction.call(this, work).deferred })
  }
}

function inFront() {
  if (++commits === Number(number) && place === "before") process.kill(process.pid, "SIGKILL")
}

/** @template T @param {T} done @returns {T} */
function behind(done) {
  if (commits === Number(number) && place === "after") process.kill(process.pid, "SIGKILL")
  return done
}

/** @param {string} text */
function split(text) {
  const at = text.indexOf(":")
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
