/**
 * The whole engine in a hostile world, from one seed: random definitions, the real loops and the real `decide` on
 * simulated clock, store, agents, people and crashes (rule 25). First faults, with safety checked at every commit; then
 * calm, in which everything must end. What the runs leave is compared with a naive interpreter of the same definitions.
 * The same seed and code give the same trace.
 */
import { auditRows, checkChain, type Finding } from "../../core/audit/index.ts"
import { type Definition, parseDefinitionDocument } from "../../core/definition/index.ts"
import type { Json, JsonObject } from "../../core/json.ts"
import type { Actor } from "../../core/run/commands.ts"
import { materialise } from "../../core/run/context.ts"
import type { RunEvent, Stored } from "../../core/run/events.ts"
import { encodeState } from "../../core/run/snapshot.ts"
import type { RunState } from "../../core/run/state.ts"
import { isBlobRef } from "../../core/run/stored.ts"
import type { Answer } from "../../door.ts"
import type { AgentTask } from "../../ports/agent-host.ts"
import type { DefinitionSource } from "../../ports/definition-source.ts"
import { EngineProcess } from "./engine-process.ts"
import { type Faults, noFaults, randomFaults } from "./faults.ts"
import { sha256Hex } from "./hashing.ts"
import { History } from "./history.ts"
import { secretWord } from "./hush.ts"
import { everybody, people } from "./people.ts"
import { Random } from "./random.ts"
import { type RandomDefinitions, randomDefinitions, signalNames } from "./random-definition.ts"
import { interpret, Mismatch, plainErrors } from "./reference.ts"
import { Scheduler } from "./scheduler.ts"
import { type DiskRun, SimDisk } from "./sim-disk.ts"
import { SimHost } from "./sim-host.ts"
import { SimStore } from "./sim-store.ts"

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
  readonly #starts = new Map<string, { runId: string | null }>()
  readonly #asked = new Set<string>()
  readonly #leftAlone = new Set<string>()
  readonly #pushed = new Map<string, number>()
  readonly #initial: Faults
  #faults: Faults
  #process: EngineProcess | null = null
  #life = 0
  #ids = 0
  #wallOffset = 0
  #calm = false
  /** An agent whose file is away, whatever process looks for it. */
  #missing: string | null = null
  #compared = 0
  #janitorRounds = 0
  #lastHeard = 0

  constructor(options: SimulationOptions) {
    this.#seed = options.seed
    this.#random = new Random(options.seed, 1)
    this.#agentRandom = new Random(options.seed, 2)
    this.#storeRandom = new Random(options.seed, 3)
    this.#definitions = options.definitions ?? randomDefinitions(new Random(options.seed, 4))
    this.#faults = options.faults ?? randomFaults(new Random(options.seed, 5))
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
    if (this.#problems.length === 0) this.#final()
    this.#process?.die()
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
      compared: this.#compared,
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
    this.#at(2_000, () => this.#retryNow(runId))
  }

  #crash(process: EngineProcess | null): void {
    if (process === null || !process.alive || this.#process !== process) return
    process.die()
    this.#process = null
    this.#note("the process dies")
    for (const [, retry] of [...this.#waiting]) retry()
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
    for (let i = 0; i < 3; i++) this.#at(this.#soon(), () => this.#compareMemory())
    if (strayResults)
      for (let at = 30; at < 4_000; at += random.between(20, 400)) this.#at(at, () => this.#strayResult())
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
    this.#starts.set(key, asked)
    const starter = random.pick([people.ann, people.ben, people.boss])
    this.#at(at, () => this.#start(key, starter))
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
        withRun((runId) => this.#signal(runId, name, id, even)),
      )
    }
    if (pauses) {
      const paused = at + this.#soon()
      this.#at(
        paused,
        withRun((runId) => this.#pause(runId)),
      )
      this.#at(
        paused + random.between(10, 30_000),
        withRun((runId) => this.#resume(runId)),
      )
    }
    if (cancels)
      this.#at(
        at + this.#soon(),
        withRun((runId) => this.#cancel(runId, random.chance(0.2))),
      )
    if (random.chance(0.2))
      this.#at(
        at + this.#soon(),
        withRun((runId) => this.#retryNow(runId)),
      )
    for (let t = at + 100; t < at + 40_000; t += random.between(300, 14_000)) this.#at(t, () => this.#decideSome())
  }

  readonly #waiting = new Map<object, () => void>()

  /** Asks the engine, again and again until it hears an answer: what is asked must be safe to ask twice. */
  #ask<T>(ask: (process: EngineProcess) => Promise<Answer<T>>, heard: (answer: Answer<T>) => void, tries = 0): void {
    const again = (delayMs: number) => this.#at(delayMs, () => this.#ask(ask, heard, tries + 1))
    const process = this.#process
    if (tries > 40) return
    if (process?.runs == null) return this.#at(200, () => this.#ask(ask, heard, tries))
    const token = {}
    this.#waiting.set(token, () => {
      this.#waiting.delete(token)
      this.#note("an asker hears nothing and asks again")
      again(300)
    })
    ask(process).then(
      (answer) => {
        if (!this.#waiting.delete(token)) return
        if (this.#faults.deafClients && this.#random.chance(0.3)) return again(100)
        if (answer.ok && answer.position > this.#disk.position)
          this.#problem(
            `an answer at position ${answer.position} is given before it is stored (${this.#disk.position})`,
          )
        if (!answer.ok && answer.rejection.hint?.startsWith("retry")) return again(500)
        heard(answer)
      },
      (error: unknown) => {
        if (this.#waiting.delete(token))
          this.#problem(`a command threw: ${error instanceof Error ? error.stack : String(error)}`)
      },
    )
  }

  #start(key: string, actor: Actor): void {
    const header = { scope: "starts", key, bodyHash: "body" }
    const workflow = this.#definitions.documents[0]!.id as string
    const request = {
      workflowId: workflow,
      environment: "default",
      version: null,
      input: this.#definitions.input,
      businessEventId: null,
      correlationId: key,
      traceparent: null,
      parentRunId: null,
      tags: [],
      startPaused: false,
      trigger: { kind: "api" },
    } as const
    this.#ask(
      (process) => process.runs!.start(actor, request, header),
      (answer) => {
        if (!answer.ok) {
          this.#note(`start: ${answer.rejection.code}`)
          return this.#at(250, () => this.#start(key, actor))
        }
        const { runId, replayed } = answer.value
        if (replayed) this.#note("a start is answered a second time")
        if (!this.#disk.runs.has(runId)) this.#problem(`run ${runId} was answered, but is not stored`)
        this.#starts.get(key)!.runId = runId
      },
    )
  }

  #signal(runId: string, name: string, id: string, even: boolean): void {
    this.#ask(
      (process) => process.runs!.signal(people.ann, runId, { name, id, data: { even, id, pin: secretWord } }, null),
      (answer) => {
        if (!answer.ok) this.#note(`signal: ${answer.rejection.code}`)
        else this.#note(answer.value.replayed ? "a signal is sent a second time" : "a signal is taken in")
      },
    )
  }

  #pause(runId: string): void {
    this.#ask(
      (process) => process.runs!.pause(people.ann, runId, null, null),
      (answer) => this.#note(answer.ok ? "a run is paused" : `pause: ${answer.rejection.code}`),
    )
  }

  #resume(runId: string): void {
    this.#ask(
      (process) => process.runs!.resume(people.ann, runId, null, null),
      (answer) => this.#note(answer.ok ? "a run is resumed" : `resume: ${answer.rejection.code}`),
    )
  }

  #cancel(runId: string, force: boolean): void {
    this.#ask(
      (process) => process.runs!.cancel(people.ann, runId, { reason: null, force }, null),
      (answer) =>
        this.#note(answer.ok ? `a run is cancelled${force ? " by force" : ""}` : `cancel: ${answer.rejection.code}`),
    )
  }

  #retryNow(runId: string): void {
    this.#ask(
      (process) => process.runs!.retryNow(people.boss, runId, null, null),
      (answer) => this.#note(answer.ok ? "a retry is hurried" : `retry-now: ${answer.rejection.code}`),
    )
  }

  /** Somebody, allowed or not, decides something that is open. Several may race. */
  #decideSome(): void {
    const random = this.#random
    for (const run of this.#disk.runs.values()) {
      for (const row of run.approvals.values()) {
        if (row.state !== "pending" || !random.chance(0.6)) continue
        const offered = (JSON.parse(row.outcomes) as { name: string }[]).map((outcome) => outcome.name)
        const outcome = random.chance(0.7) ? "approve" : random.pick(offered)
        this.#decide(run.runId, row.approvalId, outcome, random.pick(everybody), row.contentHash)
        if (random.chance(0.3))
          this.#decide(run.runId, row.approvalId, random.pick(offered), random.pick(everybody), row.contentHash)
      }
    }
  }

  #decide(runId: string, approvalId: string, outcome: string, by: Actor, contentHash: string): void {
    // The same words again are the same decision; others would be a second one.
    const comment = this.#random.chance(0.5) ? secretWord : null
    this.#ask(
      (process) =>
        process.runs!.decideApproval(
          by,
          runId,
          approvalId,
          { outcome, comment, form: { pin: secretWord }, contentHash },
          null,
        ),
      (answer) => this.#note(answer.ok ? `decided: ${outcome}` : `decide: ${answer.rejection.code}`),
    )
  }

  /** An executor that was given up long ago answers after all (rule 5): under an old fence, or for an old attempt. */
  #strayResult(): void {
    const process = this.#process
    if (process?.runtime == null) return
    for (const run of this.#disk.runs.values()) {
      for (const visit of run.open ? run.fold.state.visits.values() : []) {
        if (visit.fence < 2) continue
        this.#note("a result comes under an old fence")
        const { stepId, attempt } = visit
        const outcome = { kind: "succeeded", output: { v: 1_000 } } as const
        const command = { kind: "finish-attempt", stepId, attempt, fence: visit.fence - 1, outcome } as const
        process.runtime.submit({ runId: run.runId, command }).then(
          (answer) => {
            if (process.alive && answer.kind === "committed")
              this.#problem(`I10 a result under an old fence of ${stepId} is taken`)
          },
          (error: unknown) => this.#problem(`a stray result threw: ${String(error)}`),
        )
      }
    }
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

  /** What a run is in memory equals what its events say (I5), also after a snapshot. */
  #compareMemory(): void {
    const process = this.#process
    if (process?.runtime == null) return
    for (const run of this.#disk.runs.values()) {
      if (!run.open) continue
      process.runtime
        .inspect(run.runId, (state) => {
          if (process.alive) this.#sameState(run, state)
        })
        .catch((error: unknown) => this.#problem(`a run cannot be shown: ${String(error)}`))
    }
  }

  #sameState(run: DiskRun, state: RunState | null): void {
    if (state === null) return this.#problem(`${run.runId} is stored, but cannot be read`)
    if (state.seq !== run.run.seq) return
    this.#note("memory is compared with the fold")
    const memory = encodeState(state)
    const fold = encodeState(run.fold.state)
    if (memory !== fold) this.#problem(`I5 ${run.runId} @${state.seq}: ${difference(memory, fold)}`)
    this.#rows(run)
  }

  #rows(run: DiskRun): void {
    const stored = {
      run: run.run,
      steps: [...run.steps.values()],
      approvals: [...run.approvals.values()],
      signals: [...run.signals.values()],
      timers: [...run.timers.values()],
    }
    this.#report(auditRows(run.fold.state, run.fold.rows(run.run.headHash), stored))
  }

  // --- calm

  #beginCalm(): void {
    this.#calm = true
    const { smallDecisions, blobs, snapshots, fewSlots } = this.#faults
    this.#faults = { ...noFaults, smallDecisions, blobs, snapshots, fewSlots }
    this.#missing = null
    this.#process?.host.bringBack()
    this.#janitor()
  }

  #janitor(): void {
    this.#janitorRounds++
    if (this.#janitorRounds % 8 === 1) this.#compareMemory()
    for (const run of this.#disk.runs.values()) if (run.open) this.#tend(run)
    this.#at(5_000 + 500 * this.#janitorRounds, () => this.#janitor())
  }

  /** In the calm people do what is asked of them: everything that waits for somebody gets it. */
  #tend(run: DiskRun): void {
    const { runId } = run
    const state = run.fold.state
    if (state.paused) return this.#resume(runId)
    for (const row of run.approvals.values()) {
      if (row.state !== "pending") continue
      for (const by of [people.ann, people.ben, people.boss])
        this.#decide(runId, row.approvalId, "approve", by, row.contentHash)
    }
    for (const visit of state.visits.values()) {
      if (visit.phase.kind === "listening") this.#signal(runId, visit.phase.signal, `calm-${this.#janitorRounds}`, true)
      if (visit.phase.kind === "backoff" && visit.phase.timer === null) {
        const tries = `${visit.stepId} ${visit.attempt}`
        if (visit.attempt < 6 && !this.#asked.has(tries)) {
          this.#asked.add(tries)
          this.#retryNow(runId)
        } else this.#cancel(runId, false)
      }
    }
    // Two who may not decide alone can block for ever: somebody has to end it.
    if (this.#janitorRounds > 20 && [...run.approvals.values()].some((row) => row.state === "pending"))
      this.#cancel(runId, false)
  }

  #over(): boolean {
    if (this.#disk.messages.size > 0) return false
    for (const { runId } of this.#starts.values()) if (runId === null) return false
    for (const run of this.#disk.runs.values()) if (run.open) return false
    return true
  }

  #final(): void {
    for (const run of this.#disk.runs.values()) {
      if (run.open) {
        const owing = [...run.fold.state.visits.values()].map((visit) => `${visit.name} ${visit.phase.kind}`)
        const mail = [...this.#disk.messages.values()].map((row) => `${row.kind} to ${row.toRunId}`)
        this.#problem(
          `I7 ${run.runId} never ended: ${run.run.status}/${run.run.reason} ${owing.join(", ")}; ${mail.join(", ")}`,
        )
        continue
      }
      this.#note(`ended ${run.run.status}`)
      if (run.events.some((event) => event.type === "scope.unwinding" && event.payload.error !== undefined))
        this.#note("a foreach's condition fails while items run")
      for (const type of ["step.agent_missing", "step.agent_found"])
        if (run.events.some((event) => event.type === type)) this.#note(type)
      this.#rows(run)
      if (this.#random.chance(0.2)) this.#report(checkChain(sha256Hex, run.runId, run.encoded, run.run.headHash))
      this.#compareWithReference(run)
    }
    this.#parents()
    if (this.#problems.length === 0 && this.#disk.messages.size > 0)
      this.#problem(`I12 ${this.#disk.messages.size} messages between runs were never taken`)
    for (const [key, { runId }] of this.#starts) {
      const started = [...this.#disk.runs.values()].filter(
        (run) => run.run.correlationId === key && run.run.parentRunId === null,
      )
      if (started.length !== 1) this.#problem(`I9 the key ${key} started ${started.length} runs`)
      else if (started[0]!.runId !== runId)
        this.#problem(`I9 the key ${key} was answered with ${runId}, but started ${started[0]!.runId}`)
    }
  }

  #parents(): void {
    for (const run of this.#disk.runs.values()) {
      const parent = run.run.parentRunId
      if (parent === null) continue
      this.#note("a child run ended")
      const asked = this.#disk.runs
        .get(parent)
        ?.events.some((event) => event.type === "child.started" && event.payload.childRunId === run.runId)
      if (!asked) this.#problem(`I12 ${run.runId} has no parent that asked for it`)
    }
  }

  #compareWithReference(run: DiskRun): void {
    let history: History
    try {
      history = new History(run.events, (stored) => this.#value(stored))
    } catch (error) {
      return this.#problem(`I2 ${run.runId}: ${error instanceof Error ? error.message : String(error)}`)
    }
    if (history.cut !== null) return this.#note(`not compared: ${history.cut}`)
    const document = this.#definitions.documents.find((one) => one.id === run.run.workflowId)!
    const created = run.fold.state.created
    try {
      const expected = interpret(document, this.#value(created.input) as JsonObject, history)
      const terminal = run.fold.state.terminal!
      const actual = {
        status: terminal.status,
        error: terminal.error?.code ?? null,
        context: plainErrors(this.#contextOf(run.fold.state)),
        output: plainErrors(history.output),
      }
      const a = canonical({ ...actual, output: actual.status === "COMPLETED" ? actual.output : null })
      const b = canonical({ ...expected, context: plainErrors(expected.context), output: plainErrors(expected.output) })
      this.#compared++
      if (a !== b) this.#problem(`I13 ${run.runId} differs from the reference: ${difference(a, b)}`)
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error
      this.#problem(`I13 ${run.runId}: ${error.message}`)
    }
  }

  #value(stored: Stored): Json {
    return "value" in stored ? stored.value : (JSON.parse(this.#disk.blobs.get(stored.blob)!) as Json)
  }

  #contextOf(state: RunState): Json {
    const resolve = (value: Json): Json => {
      if (isBlobRef(value)) return JSON.parse(this.#disk.blobs.get(value.blob)!) as Json
      if (Array.isArray(value)) return value.map(resolve)
      if (typeof value !== "object" || value === null) return value
      return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, resolve(child)]))
    }
    return resolve(materialise(state.context))
  }
}

/** Longer than any chain of promises in the engine; one more or less changes the order of nothing. */
const hopsPerStep = 24

/** Lets everything that was promised in this moment come true, without a turn of the real event loop. */
async function drained(): Promise<void> {
  for (let hop = 0; hop < hopsPerStep; hop++) await undefined
}

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function difference(a: string, b: string): string {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const from = Math.max(0, at - 160)
  return `\n  …${a.slice(from, at + 160)}\n  …${b.slice(from, at + 160)}`
}
