// @ts-check
/** A run's events as lines to read while it moves: when, what, and what came of it. */

/** @typedef {import("./api.mjs").RunEvent} RunEvent */

const NAME_WIDTH = 32

/** @returns {(event: RunEvent) => string | undefined} undefined for what is bookkeeping and no news */
export function createStory() {
  /** @type {Map<string, string>} where each step stands: `diagnostics/pods/check_pods` */
  const places = new Map()
  let startedAt = 0

  return (event) => {
    const at = new Date(event.at).getTime()
    if (event.type === "run.created") startedAt = at
    if (event.type === "state.entered" && event.stepId !== null && event.payload !== null)
      places.set(event.stepId, placeOf(event.payload))
    const news = newsOf(event)
    if (news === undefined) return undefined
    const [mark, what] = news
    const name = event.stepId === null ? "" : (places.get(event.stepId) ?? "")
    return `${elapsed(at - startedAt)}  ${mark} ${name.padEnd(NAME_WIDTH)} ${what}`.trimEnd()
  }
}

/** @param {Record<string, any>} payload */
function placeOf({ branchPath, name }) {
  return branchPath ? `${branchPath}/${name}` : name
}

/** @param {RunEvent} event @returns {[mark: string, what: string] | undefined} */
function newsOf({ type, payload }) {
  if (payload === null) return ["·", `${type} (erased)`]
  switch (type) {
    case "run.created":
      return ["●", `created, execution ${payload.executionNumber} of ${payload.workflowId}`]
    case "run.started":
      return ["●", "started"]
    case "state.entered":
      // What an agent or a person does has news of its own; a switch tells where it went.
      return payload.action === null && payload.type !== "switch" ? ["·", payload.type] : undefined
    case "state.exited":
      return payload.route === undefined || payload.next === null ? undefined : ["·", `goes on at ${payload.next}`]
    case "step.started":
      return ["▸", `${again(payload)}started`]
    case "step.succeeded":
      return ["✓", `succeeded${shortly(payload.output)}`]
    case "step.failed":
    case "step.timed_out":
      return ["✗", `${type.slice(5).replace("_", " ")}: ${payload.error?.detail ?? payload.error?.code ?? ""}`]
    case "step.retry_scheduled":
      return ["↻", `tries again in ${payload.delayMs} ms`]
    case "step.lost":
    case "step.redelivered":
      return ["↻", `${type.slice(5)}${payload.reason === undefined ? "" : `: ${payload.reason}`}`]
    case "approval.requested":
      return ["?", payload.message]
    case "approval.approved":
    case "approval.rejected":
      return ["!", `${type.slice(9)} by ${payload.decidedBy?.join(", ") ?? "somebody"}`]
    case "approval.timed_out":
      return ["!", "nobody decided in time"]
    case "run.paused":
    case "run.resumed":
    case "run.repaired":
    case "run.cancel_requested":
      return ["●", type.slice(4).replace("_", " ")]
    case "run.completed":
      return ["●", "completed"]
    case "run.failed":
    case "run.timed_out":
      return ["●", `${type.slice(4).replace("_", " ")}: ${payload.error?.detail ?? ""}`]
    case "run.cancelled":
      return ["●", "cancelled"]
    default:
      return undefined
  }
}

/** @param {Record<string, any>} payload */
function again({ attempt, delivery }) {
  if (delivery > 1) return `handed out again, `
  return attempt > 1 ? `attempt ${attempt} ` : ""
}

/** The numbers and short texts of an output. @param {{ value?: unknown } | undefined} stored */
function shortly(stored) {
  const value = stored?.value
  if (typeof value !== "object" || value === null || Array.isArray(value)) return ""
  const facts = Object.entries(value)
    .filter(
      ([, fact]) =>
        typeof fact === "number" || typeof fact === "boolean" || (typeof fact === "string" && fact.length <= 24),
    )
    .slice(0, 3)
    .map(([name, fact]) => `${name} ${typeof fact === "number" ? Number(fact.toFixed(4)) : fact}`)
  return facts.length === 0 ? "" : `  ${facts.join(", ")}`
}

/** @param {number} ms */
function elapsed(ms) {
  const [hours, minutes, seconds] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, (ms / 1000) % 60]
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, "0")} m`.padStart(9)
  return `${minutes > 0 ? `${minutes}:` : ""}${seconds.toFixed(3).padStart(minutes > 0 ? 6 : 0, "0")}`.padStart(9)
}
