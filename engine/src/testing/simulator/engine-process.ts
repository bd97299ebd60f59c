/** One life of the engine in the simulated world: the real loops over simulated ports, until it dies. */
import { defaultLimits, type Limits } from "../../core/run/limits.ts"
import type { RunCommands } from "../../door.ts"
import type { Chance } from "../../ports/chance.ts"
import type { Clock } from "../../ports/clock.ts"
import type { DefinitionSource } from "../../ports/definition-source.ts"
import { defaultRuntimeLimits } from "../../runtime/limits.ts"
import { Runtime, type RuntimeOptions, type RuntimePorts } from "../../runtime/runtime.ts"
import { runCommands } from "../../usecases/runs/index.ts"
import type { Faults } from "./faults.ts"
import { hashing } from "./hashing.ts"
import { hushing } from "./hush.ts"
import type { Random } from "./random.ts"
import type { Scheduler } from "./scheduler.ts"
import type { SimHost } from "./sim-host.ts"
import type { SimStore } from "./sim-store.ts"

export interface ProcessOptions {
  readonly life: number
  readonly scheduler: Scheduler
  readonly random: Random
  readonly faults: Faults
  readonly store: SimStore
  readonly host: SimHost
  readonly definitions: DefinitionSource
  readonly wall: () => number
  readonly newId: (prefix: string) => string
  readonly log: (level: string, message: string, fields: unknown) => void
  readonly fatal: (message: string) => void
  readonly approval: Parameters<typeof runCommands>[0]["approval"]
}

export class EngineProcess {
  readonly store: SimStore
  readonly host: SimHost
  runtime: Runtime | null = null
  runs: RunCommands | null = null
  alive = true
  readonly #options: ProcessOptions

  constructor(options: ProcessOptions) {
    this.#options = options
    this.store = options.store
    this.host = options.host
  }

  async open(): Promise<void> {
    const { approval } = this.#options
    let prepareChild: RuntimeOptions["prepareChild"] | null = null
    const options: RuntimeOptions = {
      ...this.#limits(),
      prepareChild: (runtime, parent, request) => prepareChild!(runtime, parent, request),
    }
    const ports = this.#ports()
    const opened = Runtime.open(ports, options)
    const runtime = await opened
    if (!this.alive) return
    const cases = runCommands({
      runtime,
      workspaceId: "default",
      projectId: "default",
      waybillVersion: "sim",
      recordedEnv: {},
      approval,
      // The simulator's disk is never cleared away.
      hasRun: async () => false,
      // Longer than any jump of the clock: a key that has expired starts a second run by design.
      idempotencyKeepMs: 365 * 86_400_000,
    })
    prepareChild = cases.prepareChild
    this.runs = cases.runs
    this.runtime = runtime
  }

  /** kill −9: nothing of it is heard of again. */
  die(): void {
    this.alive = false
    this.store.die()
    this.host.die()
    this.runtime = null
    this.runs = null
  }

  #ports(): RuntimePorts {
    const { scheduler, random, store, host, definitions, wall, newId, log } = this.#options
    const clock: Clock = {
      now: wall,
      monotonic: () => scheduler.now,
      setTimer: (delayMs, wake) =>
        scheduler.after(delayMs, () => {
          if (this.alive) wake()
        }),
    }
    const chance: Chance = {
      id: newId,
      fraction: () => random.fraction(),
      hex: (digits) => random.hex(digits),
    }
    return {
      clock,
      chance,
      hashing,
      log: { write: (level, message, fields) => log(level, message, fields) },
      store,
      host,
      schemas: { validator: () => () => null },
      definitions,
      marks: store,
      feedSource: store,
      stepLogs: { keep: () => undefined },
      redaction: hushing,
    }
  }

  #limits(): Omit<RuntimeOptions, "prepareChild"> {
    const { faults, life, fatal } = this.#options
    const base = defaultRuntimeLimits
    const limits: Limits = {
      ...defaultLimits,
      idleTransitions: 400,
      ...(faults.smallDecisions ? { transitionsPerDecision: 3, eventsPerDecision: 8 } : {}),
      ...(faults.blobs ? { inlineBytesMax: 40 } : {}),
    }
    return {
      ...base,
      instance: `sim-${life}`,
      blobSecret: "sim",
      limits,
      actors: {
        ...base.actors,
        ...(faults.snapshots ? { snapshotBytesMin: 2_000 } : {}),
        ...(faults.evictions ? { countMax: 1 } : {}),
        ...(faults.bursts ? { runBytesPerBatch: 0, sharedRunBytesPerBatch: 0 } : {}),
      },
      dispatcher: {
        ...base.dispatcher,
        ...(faults.bursts ? { perAgent: 8, perWorkspace: 8, overall: 8 } : {}),
        ...(faults.fewSlots ? { perAgent: 1, perWorkspace: 1, overall: 1 } : {}),
      },
      ...(faults.snapshots ? { loader: { ...base.loader, eventsPerPage: 20 } } : {}),
      ...(faults.blobs ? { blobCacheBytesMax: 100 } : {}),
      holdDispatch: false,
      fatal,
    }
  }
}
