import { ambientCheck } from "./ambient.ts"
import type { Check } from "./check.ts"
import { coverageCheck } from "./coverage.ts"
import { dependenciesCheck } from "./dependencies.ts"
import { effectsCheck } from "./effects.ts"
import { environmentCheck } from "./environment.ts"
import { linksCheck } from "./links.ts"
import { machineCheck } from "./machine.ts"
import { toolChecks } from "./tools.ts"

export const checks: readonly Check[] = [
  ...toolChecks,
  ambientCheck,
  environmentCheck,
  dependenciesCheck,
  effectsCheck,
  machineCheck,
  linksCheck,
  coverageCheck,
]
