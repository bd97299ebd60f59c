/**
 * What the page on the command line is run in: the examples with their service that fails, a server, `waybill` on the
 * path, and runs in every state the page speaks of, under the names it uses for them.
 */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createClient } from "@waybill/sdk"
import { program, type Running, serve } from "../../cli/src/testing/built-waybill.ts"
import { startExample } from "../../examples/start.mjs"
import { ROOT } from "../../scripts/setup/root.mjs"
import { run } from "../../scripts/setup/run.mjs"

export interface CliWorld {
  readonly url: string
  /** Where lines are run. */
  readonly folder: string
  /** Runs one line of a page in a shell; answers both streams and the exit code. */
  shell(line: string, env?: NodeJS.ProcessEnv): Promise<{ readonly code: number; readonly output: string }>
  close(): Promise<void>
}

/** As the page shows it: one mistake and one thing to think about. */
const broken = `id: restart-all
version: "1.0"
name: Restart all
start: restrat
states:
  - name: restart
    type: operation
    action: agent.run
    input: { agent: k8s-remediator }
    timeoutSecond: 30
    end: true
`
/** Fails at once and waits an hour before it tries again. */
const flaky = `id: slow-retry
version: "1.0"
name: Slow retry
inputSchema: { type: object, properties: { source: { type: string, default: nightly.csv } } }
start: inspect
states:
  - name: inspect
    type: operation
    action: agent.run
    input: { agent: file-watcher, variables: { source: "{{ ctx.source }}" } }
    retry: { maxAttempts: 3, backoffSeconds: 3600 }
    end: true
`
const fileWatcher = `export default {
  run({ source }) {
    throw Object.assign(new Error(source + " is not there yet"), { class: "transient", code: "file_missing" })
  },
}
`
/** Offers a revision, and may be handed to somebody else. */
const review = `id: review
version: "1.0"
name: Review
start: draft
states:
  - { name: draft, type: inject, data: { text: "Dear all" }, next: gate }
  - name: gate
    type: operation
    action: human.approval
    input:
      message: "Send it?"
      outcomes: [approve, { name: revise, requireComment: true, rewindTo: draft, maxTimes: 3 }, reject]
      delegation: { allowed: true }
    timeoutSeconds: 3600
    end: true
`

export async function openCliWorld(): Promise<CliWorld> {
  const folder = mkdtempSync(join(tmpdir(), "waybill-cli-page-"))
  cpSync(join(ROOT, "examples"), join(folder, "examples"), {
    recursive: true,
    filter: (path) => !path.includes(".runtime"),
  })
  const environment = join(folder, "examples/environments/default")
  writeFileSync(join(folder, "restart-all.workflow.yaml"), broken)
  writeFileSync(join(environment, "workflows/slow-retry.workflow.yaml"), flaky)
  writeFileSync(join(environment, "agents/file-watcher.agent.mjs"), fileWatcher)
  writeFileSync(join(environment, "workflows/review.workflow.yaml"), review)
  const bin = join(folder, "bin")
  mkdirSync(bin)
  writeFileSync(join(bin, "waybill"), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`)
  chmodSync(join(bin, "waybill"), 0o755)

  const example = await startExample({ directory: join(folder, "examples/.runtime"), log: () => {} })
  let server: (Running & { readonly url: string }) | null = null
  const close = async () => {
    server?.signal("SIGTERM")
    await Promise.all([server?.ended, example.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await example.untilFailing()
    const settings = { WAYBILL_ENVIRONMENTS_DIR: "examples/environments", EXAMPLE_STATE_FILE: example.stateFile }
    server = await serve(["serve"], { cwd: folder, env: settings })
    const { url } = server
    const names = await runsOfThePage(url)
    const env = { ...process.env, ...settings, ...names, WAYBILL_URL: url, PATH: `${bin}:${process.env.PATH}` }
    const shell = (line: string, more: NodeJS.ProcessEnv = {}) =>
      run("bash", ["-c", line], { cwd: folder, env: { ...env, ...more } })
    return { url, folder, shell, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function runsOfThePage(url: string): Promise<NodeJS.ProcessEnv> {
  const client = createClient({ url })
  const start = async (workflowId: string, input: object = {}, wait = 0) =>
    (await client.runs.start({ workflowId, input: input as never }, { wait })).runId
  const until = async (runId: string, holds: (status: string, reason: string | null) => boolean) => {
    for await (const _ of client.runs.stream(runId)) {
      const { status, reason } = await client.runs.get(runId)
      if (holds(status, reason)) return
    }
    throw new Error(`${runId} ended before it was where the page needs it`)
  }
  const asked = async (runId: string) => (await client.runs.approvals(runId)).items[0]!.approvalId
  const waits = (status: string) => status === "WAITING_APPROVAL"

  const shop = { namespace: "shop", service: "checkout" }
  const RUN = await start("incident-triage", shop)
  await until(RUN, waits)
  const reviews: string[] = []
  for (let count = 0; count < 3; count++) {
    const runId = await start("review")
    await until(runId, waits)
    reviews.push(runId)
  }
  const LISTENING = await start("release-watch", { release: "2026.11", run_in_seconds: 600 })
  await until(LISTENING, (status) => status === "WAITING_SIGNAL")
  const RETRYING = await start("slow-retry")
  await until(RETRYING, (_, reason) => reason === "retry_backoff")
  return {
    RUN,
    APPROVAL: await asked(RUN),
    REVIEW: await asked(reviews[0]!),
    DELEGATED: await asked(reviews[1]!),
    REJECTED: await asked(reviews[2]!),
    UNWANTED: reviews[2]!,
    LISTENING,
    RETRYING,
  }
}
