/**
 * Reads a run's events one by one and says where they break an invariant. It knows nothing of `decide` and of `evolve`:
 * it keeps its own small picture of what is open, so that a mistake in the fold cannot hide a mistake in the history.
 * It never repairs and never throws for what it finds.
 */
import type { Block, Definition, State } from "../definition/model.ts"
import type { EventOf, EventType, RunEvent, StepEnd, TimerKind } from "../run/events.ts"
import { terminalEvents } from "../run/events.ts"
import type { Finding, Invariant } from "./finding.ts"

type StepPhase = "entered" | "queued" | "running" | "lost" | "failed" | "backoff" | "redelivery" | "settled"

interface AuditedStep {
  readonly id: string
  readonly name: string
  readonly scope: AuditedScope
  readonly def: State | null
  phase: StepPhase
  attempt: number
  fence: number
  /** The attempt may go beyond its policy: an operator asked for it (`onExhausted: pause`). */
  extra: boolean
  succeeded: boolean
  exited: boolean
  unwinding: boolean
  approval: string | null
  wait: string | null
  signal: string | null
  readonly timers: Set<string>
  readonly open: Set<string>
  readonly started: Set<string>
  nextIndex: number
  /** The earliest time of the next attempt. */
  notBefore: number
}

interface AuditedScope {
  readonly id: string
  readonly owner: AuditedStep | null
  readonly kind: string
  readonly shielded: boolean
  readonly block: Block | null
  readonly visits: Map<string, number>
  at: AuditedStep | null
  unwinding: boolean
  /** Through every shield below it. */
  forced: boolean
}

interface AuditedApproval {
  readonly approvers: string[]
  readonly excludeInitiator: boolean
  readonly distinct: boolean
  readonly voters: Set<string>
  readonly timeoutAt: number | null
  readonly needs: { readonly approve: number; readonly reject: number }
  decided: boolean
}

const decisions: ReadonlySet<EventType> = new Set([
  "approval.approved",
  "approval.rejected",
  "approval.revised",
  "approval.timed_out",
  "approval.cancelled",
  "approval.superseded",
])

export class HistoryAudit {
  readonly findings: Finding[] = []
  readonly #runId: string
  readonly #definition: Definition | null
  readonly #steps = new Map<string, AuditedStep>()
  readonly #scopes = new Map<string, AuditedScope>()
  readonly #timers = new Map<string, { kind: TimerKind; dueAt: number; step: AuditedStep | null }>()
  readonly #timersSeen = new Set<string>()
  readonly #approvals = new Map<string, AuditedApproval>()
  readonly #signals = new Map<string, "kept" | "gone">()
  readonly #ends = { SUCCEEDED: 0, FAILED: 0, CANCELLED: 0, TIMED_OUT: 0, SKIPPED: 0 }
  /** A wait that a kept signal fits: it must be given to it at once. */
  #early: AuditedStep | null = null
  #event: RunEvent | null = null
  #createdBy = ""
  #seq = 0
  #at = 0
  #started = false
  #paused = false
  #forced = false
  #rejected = false
  #terminal = false

  /** With the pinned definition the bounds that only it knows are checked too (I11). */
  constructor(runId: string, definition: Definition | null = null) {
    this.#runId = runId
    this.#definition = definition
  }

  get ended(): boolean {
    return this.#terminal
  }

  apply(event: RunEvent): void {
    this.#event = event
    if (event.seq !== this.#seq + 1) this.#find("I4", `seq ${event.seq} follows ${this.#seq}`)
    if (event.at < this.#at) this.#find("I14", `at ${event.at} is before the event in front of it`)
    if (this.#terminal) this.#find("I3", `${event.type} after the terminal event`)
    if (this.#seq === 0 && event.type !== "run.created") this.#find("I3", `the first event is ${event.type}`)
    this.#seq = event.seq
    this.#at = event.at
    if (this.#early !== null) this.#giveEarly(this.#early, event)
    if (terminalEvents.has(event.type)) return this.#end(event)
    if (event.type.startsWith("run.") && event.stepId === null) return this.#run(event)
    if (event.type === "scope.unwinding") return this.#unwinding(event)
    if (event.type.startsWith("timer.")) return this.#timer(event)
    if (event.type.startsWith("signal.")) return this.#signal(event)
    if (event.type === "state.entered") return this.#enter(event)
    const step = event.stepId === null ? undefined : this.#steps.get(event.stepId)
    if (step === undefined) return this.#find("I3", `${event.type} of a step that was never entered`)
    if (step.exited && !this.#mayFollowExit(event)) return this.#find("I3", `${event.type} after ${step.name} was left`)
    this.#ofStep(step, event)
  }

  #find(invariant: Invariant, detail: string): void {
    this.findings.push({ invariant, runId: this.#runId, seq: this.#event?.seq ?? null, detail })
  }

  /** Losers of a join run on after their holder was left (rule 8). */
  #mayFollowExit(event: RunEvent): boolean {
    return event.type === "branch.completed" || event.type === "item.completed" || event.type === "block.completed"
  }

  #run(event: RunEvent): void {
    switch (event.type) {
      case "run.created":
        if (event.seq !== 1) this.#find("I3", "run.created is not the first event")
        this.#createdBy = event.actor
        this.#scopes.set("", scope("", null, "root", this.#definition?.block ?? null))
        return
      case "run.started":
        if (this.#started) this.#find("I3", "the run started twice")
        this.#started = true
        return
      case "run.paused":
        if (this.#paused) this.#find("I3", "paused while paused")
        this.#paused = true
        return
      case "run.resumed":
        if (!this.#paused) this.#find("I3", "resumed while not paused")
        this.#paused = false
        return
      case "run.cancel_requested":
        this.#scopes.get("")!.unwinding = true
        if (event.payload.cause.force) this.#forced = true
        return
      default:
        return
    }
  }

  #unwinding(event: EventOf<"scope.unwinding">): void {
    const { scope: id, step, cause } = event.payload
    if (cause.force && id === "") this.#forced = true
    if (cause.kind === "rejected") this.#rejected = true
    if (step !== null) {
      const at = this.#steps.get(step)
      if (at === undefined || at.exited) this.#find("I3", "a step is left that is not active")
      else at.unwinding = true
      return
    }
    const at = this.#scopes.get(id)
    if (at === undefined) this.#find("I3", `scope ${id} is left, but is not open`)
    else {
      at.unwinding = true
      at.forced ||= cause.force
    }
  }

  /** True when nothing may start there any more (rule 7). */
  #leaving(at: AuditedScope): boolean {
    let shielded = this.#forced
    if (shielded) return true
    for (let scope: AuditedScope | null = at; scope !== null; ) {
      if (scope.unwinding && (!shielded || scope.forced)) return true
      shielded ||= scope.shielded
      if (scope.owner?.unwinding && !shielded) return true
      scope = scope.owner?.scope ?? null
    }
    return false
  }

  /** A forced end, a cleanup that took too long or a join that has its winners: the only ways past a cleanup. */
  #forcedOut(at: AuditedScope): boolean {
    if (this.#forced) return true
    for (let scope: AuditedScope | null = at; scope !== null; scope = scope.owner?.scope ?? null)
      if (scope.forced) return true
    return false
  }

  #enter(event: EventOf<"state.entered">): void {
    const { scope: id, name, visit } = event.payload
    const at = this.#scopes.get(id)
    if (at === undefined) return this.#find("I3", `${name} entered in scope ${id}, which is not open`)
    if (!this.#started) this.#find("I3", `${name} entered before the run started`)
    if (at.at !== null && !at.at.exited) this.#find("I3", `${name} entered while ${at.at.name} is active`)
    if (this.#leaving(at)) this.#find("I12", `${name} entered in a scope that is being left`)
    if (this.#steps.has(event.stepId!)) return this.#find("I2", `two places share the step id ${event.stepId}`)
    if (visit !== (at.visits.get(name) ?? 0) + 1)
      this.#find("I3", `visit ${visit} of ${name} follows ${at.visits.get(name) ?? 0}`)
    at.visits.set(name, visit)
    const step: AuditedStep = {
      id: event.stepId!,
      name,
      scope: at,
      def: at.block?.states.get(name) ?? null,
      phase: "entered",
      attempt: 0,
      fence: 0,
      extra: false,
      succeeded: false,
      exited: false,
      unwinding: false,
      approval: null,
      wait: null,
      signal: null,
      timers: new Set(),
      open: new Set(),
      started: new Set(),
      nextIndex: 0,
      notBefore: 0,
    }
    at.at = step
    this.#steps.set(step.id, step)
  }

  #ofStep(step: AuditedStep, event: RunEvent): void {
    switch (event.type) {
      case "state.exited":
        return this.#exit(step, event.payload.status)
      case "branch.started":
      case "item.started":
      case "block.started":
        return this.#openScope(step, event)
      case "branch.completed":
      case "item.completed":
      case "block.completed":
        return this.#closeScope(step, event.payload.scope, event.payload.status)
      case "context.written":
        if (event.payload.scope !== step.scope.id)
          this.#find("I13", `${step.name} writes to the context of another scope, "${event.payload.scope}"`)
        if (event.payload.from !== null && event.payload.from >= event.seq)
          this.#find("I5", `a value from event ${event.payload.from} that is not there yet`)
        return
      case "wait.opened":
        this.#mayBegin(step, "wait.opened")
        step.wait = event.payload.wait
        step.signal = event.payload.signal
        if (event.payload.correlate.length === 0 && this.#keeps(event.payload.signal)) this.#early = step
        return
      case "wait.closed":
        if (step.wait !== event.payload.wait) this.#find("I3", `wait ${event.payload.wait} closed, but is not open`)
        step.wait = null
        return
      case "child.started":
        this.#mayBegin(step, "child.started")
        if (this.#paused) this.#find("I3", "a child started while the run is paused")
        return
      default:
        if (event.type.startsWith("step.")) return this.#attempt(step, event)
        if (event.type.startsWith("approval.")) return this.#approval(step, event)
    }
  }

  #mayBegin(step: AuditedStep, what: string): void {
    if (step.unwinding || this.#leaving(step.scope)) this.#find("I12", `${what} of ${step.name} while it is being left`)
  }

  #attempt(step: AuditedStep, event: RunEvent): void {
    switch (event.type) {
      case "step.scheduled": {
        this.#mayBegin(step, event.type)
        const { attempt } = event.payload
        if (step.succeeded) this.#find("I1", `${step.name} is scheduled after it succeeded`)
        if (step.phase !== "entered" && step.phase !== "backoff")
          this.#find("I3", `${step.name} is scheduled while ${step.phase}`)
        if (attempt !== step.attempt + 1) this.#find("I11", `attempt ${attempt} follows ${step.attempt}`)
        this.#checkBound(step, attempt)
        step.attempt = attempt
        step.phase = "queued"
        return
      }
      case "step.started": {
        this.#mayBegin(step, event.type)
        const { attempt, fence } = event.payload
        if (step.succeeded) this.#find("I1", `${step.name} starts after it succeeded`)
        if (this.#paused) this.#find("I3", `${step.name} starts while the run is paused`)
        if (step.phase !== "queued") this.#find("I3", `${step.name} starts while ${step.phase}`)
        if (fence <= step.fence) this.#find("I10", `fence ${fence} of ${step.name} does not rise above ${step.fence}`)
        if (attempt !== step.attempt) this.#find("I11", `attempt ${attempt} starts, but ${step.attempt} was scheduled`)
        step.fence = fence
        step.phase = "running"
        return
      }
      case "step.succeeded":
        if (step.succeeded) this.#find("I2", `${step.name} succeeded twice`)
        this.#live(step, event.payload)
        step.succeeded = true
        step.phase = "settled"
        return
      case "step.failed":
      case "step.timed_out":
        // A step that was lost too often fails without having been handed out again (rule 5).
        if (step.phase !== "lost") this.#live(step, event.payload)
        step.phase = "failed"
        return
      case "step.lost":
        this.#live(step, event.payload)
        step.phase = "lost"
        return
      case "step.redelivered":
        if (step.phase !== "lost") this.#find("I3", `${step.name} is delivered again while ${step.phase}`)
        if (event.payload.attempt !== step.attempt)
          this.#find("I11", `a lost delivery of attempt ${step.attempt} became attempt ${event.payload.attempt}`)
        step.phase = event.payload.timer === null ? "queued" : "redelivery"
        return
      case "step.retry_scheduled":
        this.#mayBegin(step, event.type)
        if (step.phase !== "failed") this.#find("I3", `${step.name} is tried again while ${step.phase}`)
        step.extra = event.payload.paused === true
        if (event.payload.attempt !== step.attempt + 1)
          this.#find("I11", `a retry as attempt ${event.payload.attempt} after ${step.attempt}`)
        step.phase = "backoff"
        step.notBefore = event.at + event.payload.delayMs
        return
      case "step.cancelled":
        if (step.succeeded) this.#find("I2", `${step.name} is cancelled after it succeeded`)
        step.phase = "settled"
        return
      default:
        return
    }
  }

  #checkBound(step: AuditedStep, attempt: number): void {
    const { def } = step
    if (def === null || def.type !== "operation" || def.action !== "agent.run" || step.extra) return
    const bound = def.retry?.maxAttempts ?? 1
    if (
      attempt > bound &&
      !(step.def as { retry: { onExhausted: string } | null }).retry?.onExhausted.includes("pause")
    )
      this.#find("I11", `attempt ${attempt} of ${step.name}, which has at most ${bound}`)
  }

  #live(step: AuditedStep, result: { readonly attempt: number; readonly fence: number }): void {
    if (step.phase !== "running" || result.attempt !== step.attempt || result.fence !== step.fence)
      this.#find(
        "I10",
        `a result of attempt ${result.attempt}, fence ${result.fence} of ${step.name}, which is ${step.phase} at attempt ${step.attempt}, fence ${step.fence}`,
      )
  }

  #approval(step: AuditedStep, event: RunEvent): void {
    if (event.type === "approval.requested") {
      this.#mayBegin(step, event.type)
      const { approval, approvers, timeoutAt, quorum, separationOfDuties } = event.payload
      if (this.#approvals.has(approval)) this.#find("I8", `approval ${approval} is asked twice`)
      if (step.approval !== null) this.#find("I8", `${step.name} asks twice at once`)
      step.approval = approval
      this.#approvals.set(approval, {
        approvers: [...approvers],
        ...separationOfDuties,
        voters: new Set(),
        timeoutAt,
        needs: quorum,
        decided: false,
      })
      return
    }
    const { approval: id } = event.payload as { readonly approval: string }
    const approval = this.#approvals.get(id)
    if (approval === undefined || step.approval !== id)
      return this.#find("I8", `${event.type} of approval ${id}, which is not open`)
    if (approval.decided) this.#find("I8", `${event.type} after approval ${id} was decided`)
    if (event.type === "approval.voted") this.#vote(approval, event)
    if (event.type === "approval.delegated") approval.approvers.push(event.payload.to)
    if (event.type === "approval.escalated") approval.approvers.push(...event.payload.to)
    if (!decisions.has(event.type)) return
    if (event.type === "approval.approved" || event.type === "approval.rejected" || event.type === "approval.revised")
      this.#decision(approval, event)
    approval.decided = true
    step.approval = null
  }

  #vote(approval: AuditedApproval, event: EventOf<"approval.voted">): void {
    const { by } = event.payload
    if (approval.distinct && approval.voters.has(by)) this.#find("I8", `${by} votes twice`)
    if (by.startsWith("agent:") || by === "system") this.#find("I8", `${by} votes`)
    // Teams change, people named by the author do not.
    const named = approval.approvers.length > 0 && approval.approvers.every((who) => who.startsWith("user:"))
    if (named && !approval.approvers.includes(by)) this.#find("I8", `${by} votes and is not asked`)
    if (approval.excludeInitiator && by === this.#createdBy) this.#find("I8", `${by} started the run and votes`)
    if (approval.timeoutAt !== null && event.at >= approval.timeoutAt)
      this.#find("I8", "a vote at or after the approval's deadline")
    approval.voters.add(by)
  }

  #decision(
    approval: AuditedApproval,
    event: EventOf<"approval.approved" | "approval.rejected" | "approval.revised">,
  ): void {
    const { decidedBy } = event.payload
    if (approval.distinct && new Set(decidedBy).size !== decidedBy.length) this.#find("I8", "one person decides twice")
    for (const by of decidedBy) if (!approval.voters.has(by)) this.#find("I8", `${by} decides without a vote`)
    if (event.type === "approval.approved" && event.payload.outcome === "approve")
      if (decidedBy.length < approval.needs.approve)
        this.#find("I8", `approved by ${decidedBy.length} of ${approval.needs.approve}`)
  }

  #openScope(step: AuditedStep, event: EventOf<"branch.started" | "item.started" | "block.started">): void {
    const { scope: id } = event.payload
    const kind = event.type === "block.started" ? event.payload.kind : event.type === "item.started" ? "item" : "branch"
    const cleanup = kind === "finally" || kind === "cancel"
    if (!cleanup) this.#mayBegin(step, event.type)
    if (this.#forced) this.#find("I12", `a ${kind} block starts after a forced cancel`)
    if (this.#scopes.has(id)) this.#find("I2", `scope ${id} is opened twice`)
    const what = event.type === "branch.started" ? `branch ${event.payload.name}` : `${kind} ${event.payload.index}`
    if (step.started.has(what)) this.#find("I2", `${what} of ${step.name} starts twice`)
    step.started.add(what)
    if (event.type === "item.started" || kind === "do") {
      const { index } = event.payload as { readonly index: number }
      if (index !== step.nextIndex) this.#find("I13", `${kind} ${index} of ${step.name} follows ${step.nextIndex - 1}`)
      step.nextIndex++
    }
    if (this.#paused && !cleanup) this.#find("I3", `${what} of ${step.name} starts while the run is paused`)
    step.open.add(id)
    this.#scopes.set(id, scope(id, step, kind, blockIn(step.def, kind, event)))
  }

  #closeScope(step: AuditedStep, id: string, status: StepEnd): void {
    const closed = this.#scopes.get(id)
    // A rejection inside a cleanup ends it by itself.
    if (closed?.shielded && status === "CANCELLED" && !this.#rejected && !this.#forcedOut(closed))
      this.#find("I12", `the ${closed.kind} of ${step.name} is cut short`)
    if (closed === undefined || !step.open.delete(id)) return this.#find("I3", `scope ${id} ends, but is not open`)
    if (closed.at !== null && !closed.at.exited) this.#find("I3", `scope ${id} ends while ${closed.at.name} is active`)
    for (const inner of this.#scopes.values())
      if (inner.owner?.scope === closed) this.#find("I12", `scope ${id} ends before ${inner.id}`)
    this.#scopes.delete(id)
  }

  #exit(step: AuditedStep, status: StepEnd): void {
    this.#settled(step, "is left")
    // Only a join with `cancelRemaining: false` may leave losers behind (rule 8).
    if (step.def !== null && step.def.type !== "parallel" && step.open.size > 0)
      this.#find("I12", `${step.name} is left while ${step.open.size} of its scopes are open`)
    if (step.def?.type === "try" && step.def.finally !== null && step.started.has("try 0"))
      if (!step.started.has("finally 0") && !this.#forcedOut(step.scope))
        this.#find("I12", `${step.name} is left without its finally`)
    step.exited = true
    this.#ends[status]++
  }

  #settled(step: AuditedStep, what: string): void {
    if (step.phase === "running" || step.phase === "queued" || step.phase === "redelivery")
      this.#find("I3", `${step.name} ${what} while its attempt is ${step.phase}`)
    if (step.approval !== null) this.#find("I8", `${step.name} ${what} with an open approval`)
    if (step.wait !== null) this.#find("I3", `${step.name} ${what} with an open wait`)
    if (step.timers.size > 0) this.#find("I14", `${step.name} ${what} with a timer set`)
  }

  #timer(event: RunEvent): void {
    if (event.type === "timer.set") {
      const { timer, kind, dueAt } = event.payload
      if (this.#timersSeen.has(timer)) this.#find("I14", `timer ${timer} is set twice`)
      const step = event.stepId === null ? null : (this.#steps.get(event.stepId) ?? null)
      if (step?.exited) this.#find("I14", `a timer of ${step.name} is set after it was left`)
      this.#timersSeen.add(timer)
      this.#timers.set(timer, { kind, dueAt, step })
      step?.timers.add(timer)
      if (kind === "retry" && step !== null && dueAt < step.notBefore)
        this.#find("I11", `the backoff of ${step.name} is ${step.notBefore - dueAt} ms short`)
      return
    }
    if (event.type !== "timer.fired" && event.type !== "timer.cancelled") return
    const { timer: id } = event.payload
    const timer = this.#timers.get(id)
    if (timer === undefined) return this.#find("I14", `timer ${id} ends, but is not set`)
    this.#timers.delete(id)
    timer.step?.timers.delete(id)
    if (event.type !== "timer.fired") return
    // `retry-now` ends a backoff early, and only a person asks for it (settled 13).
    const hurried = (timer.kind === "retry" || timer.kind === "redeliver") && event.actor !== "system"
    if (event.at < timer.dueAt && !hurried) this.#find("I14", `timer ${id} fires ${timer.dueAt - event.at} ms early`)
    if (timer.kind === "redeliver" && timer.step !== null) timer.step.phase = "queued"
  }

  #signal(event: RunEvent): void {
    if (event.type !== "signal.received" && event.type !== "signal.consumed" && event.type !== "signal.dropped") return
    const { name, id } = event.payload
    const key = `${name}\u0000${id}`
    const before = this.#signals.get(key)
    if (event.type === "signal.received") {
      if (before !== undefined) this.#find("I9", `signal ${name} ${id} is received twice`)
      this.#signals.set(key, "kept")
      return
    }
    if (before !== "kept") this.#find("I2", `signal ${name} ${id} is taken, but is not kept`)
    if (event.type === "signal.dropped") {
      this.#signals.set(key, "gone")
      return
    }
    const step = event.stepId === null ? undefined : this.#steps.get(event.stepId)
    if (step === undefined || step.wait !== event.payload.wait || step.signal !== name)
      this.#find("I3", `signal ${name} ${id} is taken by a wait that is not open for it`)
    if (!event.payload.keep) this.#signals.set(key, "gone")
  }

  #keeps(name: string): boolean {
    for (const [key, state] of this.#signals) if (state === "kept" && key.startsWith(`${name}\u0000`)) return true
    return false
  }

  /** What came before the wait was opened counts (rule 22); a schema may refuse it. */
  #giveEarly(step: AuditedStep, event: RunEvent): void {
    if (event.stepId === step.id && (event.type === "timer.set" || event.type === "signal.dropped")) return
    this.#early = null
    if (event.stepId !== step.id || event.type !== "signal.consumed")
      this.#find("I7", `${step.name} listens, and an early signal is not given to it`)
  }

  #end(event: RunEvent): void {
    this.#terminal = true
    for (const step of this.#steps.values()) {
      if (!step.exited) this.#find("I6", `the run ends while ${step.name} is active`)
      this.#settled(step, "outlives the run")
    }
    for (const open of this.#scopes.values())
      if (open.id !== "") this.#find("I6", `the run ends while scope ${open.id} is open`)
    if (this.#timers.size > 0) this.#find("I14", `the run ends with ${this.#timers.size} timers set`)
    const { counts } = event.payload as EventOf<"run.failed">["payload"]
    const same =
      counts.steps === this.#steps.size &&
      counts.succeeded === this.#ends.SUCCEEDED &&
      counts.failed === this.#ends.FAILED &&
      counts.cancelled === this.#ends.CANCELLED &&
      counts.timedOut === this.#ends.TIMED_OUT &&
      counts.skipped === this.#ends.SKIPPED
    if (!same) this.#find("I5", `the terminal event counts ${JSON.stringify(counts)}, the history ${this.#tally()}`)
  }

  #tally(): string {
    return JSON.stringify({ steps: this.#steps.size, ...this.#ends })
  }
}

function scope(id: string, owner: AuditedStep | null, kind: string, block: Block | null): AuditedScope {
  const shielded = kind === "finally" || kind === "cancel"
  return { id, owner, kind, shielded, block, visits: new Map(), at: null, unwinding: false, forced: false }
}

function blockIn(
  def: State | null,
  kind: string,
  event: EventOf<"branch.started" | "item.started" | "block.started">,
): Block | null {
  if (def === null) return null
  if (kind === "cancel") return def.onCancel
  if (kind === "finally") return def.type === "try" ? def.finally : null
  if (event.type === "branch.started")
    return def.type === "parallel"
      ? (def.branches.find((branch) => branch.name === event.payload.name)?.block ?? null)
      : null
  return def.type === "foreach" || def.type === "loop" || def.type === "try" ? def.block : null
}
