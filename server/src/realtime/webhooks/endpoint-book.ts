/** The endpoints as they are now, at hand for every event. One process owns the store, so nobody else changes them. */
import type { WebhookEndpoint, WebhookStore } from "@waybill/engine"
import { isLocked } from "./locked.ts"

export interface OpenEndpoint {
  readonly row: WebhookEndpoint
  readonly events: ReadonlySet<string>
  /** Empty: all. */
  readonly workflows: ReadonlySet<string>
}

export class EndpointBook {
  readonly #store: WebhookStore
  #enabled: readonly OpenEndpoint[] = []

  constructor(store: WebhookStore) {
    this.#store = store
  }

  enabled(): readonly OpenEndpoint[] {
    return this.#enabled
  }

  /** Null: it is disabled, or not there any more. */
  find(endpointId: string): OpenEndpoint | null {
    return this.#enabled.find(({ row }) => row.endpointId === endpointId) ?? null
  }

  /** Nothing can be sent: no key opens it, or the endpoint that it forwards to. */
  isLocked(row: WebhookEndpoint): boolean {
    if (row.kind !== "forward") return isLocked(row)
    const target = this.find(row.url ?? "")?.row
    return target !== undefined && isLocked(target)
  }

  locked(): readonly string[] {
    return this.#enabled.filter(({ row }) => isLocked(row)).map(({ row }) => row.endpointId)
  }

  async reload(): Promise<void> {
    const rows = await this.#store.endpoints()
    this.#enabled = rows
      .filter((row) => row.disabledAt === null)
      .map((row) => ({
        row,
        events: new Set(JSON.parse(row.events) as string[]),
        workflows: new Set(JSON.parse(row.workflows) as string[]),
      }))
  }
}
