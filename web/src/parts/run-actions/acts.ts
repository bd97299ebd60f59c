/** What can be done to a run: its name on the wire, how it is called here, and the key of the run's page. */
import type { Action } from "@waybill/contract"
import type { IconName } from "../../ui/icon-paths.ts"

export const actNames = ["rerun", "retry-now", "signal", "pause", "resume", "cancel"] as const
export type ActName = (typeof actNames)[number]

/** An action that somebody has chosen, with what is known of it already. */
export type Act = {
  readonly name: ActName
  /** For a re-run: the state to begin at, or `failed`. */
  readonly from?: string
  /** For `signal`: its name. */
  readonly signal?: string
  /** For `retry-now`: that step alone. */
  readonly stepId?: string
}

type ActLook = { readonly label: string; readonly icon: IconName; readonly key?: string; readonly about: string }

export const actLook = {
  rerun: { label: "Re-run", icon: "rerun", key: "r", about: "Run it again" },
  "retry-now": { label: "Retry now", icon: "undo", about: "Try the waiting step again now" },
  signal: { label: "Signal", icon: "signal", key: "s", about: "Send it a signal" },
  pause: { label: "Pause", icon: "pause", key: "p", about: "Pause the run" },
  resume: { label: "Resume", icon: "play", key: "p", about: "Resume the run" },
  cancel: { label: "Cancel", icon: "stop", key: "c", about: "Cancel the run" },
} as const satisfies Record<ActName, ActLook>

/** Why it is refused now; undefined when it is allowed. The server says so; what it does not name it does not offer. */
export function refusal(actions: readonly Action[], name: string): string | undefined {
  const action = actions.find((one) => one.name === name)
  if (action === undefined) return "The server does not offer this."
  return action.allowed ? undefined : sentence(action.reason ?? "It is not possible now")
}

/** `the run has not ended` → `The run has not ended.`; an id, as `user:ada`, stays as it is written. */
export function sentence(words: string): string {
  const begun = /^[a-z]+:/.test(words) ? words : words.charAt(0).toUpperCase() + words.slice(1)
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`
}

/** Pause and resume stand in one place: a run is in one of the two. */
export function offered(actions: readonly Action[]): readonly ActName[] {
  const isPaused = actions.some((action) => action.name === "resume" && action.allowed)
  return actNames.filter((name) => name !== (isPaused ? "pause" : "resume"))
}
