/** What the parts of one simulation share: the world of a seed, and where they note what they have seen. */
import type { Finding } from "../../core/audit/index.ts"
import type { EngineProcess } from "./engine-process.ts"
import type { Faults } from "./faults.ts"
import type { Random } from "./random.ts"
import type { RandomDefinitions } from "./random-definition.ts"
import type { Scheduler } from "./scheduler.ts"
import type { SimDisk } from "./sim-disk.ts"

export interface SeedWorld {
  readonly random: Random
  readonly scheduler: Scheduler
  readonly disk: SimDisk
  readonly definitions: RandomDefinitions
  /** Those of this moment: in the calm there are none. */
  faults(): Faults
  /** Null while it is down. */
  process(): EngineProcess | null
  /** Something came up. */
  note(what: string): void
  /** Something does not hold. */
  problem(what: string): void
  report(findings: readonly Finding[]): void
  isWrong(): boolean
}
