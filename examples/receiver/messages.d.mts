export interface Message {
  readonly id: string
  readonly number: number
  readonly key: string | null
  readonly receivedAt: string
  readonly [field: string]: unknown
}

export function openMessages(file: string): {
  all(): readonly Message[]
  add(received: { readonly key: string | null; readonly [field: string]: unknown }): {
    readonly message: Message
    readonly isNew: boolean
  }
}
