// @ts-check
/**
 * Programs of the system that some part needs: looked for first, and named with the way to get them when missing.
 * A check that needs one never passes by being left out.
 */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

/** @param {string} name @returns {string | undefined} the absolute path of the first program of that name in PATH */
export function findTool(name, path = process.env.PATH ?? "") {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * @param {string | readonly string[]} names programs any of which will do
 * @param {string} aptPackage the Debian package that has it
 * @returns {string} the program's path
 */
export function ensureTool(names, aptPackage, path = process.env.PATH ?? "") {
  const wanted = typeof names === "string" ? [names] : names
  const found = wanted.map((name) => findTool(name, path)).find((file) => file !== undefined)
  if (found !== undefined) return found
  throw new Error(`${wanted.join(" or ")} is missing. On Debian or Ubuntu: apt-get install -y ${aptPackage}`)
}
