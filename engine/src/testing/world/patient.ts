import { defaultRuntimeLimits, type RuntimeLimits } from "../../runtime/limits.ts"

/** A scripted host gives no signs of life of its own, and stories let much time pass: they ask for none but by name. */
export const patientLimits: RuntimeLimits = {
  ...defaultRuntimeLimits,
  dispatcher: { ...defaultRuntimeLimits.dispatcher, heartbeatMs: 24 * 3_600_000 },
}
