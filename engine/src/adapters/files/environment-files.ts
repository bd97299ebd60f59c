/** Reads `environments/<env>` from disk (004 §6.4). Never follows a link out of the folder, never writes. */
import { readdir, readFile, stat } from "node:fs/promises"
import { join, relative, sep } from "node:path"
import type { EnvironmentFiles, EnvironmentListing, WorkflowFile } from "../../ports/environment-files.ts"

const workflowName = /\.workflow\.(ya?ml|json)$/

/** One MiB is what a definition may have (dsl.md §1); the reader refuses what is larger with a problem of its own. */
const fileBytesMax = 2 << 20
const filesMax = 5_000

export function environmentFiles(root: string): EnvironmentFiles {
  return {
    async environments() {
      const entries = await readdir(root, { withFileTypes: true }).catch(() => [])
      return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => entry.name)
    },
    list: (environment) => listEnvironment(root, environment),
  }
}

async function listEnvironment(root: string, environment: string): Promise<EnvironmentListing> {
  const directory = join(root, environment)
  const agentsDirectory = join(directory, "agents")
  const found = await stat(directory).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (!found || relative(root, directory).startsWith(".."))
    return { directory, agentsDirectory, found: false, workflows: [], unreadable: [] }
  const workflows: WorkflowFile[] = []
  const unreadable: { file: string; message: string }[] = []
  for (const path of await workflowPaths(join(directory, "workflows"))) {
    const file = relative(directory, path).split(sep).join("/")
    try {
      const { size } = await stat(path)
      if (size > fileBytesMax)
        throw new Error(`the file has ${size} bytes; a definition has at most ${fileBytesMax / 2}`)
      workflows.push({ file, format: path.endsWith(".json") ? "json" : "yaml", text: await readFile(path, "utf8") })
    } catch (error) {
      unreadable.push({ file, message: error instanceof Error ? error.message : String(error) })
    }
  }
  return { directory, agentsDirectory, found: true, workflows, unreadable }
}

async function workflowPaths(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && workflowName.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .slice(0, filesMax)
}
