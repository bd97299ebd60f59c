/**
 * Loaded into the server with `--import`: ends the process with SIGKILL at its Nth COMMIT, in front of it or right behind
 * it (CRASH_AT = `before:12` or `after:12`). It is the test's, and nothing of the server knows it.
 */
import Database from "better-sqlite3"

const [place, count] = (process.env.CRASH_AT ?? "never:0").split(":")
let left = Number(count)
const prepare = Database.prototype.prepare

Database.prototype.prepare = function prepareWatched(sql, ...rest) {
  const statement = prepare.call(this, sql, ...rest)
  if (sql.trim().toUpperCase() !== "COMMIT") return statement
  const run = statement.run.bind(statement)
  statement.run = (...values) => {
    const isThis = place !== "never" && --left === 0
    if (isThis && place === "before") process.kill(process.pid, "SIGKILL")
    const done = run(...values)
    if (isThis) process.kill(process.pid, "SIGKILL")
    return done
  }
  return statement
}
