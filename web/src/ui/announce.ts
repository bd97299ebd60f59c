/** What is said to a screen reader without moving the focus: copied, loaded, 12 new runs. Kept short; the last word wins. */
export type Announcement = { readonly text: string; readonly urgent: boolean; readonly at: number }

let last: Announcement = { text: "", urgent: false, at: 0 }
const listeners = new Set<() => void>()

export function announce(text: string, { urgent = false }: { urgent?: boolean } = {}) {
  last = { text, urgent, at: last.at + 1 }
  for (const listener of listeners) listener()
}

export const lastAnnouncement = (): Announcement => last

export function subscribeToAnnouncements(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
