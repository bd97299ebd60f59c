/** Whether the server has refused a question for want of a key; the shell then asks for one. */
import { apiKey } from "../data/api-key.ts"

const listeners = new Set<() => void>()
let isWanted = false

export const keyWanted = {
  get: () => isWanted,
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

export function wantKey(wanted: boolean): void {
  if (isWanted === wanted) return
  isWanted = wanted
  for (const listener of listeners) listener()
}

apiKey.subscribe(() => wantKey(apiKey.get() === null))
