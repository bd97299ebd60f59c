/** Bounds of the loops (rules 18, 19, 31): starting values, each moved only by a measurement. */

import { defaultReconcilerLimits } from "./reconciler.ts"
import { defaultRecoveryLimits } from "./recovery.ts"
import { defaultActorLimits } from "./run-actors.ts"
import { defaultLoaderLimits } from "./run-loader.ts"
import type { RuntimeOptions } from "./runtime.ts"
import { defaultSlotLimits } from "./slots.ts"
import { defaultTimerLimits } from "./timers.ts"

export type RuntimeLimits = Pick<
  RuntimeOptions,
  "actors" | "dispatcher" | "timers" | "reconciler" | "recovery" | "blobCacheBytesMax" | "loader"
>

export const defaultRuntimeLimits: RuntimeLimits = {
  actors: defaultActorLimits,
  dispatcher: { ...defaultSlotLimits, heartbeatMs: 10_000, heartbeatsMissed: 3, graceMs: 10_000 },
  timers: defaultTimerLimits,
  reconciler: defaultReconcilerLimits,
  recovery: defaultRecoveryLimits,
  blobCacheBytesMax: 64 << 20,
  loader: defaultLoaderLimits,
}
