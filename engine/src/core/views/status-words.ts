/**
 * The words for a run's status in the four vocabularies (architecture §6), and what each stands for in the engine's.
 * Filters accept every spelling: the engine's own word means exactly itself; any other means all that it shows.
 */
import type { RunStatus } from "../run/state.ts"

export const runStatuses: readonly RunStatus[] = [
  "PENDING",
  "RUNNING",
  "WAITING_APPROVAL",
  "WAITING_SIGNAL",
  "PAUSED",
  "COMPLETED",
  "FAILED",
  "CANCELLED",
  "TIMED_OUT",
]

/** Which facade's words come first where two mean different things by one word. */
export type StatusVocabulary = "engine" | "runs" | "executions" | "console"

type Words = { readonly [Status in RunStatus]: string }

/** 000 `/runs`. */
export const runsWords = {
  PENDING: "queued",
  RUNNING: "running",
  WAITING_APPROVAL: "waiting_human",
  WAITING_SIGNAL: "running",
  PAUSED: "running",
  COMPLETED: "completed",
  FAILED: "failed",
  TIMED_OUT: "failed",
  CANCELLED: "canceled",
} as const satisfies Words

/** 002 `/api/workflows`. */
export const executionsWords = {
  PENDING: "pending",
  RUNNING: "running",
  WAITING_APPROVAL: "running",
  WAITING_SIGNAL: "running",
  PAUSED: "running",
  COMPLETED: "completed",
  FAILED: "failed",
  TIMED_OUT: "timeout",
  CANCELLED: "cancelled",
} as const satisfies Words

/** 003's screen. Two words for two reasons of one status are one filter. */
export const consoleWords: { readonly [Status in RunStatus]: readonly string[] } = {
  PENDING: ["queued", "initializing"],
  RUNNING: ["running", "finalizing"],
  WAITING_APPROVAL: ["running"],
  WAITING_SIGNAL: ["running"],
  PAUSED: ["running"],
  COMPLETED: ["succeeded"],
  FAILED: ["failed"],
  TIMED_OUT: ["timed_out"],
  CANCELLED: ["cancelled"],
}

const engineWords: Words = Object.fromEntries(runStatuses.map((status) => [status, status.toLowerCase()])) as Words

const vocabularies: { readonly [Name in StatusVocabulary]: (status: RunStatus) => readonly string[] } = {
  engine: (status) => [engineWords[status]],
  runs: (status) => [runsWords[status]],
  executions: (status) => [executionsWords[status]],
  console: (status) => consoleWords[status],
}

/**
 * What a word in a filter stands for; null = no vocabulary has it.
 * @param first looked at before the others: `failed` means FAILED and TIMED_OUT in 000, FAILED alone in the engine
 */
export function statusesOf(word: string, first: StatusVocabulary = "engine"): readonly RunStatus[] | null {
  const wanted = word
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, "_")
  const exact = runStatuses.find((status) => status === word.trim())
  if (exact !== undefined) return [exact]
  for (const name of [first, "engine", "runs", "executions", "console"] as const) {
    const found = runStatuses.filter((status) => vocabularies[name](status).includes(wanted))
    if (found.length > 0) return found
  }
  return null
}
