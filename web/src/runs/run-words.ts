/**
 * What a row says of a run besides its status: why it ended, or what it waits for, as far as a list knows that. The
 * whole story is the Why card's; times stand beside these words as times, so that they stay right.
 */
import type { Block, RunSummary } from "@waybill/contract"

export type RunFacts = Pick<RunSummary, "status" | "reason" | "error" | "blockedOn" | "blockedCount" | "counts">

/** One line; empty when there is nothing to say. */
export function stateWords(run: RunFacts): string {
  switch (run.status) {
    case "FAILED":
    case "TIMED_OUT":
      return failureWords(run)
    case "CANCELLED":
      return sentence(run.reason)
    case "COMPLETED":
      return run.counts.retries === 0 ? "" : counted(run.counts.retries, "retry", "retries")
    case "PAUSED":
      return run.blockedOn[0] === undefined ? "" : `Then ${lowered(blockWords(run.blockedOn[0]))}`
    case "PENDING":
      return run.reason === "concurrency" ? "Waits for its turn" : "About to start"
    case "RUNNING":
    case "WAITING_APPROVAL":
    case "WAITING_SIGNAL":
      return openWords(run)
    default:
      // A newer server may know more statuses.
      return sentence((run as RunFacts).reason)
  }
}

function failureWords({ error }: RunFacts): string {
  if (error === null) return ""
  const detail = firstLine(error.detail) || error.code
  // Some failures name their step themselves.
  const isNamed = error.step === undefined || detail.startsWith(error.step)
  return isNamed ? detail : `${error.step}: ${detail}`
}

function openWords(run: RunFacts): string {
  const [first] = run.blockedOn
  if (first === undefined) return run.reason === null ? "" : (reasons[run.reason] ?? sentence(run.reason))
  const more = run.blockedCount - 1
  return more > 0 ? `${blockWords(first)} and ${more} more` : blockWords(first)
}

const reasons: Readonly<Record<string, string>> = {
  initializing: "Starts",
  executing: "Executes",
  finalizing: "Cleans up",
  cancelling: "Is being cancelled",
  retry_backoff: "Waits to try again",
  timer: "Waits for its time",
  queued: "Waits for a free executor",
  child: "Waits for a run it started",
  concurrency: "Waits for its turn",
}

export function blockWords(block: Block): string {
  const who = listOf(block.who)
  const name = block.name ?? "a step"
  switch (block.kind) {
    case "approval":
      return who.length === 0 ? `Approval of ${name}` : `Approval of ${name} by ${anyOf(who)}`
    case "signal":
      return who.length === 0
        ? `Waits at ${name} for a signal`
        : `Waits at ${name} for the signal ${anyOf(who.map((one) => `“${one}”`))}`
    case "retry":
      return `Waits to try ${name} again`
    case "timer":
      return `Waits at ${name} for its time`
    case "child":
      return `Waits for a run that ${name} started`
    case "concurrency":
      return "Waits for its turn"
    default:
      return `${sentence(block.kind)} at ${name}`
  }
}

function listOf(who: Block["who"]): readonly string[] {
  if (typeof who === "string") return [who]
  return Array.isArray(who) ? who.filter((one): one is string => typeof one === "string") : []
}

function anyOf(names: readonly string[]): string {
  return names.length > 2 ? `${names.slice(0, 2).join(", ")} or ${names.length - 2} more` : names.join(" or ")
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0]!.trim()
}

/** `retry_backoff` → `Retry backoff`; what somebody wrote stays as it is but for its first letter. */
function sentence(text: string | null): string {
  const words = /^[a-z_]+$/.test(text ?? "") ? text!.replaceAll("_", " ") : firstLine(text ?? "")
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${many}`
}
