/**
 * Which of their workspaces somebody looks at, for as long as this tab lives. It is sent with every request; the pages
 * begin anew when it changes, so that nothing of the one before is left.
 */
const NAME = "waybill.workspace"

export const workspace = {
  /** Null: the server's choice, `default` or their first. */
  get(): string | null {
    try {
      return sessionStorage.getItem(NAME)
    } catch {
      return null
    }
  },
  change(slug: string | null): void {
    try {
      if (slug === null) sessionStorage.removeItem(NAME)
      else sessionStorage.setItem(NAME, slug)
    } catch {
      // Storage is closed: it stays the server's choice.
      return
    }
    globalThis.location.assign("/")
  },
}
