/**
 * The key of a server with `WAYBILL_AUTH=keys`, for as long as this tab lives: session storage, never local storage and
 * never a cookie, so that it is sent by our own requests and by nothing else.
 */
const NAME = "waybill.api-key"
const listeners = new Set<() => void>()

export const apiKey = {
  get(): string | null {
    try {
      return sessionStorage.getItem(NAME)
    } catch {
      return null
    }
  },
  set(key: string | null): void {
    try {
      if (key === null) sessionStorage.removeItem(NAME)
      else sessionStorage.setItem(NAME, key)
    } catch {
      // Storage is closed: it has to be entered again after the page is loaded anew.
    }
    for (const listener of listeners) listener()
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
