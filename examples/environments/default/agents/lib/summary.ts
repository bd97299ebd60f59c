/** What is told of a set of orders, and how the summaries of parts make the summary of the whole. */
import type { Schema } from "./agent.ts"
import { objectSchema } from "./agent.ts"
import { euro, type Order } from "./orders.ts"

export interface Summary {
  readonly rows: number
  readonly orders: number
  readonly rejected: number
  readonly revenue_eur: number
  /** Revenue in euro by country. */
  readonly countries: Readonly<Record<string, number>>
  /** Orders that somebody should look at; only a thorough look finds any. */
  readonly flagged: readonly { readonly order_id: string; readonly reason: string }[]
}

export const SUMMARY_PROPERTIES: Readonly<Record<keyof Summary, Schema>> = {
  rows: { type: "integer", minimum: 0 },
  orders: { type: "integer", minimum: 0 },
  rejected: { type: "integer", minimum: 0 },
  revenue_eur: { type: "number", minimum: 0 },
  countries: { type: "object", additionalProperties: { type: "number" } },
  flagged: { type: "array", items: objectSchema({ order_id: { type: "string" }, reason: { type: "string" } }) },
}

export function summarize(orders: readonly Order[], rows: number, flagged: Summary["flagged"]): Summary {
  const cents = new Map<string, number>()
  for (const order of orders) cents.set(order.country, (cents.get(order.country) ?? 0) + order.total_cents)
  return {
    rows,
    orders: orders.length,
    rejected: rows - orders.length,
    revenue_eur: euro([...cents.values()].reduce((sum, value) => sum + value, 0)),
    countries: inEuro(cents),
    flagged,
  }
}

export function merge(parts: readonly Summary[]): Summary {
  const cents = new Map<string, number>()
  for (const { countries } of parts) {
    for (const [country, revenue] of Object.entries(countries)) {
      cents.set(country, (cents.get(country) ?? 0) + Math.round(revenue * 100))
    }
  }
  const sum = (of: (part: Summary) => number) => parts.reduce((total, part) => total + of(part), 0)
  return {
    rows: sum((part) => part.rows),
    orders: sum((part) => part.orders),
    rejected: sum((part) => part.rejected),
    revenue_eur: euro(sum((part) => Math.round(part.revenue_eur * 100))),
    countries: inEuro(cents),
    flagged: parts.flatMap((part) => part.flagged),
  }
}

function inEuro(cents: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...cents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, euro(value)]))
}
