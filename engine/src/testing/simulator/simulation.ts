/**
 * The whole engine in a hostile world, from one seed: random definitions, the real loops and the real `decide` on
 * simulated clock, store, agents, people and crashes (rule 25). First faults, with safety checked at every commit; then
 * calm, in which everything must end. What the runs leave is compared with a naive interpreter of the same definitions.
 * The same seed and code give the same trace.
 */
import type { Finding } from "../../core/audit/index.ts"
import { type Definition, parseDefinitionDocument } from "../../core/definition/index.ts"
import type { RunEvent } from "../../core/run/events.ts"
import type { AgentTask } from "../../ports/agent-host.ts"
import type { DefinitionSource } from "../../ports/definition-source.ts"
import { EngineProcess } from "./engine-process.ts"
import { type Faults, noFaults, randomFaults } from "./faults.ts"
import { Outside } from "./outside.ts"
import { people } from "./people.ts"
import { Random } from "./random.ts"
import { type RandomDefinitions, randomDefinitions, signalNames } from "./random-definition.ts"
import { Scheduler } from "./scheduler.ts"
import type { SeedWorld } from "./seed-world.ts"
import { type DiskRun, SimDisk } from "./sim-disk.ts"
import { SimHost } from "./sim-host.ts"
import { SimStore } from "./sim-store.ts"
import { Verdict } from "./verdict.ts"

const faultsEndMs = 60_000
/** Everything must have ended by then: longer than any wait, backoff, cleanup and retry put together. */
const calmEndMs = 3 * 3_600_000
/** Far more than any seed needs. */
const stepsMax = 100_000
const epoch = 1_700_000_000_000

export interface SimulationOptions {
  readonly seed: number
  /** In place of the seed's own: for shrinking. */
  readonly faults?: Faults
  readonly definitions?: RandomDefinitions
}

export interface SimulationResult {
  readonly seed: number
  /** What does not hold; empty = all is well. */
  readonly problems: readonly string[]
  readonly traceHash: string
  /** Every stored event as a line, in order. */
  readonly trace: () => readonly string[]
  /** Every run's stored events. */
  readonly histories: () => ReadonlyMap<string, readonly RunEvent[]>
  /** What came up, how often. */
  readonly seen: ReadonlyMap<string, number>
  readonly runs: number
  readonly compared: number
  readonly faults: Faults
  readonly definitions: RandomDefinitions
}

export function simulate(options: SimulationOptions): Promise<SimulationResult> {
  return new Simulation(options).run()
}

class Simulation {
  readonly #seed: number
  readonly #random: Random
  readonly #agentRandom: Random
  readonly #storeRandom: Random
  readonly #definitions: RandomDefinitions
  readonly #compiled = new Map<string, Definition>()
  readonly #scheduler = new Scheduler()
  readonly #disk: SimDisk
  readonly #seen = new Map<string, number>()
  readonly #problems: string[] = []
  readonly #crashCounts = new Map<string, number>()
  readonly #asked = new Set<string>()
  readonly #leftAlone = new Set<string>()
  readonly #pushed = new Map<string, number>()
  readonly #initial: Faults
  readonly #outside: Outside
  readonly #verdict: Verdict
  #faults: Faults
  #process: EngineProcess | null = null
  #life = 0
  #ids = 0
  #wallOffset = 0
  #calm = false
  /** An agent whose file is away, whatever process looks for it. */
  #missing: string | null = null
  #janitorRounds = 0
  #lastHeard = 0

  constructor(options: SimulationOptions) {
    this.#seed = options.seed
    this.#random = new Random(options.seed, 1)
    this.#agentRandom = new Random(options.seed, 2)
    this.#storeRandom = new Random(options.seed, 3)
    this.#faults = options.faults ?? randomFaults(new Random(options.seed, 5))
    this.#definitions = options.definitions ?? randomDefinitions(new Random(options.seed, 4), this.#faults.bursts)
    this.#initial = this.#faults
    for (const document of this.#definitions.documents) {
      const { definition, problems } = parseDefinitionDocument(document)
      if (definition === null) throw new Error(`seed ${options.seed}: ${JSON.stringify(problems[0])}`)
      this.#compiled.set(definition.id, definition)
    }
    this.#disk = new SimDisk(
      (hash) => this.#compiled.get(hash) ?? null,
      () => this.#wall(),
    )
    const world = this.#shared()
    this.#outside = new Outside(world)
    this.#verdict = new Verdict(world, this.#outside.starts)
  }

  #shared(): SeedWorld {
    return {
      random: this.#random,
      scheduler: this.#scheduler,
      disk: this.#disk,
      definitions: this.#definitions,
      faults: () => this.#faults,
      process: () => this.#process,
      note: (what) => this.#note(what),
      problem: (what) => this.#problem(what),
      report: (findings) => this.#report(findings),
      isWrong: () => this.#problems.length > 0,
    }
  }

  async run(): Promise<SimulationResult> {
    this.#boot()
    this.#plan()
    let steps = 0
    while (this.#problems.length === 0 && this.#scheduler.now < calmEndMs) {
      if (this.#calm && this.#over()) break
      if (!this.#scheduler.step()) break
      if (++steps > stepsMax)
        this.#problem(`I7 after ${stepsMax} steps nothing has come to rest at ${this.#scheduler.now} ms`)
      await drained()
      if (this.#disk.findings.length > 0) this.#report(this.#disk.findings)
    }
    if (this.#problems.length === 0) this.#verdict.final()
    this.#end(this.#process)
    // One real turn a seed, for whoever shares the thread.
    await new Promise((resolve) => setImmediate(resolve))
    return {
      seed: this.#seed,
      problems: this.#problems,
      traceHash: this.#disk.traceHash(),
      trace: () => this.#disk.trace(),
      histories: () => new Map([...this.#disk.runs.values()].map((run) => [run.runId, run.events])),
      seen: this.#seen,
      runs: this.#disk.runs.size,
      compared: this.#verdict.compared,
      faults: this.#initial,
      definitions: this.#definitions,
    }
  }

  #note(what: string): void {
    this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1)
  }

  #problem(what: string): void {
    this.#problems.push(what)
  }

  #report(findings: readonly Finding[]): void {
    for (const { invariant, runId, seq, detail } of findings.slice(0, 3))
      this.#problem(`${invariant} ${runId} @${seq}: ${detail}`)
  }

  // --- lives of the engine

  #boot(): void {
    const life = ++this.#life
    const seen = (what: string) => this.#note(what)
    const faults = () => this.#faults
    const scheduler = this.#scheduler
    const store = new SimStore({ disk: this.#disk, scheduler, random: this.#storeRandom, faults, seen })
    const host = new SimHost(
      { scheduler, random: this.#agentRandom, faults, seen, handedOut: (task) => this.#handedOut(task) },
      this.#crashCounts,
    )
    if (this.#missing !== null) host.lose(this.#missing)
    const definitions: DefinitionSource = {
      resolve: (_workspace, _environment, workflowId) => {
        const definition = this.#compiled.get(workflowId)
        return definition === undefined
          ? { ok: false, rejection: { code: "workflow_not_found", message: workflowId } }
          : { ok: true, found: { definition, hash: workflowId, versionNumber: 1 } }
      },
      byHash: (hash) => this.#compiled.get(hash) ?? null,
    }
    const process = new EngineProcess({
      life,
      scheduler,
      random: new Random(this.#seed, 100 + life),
      faults: this.#initial,
      store,
      host,
      definitions,
      wall: () => this.#wall(),
      newId: (prefix) => `${prefix}_${String(++this.#ids).padStart(8, "0")}`,
      log: (level, message, fields) => this.#logged(level, message, fields),
      fatal: () => {
        this.#note("the process ends because a commit is unknown")
        this.#scheduler.after(0, () => this.#crash(process))
      },
      approval: async (id) => {
        for (const run of this.#disk.runs.values()) {
          const row = run.approvals.get(id)
          if (row !== undefined) return row
        }
        return null
      },
    })
    this.#process = process
    process.open().then(
      () => this.#opened(process),
      (error: unknown) => {
        if (process.alive) this.#problem(`the engine does not open: ${String(error)}`)
      },
    )
  }

  #opened(process: EngineProcess): void {
    if (!process.alive) return
    this.#lastHeard = this.#disk.position
    process.runtime!.feed.subscribe((events) => {
      for (const event of events) {
        if (!process.alive) return
        if (event.position !== this.#lastHeard + 1)
          this.#problem(`I15 the feed goes from ${this.#lastHeard} to ${event.position}`)
        this.#lastHeard = event.position
        const before = this.#pushed.get(event.runId) ?? 0
        if (event.seq <= before) this.#problem(`I15 ${event.runId} @${event.seq} is published after ${before}`)
        if (event.position > this.#disk.position)
          this.#problem(`I15 event ${event.position} is published before it is stored`)
        this.#pushed.set(event.runId, event.seq)
      }
    })
  }

  #wall(): number {
    return epoch + Math.floor(this.#scheduler.now) + this.#wallOffset
  }

  #logged(level: string, message: string, fields: unknown): void {
    if (message === "a decision threw") this.#problem(`decide threw: ${JSON.stringify(fields)}`)
    if (message === "a run is quarantined") this.#quarantined(fields as { runId: string; why: string })
    if (message === "a run is repaired") this.#repaired(fields as { runId: string; leaf: string; why: string })
    if (level === "error") this.#note(`log: ${message}`)
  }

  /** The reconciler is the last resort: nothing here may need it but a run that was left alone and is just coming back. */
  #repaired({ runId, leaf, why }: { readonly runId: string; readonly leaf: string; readonly why: string }): void {
    if (this.#leftAlone.has(runId)) return this.#note("a run is repaired as it comes back")
    this.#problem(`I7 ${runId} had to be repaired at ${leaf}: ${why}`)
  }

  /** A run that was being resumed when the process ended, twice, is left alone until an operator looks (rule 1). */
  #quarantined({ runId, why }: { readonly runId: string; readonly why: string }): void {
    if (!why.startsWith("the process ended")) return this.#problem(`${runId} is quarantined: ${why}`)
    this.#note("a run is left alone after two crashes")
    this.#leftAlone.add(runId)
    this.#at(2_000, () => this.#outside.retryNow(runId))
  }

  /** What only the process itself has counted is asked as it goes. */
  #end(process: EngineProcess | null): void {
    if ((process?.runtime?.health().counters.sharesUsedUp ?? 0) > 0)
      this.#note("a run that has used up its share of a commit lets others go first")
    process?.die()
  }

  #crash(process: EngineProcess | null): void {
    if (process === null || !process.alive || this.#process !== process) return
    this.#end(process)
    this.#process = null
    this.#note("the process dies")
    this.#outside.askAgain()
    if (this.#faults.doubleCrash && this.#random.chance(0.5)) {
      this.#scheduler.after(this.#random.between(1, 300), () => {
        if (this.#process === null) return
        this.#note("the process dies again while it recovers")
        this.#crash(this.#process)
      })
    }
    const down = this.#random.chance(0.2) ? this.#random.between(1_000, 30_000) : this.#random.between(0, 50)
    this.#scheduler.after(down, () => {
      if (this.#process === null) this.#boot()
    })
  }

  /** Nothing is executed that a crash could make unheard of (rule 5). */
  #handedOut(task: AgentTask): void {
    const run = this.#disk.runs.get(task.runId)
    const { stepId, attempt, fence } = task
    if (run === undefined || !run.started.has(`${stepId}#${attempt}#${fence}`))
      this.#problem(`I10 ${task.key} of ${task.runId} is handed out before that is stored`)
  }

  // --- what comes from outside

  #plan(): void {
    const random = this.#random
    const runs = random.chance(0.2) ? random.between(2, 3) : 1
    for (let i = 0; i < runs; i++) this.#planRun(`key-${i}`, i === 0 ? 0 : random.below(2_000))
    const { crashes, hostCrashes, evictions, clockJumps, missingAgents, reconciles, strayResults } = this.#faults
    for (let i = 0; i < crashes; i++) this.#at(this.#soon(), () => this.#crash(this.#process))
    for (let i = 0; i < hostCrashes; i++) this.#at(this.#soon(), () => this.#process?.host.crash())
    for (let i = 0; i < clockJumps; i++) this.#at(this.#soon(), () => this.#jump())
    if (missingAgents) {
      const agent = random.pick(["add", "echo", "flaky"])
      const from = this.#soon()
      const until = from + random.between(100, 10_000)
      this.#at(from, () => {
        this.#missing = agent
        this.#process?.host.lose(agent)
      })
      this.#at(until, () => {
        this.#missing = null
        this.#process?.host.bringBack()
      })
      // Who waits for it then must be found again.
      if (crashes > 0) this.#at(random.between(from, until), () => this.#crash(this.#process))
    }
    if (evictions) for (let at = 20; at < 3_000; at += random.between(20, 800)) this.#at(at, () => this.#evict())
    if (reconciles)
      for (let at = 50; at < 5_000; at += random.between(50, 1_500))
        this.#at(at, () => this.#process?.runtime?.reconcile())
    for (let i = 0; i < 3; i++) this.#at(this.#soon(), () => this.#verdict.compareMemory())
    if (strayResults)
      for (let at = 30; at < 4_000; at += random.between(20, 400)) this.#at(at, () => this.#outside.strayResult())
    this.#at(faultsEndMs, () => this.#beginCalm())
  }

  #at(delayMs: number, run: () => void): void {
    this.#scheduler.after(delayMs, run)
  }

  /** Most things happen in the first second; some while runs wait. */
  #soon(): number {
    return this.#random.chance(0.7) ? this.#random.between(5, 1_000) : this.#random.between(1_000, 40_000)
  }

  #planRun(key: string, at: number): void {
    const random = this.#random
    const asked: { runId: string | null } = { runId: null }
    this.#outside.starts.set(key, asked)
    const starter = random.pick([people.ann, people.ben, people.boss])
    this.#at(at, () => this.#outside.start(key, starter))
    const withRun = (use: (runId: string) => void) => () => {
      if (asked.runId !== null) use(asked.runId)
    }
    const { pauses, cancels } = this.#faults
    for (let i = random.below(4); i > 0; i--) {
      const name = random.pick(signalNames)
      const id = `${name}-${random.below(3)}`
      const even = random.chance(0.7)
      this.#at(
        at + this.#soon(),
        withRun((runId) => this.#outside.signal(runId, name, id, even)),
      )
    }
    if (pauses) {
      const paused = at + this.#soon()
      this.#at(
        paused,
        withRun((runId) => this.#outside.pause(runId)),
      )
      this.#at(
        paused + random.between(10, 30_000),
        withRun((runId) => this.#outside.resume(runId)),
      )
    }
    if (cancels)
      this.#at(
        at + this.#soon(),
        withRun((runId) => this.#outside.cancel(runId, random.chance(0.2))),
      )
    if (random.chance(0.2))
      this.#at(
        at + this.#soon(),
        withRun((runId) => this.#outside.retryNow(runId)),
      )
    for (let t = at + 100; t < at + 40_000; t += random.between(300, 14_000))
      this.#at(t, () => this.#outside.decideSome())
  }

  #jump(): void {
    const jump = this.#random.pick([-3_600_000, -5_000, 7_000, 3_600_000, 30 * 86_400_000])
    this.#note(jump > 0 ? "the clock jumps forwards" : "the clock jumps back")
    this.#wallOffset += jump
  }

  #evict(): void {
    this.#note("idle runs leave memory")
    this.#process?.runtime?.evictIdle()
  }

  // --- calm

  #beginCalm(): void {
    this.#calm = true
    const { smallDecisions, blobs, snapshots, fewSlots, bursts } = this.#faults
    this.#faults = { ...noFaults, smallDecisions, blobs, snapshots, fewSlots, bursts }
    this.#missing = null
    this.#process?.host.bringBack()
    this.#janitor()
  }

  #janitor(): void {
    this.#janitorRounds++
    if (this.#janitorRounds % 8 === 1) this.#verdict.compareMemory()
    for (const run of this.#disk.runs.values()) if (run.open) this.#tend(run)
    this.#at(5_000 + 500 * this.#janitorRounds, () => this.#janitor())
  }

  /** In the calm people do what is asked of them: everything that waits for somebody gets it. */
  #tend(run: DiskRun): void {
    const { runId } = run
    const state = run.fold.state
    if (state.paused) return this.#outside.resume(runId)
    for (const row of run.approvals.values()) {
      if (row.state !== "pending") continue
      for (const by of [people.ann, people.ben, people.boss])
        this.#outside.decide(runId, row.approvalId, "approve", by, row.contentHash)
    }
    for (const visit of state.visits.values()) {
      if (visit.phase.kind === "listening")
        this.#outside.signal(runId, visit.phase.signal, `calm-${this.#janitorRounds}`, true)
      if (visit.phase.kind === "backoff" && visit.phase.timer === null) {
        const tries = `${visit.stepId} ${visit.attempt}`
        if (visit.attempt < 6 && !this.#asked.has(tries)) {
          this.#asked.add(tries)
          this.#outside.retryNow(runId)
        } else this.#outside.cancel(runId, false)
      }
    }
    // Two who may not decide alone can block for ever: somebody has to end it.
    if (this.#janitorRounds > 20 && [...run.approvals.values()].some((row) => row.state === "pending"))
      this.#outside.cancel(runId, false)
  }

  #over(): boolean {
    if (this.#disk.messages.size > 0) return false
    for (const { runId } of this.#outside.starts.values()) if (runId === null) return false
    for (const run of this.#disk.runs.values()) if (run.open) return false
    return true
  }
}

/** Longer than any chain of promises in the engine; one more or less changes the order of nothing. */
const hopsPerStep = 24

/** Lets everything that was promised in this moment come true, without a turn of the real event loop. */
async function drained(): Promise<void> {
  for (let hop = 0; hop < hopsPerStep; hop++) await undefined
}
