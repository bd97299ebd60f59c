/** Settings that parse but cannot do what they say: contradictions between fields, and fields that never matter. */
import type { ApprovalState, Definition, State } from "../model.ts"
import type { Reading } from "../read/reading.ts"
import { walkStates } from "../walk.ts"

export function checkSettings(reading: Reading, definition: Definition): void {
  for (const { state } of walkStates(definition.block)) {
    if (reading.unreadable.has(state)) continue
    checkDeadlines(reading, state)
    checkCatch(reading, state)
    if (state.type === "switch") checkDefault(reading, state)
    if (state.type === "operation" && state.action === "human.approval") checkVotes(reading, state)
  }
}

function checkDeadlines(reading: Reading, state: State): void {
  const at = reading.originOf(state)
  if (state.timeoutMs !== null && state.totalTimeoutMs !== null && state.totalTimeoutMs < state.timeoutMs) {
    const message = "`totalTimeoutSeconds` ends the state before `timeoutSeconds` can end an attempt"
    reading.report.warning("no_effect", { pointer: `${at}/totalTimeoutSeconds` }, message, {
      hint: "The total covers all attempts; make it larger, or remove one.",
    })
  }
  if (state.type !== "operation" || state.action !== "agent.run") return
  if (state.heartbeatMs !== null && state.timeoutMs !== null && state.heartbeatMs >= state.timeoutMs) {
    reading.report.warning(
      "no_effect",
      { pointer: `${at}/heartbeatSeconds` },
      "the attempt times out before a missing heartbeat is noticed",
      { hint: "Make `heartbeatSeconds` smaller than `timeoutSeconds`." },
    )
  }
}

/** Clauses are asked in order; what stands behind one that takes everything is never asked. */
function checkCatch(reading: Reading, state: State): void {
  const all = state.catch.findIndex((clause) => clause.errors === null && clause.if === null)
  const behind = all === -1 ? undefined : state.catch[all + 1]
  if (!behind) return
  reading.report.warning(
    "no_effect",
    { pointer: reading.originOf(behind) },
    "the clause before this one catches everything",
    { hint: "Put the clause without `errors` last." },
  )
}

function checkDefault(reading: Reading, state: Extract<State, { type: "switch" }>): void {
  if (state.defaultNext !== null) return
  const message = `the switch \`${state.name}\` fails with \`no_match\` when no condition holds`
  reading.report.warning("missing_default", { pointer: reading.originOf(state) }, message, {
    hint: "Add `defaultNext`.",
  })
}

/** Only certain when every approver is a person named here; teams are known later. */
function checkVotes(reading: Reading, state: ApprovalState): void {
  const names = state.approvers.map((approver) => (approver.kind === "literal" ? String(approver.value) : "team:?"))
  if (names.length === 0 || names.some((name) => !name.startsWith("user:"))) return
  const people = new Set(names).size
  if (state.quorum.approve <= people) return
  const pointer = `${reading.originOf(state)}/input/quorum/approve`
  reading.report.error(
    "quorum_impossible",
    { pointer },
    `${state.quorum.approve} approvals of ${people} approvers can never come`,
    {
      expected: `at most ${people}`,
      actual: state.quorum.approve,
      hint: "Name more approvers, or lower the quorum.",
    },
  )
}
