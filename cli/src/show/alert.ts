/** Alerts and what was sent, as a terminal shows them. */
import type { Alert, AlertDelivery } from "@waybill/contract"
import { type Style, toned } from "./style.ts"
import { cut, fields, table } from "./table.ts"
import { relative } from "./times.ts"

export function alertTable(style: Style, alerts: readonly Alert[]): string {
  if (alerts.length === 0) return "nobody is told anything\n"
  return table(
    style,
    ["ALERT", "NAME", "BY", "TO", "OF", "STATE", "SENT", "DEAD"],
    alerts.map((one) => [
      one.alertId,
      cut(one.name, 30),
      one.kind,
      cut(one.to.join(", "), 50),
      cut(scopeOf(one), 40),
      one.health.state,
      String(one.health.delivered),
      String(one.health.dead),
    ]),
  )
}

export function alertText(style: Style, one: Alert): string {
  return `${style.bold(one.alertId)}  ${one.name}\n\n${fields(style, [
    ["by", one.kind],
    ["to", one.to.join(", ")],
    ["about", one.events.join(", ")],
    ["of", scopeOf(one)],
    ["at most", `${one.maxPerHour} an hour; an issue that goes on again after ${one.repeatMinutes} min`],
  ])}`
}

export function alertDeliveryTable(style: Style, deliveries: readonly AlertDelivery[], now: number): string {
  if (deliveries.length === 0) return "nothing was sent\n"
  return table(
    style,
    ["DELIVERY", "ABOUT", "RUN", "STATE", "MADE", "TRIES", "ERROR"],
    deliveries.map((one) => [
      one.deliveryId,
      one.event,
      one.runId ?? "",
      toned(style, one.state),
      relative(one.createdAt, now),
      String(one.attempts),
      cut(one.lastError ?? "", 60),
    ]),
  )
}

function scopeOf({ workflows, environment }: Alert): string {
  const of = workflows.length === 0 ? "all workflows" : workflows.join(", ")
  return environment === null ? of : `${of} in ${environment}`
}
