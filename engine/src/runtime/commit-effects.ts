/**
 * What a durable commit asks of the world (architecture §2), given to whoever does it. Each part can be found again from
 * the run's state (rule 14), so a process that dies in here loses nothing.
 */
import type { Effect } from "../core/run/effects.ts"
import type { RunStatus } from "../core/run/state.ts"
import type { Log } from "../ports/log.ts"
import type { CommitFeed } from "./commit-feed.ts"
import type { Concurrency } from "./concurrency.ts"
import type { Dispatcher } from "./dispatcher.ts"
import type { Messages } from "./messages.ts"
import type { ActorCommit } from "./run-actor.ts"
import { logSteps } from "./step-log.ts"
import type { Timers } from "./timers.ts"

export interface EffectPorts {
  readonly log: Log
  readonly feed: CommitFeed
  readonly dispatcher: Dispatcher
  readonly timers: Timers
  readonly messages: Messages
  readonly concurrency: Concurrency
  /** The rest of a decision that hit its bound (rule 1). */
  goOn(runId: string): void
  started(): void
  finished(runId: string, status: RunStatus): void
}

/** A step that was lost this often before is delivered alone (rule 5): the first repeat runs beside others. */
const lostBeforeAlone = 2

export function releaseCommit(ports: EffectPorts, pending: ActorCommit, firstPosition: number): void {
  const { env, actor } = pending
  if (pending.events.length > 0) ports.feed.append(pending, firstPosition)
  logSteps(ports.log, actor.runId, pending.events, pending.seal().steps)
  if (pending.expectedSeq === 0) ports.started()
  for (const effect of pending.effects) releaseEffect(ports, pending, effect)
  for (const message of pending.messagesOut) ports.messages.deliver(message)
  if (pending.joined && env.created !== null) ports.concurrency.started(actor.runId, env.created)
}

function releaseEffect(ports: EffectPorts, { env, actor, run }: ActorCommit, effect: Effect): void {
  const { dispatcher, timers } = ports
  switch (effect.kind) {
    case "execute": {
      const lost = actor.state?.visits.get(effect.stepId)?.lostDeliveries ?? 0
      return dispatcher.execute(env.place, effect, env.contractHash(effect.agent), lost >= lostBeforeAlone)
    }
    case "enqueue":
      return dispatcher.enqueue(env.place, effect.stepId, effect.attempt, effect.agent, env.contractHash(effect.agent))
    case "await-agent":
      return dispatcher.awaitAgent(env.place, effect.stepId, effect.agent, env.contractHash(effect.agent))
    case "dequeue":
      return dispatcher.dequeue(effect.stepId)
    case "abort":
      return dispatcher.abort(effect.stepId, effect.attempt, effect.fence, effect.graceMs, "the run needs it no more")
    case "set-timer":
      return timers.set(actor.runId, effect.timer, effect.dueAt)
    case "cancel-timer":
      return timers.cancel(actor.runId, effect.timer)
    case "continue":
      return ports.goOn(actor.runId)
    case "finished":
      return ports.finished(actor.runId, run!.status)
    case "start-child":
    case "cancel-child":
    case "gate-child":
      // Stored as messages with the decision, and delivered from there.
      return
  }
}
