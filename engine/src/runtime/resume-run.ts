/**
 * What a run needs after the process that ran it is gone, told by what its leaves are owed (rule 14): attempts died with
 * their process (rule 5), waiting ones go back to the queue, ready ones go on. Timers and messages come from the store,
 * approvals and signals from outside.
 */

import type { Command } from "../core/run/commands.ts"
import { originOf } from "../core/run/origin.ts"
import { type Owed, owed } from "../core/run/owed.ts"
import type { RunState } from "../core/run/state.ts"
import type { Concurrency } from "./concurrency.ts"
import type { Dispatcher } from "./dispatcher.ts"
import type { RunPlace } from "./run-place.ts"

export interface ResumePorts {
  readonly dispatcher: Dispatcher
  readonly concurrency: Concurrency
  submit(runId: string, command: Command, done: (taken: boolean) => void): void
}

/** `done` is called when all that was needed is durable. */
export function resumeRun(ports: ResumePorts, state: RunState, done: () => void): void {
  const place = placeOf(state)
  const commands: Command[] = []
  let goOn = false
  for (const leaf of owed(state)) {
    const command = commandFor(ports, state, place, leaf)
    if (command === "continue") goOn = true
    else if (command !== null) commands.push(command)
  }
  if (goOn && !state.paused) commands.push({ kind: "continue" })
  if (commands.length === 0) return done()
  let left = commands.length
  const one = (): void => {
    if (--left === 0) done()
  }
  for (const command of commands) ports.submit(state.runId, command, one)
}

function commandFor(ports: ResumePorts, state: RunState, place: RunPlace, leaf: Owed): Command | "continue" | null {
  switch (leaf.kind) {
    case "attempt": {
      const { stepId, attempt, fence } = leaf
      if (ports.dispatcher.isOut(stepId, attempt, fence)) return null
      return { kind: "lose-attempt", stepId, attempt, fence, reason: "crash", counted: true }
    }
    case "queue":
      ports.dispatcher.enqueue(place, leaf.stepId, leaf.attempt, leaf.agent, pinOf(state, leaf.agent))
      return null
    case "agent":
      ports.dispatcher.awaitAgent(place, leaf.stepId, leaf.agent, pinOf(state, leaf.agent))
      return null
    case "slot":
      ports.concurrency.restoreWaiter(state.runId, state.created, state.createdAt)
      return null
    case "ready":
      return "continue"
    case "timer":
    case "approval":
    case "signal":
    case "child":
    case "gate":
    case "operator":
      return null
  }
}

export function placeOf(state: RunState): RunPlace {
  const { workspaceId, workflowId, environment, traceId } = state.created
  const isApart = originOf(state.created) !== "live"
  return { runId: state.runId, workspaceId, workflowId, environment, traceId, isApart }
}

export function pinOf(state: RunState, agent: string): string | null {
  return state.created.agents[agent]?.contractHash ?? null
}
