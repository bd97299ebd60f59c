/** Saves the workflows of a folder over the API, one after the other; one that fails does not stop the others. */
import { readdir } from "node:fs/promises"
import { join, resolve } from "node:path"
import { ProblemError } from "@waybill/sdk"
import { textOf } from "./arguments.ts"
import { CommandFailure, type Failure, failureOf } from "./failure.ts"
import type { Session } from "./session.ts"

export interface SeedRequest {
  readonly dir: string
  readonly env: string
  readonly skipExisting: boolean
}

export interface Seeded {
  readonly file: string
  readonly workflowId: string | null
  readonly action: "created" | "new version" | "unchanged" | "skipped" | "failed"
  readonly versionNumber: number | null
  readonly failure: Failure | null
}

export async function seedWorkflows(session: Session, request: SeedRequest): Promise<readonly Seeded[]> {
  const files = await workflowFiles(session, request.dir)
  const seeded: Seeded[] = []
  for (const file of files) seeded.push(await seedOne(session, request, file))
  return seeded
}

async function workflowFiles({ terminal }: Session, dir: string): Promise<readonly string[]> {
  const entries = await readdir(resolve(terminal.cwd, dir), { withFileTypes: true }).catch(() => null)
  const names = (entries ?? [])
    .filter((entry) => entry.isFile() && /\.(json|ya?ml)$/.test(entry.name))
    .map(({ name }) => name)
  if (names.length > 0) return names.sort().map((name) => join(dir, name))
  throw new CommandFailure({
    code: "nothing_to_seed",
    detail: entries === null ? `there is no folder ${dir}` : `${dir} holds no *.json, *.yaml or *.yml`,
    hint: "--dir names another folder.",
    exitCode: 2,
  })
}

async function seedOne(session: Session, { env, skipExisting }: SeedRequest, file: string): Promise<Seeded> {
  const client = await session.client()
  const text = await textOf(session.terminal, file)
  const format = file.endsWith(".json") ? "json" : "yaml"
  let workflowId: string | null = null
  try {
    const validation = await client.workflows.validate(text, format, { env, file })
    workflowId = validation.workflowId
    const before = workflowId === null ? null : await existing(session, workflowId, env)
    if (before !== null && workflowId !== null) {
      const { versionNumber } = before
      if (skipExisting) return { file, workflowId, action: "skipped", versionNumber, failure: null }
      const after = await client.workflows.update(workflowId, text, format, { env })
      const action = after.versionNumber === versionNumber ? "unchanged" : "new version"
      return { file, workflowId, action, versionNumber: after.versionNumber, failure: null }
    }
    const { versionNumber } = await client.workflows.create(text, format, { env })
    return { file, workflowId, action: "created", versionNumber, failure: null }
  } catch (error) {
    // Without a server, or without a right, the others would fail as well.
    if (!(error instanceof ProblemError) || error.problem.status === 401 || error.problem.status === 403) throw error
    return { file, workflowId, action: "failed", versionNumber: null, failure: failureOf(error, session.server()) }
  }
}

async function existing(session: Session, workflowId: string, env: string) {
  const client = await session.client()
  try {
    return await client.workflows.get(workflowId, { env })
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === "workflow_not_found") return null
    throw error
  }
}
