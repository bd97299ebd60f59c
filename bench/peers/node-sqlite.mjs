/**
 * Node 20 has no `node:sqlite`: there better-sqlite3 stands in its place for a package that asks for it, with
 * `node:sqlite`'s own default for durability, synchronous=FULL. It does only what OpenWorkflow asks for.
 */
import Module, { createRequire } from "node:module"

/** @returns {string} what the package will find */
export function provideNodeSqlite() {
  if (Number(process.versions.node.split(".")[0]) >= 22) return "node:sqlite"
  const Database = createRequire(new URL("../../package.json", import.meta.url))("better-sqlite3")
  const DatabaseSync = databaseSync(Database)
  const load = Module._load
  Module._load = (request, ...rest) => (request === "node:sqlite" ? { DatabaseSync } : load(request, ...rest))
  return "better-sqlite3"
}

function databaseSync(Database) {
  return class DatabaseSync {
    #db
    #statements = new Map()

    constructor(path) {
      this.#db = new Database(path)
      this.#db.pragma("synchronous = FULL")
    }

    exec(sql) {
      this.#db.exec(sql)
    }

    /** Both libraries compile anew at every call; remembering them is in the package's favour. */
    prepare(sql) {
      const known = this.#statements.get(sql)
      if (known !== undefined) return known
      const statement = this.#db.prepare(sql)
      this.#statements.set(sql, statement)
      return statement
    }

    close() {
      this.#db.close()
    }
  }
}
