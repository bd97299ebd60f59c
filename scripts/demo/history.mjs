// @ts-check
/**
 * What there is to look at beside the main job: each example workflow, run once in each of its ways by the real engine
 * on real files. One of them asks for a file that is not there, and one waits for a signal that somebody may send.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { ROOT } from "../setup/root.mjs"
import { ApiError } from "./api.mjs"

/** Made over the API; the others are files of the environment. */
const OVER_THE_API = ["basic_sequence", "parallel_processing", "conditional_workflow", "data_pipeline"]

/** @type {readonly { workflowId: string, input: object, goesOn?: true }[]} */
const RUNS = [
  { workflowId: "basic_sequence", input: {} },
  { workflowId: "basic_sequence", input: { source: "data/orders-of-october.csv" } },
  { workflowId: "conditional_workflow", input: { mode: "fast" } },
  { workflowId: "conditional_workflow", input: {} },
  { workflowId: "conditional_workflow", input: { mode: "thorough" } },
  { workflowId: "parallel_processing", input: {} },
  { workflowId: "data_pipeline", input: {} },
  { workflowId: "pod-survey", input: { window_seconds: 2 } },
  { workflowId: "release-watch", input: { release: "2026.12" }, goesOn: true },
]

/**
 * Every workflow that has no run yet gets its runs; on a later start nothing happens.
 * @param {ReturnType<typeof import("./api.mjs").openApi>} api
 * @param {(name: string, line: string) => void} topic
 */
export async function makeHistory(api, topic) {
  for (const id of OVER_THE_API) {
    const definition = JSON.parse(readFileSync(join(ROOT, "examples", "workflows", `${id}.json`), "utf8"))
    if (!(await exists(api, `/workflows/${id}`))) await api.post("/workflows", definition)
  }
  const fresh = new Set()
  for (const id of new Set(RUNS.map(({ workflowId }) => workflowId))) {
    const { items } = await api.get(`/workflow-runs?workflowId=${id}&limit=1`)
    if (items.length === 0) fresh.add(id)
  }
  const wanted = RUNS.filter(({ workflowId }) => fresh.has(workflowId))
  const runs = await Promise.all(wanted.map((run) => start(api, run)))
  for (const [index, run] of runs.entries()) topic("ran", sentence(run, wanted[index]?.input ?? {}))
}

/** @param {ReturnType<typeof import("./api.mjs").openApi>} api @param {typeof RUNS[number]} run */
function start(api, { workflowId, input, goesOn }) {
  return api.post(`/workflow-runs${goesOn ? "" : "?wait=30"}`, { workflowId, input, tags: ["example"] })
}

/** @param {any} run @param {object} input as it was given, without the schema's defaults */
function sentence({ workflowId, status, durationMs, error }, input) {
  const how = Object.keys(input).length === 0 ? "" : ` ${JSON.stringify(input)}`
  const took = durationMs === null ? "" : ` in ${durationMs} ms`
  return `${workflowId}${how}: ${status}${took}${error === null ? "" : `, ${error.detail}`}`
}

/** @param {ReturnType<typeof import("./api.mjs").openApi>} api @param {string} path */
async function exists(api, path) {
  try {
    await api.get(path)
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false
    throw error
  }
}
