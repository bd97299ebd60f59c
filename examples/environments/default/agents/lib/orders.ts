/**
 * Orders: from the text of a CSV row to a typed record in euro cents, or the reason why not. Money is counted in whole
 * cents, so that sums do not depend on the order of the rows.
 */
import { AgentError } from "./agent.ts"
import { parseCsv, records } from "./csv.ts"
import { readText } from "./places.ts"

export const ORDER_COLUMNS = [
  "order_id",
  "placed_at",
  "customer",
  "country",
  "sku",
  "quantity",
  "unit_price",
  "currency",
] as const

export type RawOrder = Readonly<Record<(typeof ORDER_COLUMNS)[number], string>>

export interface Order {
  readonly order_id: string
  /** ISO 8601, UTC. */
  readonly placed_at: string
  readonly customer: string
  readonly country: string
  readonly sku: string
  readonly quantity: number
  readonly total_cents: number
}

/** Euro per unit of a currency. */
export type Rates = Readonly<Record<string, number>>

export const RATES_FILE = "data/rates.json"

/** The rows of a CSV of orders, as text; one without all the columns is refused. `path` is only for the message. */
export function rawOrders(text: string, path: string): RawOrder[] {
  const table = parseCsv(text)
  const missing = ORDER_COLUMNS.filter((column) => !table.columns.includes(column))
  if (missing.length > 0) {
    throw new AgentError("validation_failed", "columns_missing", `${path} lacks the columns ${missing.join(", ")}`)
  }
  return records(table) as RawOrder[]
}

export async function readRates(path: string): Promise<Rates> {
  return JSON.parse(await readText(path)) as Rates
}

/** The typed order, or in words what is wrong with it. */
export function toOrder(raw: RawOrder, rates: Rates): Order | string {
  const quantity = decimal(raw.quantity)
  const price = decimal(raw.unit_price)
  const rate = Object.hasOwn(rates, raw.currency) ? rates[raw.currency] : undefined
  if (raw.order_id === "") return "no order id"
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(raw.placed_at)) return "date is not ISO 8601"
  if (quantity === null || !Number.isInteger(quantity) || quantity < 1) return "quantity is not a whole number over 0"
  if (price === null || price < 0) return "price is not a number of at least 0"
  if (rate === undefined) return "currency is unknown"
  const { order_id, placed_at, customer, country, sku } = raw
  return {
    order_id,
    placed_at,
    customer,
    country,
    sku,
    quantity,
    total_cents: Math.round(quantity * price * rate * 100),
  }
}

/** One order per line. */
export function toLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("")
}

export async function readLines<T>(path: string): Promise<T[]> {
  const lines = (await readText(path)).split("\n").filter((line) => line !== "")
  return lines.map((line) => JSON.parse(line) as T)
}

/** Whole cents as euro. */
export function euro(cents: number): number {
  return cents / 100
}

/** A plain decimal number; `Number` would take "" for 0 and "0x10" for 16. */
function decimal(text: string): number | null {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null
}
