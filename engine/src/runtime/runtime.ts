/**
 * The loops of the engine, put together (architecture §4, §5): actors, dispatcher, timers, messages, concurrency,
 * recovery and reconciler, around one store and one agent host. It releases the effects of a commit when it is durable,
 * and turns what happens outside into commands. It decides nothing and knows no facade.
 */
import type { Definition } from "../core/definition/model.ts"
import type { Command } from "../core/run/commands.ts"
import type { Limits } from "../core/run/limits.ts"
import type { RunState, RunStatus } from "../core/run/state.ts"
import type { RunRow } from "../core/views/rows.ts"
import { runStatus } from "../core/views/status.ts"
import type { EngineFacts } from "../core/views/why/index.ts"
import type { AgentHost, AgentLoadReport } from "../ports/agent-host.ts"
import type { Chance } from "../ports/chance.ts"
import type { Clock } from "../ports/clock.ts"
import type { DefinitionSource } from "../ports/definition-source.ts"
import type { FeedSource } from "../ports/feed-source.ts"
import type { Hashing } from "../ports/hashing.ts"
import type { Log } from "../ports/log.ts"
import type { Redaction } from "../ports/redaction.ts"
import type { ResumeMarks } from "../ports/resume-marks.ts"
import type { Schemas } from "../ports/schemas.ts"
import type { StepAttachments } from "../ports/step-attachments.ts"
import type { StepLogs } from "../ports/step-logs.ts"
import type { OpenRun, RunStore } from "../ports/store.ts"
import { agentAt } from "./agent-name.ts"
import { BlobCache } from "./blob-cache.ts"
import { type EffectPorts, releaseCommit } from "./commit-effects.ts"
import { CommitFeed } from "./commit-feed.ts"
import { Concurrency } from "./concurrency.ts"
import { Dispatcher, type DispatcherLimits } from "./dispatcher.ts"
import { envelope, type Outcome, rejected } from "./envelope.ts"
import { ExecutionNumbers } from "./execution-numbers.ts"
import { type ChildPrepared, type ChildRequest, Messages } from "./messages.ts"
import { asQuarantined, Quarantine } from "./quarantine.ts"
import { Reconciler, type ReconcilerLimits } from "./reconciler.ts"
import { type RecoveryLimits, type RecoveryPorts, readOpenRuns, recover } from "./recovery.ts"
import { redactedCommand } from "./redacted-command.ts"
import { resumeRun } from "./resume-run.ts"
import { type ActorLimits, RunActors } from "./run-actors.ts"
import { type EnvPorts, RunEnv } from "./run-env.ts"
import { type LoaderLimits, RunLoader } from "./run-loader.ts"
import type { RunPlace } from "./run-place.ts"
import { Settlements } from "./settlements.ts"
import { type TimerLimits, Timers } from "./timers.ts"

export interface RuntimePorts {
  readonly clock: Clock
  readonly chance: Chance
  readonly hashing: Hashing
  readonly log: Log
  readonly store: RunStore
  readonly host: AgentHost
  readonly schemas: Schemas
  readonly definitions: DefinitionSource
  readonly marks: ResumeMarks
  readonly feedSource: FeedSource
  readonly stepLogs: StepLogs
  /** Absent: what agents attach is kept nowhere. */
  readonly stepAttachments?: StepAttachments
  readonly redaction: Redaction
}

export interface RuntimeOptions {
  /** This process, as the owner of its attempts. */
  readonly instance: string
  /** Makes the keys of large values unguessable (rule 20). */
  readonly blobSecret: string
  readonly limits: Limits
  readonly actors: ActorLimits
  readonly dispatcher: DispatcherLimits
  readonly timers: TimerLimits
  readonly reconciler: ReconcilerLimits
  readonly recovery: RecoveryLimits
  readonly blobCacheBytesMax: number
  readonly loader: LoaderLimits
  /** A restored database: nothing is handed to agents until somebody has looked (rule 35). */
  readonly holdDispatch: boolean
  /** The process must end at once (rule 3): nothing has been answered that is not known to be stored. */
  readonly fatal: (message: string) => void
  /** The agents of an environment were read again; the host tells one listener, which is the runtime. */
  readonly onAgentsLoaded?: (report: AgentLoadReport) => void
  /** How a child run is made from what its parent asks for. */
  readonly prepareChild: (runtime: Runtime, parent: RunState, request: ChildRequest) => Promise<ChildPrepared>
}

/** A result that its run does not take: the attempt is no longer live, or the run cannot be decided (rule 8). */
const lateCodes: ReadonlySet<string> = new Set(["stale_result", "run_finished", "run_not_found", "run_quarantined"])

export class Runtime {
  readonly ports: RuntimePorts
  readonly options: RuntimeOptions
  readonly feed: CommitFeed
  readonly numbers: ExecutionNumbers
  readonly #env: EnvPorts
  readonly #actors: RunActors
  readonly #dispatcher: Dispatcher
  readonly #timers: Timers
  readonly #messages: Messages
  readonly #concurrency: Concurrency
  readonly #reconciler: Reconciler
  readonly #settlements: Settlements
  readonly #effects: EffectPorts
  #openRuns = 0
  #lateResults = 0
  readonly #quarantine: Quarantine
  #recovering = true
  #draining = false
  #holding: boolean
  #dead: string | null = null

  private constructor(ports: RuntimePorts, options: RuntimeOptions, numbers: ExecutionNumbers) {
    this.ports = ports
    this.options = options
    this.numbers = numbers
    this.#holding = options.holdDispatch
    this.feed = new CommitFeed(ports.feedSource, ports.log, ports.store.position())
    const blobCache = new BlobCache(options.blobCacheBytesMax)
    const { clock, log, store } = ports
    this.#quarantine = new Quarantine(ports.marks, clock, log)
    const command = (runId: string, asked: Command, done: (taken: boolean) => void): void =>
      this.#command(runId, asked, done)
    this.#concurrency = new Concurrency({ submit: command })
    this.#dispatcher = new Dispatcher(
      {
        clock,
        host: ports.host,
        logs: ports.stepLogs,
        attachments: ports.stepAttachments,
        submit: (place, asked, done) => this.#fromDispatcher(place, asked, done),
        ended: (runId) => this.#actors.settleDown(runId),
      },
      options.dispatcher,
    )
    if (options.holdDispatch) this.#dispatcher.claim(false)
    ports.host.onLoaded((report) => {
      this.#dispatcher.agentsLoaded(report.environment)
      options.onAgentsLoaded?.(report)
    })
    this.#timers = new Timers(
      {
        clock,
        log,
        dueTimers: (before, limit) => store.dueTimers(before, limit),
        fire: (runId, timer, done) => this.#fire(runId, timer, done),
        fault: (error) => this.#fatal(`timers could not be read: ${text(error)}`),
      },
      options.timers,
    )
    this.#env = {
      chance: ports.chance,
      hashing: ports.hashing,
      schemas: ports.schemas,
      host: ports.host,
      blobCache,
      limits: options.limits,
      instance: options.instance,
      blobSecret: options.blobSecret,
      reserve: (place, stepId, agent, contractHash) => this.#dispatcher.reserve(place, stepId, agent, contractHash),
    }
    this.#actors = new RunActors(
      {
        ...this.#env,
        clock,
        log,
        store,
        loader: new RunLoader({ clock, store, definitions: ports.definitions }, options.loader),
        joinConcurrency: (runId, created) => this.#concurrency.join(runId, created, clock.now()),
        leaveConcurrency: (runId) => this.#concurrency.leave(runId),
        revive: (runId) => this.#revive(runId),
        quarantined: (runId, why, poison) => this.#quarantine.put(runId, why, poison),
        unreserve: (stepId) => this.#dispatcher.unreserve(stepId),
        executing: (runId) => this.#dispatcher.outOf(runId) > 0,
        release: (pending, firstPosition) => releaseCommit(this.#effects, pending, firstPosition),
        released: () => this.#released(),
        head: () => this.feed.head(),
        fatal: (message) => this.#fatal(message),
      },
      options.actors,
    )
    this.#messages = new Messages({
      store,
      blobCache,
      log,
      submit: (asked) => this.#actors.submit(asked),
      prepareChild: (request) => this.#prepareChild(request),
      fatal: (message) => this.#fatal(message),
    })
    this.#settlements = new Settlements({
      clock,
      known: (runId) => this.#actors.get(runId)?.durableStatus ?? null,
      look: (runId, use) => this.#actors.inspect(runId, (state) => use(state === null ? null : runStatus(state))),
    })
    this.#effects = {
      log,
      feed: this.feed,
      dispatcher: this.#dispatcher,
      timers: this.#timers,
      messages: this.#messages,
      concurrency: this.#concurrency,
      goOn: (runId) => this.#command(runId, { kind: "continue" }, noop),
      started: () => this.#openRuns++,
      finished: (runId, status) => this.#finished(runId, status),
    }
    this.#reconciler = new Reconciler(
      {
        clock,
        log,
        dispatcher: this.#dispatcher,
        timers: this.#timers,
        concurrency: this.#concurrency,
        messages: this.#messages,
        actors: () => this.#actors.all(),
        submit: command,
      },
      options.reconciler,
    )
  }

  /** Ready to take starts when it returns; open runs are resumed behind it (rule 1). */
  static async open(ports: RuntimePorts, options: RuntimeOptions): Promise<Runtime> {
    const runtime = new Runtime(ports, options, await ExecutionNumbers.read(ports.store))
    const open = await readOpenRuns(runtime.#recovery(), options.recovery)
    runtime.#openRuns = open.length
    runtime.#resume(open)
    return runtime
  }

  get limits(): Limits {
    return this.options.limits
  }

  /** Why a start in a workspace is refused now, or null. Without one: whether anybody's is. */
  refusesStarts(workspaceId: string | null = null): Outcome | null {
    if (this.#draining)
      return rejected("draining", "the server is going down and starts nothing new", { hint: "retry: same key" })
    const overload = this.#actors.overload(workspaceId)
    return overload === null
      ? null
      : rejected(overload, "more is waiting to be stored than can be taken in", { hint: "retry: same key" })
  }

  /** Answered when the effect is durable, or when there is none. */
  submit(parts: Omit<Parameters<typeof envelope>[0], "settle">): Promise<Outcome> {
    return new Promise((resolve) => {
      if (this.#dead !== null) resolve(rejected("store_unavailable", this.#dead))
      else this.#actors.submit(envelope({ ...parts, settle: resolve }))
    })
  }

  /** A run as it is stored, null when there is none; it must not be altered. */
  inspect<T>(runId: string, use: (state: RunState | null) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#actors.inspect(runId, (state) => {
        try {
          resolve(use(state))
        } catch (error) {
          reject(error)
        }
      })
    })
  }

  /** A run that was erased. */
  forget(runId: string): void {
    this.#actors.forget(runId)
  }

  /** The same, when it is in memory now. */
  peek(runId: string): RunState | null {
    return this.#actors.peek(runId)
  }

  /** What is known of a run beside its events: who stands before it, which agents are there, when they were heard. */
  facts({ runId, created }: RunState): EngineFacts {
    const { clock, host } = this.ports
    const dispatcher = this.#dispatcher
    return {
      holding: this.#holding,
      line: this.#concurrency.line(runId),
      agentIsLoaded(agent) {
        const { environment, name } = agentAt(agent, created.environment)
        return host.find(environment, name, created.agents[agent]?.contractHash ?? null) !== null
      },
      heartbeatAt(stepId, attempt, fence) {
        const sign = dispatcher.lastSign(stepId, attempt, fence)
        return sign === null ? null : clock.now() - Math.max(0, clock.monotonic() - sign)
      },
      isSilent: (stepId, attempt, fence) => dispatcher.isSilent(stepId, attempt, fence),
    }
  }

  /** Runs that may be hung: an agent that should have been heard of was not. */
  stalledRuns(): readonly string[] {
    return this.#dispatcher.silentRuns()
  }

  /** The environment in which a start is prepared: the newest agents, no run yet. */
  startEnv(definition: Definition, place: RunEnv["place"]): RunEnv {
    const env = new RunEnv(this.#env, definition, place, null)
    env.begin(this.ports.clock.now(), null)
    return env
  }

  wouldDeadlock(...asked: Parameters<Concurrency["wouldDeadlock"]>): boolean {
    return this.#concurrency.wouldDeadlock(...asked)
  }

  /** The status when the run is final, or when `waitMs` are over. Null: no such run. */
  settled(runId: string, waitMs: number): Promise<RunStatus | null> {
    return this.#settlements.wait(runId, waitMs)
  }

  health(): {
    readonly ready: boolean
    readonly draining: boolean
    readonly reasons: readonly string[]
    readonly position: number
    readonly openRuns: number
    readonly runningAttempts: number
    readonly queuedAttempts: number
    readonly counters: { readonly [name: string]: number }
  } {
    const { commits, inMemory, quarantined, refusedCommits, sharesUsedUp } = this.#actors.counts
    const missing = this.#dispatcher.missing()
    const reasons: string[] = []
    if (this.#dead !== null) reasons.push(this.#dead)
    if (this.#draining) reasons.push("draining")
    if (this.#actors.stalled !== null) reasons.push(`the store takes no commits: ${this.#actors.stalled}`)
    if (this.#recovering) reasons.push("open runs are being resumed")
    if (this.#holding) reasons.push("restored: nothing is handed to agents until `waybill resume-all`")
    if (quarantined > 0) reasons.push(`${quarantined} runs are quarantined`)
    if (missing > 0) reasons.push(`${missing} steps wait for an agent that is not loaded`)
    return {
      ready: this.#dead === null && !this.#draining && this.#actors.stalled === null,
      draining: this.#draining,
      reasons,
      position: this.feed.head(),
      openRuns: this.#openRuns,
      runningAttempts: this.#dispatcher.running,
      queuedAttempts: this.#dispatcher.queued,
      counters: {
        commits,
        refusedCommits,
        sharesUsedUp,
        runsInMemory: inMemory,
        runsQuarantined: quarantined,
        repairs: this.#reconciler.repairs,
        clockJumps: this.#timers.jumps,
        timersNear: this.#timers.near,
        lateResults: this.#lateResults,
        messagesUnderWay: this.#messages.underWay,
        agentsMissing: missing,
      },
    }
  }

  /** A run that is left alone until somebody asks for it (rule 1) is shown as such: no event can say it. */
  shown(row: RunRow): RunRow {
    const found = this.#quarantine.of(row.runId)
    return found === null ? row : asQuarantined(row, found)
  }

  /** How many steps wait for an agent that is not there, by its name (rule 21). */
  missingAgents(environment: string): ReadonlyMap<string, number> {
    return this.#dispatcher.missingBy(environment)
  }

  /** A restored store does nothing by itself until somebody has looked (rule 35). */
  get holding(): boolean {
    return this.#holding
  }

  /** After a restore, when somebody has looked (rule 35). False: nothing was held. */
  releaseDispatch(): boolean {
    if (!this.#holding || this.#draining) return false
    this.#holding = false
    this.#dispatcher.claim(true)
    return true
  }

  /** Drops what may be dropped from memory; the simulator does it at random (rule 9). */
  evictIdle(): void {
    this.#actors.evictIdle()
  }

  /** One comparison of what runs are owed with what is there for them (rule 14). */
  reconcile(): void {
    this.#reconciler.sweep()
  }

  /** Running steps get their grace, then their deliveries are handed back; all that was decided is stored. */
  async drain(graceMs: number): Promise<void> {
    this.#draining = true
    this.#dispatcher.claim(false)
    this.#timers.stop()
    this.#reconciler.stop()
    await this.ports.host.close(graceMs)
    for (
      let waited = 0;
      !this.#actors.quiet && this.#dead === null && waited < graceMs + 5_000;
      waited += drainStepMs
    ) {
      await new Promise<void>((resolve) => this.ports.clock.setTimer(drainStepMs, resolve))
    }
    this.#actors.stop()
  }

  #recovery(): RecoveryPorts {
    return {
      store: this.ports.store,
      marks: this.ports.marks,
      concurrency: this.#concurrency,
      log: this.ports.log,
      inspect: (runId, use) => this.#actors.inspect(runId, use),
      resume: (state, done) => {
        resumeRun(
          {
            dispatcher: this.#dispatcher,
            concurrency: this.#concurrency,
            submit: (runId, asked, taken) => this.#command(runId, asked, taken),
          },
          state,
          done,
        )
        this.#dispatcher.flush()
      },
      quarantine: (runId, why) => this.#actors.quarantine(runId, why),
    }
  }

  #resume(open: readonly OpenRun[]): void {
    recover(this.#recovery(), this.options.recovery, open)
      .then(() => this.#messages.resend())
      .then(
        () => {
          this.#recovering = false
          if (this.#draining) return
          this.#timers.start()
          this.#reconciler.start()
        },
        (error: unknown) => this.#fatal(`open runs could not be resumed: ${text(error)}`),
      )
  }

  /** In a turn of its own: the decision that revives it comes first. */
  #revive(runId: string): void {
    queueMicrotask(() => {
      const { inspect, resume } = this.#recovery()
      inspect(runId, (state) => {
        if (state === null) return
        resume(state, noop)
        for (const { id, dueAt } of state.timers.values()) this.#timers.again(runId, id, dueAt)
      })
    })
    this.#quarantine.leave(runId)
    this.ports.marks.clear([runId]).catch((error: unknown) => {
      this.ports.log.write("warn", "a mark could not be cleared", { runId, error: text(error) })
    })
  }

  #command(runId: string, command: Command, done: (taken: boolean) => void): void {
    this.#actors.submit(envelope({ runId, command, settle: (outcome) => done(outcome.kind === "committed") }))
  }

  /** Redacted before it is decided (rule 9); a result that comes too late is kept beside history (rule 8). */
  #fromDispatcher(place: RunPlace, asked: Command, done: (taken: boolean) => void): void {
    const { runId } = place
    const command = redactedCommand(this.ports.redaction, place, asked)
    const settle = (outcome: Outcome): void => {
      if (outcome.kind === "rejected" && lateCodes.has(outcome.rejection.code)) this.#keepLate(runId, command)
      done(outcome.kind === "committed")
    }
    this.#actors.submit(envelope({ runId, command, settle }))
  }

  #keepLate(runId: string, command: Command): void {
    if (command.kind !== "finish-attempt" || command.outcome.kind !== "succeeded") return
    const { stepId, attempt, fence, outcome } = command
    this.#lateResults++
    const result = JSON.stringify(outcome.output)
    this.ports.store
      .keepLateResult(runId, stepId, attempt, fence, this.ports.clock.now(), result)
      .catch((error: unknown) => {
        this.ports.log.write("warn", "a late result could not be kept", { runId, stepId, error: text(error) })
      })
  }

  #fire(runId: string, timer: string, done: (outcome: "over" | "stuck") => void): void {
    const settle = (outcome: Outcome): void => {
      const stuck =
        outcome.kind === "rejected" &&
        (outcome.rejection.code === "run_quarantined" || outcome.rejection.code === "internal_error")
      done(stuck ? "stuck" : "over")
    }
    this.#actors.submit(envelope({ runId, command: { kind: "fire-timer", timer }, settle }))
  }

  #released(): void {
    this.#dispatcher.flush()
    this.feed.publish()
  }

  #finished(runId: string, status: RunStatus): void {
    this.#openRuns--
    this.#concurrency.leave(runId)
    this.#settlements.finished(runId, status)
  }

  async #prepareChild(request: ChildRequest): Promise<ChildPrepared> {
    const parent = await this.inspect(request.parentRunId, (state) => state)
    if (parent === null)
      return { ok: false, rejection: { code: "run_not_found", message: `there is no run ${request.parentRunId}` } }
    return this.options.prepareChild(this, parent, request)
  }

  #fatal(message: string): void {
    if (this.#dead !== null) return
    this.#dead = message
    this.#actors.stop()
    this.#timers.stop()
    this.#reconciler.stop()
    this.ports.log.write("error", "the engine cannot go on", { message })
    this.options.fatal(message)
  }
}

const drainStepMs = 5

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function noop(): void {}
