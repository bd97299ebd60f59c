// @ts-check
/** What the pictures show: `npm start`'s example with its history, one incident decided and one that waits. */
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { startExample } from "../../examples/start.mjs"
import { openApi } from "../demo/api.mjs"
import { makeHistory } from "../demo/history.mjs"
import { startServer } from "../demo/server.mjs"
import { ROOT } from "../setup/root.mjs"

const MAIN_JOB = "incident-triage"
const WITHIN_MS = 60_000

/**
 * @typedef {{ name: string, path: string }} Picture
 * @param {string} folder @param {(line: string) => void} say
 * @returns {Promise<{ url: string, pages: readonly Picture[], close: () => Promise<void> }>}
 */
export async function openScene(folder, say) {
  const example = await startExample({ directory: join(folder, "example"), log: () => {} })
  const env = {
    ...process.env,
    WAYBILL_ENVIRONMENTS_DIR: join(ROOT, "examples", "environments"),
    EXAMPLE_STATE_FILE: example.stateFile,
  }
  const server = await startServer({ port: "0", data: join(folder, "data"), env })
  const close = async () => {
    await server.stop()
    await example.stop()
  }
  try {
    const api = openApi(server.url, undefined)
    await makeHistory(api, () => {})
    await example.untilFailing()
    // Both ask while the service fails; one of them gets its answer.
    const waiting = await incident(api, example.input)
    const decided = await incident(api, example.input)
    await api.post(`/workflow-runs/${decided.runId}/approvals/${decided.approvalId}/approve`, { comment: "go ahead" })
    await until(api, decided.runId, (run) => run.status === "COMPLETED")
    const failed = await first(api, "/workflow-runs?workflowId=basic_sequence&status=FAILED&limit=1")
    say(`${server.url}: ${MAIN_JOB} waits for a decision in ${waiting.runId}`)
    return { url: server.url, pages: pages({ decided, waiting, failed }), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** @param {{ decided: Incident, waiting: Incident, failed: any }} runs @returns {readonly Picture[]} */
function pages({ decided, waiting, failed }) {
  const run = `/runs/${decided.runId}`
  return [
    { name: "overview", path: "/" },
    { name: "runs", path: "/runs" },
    { name: "runs-peek", path: `/runs?peek=${failed.runId}` },
    { name: "run-failed", path: `/runs/${failed.runId}` },
    { name: "run-waiting", path: `/runs/${waiting.runId}` },
    { name: "run-tree", path: run },
    { name: "run-gantt", path: `${run}?lens=gantt` },
    { name: "run-graph", path: `${run}?lens=graph` },
    { name: "run-log", path: `${run}?lens=log` },
    { name: "run-context", path: `${run}?tab=context` },
    { name: "run-events", path: `${run}?tab=events` },
    { name: "run-steps", path: `${run}?tab=steps` },
    { name: "workflows", path: "/workflows" },
    { name: "workflow-start", path: `/workflows/${MAIN_JOB}?start=1` },
    { name: "workflow-overview", path: `/workflows/${MAIN_JOB}` },
    { name: "workflow-runs", path: `/workflows/${MAIN_JOB}?tab=runs` },
    { name: "workflow-definition", path: `/workflows/${MAIN_JOB}?tab=definition` },
    { name: "workflow-versions", path: `/workflows/${MAIN_JOB}?tab=versions` },
    { name: "approvals", path: "/approvals" },
    { name: "approval", path: `/approvals/${waiting.approvalId}` },
    { name: "not-yet", path: "/issues" },
  ]
}

/** @typedef {{ runId: string, approvalId: string }} Incident */
/** @typedef {ReturnType<typeof openApi>} Api */

/** Runs the main job until it asks. @param {Api} api @param {object} input @returns {Promise<Incident>} */
async function incident(api, input) {
  const { runId } = await api.post("/workflow-runs", { workflowId: MAIN_JOB, input, tags: ["example"] })
  await until(api, runId, (run) => run.status === "WAITING_APPROVAL")
  const { approvalId } = await first(api, `/workflow-runs/${runId}/approvals`)
  return { runId, approvalId }
}

/** @param {Api} api @param {string} path */
async function first(api, path) {
  const { items } = await api.get(path)
  if (items[0] === undefined) throw new Error(`${path} answers nothing`)
  return items[0]
}

/** @param {Api} api @param {string} runId @param {(run: any) => boolean} isThere */
async function until(api, runId, isThere) {
  for (const end = Date.now() + WITHIN_MS; Date.now() < end; await delay(100)) {
    const run = await api.get(`/workflow-runs/${runId}`)
    if (isThere(run)) return
    if (run.completedAt !== null) throw new Error(`${runId} is ${run.status}: ${run.error?.detail ?? ""}`)
  }
  throw new Error(`${runId} does not come there within ${WITHIN_MS / 1_000} s`)
}
