/** The file of a definition as it is on disk now: what its author sees in their editor, with its problems. */
import type { Problem } from "../../core/definition/problem.ts"
import type { DefinitionFile } from "../../door.ts"
import type { DefinitionKey } from "../../ports/definition-store.ts"
import type { EnvironmentFiles } from "../../ports/environment-files.ts"
import type { Registry } from "./registry.ts"

interface FilePorts {
  readonly registry: Registry
  readonly files: Pick<EnvironmentFiles, "list">
}

/** Null: there is no such workflow, or it did not come from a file. */
export async function definitionFile(
  { registry, files }: FilePorts,
  key: DefinitionKey,
): Promise<DefinitionFile | null> {
  const record = registry.record(key)
  if (record === null || record.file === null) return null
  const { workflowId, environment, file } = record
  const listing = await files.list(environment)
  const found = listing.workflows.find((one) => one.file === file)
  if (found === undefined) {
    const unreadable = listing.unreadable.find((one) => one.file === file)
    const problems = unreadable === undefined ? [] : [cannotBeRead(file, unreadable.message)]
    const format = file.endsWith(".json") ? "json" : "yaml"
    return { workflowId, environment, file, format, text: null, serves: false, problems }
  }
  const { hash, problems } = await registry.read(environment, found.text, found.format, file)
  const newest = await registry.ports.store.version(key, null)
  const serves = hash !== null && hash === newest?.hash
  return { workflowId, environment, file, format: found.format, text: found.text, serves, problems }
}

function cannotBeRead(file: string, message: string): Problem {
  return { code: "file_unreadable", severity: "error", message, file, line: null, column: null, pointer: "" }
}
