/** The same for people: one line of text, as Slack and its like take it, and which alerts are alike. */
import type { WebhookEventName } from "@waybill/contract"
import { cut, errorOf, payloadOf, runUrl, type Told } from "./message.ts"

export function alertText(type: WebhookEventName, told: Told): string {
  const { run, step, event, baseUrl } = told
  const payload = payloadOf(event)
  const where = `*${escaped(run.workflowId)}* (${escaped(run.environment)})`
  const url = runUrl(baseUrl, run.runId)
  const link = url === null ? run.runId : `<${url}|${run.runId}>`
  if (type === "run.waiting_human") {
    const asks =
      typeof payload.message === "string" && payload.message !== "" ? `: ${escaped(cut(payload.message))}` : ""
    return `${where} waits for a person at ${escaped(step?.name ?? "a step")}${asks} — ${link}`
  }
  const error = errorOf(payload)
  const at = error?.step === undefined ? "" : ` at ${escaped(error.step)}`
  const verb = event.type === "run.timed_out" ? "timed out" : "failed"
  return `${where} ${verb}${at}${error === null ? "" : `: ${escaped(cut(error.detail))}`} — ${link}`
}

/** One alert an issue, not one a run: alike are the same workflow, place and class of error. */
export function alertKey(type: WebhookEventName, { run, step, event }: Told): string {
  const error = errorOf(payloadOf(event))
  return JSON.stringify([type, run.environment, run.workflowId, error?.step ?? step?.name ?? "", error?.class ?? ""])
}

/** Slack's three: what a run says must not become a link or a mention. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
