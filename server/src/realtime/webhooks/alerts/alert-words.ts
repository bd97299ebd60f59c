/**
 * What a person reads at three in the morning: what happened, where, since when, how many alike, the one next action, and
 * where to look. Nothing that ran through a run is in it but messages of errors and questions, which are redacted and cut.
 */
import type { AlertEventName } from "@waybill/contract"
import type { AlertThread, ApprovalRow, ListedIssue, RunRow, WhyView } from "@waybill/engine"
import { cut, runUrl } from "../message.ts"

export interface AlertFacts {
  readonly thread: AlertThread
  readonly event: AlertEventName
  /** Null: it is not stored any more. */
  readonly run: RunRow | null
  /** Of a failure; null: it is none's, or is not counted yet. */
  readonly issue: ListedIssue | null
  readonly why: WhyView | null
  readonly approval: ApprovalRow | null
  /** Of an approval: a sentence. */
  readonly otherwise: string | null
  readonly cameBack: boolean
  readonly baseUrl: string | null
  readonly repeatMinutes: number
}

export interface AlertWords {
  readonly subject: string
  readonly lead: string
  /** Name and value, in the order they are read. */
  readonly facts: readonly (readonly [string, string])[]
  readonly url: string | null
  readonly footer: string | null
}

export function alertWords(facts: AlertFacts): AlertWords {
  return facts.event === "run.failed" ? failureWords(facts) : approvalWords(facts)
}

function failureWords(facts: AlertFacts): AlertWords {
  const { thread, run, issue, why, cameBack } = facts
  const step = why?.cause?.step?.name ?? issue?.step ?? run?.errorStep ?? null
  const message = cut(oneLine(run?.errorMessage ?? issue?.sample ?? "the run is not stored any more"))
  const verb = cameBack ? "fails again" : run?.status === "TIMED_OUT" ? "ran out of time" : "failed"
  const subject = `${workflowOf(facts)} ${verb}${step === null ? "" : ` at ${step}`}`
  const kind = [run?.errorClass, run?.errorCode].filter((one) => one != null).join(", ")
  return {
    subject: subjectOf(facts, `${subject}: ${message}`, "runs"),
    lead: `${subject}\n${message}`,
    facts: [
      ["Where", whereOf(run, thread)],
      ["Since", sinceOf(thread)],
      ["How many", howMany(thread, issue)],
      ...(kind === "" ? [] : [["Kind", kind] as const]),
      ...(cameBack && issue !== null ? [["Came back", comeback(issue)] as const] : []),
      ...lookAndNext(facts, nextOf(why), run === null ? null : `waybill runs why ${thread.runId}`),
    ],
    url: run === null ? null : runUrl(facts.baseUrl, thread.runId),
    footer: `More of the same is told in ${minutes(facts.repeatMinutes)} at the earliest, or at once when it comes back after it was resolved.`,
  }
}

const asking: { readonly [Event in Exclude<AlertEventName, "run.failed">]: string } = {
  "run.waiting_human": "waits for a decision",
  "approval.reminded": "still waits for a decision",
  "approval.warned": "has a decision due soon",
  "approval.breached": "has a decision overdue",
  "approval.escalated": "waits for a decision, and you are asked as well",
}

function approvalWords(facts: AlertFacts): AlertWords {
  const { thread, run, approval, event, otherwise } = facts
  const what = `${workflowOf(facts)} ${asking[event as keyof typeof asking]}`
  const message = cut(oneLine(approval?.message ?? ""))
  const decide = approval === null ? null : `waybill approvals show ${approval.approvalId}`
  return {
    subject: subjectOf(facts, message === "" ? what : `${what}: ${message}`, "approvals"),
    lead: message === "" ? what : `${what}\n${message}`,
    facts: [
      ["Where", `${whereOf(run, thread)}${approval === null ? "" : `, at ${approval.name}`}`],
      ["Asked", approval === null ? sinceOf(thread) : utc(approval.requestedAt)],
      ["Of whom", approval === null ? "" : whoOf(approval)],
      ["Due", approval?.dueAt == null ? "" : utc(approval.dueAt)],
      ["How many", thread.fresh > 1 ? `${number(thread.fresh)} approvals; this is the newest` : ""],
      ["Otherwise", otherwise ?? ""],
      ...lookAndNext(facts, "Look at what is shown, and decide.", decide),
    ].filter(([, value]) => value !== "") as [string, string][],
    url: runUrl(facts.baseUrl, thread.runId),
    footer: null,
  }
}

/** Many at once, because more came than may be told one by one. */
export function digestWords(all: readonly AlertFacts[], more: number, baseUrl: string | null): AlertWords {
  const happenings = all.reduce((sum, { thread }) => sum + thread.fresh, 0)
  const since = Math.min(...all.map(({ thread }) => thread.firstAt))
  const lines = all.map((facts) => {
    const { subject } = alertWords(facts)
    return [`${number(facts.thread.fresh)}×`, `${subject} — ${facts.thread.runId}`] as const
  })
  const count = all.length + more
  return {
    subject: `${number(count)} alerts in one: ${number(happenings)}${more > 0 ? " and more" : ""} happenings since ${utc(since)}`,
    lead: `${number(count)} alerts were held back, because more came than are sent in an hour. They are told together here.`,
    facts: more > 0 ? [...lines, ["…", `and ${number(more)} more`]] : lines,
    url: baseUrl === null ? null : `${baseUrl}/issues`,
    footer: null,
  }
}

function subjectOf({ run, thread }: AlertFacts, text: string, plural: string): string {
  const environment = run === null || run.environment === "default" ? "" : `[${oneLine(run.environment)}] `
  return `${environment}${text}${thread.fresh > 1 ? ` (${number(thread.fresh)} ${plural})` : ""}`
}

function workflowOf({ run, issue, approval }: AlertFacts): string {
  return oneLine(run?.workflowId ?? issue?.workflowId ?? approval?.workflowId ?? "A workflow")
}

function whereOf(run: RunRow | null, { runId }: AlertThread): string {
  if (run === null) return `run ${runId}`
  const version = `version ${oneLine(run.workflowVersion)} (#${run.versionNumber})`
  return `environment ${oneLine(run.environment)}, ${version}, run ${runId}`
}

function sinceOf({ fresh, firstAt, lastAt }: AlertThread): string {
  return fresh === 1 || firstAt === lastAt ? utc(firstAt) : `${utc(firstAt)}, last ${utc(lastAt)}`
}

function howMany({ fresh, total }: AlertThread, issue: ListedIssue | null): string {
  const now = fresh === 1 ? "1 run" : `${number(fresh)} runs alike`
  const told = total > fresh ? ", since this was told before" : ""
  const all = issue === null ? "" : `; ${number(issue.count)} in all, first ${utc(issue.firstSeenAt)}`
  return `${now}${told}${all}`
}

function comeback({ regressedVersion, resolvedAt, resolvedBy }: ListedIssue): string {
  const resolved = resolvedAt === null ? "it was resolved" : `it was resolved ${utc(resolvedAt)} by ${resolvedBy}`
  return regressedVersion === null ? resolved : `${resolved}, and fails again in version #${regressedVersion}`
}

function nextOf(why: WhyView | null): string | null {
  const next = why?.next ?? null
  return next === null ? null : `${oneLine(next.label)}: ${cut(oneLine(next.because))}`
}

function lookAndNext(
  { baseUrl, thread }: AlertFacts,
  next: string | null,
  command: string | null,
): readonly (readonly [string, string])[] {
  const look = runUrl(baseUrl, thread.runId) ?? command
  return [...(next === null ? [] : [["Next", next] as const]), ...(look === null ? [] : [["Look", look] as const])]
}

function whoOf({ approvers }: ApprovalRow): string {
  return (JSON.parse(approvers) as string[]).map(oneLine).join(", ") || "anyone with the role"
}

const utc = (at: number) => `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`
const number = (value: number) => value.toLocaleString("en-US")
const minutes = (value: number) => (value === 1 ? "1 minute" : `${value} minutes`)

/** Runs choose these words: they may neither begin a line of a mail's head nor turn letters around. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim()
}
