/**
 * What a run was started for: production, the past that is worked off (`backfill`), or what was there already and is done
 * again (`replay`). Only what is not production is said, within the trigger of `run.created`: older histories are live.
 */
import type { RunCreated } from "./events.ts"

export const runOrigins = ["live", "backfill", "replay"] as const
export type RunOrigin = (typeof runOrigins)[number]

/** All that is set apart from production. */
export const apartOrigins: readonly RunOrigin[] = ["backfill", "replay"]

export function originOf({ trigger }: Pick<RunCreated, "trigger">): RunOrigin {
  const { origin } = trigger
  return origin === "backfill" || origin === "replay" ? origin : "live"
}

export function withOrigin(trigger: RunCreated["trigger"], origin: RunOrigin): RunCreated["trigger"] {
  return origin === "live" ? trigger : { ...trigger, origin }
}
