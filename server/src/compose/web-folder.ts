/**
 * Where the built UI lies: beside the bundle that runs, or, when the sources run as they are, in the project's `dist/`.
 * Null when it was not built.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

export function webFolder(module: string = import.meta.url): string | null {
  const isSource = module.endsWith(".ts")
  const folder = fileURLToPath(new URL(isSource ? "../../../dist/web" : "./web", module))
  return existsSync(join(folder, "index.html")) ? folder : null
}
