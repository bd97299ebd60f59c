/** Steps as rows, or each with its attempts and values. */
import type { Step } from "@waybill/contract"
import { errorFields } from "./error-fields.ts"
import { prettyJson } from "./json.ts"
import { type Style, toned } from "./style.ts"
import { cut, fields, table } from "./table.ts"
import { clock, duration, durationOr } from "./times.ts"

export function stepTable(style: Style, steps: readonly Step[], now: number): string {
  if (steps.length === 0) return "  no steps yet\n"
  return table(
    style,
    ["STEP", "TYPE", "STATUS", "TRIES", "TOOK", "NOTE"],
    steps.map((step) => [
      stepName(step),
      step.agent ?? step.action ?? step.type,
      toned(style, step.status),
      step.attempt === 0 ? "" : String(step.attempt),
      took(step, now),
      note(step),
    ]),
  )
}

/** Inside what holds it: `diagnostics/pods/check_pods`, from the second visit on with `#2`. */
export function stepName({ branchPath, name, visit }: Step): string {
  return `${branchPath === "" ? "" : `${branchPath}/`}${name}${visit > 1 ? `#${visit}` : ""}`
}

function took({ durationMs, enteredAt, completedAt }: Step, now: number): string {
  if (durationMs !== null) return duration(durationMs)
  return completedAt === null ? `${duration(Math.max(0, now - Date.parse(enteredAt)))} …` : ""
}

function note({ error, next }: Step): string {
  if (error !== null) return cut(`${error.code}: ${error.detail}`, 60)
  return next === null ? "" : `→ ${next}`
}

export function stepDetails(style: Style, steps: readonly Step[]): string {
  return steps.map((step) => details(style, step)).join("\n")
}

function details(style: Style, step: Step): string {
  const value = (given: unknown) => (given === null || given === undefined ? null : prettyJson(given, 90))
  return [
    `${style.bold(stepName(step))}  ${toned(style, step.status)}  ${style.dim(step.stepId)}\n`,
    fields(style, [
      ["type", [step.type, step.action].filter(Boolean).join(", ")],
      ["agent", step.agent],
      ["model", model(step)],
      ["entered", clock(step.enteredAt)],
      ["took", durationOr(step.durationMs, "")],
      ["waited", step.queueMs === null || step.queueMs < 1 ? null : `${duration(step.queueMs)} for a slot`],
      ["attempts", attempts(step)],
      ["runs", step.children.join(", ")],
      ["input", value(step.input)],
      ["output", value(step.output)],
      ["next", step.next],
    ]),
    step.error === null ? "" : fields(style, errorFields(step.error)),
  ].join("")
}

function model({ model: name, provider }: Step): string | null {
  return name === null || provider === null ? name : `${name} (${provider})`
}

function attempts({ attempts: all }: Step): string | null {
  if (all.length === 0) return null
  return all
    .map((one) => {
      const lost = one.deliveries.filter(({ lostAt }) => lostAt !== null).length
      return [
        `${one.attempt}: ${one.status} ${durationOr(one.durationMs, "")}`.trim(),
        ...(lost > 0 ? [`${lost} ${lost === 1 ? "delivery" : "deliveries"} lost`] : []),
        ...(one.error === null ? [] : [`${one.error.code}: ${cut(one.error.detail, 60)}`]),
        ...(one.retryDelayMs === null ? [] : [`again after ${duration(one.retryDelayMs)}`]),
      ].join(", ")
    })
    .join("\n")
}
