// @ts-check
/**
 * Whether this Node is one that Waybill runs on. Runs before anything is installed, so it knows the few comparators
 * that `engines` uses here and no more.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "./root.mjs"

/**
 * @param {string} version `20.20.2`
 * @param {string} range alternatives joined by `||`, each a list of `>=20.20`, `<21` …
 */
export function satisfies(version, range) {
  const actual = numbers(version)
  return range.split("||").some((alternative) => {
    const comparators = alternative.trim().split(/\s+/)
    return comparators.every((comparator) => holds(actual, comparator))
  })
}

/** @param {number[]} actual @param {string} comparator */
function holds(actual, comparator) {
  const [, operator, bound] = /^(>=|<=|>|<|=)?(\d+(?:\.\d+){0,2})$/.exec(comparator) ?? []
  if (bound === undefined) throw new Error(`engines.node: cannot read "${comparator}"`)
  const order = compare(actual, numbers(bound))
  if (operator === ">=") return order >= 0
  if (operator === "<=") return order <= 0
  if (operator === ">") return order > 0
  if (operator === "<") return order < 0
  return order === 0
}

/** @param {string} version */
function numbers(version) {
  const [major = 0, minor = 0, patch = 0] = version
    .replace(/^v/, "")
    .split(".")
    .map((part) => Number.parseInt(part, 10))
  return [major, minor, patch]
}

/** @param {number[]} a @param {number[]} b */
function compare(a, b) {
  const index = a.findIndex((part, place) => part !== b[place])
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0)
}

/** Throws with one line that says which Node to install. */
export function requireNode(version = process.versions.node) {
  const range = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).engines.node
  if (!satisfies(version, range)) {
    throw new Error(
      `Waybill needs Node ${range}; this is ${version}. Install Node 22 (or 20.20) and run the command again.`,
    )
  }
}
