/** The files that belong to the project: what git tracks or would track, so that no check looks into node_modules or data. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../setup/root.mjs"
import { run } from "../setup/run.mjs"

export async function projectFiles(): Promise<readonly string[]> {
  const { code, output } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
  if (code !== 0) throw new Error(`git ls-files failed: ${output}`)
  const files = output.split("\0").filter((file) => file !== "")
  // A file that was deleted and not yet committed is still listed.
  return files.filter((file) => existsSync(join(ROOT, file)))
}

export function readProjectFile(file: string): string {
  return readFileSync(join(ROOT, file), "utf8")
}

/** Counted from 1. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length
}
