/** `human.approval`: asking, voting, deciding (dsl.md §6, rule 34). A timeout never approves; an agent never decides. */
import type { ApprovalState } from "../../definition/model.ts"
import { type Json, sameJson } from "../../json.ts"
import { isApprover } from "../../policy/approvers.ts"
import { inputFindings } from "../check-input.ts"
import type { Rejection } from "../commands.ts"
import type { Cause, Stored } from "../events.ts"
import { defOf } from "../names.ts"
import { base32 } from "../place.ts"
import { asText } from "../render.ts"
import type { OpenApproval, Timer, Visit, Vote } from "../state.ts"
import { toStored } from "../stored.ts"
import { deadlineMs } from "./clocks.ts"
import { fill, read } from "./expressions.ts"
import { failure } from "./failure.ts"
import { exit, fail, succeed } from "./outcome.ts"
import { scopeCause, unwindRun, visitCause } from "./unwind.ts"
import type { Work } from "./work.ts"

export function beginApproval(work: Work, visit: Visit, def: ApprovalState): void {
  const message = fill(work, visit, def.message)
  if (!message.ok) return fail(work, visit, message.error, "FAILED")
  let shown: Json = null
  let summary: Stored | null = null
  if (def.summaryPath !== null) {
    const found = read(work, visit, def.summaryPath, "summaryPath")
    if (!found.ok) return fail(work, visit, found.error, "FAILED")
    shown = found.value
    summary = toStored(work.blobs, found.value, work.env.limits.inlineBytesMax)
  }
  const approvers: string[] = []
  for (const template of def.approvers) {
    const who = fill(work, visit, template)
    if (!who.ok) return fail(work, visit, who.error, "FAILED")
    if (Array.isArray(who.value)) approvers.push(...who.value.map(asText))
    else approvers.push(asText(who.value))
  }
  const strange = approvers.find((who) => !/^(team|user):.+/.test(who))
  if (strange !== undefined)
    return fail(
      work,
      visit,
      failure(visit, {
        class: "validation_failed",
        code: "approver_invalid",
        title: "Not an approver",
        detail: `"${strange}" is neither team:… nor user:…`,
      }),
      "FAILED",
    )
  request(work, visit, def, { message: asText(message.value), summary, shown, approvers })
}

function request(
  work: Work,
  visit: Visit,
  def: ApprovalState,
  ask: { message: string; summary: Stored | null; shown: Json; approvers: readonly string[] },
): void {
  const timeoutMs = deadlineMs(def)
  const timeoutAt = timeoutMs === null ? null : work.now + timeoutMs
  const dueAt = def.sla?.dueMs == null ? null : work.now + def.sla.dueMs
  const approval = work.env.newId("appr")
  const form = def.form
  work.emit("approval.requested", visit.stepId, {
    approval,
    round: visit.visit,
    message: ask.message,
    summary: ask.summary,
    approvers: ask.approvers,
    quorum: def.quorum,
    separationOfDuties: def.separationOfDuties,
    outcomes: openOutcomes(work, visit, def),
    form,
    contentHash: base32(work.env.sha256(JSON.stringify([ask.message, ask.shown, form])), 32).toLowerCase(),
    bound: def.bindToContent,
    delegation: def.delegation,
    timeoutAt,
    dueAt,
  })
  const set = (kind: Timer["kind"], dueAt: number) =>
    work.emit("timer.set", visit.stepId, { timer: `tmr_${work.state.seq + 1}`, kind, dueAt })
  if (timeoutAt !== null) set("approval_timeout", timeoutAt)
  if (dueAt !== null) set("approval_due", dueAt)
  if (def.sla?.warnMs != null) set("approval_warn", work.now + def.sla.warnMs)
  const reminder = nextReminder(def, work.now, work.now)
  if (reminder !== null) set("approval_reminder", reminder)
  for (const afterMs of new Set(def.escalation.map((step) => step.afterMs)))
    set("approval_escalation", work.now + afterMs)
}

/** When the next of all reminders is due; those that were missed, because nothing ran, are not made up for. */
function nextReminder(def: ApprovalState, requestedAt: number, now: number): number | null {
  let next: number | null = null
  for (const { everyMs, max } of def.reminders) {
    const count = Math.floor((now - requestedAt) / everyMs) + 1
    const due = requestedAt + count * everyMs
    if (count <= max && (next === null || due < next)) next = due
  }
  return next
}

/** An outcome that has been used up (`maxTimes`) is not offered again. */
function openOutcomes(work: Work, visit: Visit, def: ApprovalState): OpenApproval["outcomes"] {
  const used = work.scopeOf(visit).rewinds
  return def.outcomes
    .filter(
      (outcome) => outcome.maxTimes === null || (used?.get(`${visit.name}/${outcome.name}`) ?? 0) < outcome.maxTimes,
    )
    .map(({ name, requireComment, rewindTo }) => ({ name, requireComment, rewindTo }))
}

interface Asked {
  readonly approval: string
  readonly outcome: string
  readonly comment: string | null
  readonly form: Json
  readonly contentHash: string | null
}

export function decideApproval(work: Work, asked: Asked): Rejection | null {
  const visit = findOpen(work, asked.approval)
  if (visit === null)
    return {
      code: "approval_closed",
      message: `approval ${asked.approval} is not open`,
      data: { approval: asked.approval },
    }
  const open = (visit.phase as { approval: OpenApproval }).approval
  if (wasSaid(work, open, asked)) return null
  const refused = mayVote(work, open, asked)
  if (refused !== null) return refused
  const vote: Vote = { outcome: asked.outcome, by: work.actor.id, comment: asked.comment, form: asked.form }
  const needed = asked.outcome === "approve" ? open.quorum.approve : asked.outcome === "reject" ? open.quorum.reject : 1
  work.emit("approval.voted", visit.stepId, { approval: open.id, ...vote })
  const votes = open.votes.filter((cast) => cast.outcome === asked.outcome)
  if (votes.length >= needed) return close(work, visit, open, asked.outcome, votes)
  if (impossible(work, visit, open))
    return close(
      work,
      visit,
      open,
      "reject",
      open.votes.filter((cast) => cast.outcome === "reject"),
    )
  return null
}

/** The same decision of the same person again is the same decision (dsl.md §6). Where each vote counts, it is another. */
function wasSaid(work: Work, open: OpenApproval, asked: Asked): boolean {
  if (!open.separationOfDuties.distinct) return false
  const before = open.votes.find((vote) => vote.by === work.actor.id)
  return before !== undefined && sameVote(before, asked)
}

/** @param asked what somebody says now, whoever it is */
export function sameVote(before: Pick<Vote, "outcome" | "comment" | "form">, asked: Omit<Vote, "by">): boolean {
  return before.outcome === asked.outcome && before.comment === asked.comment && sameJson(before.form, asked.form)
}

/** Approvals that list only people: too few are left to reach the quorum (rule 34). */
function impossible(work: Work, visit: Visit, open: OpenApproval): boolean {
  const { approvers, separationOfDuties, quorum } = open
  if (approvers.length === 0 || open.delegation || approvers.some((who) => !who.startsWith("user:"))) return false
  for (const id of visit.timers) if (work.state.timers.get(id)?.kind === "approval_escalation") return false
  const out = new Set(open.votes.filter((vote) => vote.outcome === "reject").map((vote) => vote.by))
  if (separationOfDuties.excludeInitiator) out.add(work.state.createdBy)
  const left = new Set(approvers.filter((who) => !out.has(who))).size
  return separationOfDuties.distinct ? left < quorum.approve : left === 0
}

function findOpen(work: Work, approval: string): Visit | null {
  for (const visit of work.state.visits.values())
    if (visit.phase.kind === "approval" && visit.phase.approval.id === approval)
      // In a scope that is being left it is about to be closed.
      return visitCause(work.state, visit) === null ? visit : null
  return null
}

function mayVote(work: Work, open: OpenApproval, asked: Asked): Rejection | null {
  const { actor } = work
  if (!isApprover(actor, open.approvers)) {
    const who = open.approvers.length === 0 ? "an operator or admin" : open.approvers.join(", ")
    return {
      code: "not_an_approver",
      message: `${actor.id} may not decide this approval; it asks ${who}`,
      data: { approvers: [...open.approvers] },
    }
  }
  const outcome = open.outcomes.find((offered) => offered.name === asked.outcome)
  if (outcome === undefined)
    return {
      code: "outcome_unknown",
      message: `this approval offers ${open.outcomes.map((offered) => offered.name).join(", ")}`,
      data: { outcomes: open.outcomes.map((offered) => offered.name) },
    }
  if (open.separationOfDuties.excludeInitiator && actor.id === work.state.createdBy)
    return { code: "self_approval", message: "whoever started the run may not decide it" }
  const before = open.separationOfDuties.distinct ? open.votes.find((vote) => vote.by === actor.id) : undefined
  if (before !== undefined)
    return {
      code: "already_voted",
      message: `${actor.id} has voted "${before.outcome}" already`,
      data: { outcome: before.outcome },
    }
  if (open.bound && asked.contentHash === null)
    return {
      code: "content_hash_required",
      message: "this approval is bound to its content: say the contentHash that was shown",
      data: { contentHash: open.contentHash },
    }
  if (asked.contentHash !== null && asked.contentHash !== open.contentHash)
    return {
      code: "content_changed",
      message: "what is asked now is not what was shown; look again",
      data: { contentHash: open.contentHash },
    }
  if (outcome.requireComment && (asked.comment === null || asked.comment.trim() === ""))
    return { code: "comment_required", message: `"${outcome.name}" needs a comment` }
  const errors =
    open.form === null || asked.outcome === "reject" ? null : work.env.validator(open.form)(asked.form ?? {})
  if (errors !== null)
    return {
      code: "form_invalid",
      message: `the form breaks its schema: ${errors[0]?.pointer || "/"} ${errors[0]?.message}`,
      data: { errors: inputFindings(open.form, errors.slice(0, 20)).map((finding) => ({ ...finding })) },
    }
  return null
}

function close(work: Work, visit: Visit, open: OpenApproval, outcome: string, votes: readonly Vote[]): null {
  const last = votes[votes.length - 1]
  const decision = {
    approval: open.id,
    outcome,
    decidedBy: votes.map((vote) => vote.by),
    comment: last?.comment ?? null,
    form: last?.form ?? null,
    contentHash: open.contentHash,
    waitedMs: work.now - open.requestedAt,
  }
  const def = defOf(work.definition, work.state, visit) as ApprovalState
  if (outcome === "reject") {
    work.emit("approval.rejected", visit.stepId, decision)
    return rejected(work, visit, def, decision.comment)
  }
  const rewindTo = open.outcomes.find((offered) => offered.name === outcome)?.rewindTo ?? null
  work.emit(rewindTo === null ? "approval.approved" : "approval.revised", visit.stepId, decision)
  if (rewindTo === null) succeed(work, visit, { route: outcome })
  else succeed(work, visit, { next: rewindTo, route: outcome, outcome })
  return null
}

function rejected(work: Work, visit: Visit, def: ApprovalState, comment: string | null): null {
  if (def.onReject.next !== null) {
    succeed(work, visit, { next: def.onReject.next, route: "reject" })
    return null
  }
  if (def.onReject.status === "FAILED") {
    fail(
      work,
      visit,
      failure(visit, {
        class: "policy_denied",
        code: "rejected",
        title: "Rejected",
        detail: comment ?? `${work.actor.id} rejected ${visit.name}`,
      }),
      "FAILED",
    )
    return null
  }
  const cause: Cause = { kind: "rejected", reason: comment ?? `rejected by ${work.actor.id}`, force: false }
  // The run ends, wherever in it the question stood (W10): the decided step is over first.
  work.emit("scope.unwinding", null, { scope: "", cause, step: null })
  exit(work, visit, { status: "CANCELLED", next: null, route: "reject" })
  unwindRun(work, cause)
  return null
}

export function delegateApproval(work: Work, approval: string, to: string, comment: string | null): Rejection | null {
  const visit = findOpen(work, approval)
  if (visit === null)
    return { code: "approval_closed", message: `approval ${approval} is not open`, data: { approval } }
  const open = (visit.phase as { approval: OpenApproval }).approval
  if (!open.delegation) return { code: "delegation_not_allowed", message: "this approval may not be delegated" }
  if (!isApprover(work.actor, open.approvers))
    return {
      code: "not_an_approver",
      message: `${work.actor.id} may not delegate this approval`,
      data: { approvers: [...open.approvers] },
    }
  if (!/^(team|user):.+/.test(to)) return { code: "approver_invalid", message: `"${to}" is neither team:… nor user:…` }
  work.emit("approval.delegated", visit.stepId, { approval, from: work.actor.id, to, comment })
  return null
}

export function approvalTimer(work: Work, visit: Visit, timer: Timer): void {
  if (visit.phase.kind !== "approval" || scopeCause(work.state, work.scopeOf(visit)) !== null) return
  const open = visit.phase.approval
  const def = defOf(work.definition, work.state, visit) as ApprovalState
  switch (timer.kind) {
    case "approval_timeout":
      return timedOut(work, visit, def, open)
    case "approval_due":
      work.emit("approval.warned", visit.stepId, { approval: open.id, kind: "due" })
      return
    case "approval_warn":
      work.emit("approval.warned", visit.stepId, { approval: open.id, kind: "warn" })
      return
    case "approval_reminder": {
      work.emit("approval.reminded", visit.stepId, { approval: open.id, count: open.reminders + 1 })
      const next = nextReminder(def, open.requestedAt, work.now)
      if (next !== null)
        work.emit("timer.set", visit.stepId, {
          timer: `tmr_${work.state.seq + 1}`,
          kind: "approval_reminder",
          dueAt: next,
        })
      return
    }
    case "approval_escalation": {
      const due = def.escalation.filter((step) => open.requestedAt + step.afterMs === timer.dueAt)
      const to = [...new Set(due.flatMap((step) => step.to))]
      if (to.length > 0) work.emit("approval.escalated", visit.stepId, { approval: open.id, to })
      return
    }
    default:
      return
  }
}

function timedOut(work: Work, visit: Visit, def: ApprovalState, open: OpenApproval): void {
  work.emit("approval.timed_out", visit.stepId, { approval: open.id })
  const error = failure(visit, {
    class: "transient",
    kind: "timeout",
    code: "approval_timeout",
    title: "Nobody decided in time",
    detail: `${visit.name} asked ${open.approvers.join(", ") || "any operator"} and had no decision in time`,
  })
  if (def.onTimeout !== null)
    return exit(work, visit, {
      status: "TIMED_OUT",
      next: def.onTimeout.next,
      error,
      handled: true,
      route: "onTimeout",
    })
  fail(work, visit, error, "TIMED_OUT")
}
