/**
 * Mistakes that somebody could make: each a change of one place in the engine's source, applied while the simulator is
 * bundled and never anywhere else. The simulator must find every one of them, or it proves nothing (rule 25).
 */
export interface PlantedBug {
  /** What the engine then does wrong, in words. */
  readonly name: string
  /** Below `engine/src`. */
  readonly file: string
  /** Must stand in the file exactly once. */
  readonly find: string
  readonly replace: string
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "no fence check: an old delivery's result counts",
    file: "core/run/decide/attempts.ts",
    find: " && visit.attempt === attempt && visit.phase.fence === fence)",
    replace: " && visit.attempt === attempt)",
  },
  {
    name: "fences start again with every attempt",
    file: "core/run/decide/attempts.ts",
    find: "const fence = visit.fence + 1",
    replace: "const fence = visit.delivery + 1",
  },
  {
    name: "a redelivery counts as an attempt",
    file: "core/run/decide/attempts.ts",
    find: 'work.emit("step.redelivered", visit.stepId, { attempt: visit.attempt, delivery: visit.delivery + 1, timer: null })',
    replace:
      'work.emit("step.redelivered", visit.stepId, { attempt: visit.attempt + 1, delivery: visit.delivery + 1, timer: null })',
  },
  {
    name: "one try more than the policy allows",
    file: "core/retry/retry.ts",
    find: "if (attempt >= policy.maxAttempts)",
    replace: "if (attempt > policy.maxAttempts)",
  },
  {
    name: "what cannot become right is tried again",
    file: "core/retry/retry.ts",
    find: 'return failure.class !== "validation_failed" && failure.class !== "policy_denied"',
    replace: 'return failure.class !== "policy_denied"',
  },
  {
    name: "a retry does not wait for its backoff",
    file: "core/run/decide/attempts.ts",
    find: 'kind: "retry", dueAt: work.now + retry.delayMs',
    replace: 'kind: "retry", dueAt: work.now',
  },
  {
    name: "step ids without the item's index",
    file: "core/run/place.ts",
    find: "itemIndices(frames) ?? [], visit]",
    replace: "[], visit]",
  },
  {
    name: "step ids without the visit",
    file: "core/run/place.ts",
    find: "itemIndices(frames) ?? [], visit]",
    replace: "itemIndices(frames) ?? []]",
  },
  {
    name: "step ids without the visit of the block around them",
    file: "core/run/place.ts",
    find: "    frame.ownerVisit,\n",
    replace: "    1,\n",
  },
  {
    name: "visits are not counted",
    file: "core/run/decide/advance.ts",
    find: "const visit = (scope.visits.get(name) ?? 0) + 1",
    replace: "const visit = 1",
  },
  {
    name: "timers live in memory only",
    file: "core/views/projection.ts",
    find: "else timersSet.push(row)",
    replace: "",
  },
  {
    name: "people may vote twice",
    file: "core/run/decide/approvals.ts",
    find: "open.votes.find((vote) => vote.by === actor.id)",
    replace: "open.votes.find((vote) => vote.by === actor.id && vote.outcome !== asked.outcome)",
  },
  {
    name: "one vote is enough for every quorum",
    file: "core/run/decide/approvals.ts",
    find: "if (votes.length >= needed)",
    replace: "if (votes.length >= Math.min(needed, 1))",
  },
  {
    name: "whoever started the run may decide it",
    file: "core/run/decide/approvals.ts",
    find: "if (open.separationOfDuties.excludeInitiator && actor.id === work.state.createdBy)",
    replace: "if (open.separationOfDuties.excludeInitiator && actor.id === work.state.runId)",
  },
  {
    name: "anybody may decide",
    file: "core/policy/approvers.ts",
    find: "return approvers.some(",
    replace: "return approvers.length > 0 || approvers.some(",
  },
  {
    name: "a decision after the deadline counts when it comes before the timer",
    file: "core/run/decide/index.ts",
    find: "  expireDeadlines(work)\n",
    replace: "",
  },
  {
    name: "a timeout approves",
    file: "core/run/decide/approvals.ts",
    find: '  fail(work, visit, error, "TIMED_OUT")\n',
    replace: "  succeed(work, visit)\n",
  },
  {
    name: "items stand in the order in which they ended",
    file: "core/run/evolve-context.ts",
    find: "for (let index = 0; index < holds.next; index++) items.push(holds.results.get(index) ?? null)",
    replace: "for (const result of holds.results.values()) items.push(result)",
  },
  {
    name: "a foreach whose condition fails forgets the items that run",
    file: "core/run/decide/holders.ts",
    find: '  unwindVisit(work, visit, { kind: "fail_fast", reason: error.code, force: false }, error)\n',
    replace: '  fail(work, visit, error, "FAILED")\n',
  },
  {
    name: "a join takes in losers that ended before somebody looked",
    file: "core/run/decide/holders.ts",
    find: "    joinIsOpen(work, holder) &&\n",
    replace: "",
  },
  {
    name: "branches write into their parent's context",
    file: "core/run/evolve-scopes.ts",
    find: "context: own ? new ContextNode(contextOf(state, parent), true) : null,",
    replace: "context: own && frame.index > 0 ? new ContextNode(contextOf(state, parent), true) : null,",
  },
  {
    name: "a loop counts its rounds from one",
    file: "core/run/names.ts",
    find: 'if (def.type === "loop" && name === "index") return at.index',
    replace: 'if (def.type === "loop" && name === "index") return at.index + 1',
  },
  {
    name: "cleanup is not shielded from the cancel that caused it",
    file: "core/run/evolve-scopes.ts",
    find: 'shielded: frame.kind === "finally" || frame.kind === "cancel",',
    replace: 'shielded: frame.kind === "cancel",',
  },
  {
    name: "a cancelled try forgets its finally",
    file: "core/run/decide/unwind.ts",
    find: '    startCleanup(work, visit, "finally", def.finally)\n',
    replace: '    outer === null &&\n    startCleanup(work, visit, "finally", def.finally)\n',
  },
  {
    name: "a signal that came early is not given to a wait",
    file: "core/run/decide/waits.ts",
    find: "for (const mail of [...work.state.mail])",
    replace: "for (const mail of work.state.mail.slice(0, 0))",
  },
  {
    name: "the same signal is taken in twice",
    file: "core/run/decide/waits.ts",
    find: "if (state.signalIds.has(",
    replace: "if (state.paused && state.signalIds.has(",
  },
  {
    name: "a consumed signal stays in the mailbox",
    file: "core/run/evolve.ts",
    find: "if (!event.payload.keep) takeMail(",
    replace: "if (event.payload.keep) takeMail(",
  },
  {
    name: "a paused run starts attempts",
    file: "core/run/decide/begin.ts",
    find: "if (!work.state.paused || visitCause(work.state, visit) !== null) return false",
    replace: "if (visitCause(work.state, visit) === null || !work.state.paused) return false",
  },
  {
    name: "a snapshot forgets the timers",
    file: "core/run/snapshot.ts",
    find: "timers: [...state.timers.values()],",
    replace: "timers: [],",
  },
  {
    name: "a snapshot forgets how often states were visited",
    file: "core/run/snapshot.ts",
    find: "visits: [...scope.visits],",
    replace: "visits: [],",
  },
  {
    name: "loading a run leaves out the first event behind its snapshot",
    file: "runtime/run-loader.ts",
    find: "for (let page = stored.events; ;",
    replace: "for (let page = stored.events.slice(stored.snapshot === null ? 0 : 1); ;",
  },
  {
    name: "the run ends while losers of a join still run",
    file: "core/run/decide/finish.ts",
    find: "    if (root.lingering.size > 0) return\n",
    replace: "",
  },
  {
    name: "answers are given before their commit is durable",
    file: "runtime/pending-commit.ts",
    find: "    this.asked.push({ envelope, refusal: null })\n",
    replace:
      '    this.asked.push({ envelope, refusal: null })\n    envelope.settle({ kind: "committed", position: Number.MAX_SAFE_INTEGER, run: this.run!, commit: null })\n',
  },
  {
    name: "a refused commit is taken for a durable one",
    file: "runtime/committer.ts",
    find: '      case "refused": {\n',
    replace: '      case "refused": {\n        if (outcome.message !== "") return this.#hooks.durable(batch, 1)\n',
  },
  {
    name: "nobody can know whether a commit happened, and the engine goes on",
    file: "runtime/committer.ts",
    find: "        this.#unknown(outcome.message)\n",
    replace: "        this.#hooks.durable(batch, 1)\n",
  },
  {
    name: "a run that lets others go first is forgotten when their commit is refused",
    file: "runtime/run-actors.ts",
    find: "    this.#line.newBatch()\n    this.#refused",
    replace: "    this.#refused",
  },
  {
    name: "messages between runs are not stored",
    file: "runtime/pending-commit.ts",
    find: "messagesOut: this.messagesOut,",
    replace: "messagesOut: [],",
  },
  {
    name: "an agent's result is stored as it came",
    file: "runtime/redacted-command.ts",
    find: 'const output = redaction.redact({ ...where, kind: "output" }, outcome.output)',
    replace: "const output = outcome.output",
  },
  {
    name: "what an agent says of its failure is stored as it came",
    file: "runtime/redacted-command.ts",
    find: "const error = redactedError(redaction, where, outcome.error)",
    replace: "const error = outcome.error",
  },
  {
    name: "attempts that died with the process are forgotten",
    file: "runtime/resume-run.ts",
    find: '      return { kind: "lose-attempt", stepId, attempt, fence, reason: "crash", counted: true }\n',
    replace: "      return null\n",
  },
  {
    name: "nobody looks for an agent that is missing",
    file: "core/run/react.ts",
    find: '      effects.push({ kind: "await-agent", stepId: event.stepId!, agent: event.payload.agent })\n',
    replace: "",
  },
  {
    name: "steps that waited for their agent are forgotten after a crash",
    file: "runtime/resume-run.ts",
    find: "      ports.dispatcher.awaitAgent(place, leaf.stepId, leaf.agent, pinOf(state, leaf.agent))\n",
    replace: "",
  },
  {
    name: "the queue is not filled again after a crash",
    file: "runtime/resume-run.ts",
    find: "      ports.dispatcher.enqueue(place, leaf.stepId, leaf.attempt, leaf.agent, pinOf(state, leaf.agent))\n",
    replace: "",
  },
]
