// @ts-check
/**
 * What `npm start` shows once everything is built: the example's service, Waybill beside it, and the main job, an
 * incident that is found, approved by a person and mended. Speaks to Waybill over HTTP only. Stopped and started again,
 * it finds what was there: a run that still waits is watched on, not started anew.
 */
import { existsSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { DEFAULT_DIRECTORY, startExample } from "../examples/start.mjs"
import { openApi } from "./demo/api.mjs"
import { makeHistory } from "./demo/history.mjs"
import { startServer } from "./demo/server.mjs"
import { createStory } from "./demo/story.mjs"
import { ROOT } from "./setup/root.mjs"

const MAIN_JOB = "incident-triage"
const OPEN = "PENDING,RUNNING,WAITING_APPROVAL,WAITING_SIGNAL,PAUSED"
const DEFAULT_URL = "http://127.0.0.1:7420"
/** Enough orders for a rate that means something. */
const ORDERS_MIN = 100
const MEASURE_WITHIN_MS = 30_000

/**
 * @typedef {Awaited<ReturnType<typeof startExample>>} Example
 * @typedef {import("./demo/server.mjs").Server} Server
 * @typedef {ReturnType<typeof openApi>} Api
 * @typedef {import("./demo/flags.mjs").Flags} Flags
 * @typedef {{ topic: (name: string, line: string) => void, plain: (line: string) => void }} Out
 */

/**
 * @param {Flags} flags @param {Out} out @param {AbortSignal} stopped
 * @returns {Promise<number>} the exit code
 */
export async function demo(flags, out, stopped) {
  const directory = flags.isOwnData ? join(flags.data, "example") : DEFAULT_DIRECTORY
  await refuseSecond(join(directory, "service.json"))
  const example = await startExample({ directory, log: (line) => out.plain(`           ${line}`) })
  try {
    out.topic("service", `${example.service}, three pods; customers send orders to ${example.front}`)
    const server = await startServer({ port: flags.port, data: flags.data, env: environment(example) })
    // Whatever ends it, nobody goes on asking a server that is gone.
    const over = new AbortController()
    const until = AbortSignal.any([stopped, over.signal])
    try {
      out.topic(
        "waybill",
        `${server.url}, process ${server.pid}, data in ${fromHere(flags.data)}, log in ${fromHere(server.log)}`,
      )
      const ended = server.ended.then((how) => {
        if (!stopped.aborted) throw new Error(`the server ${how}. npm start goes on where it was; see ${server.log}`)
        return 0
      })
      return await Promise.race([show({ flags, out, until, example, server }), ended, untilAborted(stopped)])
    } finally {
      over.abort()
      if (stopped.aborted) out.topic("stop", "the server drains; what runs goes on with the next npm start")
      await server.stop()
    }
  } finally {
    await example.stop()
  }
}

/**
 * Agents find the service by one file; a second start would take it from those of the first, before its server found
 * the data in use.
 * @param {string} stateFile
 */
async function refuseSecond(stateFile) {
  if (!existsSync(stateFile)) return
  const { service, pid } = JSON.parse(readFileSync(stateFile, "utf8"))
  if (!isAlive(pid) || !(await answers(service))) return
  throw new Error(`process ${pid} has started Waybill here already; end it, or take another folder with --data DIR`)
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** @param {string} url */
function answers(url) {
  return fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
    () => true,
    () => false,
  )
}

/** @param {Example} example @returns {NodeJS.ProcessEnv} */
function environment(example) {
  return {
    WAYBILL_ENVIRONMENTS_DIR: join(ROOT, "examples", "environments"),
    ...process.env,
    EXAMPLE_STATE_FILE: example.stateFile,
  }
}

/** @param {{ flags: Flags, out: Out, until: AbortSignal, example: Example, server: Server }} scene */
async function show({ flags, out, until, example, server }) {
  const api = openApi(server.url, process.env.WAYBILL_API_KEY)
  await tellWhatIsThere(api, out)
  await makeHistory(api, out.topic)
  const runId = await mainRun({ api, out, example })
  tellWhereToLook(out, server.url, runId)
  const before = await watch({ api, out, runId, flags, until, example, url: server.url })
  const run = await api.get(`/workflow-runs/${runId}`)
  await tellTheEffect({ out, example, before, run })
  if (flags.once) return run.status === "COMPLETED" ? 0 : 1
  out.plain(`\nWaybill goes on serving at ${server.url}; Ctrl-C ends it.`)
  return untilAborted(until)
}

/** @param {Api} api @param {Out} out */
async function tellWhatIsThere(api, out) {
  const { items } = await api.get("/workflows?limit=200")
  out.topic(
    "loaded",
    `${items.length} workflows: ${items.map((/** @type {any} */ { workflowId }) => workflowId).join(", ")}`,
  )
  const runs = await api.get("/workflow-runs?limit=1")
  const count = runs.total?.value ?? runs.items.length
  if (count > 0) out.topic("found", `${count}${runs.total?.exact === false ? "+" : ""} runs of earlier starts`)
}

/** The main job's run that is still open from an earlier start, or a new one. @param {{ api: Api, out: Out, example: Example }} scene */
async function mainRun({ api, out, example }) {
  const { errorRate } = await example.untilFailing()
  out.topic("problem", `a pod fails: ${percent(errorRate)} of the orders of the last ten seconds got an error`)
  const { items } = await api.get(`/workflow-runs?workflowId=${MAIN_JOB}&status=${OPEN}&limit=1`)
  const [open] = items
  if (open !== undefined) {
    out.topic(
      "found",
      `${open.runId}, started ${open.startedAt ?? open.createdAt}, is still ${open.status}: watching it`,
    )
    return open.runId
  }
  const run = await api.post("/workflow-runs", { workflowId: MAIN_JOB, input: example.input })
  out.topic("run", `${run.runId}: ${MAIN_JOB} ${JSON.stringify(example.input)}`)
  return run.runId
}

/** @param {Out} out @param {string} url @param {string} runId */
function tellWhereToLook(out, url, runId) {
  out.topic("look", `${url}/runs/${runId} shows it moving; ${url} shows everything`)
  out.topic("", `${prefix(url)}npx waybill runs show ${runId}; every route: ${url}/docs\n`)
}

/**
 * Prints the run while it moves; returns what customers saw when the approval was asked for.
 * @param {{ api: Api, out: Out, runId: string, flags: Flags, until: AbortSignal, example: Example, url: string }} scene
 */
async function watch({ api, out, runId, flags, until, example, url }) {
  const story = createStory()
  let before = await example.measure()
  for await (const event of api.events(runId, until)) {
    const line = story(event)
    if (line !== undefined) out.plain(line)
    if (event.type === "approval.requested" && event.payload !== null) {
      before = await example.measure()
      await atApproval({ api, out, runId, approvalId: event.payload.approval, approve: flags.approve, url })
    }
  }
  return before
}

/** @param {{ api: Api, out: Out, runId: string, approvalId: string, approve: boolean, url: string }} scene */
async function atApproval({ api, out, runId, approvalId, approve, url }) {
  const { items } = await api.get(`/workflow-runs/${runId}/approvals`)
  const approval = items.find((/** @type {any} */ item) => item.approvalId === approvalId)
  if (approval === undefined || approval.decidedAt) return
  const path = `/workflow-runs/${runId}/approvals/${approvalId}/approve`
  const key = process.env.WAYBILL_API_KEY === undefined ? "" : ' -H "authorization: Bearer $WAYBILL_API_KEY"'
  out.plain(
    `\n  The run waits for a decision. Approve it in the browser at ${url}/approvals/${approvalId}, or with either of`,
  )
  out.plain(`    ${prefix(url)}npx waybill approvals approve ${approvalId}`)
  out.plain(`    curl -X POST${key} ${url}/api/v1${path}\n`)
  if (approve) await api.post(path, { comment: "npm start --approve" })
}

/** @param {{ out: Out, example: Example, before: { errorRate: number }, run: any }} scene */
async function tellTheEffect({ out, example, before, run }) {
  out.plain("")
  out.topic("result", `${run.runId} is ${run.status} after ${(run.durationMs / 1000).toFixed(1)} s`)
  if (run.status !== "COMPLETED") return
  const after = await measureSince(example, new Date(run.completedAt).getTime())
  out.topic(
    "effect",
    `errors before ${percent(before.errorRate)}, now ${percent(after.errorRate)} of ${after.requests} orders`,
  )
}

/** @param {Example} example @param {number} since */
async function measureSince(example, since) {
  const from = Math.max(since, Date.now() - MEASURE_WITHIN_MS)
  const deadline = Date.now() + MEASURE_WITHIN_MS
  for (;;) {
    const seen = await example.measure({ since: from })
    if (seen.requests >= ORDERS_MIN || Date.now() > deadline) return seen
    await delay(200)
  }
}

/** The command line looks at the usual address unless it is told another. @param {string} url */
function prefix(url) {
  return url === DEFAULT_URL ? "" : `WAYBILL_URL=${url} `
}

/** @param {number} rate 0 to 1 */
function percent(rate) {
  return `${(rate * 100).toFixed(1)} %`
}

/** @param {string} path */
function fromHere(path) {
  const short = relative(process.cwd(), path)
  return short.startsWith("..") ? path : short
}

/** Being asked to stop is an end like any other. @param {AbortSignal} signal @returns {Promise<number>} */
function untilAborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(0)
    else signal.addEventListener("abort", () => resolve(0), { once: true })
  })
}
