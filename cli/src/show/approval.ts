/** What a person is asked, and what came of it. */
import type { Approval } from "@waybill/contract"
import { prettyJson } from "./json.ts"
import { type Style, toned } from "./style.ts"
import { cut, fields, table } from "./table.ts"
import { clock, relative } from "./times.ts"

export function approvalTable(style: Style, approvals: readonly Approval[], now: number): string {
  if (approvals.length === 0) return "nothing waits for a decision\n"
  return table(
    style,
    ["APPROVAL", "WORKFLOW", "STATE", "ASKED", "UNTIL", "WHO", "MESSAGE"],
    approvals.map((one) => [
      one.approvalId,
      one.workflowId,
      toned(style, one.state),
      relative(one.requestedAt, now),
      one.timeoutAt === null ? "" : relative(one.timeoutAt, now),
      one.approvers.join(", ") || "anyone",
      cut(one.message, 70),
    ]),
  )
}

export function approvalPage(style: Style, one: Approval, now: number): string {
  return [
    `${style.bold(one.approvalId)}  ${toned(style, one.state)}\n\n  ${one.message}\n\n`,
    fields(style, [
      ["run", `${one.runId} of ${one.workflowId}, at ${one.name}${one.round > 1 ? `, round ${one.round}` : ""}`],
      ["asked", `${clock(one.requestedAt)} (${relative(one.requestedAt, now)}) by ${one.requestedBy}`],
      ["may decide", one.approvers.join(", ") || "anyone with the role"],
      ["due", deadline(one.dueAt, now)],
      ["SLA", one.sla === null ? null : slaText(style, one.sla)],
      ["until", deadline(one.timeoutAt, now)],
      ["reminded", reminded(one, now)],
      ["asked as well", escalated(one, now)],
      ["handed on", one.delegations.map(({ from, to }) => `by ${from} to ${to}`).join(", ") || null],
      ["outcomes", one.outcomes.map(outcomeText).join(", ")],
      ["decided", decided(one)],
      ["votes", one.votes.length === 0 ? null : one.votes.map((vote) => `${vote.by}: ${vote.outcome}`).join(", ")],
      ["comment", one.comment],
      ["content hash", one.bound ? `${one.contentHash} (a decision must name it)` : one.contentHash],
    ]),
    one.summary === null ? "" : `\n${style.bold("what was shown")}\n${prettyJson(one.summary)}\n`,
    one.formSchema === null ? "" : `\n${style.bold("to be filled in")}\n${prettyJson(one.formSchema)}\n`,
    one.form === null ? "" : `\n${style.bold("filled in")}\n${prettyJson(one.form)}\n`,
    whatNext(style, one),
  ].join("")
}

export function decisionText(style: Style, one: Approval): string {
  const name = style.bold(one.approvalId)
  if (one.state !== "pending")
    return `${name} is ${toned(style, one.state)}${one.decidedBy.length > 0 ? ` by ${one.decidedBy.join(", ")}` : ""}\n${style.dim(`waybill runs watch ${one.runId}`)}\n`
  const who = one.approvers.join(", ") || "anyone with the role"
  return `${name} is still ${toned(style, one.state)}: ${one.votes.length} ${one.votes.length === 1 ? "vote" : "votes"}; may decide: ${who}\n`
}

function whatNext(style: Style, one: Approval): string {
  const may = one.actions.filter(({ allowed }) => allowed).map(({ name }) => name)
  const not = one.actions.find(({ allowed }) => !allowed)
  if (one.state !== "pending") return ""
  if (may.length === 0)
    return `\n${style.dim(`not for you to decide: ${not?.reason ?? "the role does not allow it"}`)}\n`
  return `\n${style.dim(may.map((name) => `waybill approvals ${name} ${one.approvalId}${name === "delegate" ? " --to user:…" : ""}`).join("\n"))}\n`
}

function outcomeText({ name, requireComment, rewindTo }: Approval["outcomes"][number]): string {
  const notes = [...(requireComment ? ["with a comment"] : []), ...(rewindTo === null ? [] : [`back to ${rewindTo}`])]
  return notes.length === 0 ? name : `${name} (${notes.join(", ")})`
}

const slaWords = { ok: "in time", warning: "due soon", breached: "overdue" } as const

function slaText(style: Style, { state }: NonNullable<Approval["sla"]>): string {
  return state === "ok" ? slaWords[state] : style.bold(slaWords[state])
}

function reminded({ remindersSent, nextReminderAt }: Approval, now: number): string | null {
  if (remindersSent === 0 && nextReminderAt === null) return null
  const times = remindersSent === 1 ? "once" : `${remindersSent} times`
  return nextReminderAt === null ? times : `${times}, next ${relative(nextReminderAt, now)}`
}

function escalated({ escalations, nextEscalationAt }: Approval, now: number): string | null {
  const asked = escalations.map(({ at, to }) => `${to.join(", ")} (${relative(at, now)})`)
  const next = nextEscalationAt === null ? [] : [`others ${relative(nextEscalationAt, now)}`]
  return [...asked, ...next].join("; ") || null
}

function decided(one: Approval): string | null {
  return one.decidedAt === null
    ? null
    : `${clock(one.decidedAt)} by ${one.decidedBy.join(", ") || "nobody"}: ${one.outcome ?? one.state}`
}

function deadline(at: string | null, now: number): string | null {
  return at === null ? null : `${clock(at)} (${relative(at, now)})`
}
