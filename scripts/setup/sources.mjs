// @ts-check
/** What a build is made of, and whether it has changed since. */
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative, sep } from "node:path"
import { ROOT } from "./root.mjs"

/** @param {readonly string[]} files relative to the project */
export function hashOf(files) {
  const hash = createHash("sha256")
  for (const file of files) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update("\0")
  }
  return hash.digest("hex")
}

/** @param {readonly string[]} packages @returns {string[]} their sources and data, tests left out, relative to the project */
export function sourcesOf(packages) {
  return packages.flatMap((folder) => [`${folder}/package.json`, ...filesUnder(folder)]).sort()
}

/** @param {string} folder @returns {string[]} */
function filesUnder(folder) {
  const source = join(ROOT, folder, "src")
  if (!existsSync(source)) return []
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.[a-z]+$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
}
