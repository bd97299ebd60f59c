/**
 * What comes to the engine from outside, of people and programs: starts, signals, decisions, commands, and results of
 * executors that were given up long ago. Who hears nothing asks again, so everything asked must be safe to ask twice.
 */
import type { Actor } from "../../core/run/commands.ts"
import type { Answer } from "../../door.ts"
import type { EngineProcess } from "./engine-process.ts"
import { secretWord } from "./hush.ts"
import { everybody, people } from "./people.ts"
import type { SeedWorld } from "./seed-world.ts"

export class Outside {
  /** By the key of the start: the run that it was answered with. */
  readonly starts = new Map<string, { runId: string | null }>()
  readonly #world: SeedWorld
  readonly #waiting = new Map<object, () => void>()

  constructor(world: SeedWorld) {
    this.#world = world
  }

  /** The process has died: whoever waits for its answer asks the next one. */
  askAgain(): void {
    for (const [, retry] of [...this.#waiting]) retry()
  }

  #at(delayMs: number, run: () => void): void {
    this.#world.scheduler.after(delayMs, run)
  }

  /** Asks the engine, again and again until it hears an answer: what is asked must be safe to ask twice. */
  #ask<T>(ask: (process: EngineProcess) => Promise<Answer<T>>, heard: (answer: Answer<T>) => void, tries = 0): void {
    const again = (delayMs: number) => this.#at(delayMs, () => this.#ask(ask, heard, tries + 1))
    const process = this.#world.process()
    if (tries > 40) return
    if (process?.runs == null) return this.#at(200, () => this.#ask(ask, heard, tries))
    const token = {}
    this.#waiting.set(token, () => {
      this.#waiting.delete(token)
      this.#world.note("an asker hears nothing and asks again")
      again(300)
    })
    ask(process).then(
      (answer) => {
        if (!this.#waiting.delete(token)) return
        if (this.#world.faults().deafClients && this.#world.random.chance(0.3)) return again(100)
        if (answer.ok && answer.position > this.#world.disk.position)
          this.#world.problem(
            `an answer at position ${answer.position} is given before it is stored (${this.#world.disk.position})`,
          )
        if (!answer.ok && answer.rejection.hint?.startsWith("retry")) return again(500)
        heard(answer)
      },
      (error: unknown) => {
        if (this.#waiting.delete(token))
          this.#world.problem(`a command threw: ${error instanceof Error ? error.stack : String(error)}`)
      },
    )
  }

  start(key: string, actor: Actor): void {
    const header = { scope: "starts", key, bodyHash: "body" }
    const workflow = this.#world.definitions.documents[0]!.id as string
    const request = {
      workflowId: workflow,
      environment: "default",
      version: null,
      input: this.#world.definitions.input,
      businessEventId: null,
      correlationId: key,
      traceparent: null,
      parentRunId: null,
      tags: [],
      startPaused: false,
      // Of the key alone, so that it costs the seed no chance: some let the others go first.
      origin: key.charCodeAt(key.length - 1) % 3 === 0 ? "backfill" : "live",
      trigger: { kind: "api" },
    } as const
    this.#ask(
      (process) => process.runs!.start(actor, request, header),
      (answer) => {
        if (!answer.ok) {
          this.#world.note(`start: ${answer.rejection.code}`)
          return this.#at(250, () => this.start(key, actor))
        }
        const { runId, replayed } = answer.value
        if (replayed) this.#world.note("a start is answered a second time")
        if (!this.#world.disk.runs.has(runId)) this.#world.problem(`run ${runId} was answered, but is not stored`)
        this.starts.get(key)!.runId = runId
      },
    )
  }

  signal(runId: string, name: string, id: string, even: boolean): void {
    this.#ask(
      (process) => process.runs!.signal(people.ann, runId, { name, id, data: { even, id, pin: secretWord } }, null),
      (answer) => {
        if (!answer.ok) this.#world.note(`signal: ${answer.rejection.code}`)
        else this.#world.note(answer.value.replayed ? "a signal is sent a second time" : "a signal is taken in")
      },
    )
  }

  pause(runId: string): void {
    this.#ask(
      (process) => process.runs!.pause(people.ann, runId, null, null),
      (answer) => this.#world.note(answer.ok ? "a run is paused" : `pause: ${answer.rejection.code}`),
    )
  }

  resume(runId: string): void {
    this.#ask(
      (process) => process.runs!.resume(people.ann, runId, null, null),
      (answer) => this.#world.note(answer.ok ? "a run is resumed" : `resume: ${answer.rejection.code}`),
    )
  }

  cancel(runId: string, force: boolean): void {
    this.#ask(
      (process) => process.runs!.cancel(people.ann, runId, { reason: null, force }, null),
      (answer) =>
        this.#world.note(
          answer.ok ? `a run is cancelled${force ? " by force" : ""}` : `cancel: ${answer.rejection.code}`,
        ),
    )
  }

  retryNow(runId: string): void {
    this.#ask(
      (process) => process.runs!.retryNow(people.boss, runId, null, null),
      (answer) => this.#world.note(answer.ok ? "a retry is hurried" : `retry-now: ${answer.rejection.code}`),
    )
  }

  /** Somebody, allowed or not, decides something that is open. Several may race. */
  decideSome(): void {
    const random = this.#world.random
    for (const run of this.#world.disk.runs.values()) {
      for (const row of run.approvals.values()) {
        if (row.state !== "pending" || !random.chance(0.6)) continue
        const offered = (JSON.parse(row.outcomes) as { name: string }[]).map((outcome) => outcome.name)
        const outcome = random.chance(0.7) ? "approve" : random.pick(offered)
        this.decide(run.runId, row.approvalId, outcome, random.pick(everybody), row.contentHash)
        if (random.chance(0.3))
          this.decide(run.runId, row.approvalId, random.pick(offered), random.pick(everybody), row.contentHash)
      }
    }
  }

  decide(runId: string, approvalId: string, outcome: string, by: Actor, contentHash: string): void {
    // The same words again are the same decision; others would be a second one.
    const comment = this.#world.random.chance(0.5) ? secretWord : null
    this.#ask(
      (process) =>
        process.runs!.decideApproval(
          by,
          runId,
          approvalId,
          { outcome, comment, form: { pin: secretWord }, contentHash },
          null,
        ),
      (answer) => this.#world.note(answer.ok ? `decided: ${outcome}` : `decide: ${answer.rejection.code}`),
    )
  }

  /** An executor that was given up long ago answers after all (rule 5): under an old fence, or for an old attempt. */
  strayResult(): void {
    const process = this.#world.process()
    if (process?.runtime == null) return
    for (const run of this.#world.disk.runs.values()) {
      for (const visit of run.open ? run.fold.state.visits.values() : []) {
        if (visit.fence < 2) continue
        this.#world.note("a result comes under an old fence")
        const { stepId, attempt } = visit
        const outcome = { kind: "succeeded", output: { v: 1_000 } } as const
        const command = { kind: "finish-attempt", stepId, attempt, fence: visit.fence - 1, outcome } as const
        process.runtime.submit({ runId: run.runId, command }).then(
          (answer) => {
            if (process.alive && answer.kind === "committed")
              this.#world.problem(`I10 a result under an old fence of ${stepId} is taken`)
          },
          (error: unknown) => this.#world.problem(`a stray result threw: ${String(error)}`),
        )
      }
    }
  }
}
