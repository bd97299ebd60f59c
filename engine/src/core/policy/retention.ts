/**
 * How long what is kept (000, "Retention"; 003, "Retention and Archiving"), by class. Each class contains the ones before
 * it: what agents logged goes first, then values, then the events that carried them, then the rows that lists are made of. Days are 24 hours,
 * counted from a run's end; a run that has not ended is kept.
 */
import { isJsonObject, type Json } from "../json.ts"
import { type Sampling, samplingProblems } from "./sampling.ts"

/**
 * `logs`: what agents logged. `io`: the payloads of a run's events, with their large values and snapshots. `events`: the events. `summaries`: its row,
 * steps, approvals and remarks.
 */
export const retentionClasses = ["logs", "io", "events", "summaries"] as const
export type RetentionClass = (typeof retentionClasses)[number]

/** Days; null: for ever. */
export type RetentionDays = { readonly [name in RetentionClass]: number | null }

export type RetentionPolicy = RetentionDays & {
  /** What `io` and `events` clear away is archived first, and stays there as long as `summaries`. */
  readonly archive: boolean
  /** Null: every run is kept as long as the classes say. */
  readonly sampling: Sampling | null
}

/** A quarter of what was logged (000 names 30 to 90 days), a year of what happened, two years of what came of it. */
export const defaultRetention: RetentionPolicy = {
  logs: 90,
  io: 365,
  events: 365,
  summaries: 730,
  archive: false,
  sampling: null,
}

export const retentionDaysMax = 36_500
const dayMs = 86_400_000

/** What finished at or before that is due; null: nothing ever is. */
export function dueBefore(policy: RetentionPolicy, name: RetentionClass, now: number): number | null {
  const days = policy[name]
  return days === null ? null : now - days * dayMs
}

export type CheckedRetention =
  | { readonly ok: true; readonly policy: RetentionPolicy }
  | { readonly ok: false; readonly problems: readonly { readonly pointer: string; readonly message: string }[] }

/** Classes that are not named stay as they are in `before`. */
export function checkRetention(written: Json, before: RetentionPolicy): CheckedRetention {
  if (!isJsonObject(written))
    return {
      ok: false,
      problems: [{ pointer: "", message: `an object of ${retentionClasses.join(", ")}, archive, sampling` }],
    }
  const problems: { pointer: string; message: string }[] = []
  for (const [name, days] of Object.entries(written)) {
    if (name === "archive") {
      if (typeof days !== "boolean") problems.push({ pointer: "/archive", message: "true or false" })
    } else if (name === "sampling") {
      problems.push(...samplingProblems(days))
    } else if (!(retentionClasses as readonly string[]).includes(name))
      problems.push({
        pointer: `/${name}`,
        message: `there is no class ${name}; known: ${retentionClasses.join(", ")}, archive, sampling`,
      })
    else if (
      days !== null &&
      !(Number.isInteger(days) && (days as number) >= 1 && (days as number) <= retentionDaysMax)
    )
      problems.push({ pointer: `/${name}`, message: `whole days from 1 to ${retentionDaysMax}, or null for ever` })
  }
  if (problems.length > 0) return { ok: false, problems }
  const policy = withLogs({ ...before, ...(written as Partial<RetentionPolicy>) }, Object.hasOwn(written, "logs"))
  return outOfOrder(policy) ?? { ok: true, policy }
}

/** A policy as it was put; one from before a class was there has that of the default. */
export function storedRetention(text: string): RetentionPolicy {
  const stored = JSON.parse(text) as Partial<RetentionPolicy>
  return withLogs({ ...defaultRetention, ...stored }, Object.hasOwn(stored, "logs"))
}

/** Logs of which nothing was said go with the values at the latest. */
function withLogs(policy: RetentionPolicy, isSaid: boolean): RetentionPolicy {
  const isLonger = (policy.logs ?? Infinity) > (policy.io ?? Infinity)
  return isSaid || !isLonger ? policy : { ...policy, logs: policy.io }
}

/** What contains another class cannot go before it. */
function outOfOrder(policy: RetentionPolicy): CheckedRetention | null {
  for (let i = 1; i < retentionClasses.length; i++) {
    const [inner, outer] = [retentionClasses[i - 1]!, retentionClasses[i]!]
    if ((policy[inner] ?? Infinity) <= (policy[outer] ?? Infinity)) continue
    const message = `${outer} (${policy[outer] ?? "for ever"}) cannot go before ${inner} (${policy[inner] ?? "for ever"}), which it holds`
    return { ok: false, problems: [{ pointer: `/${outer}`, message }] }
  }
  return null
}
