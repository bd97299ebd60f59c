/**
 * Short notices after an act, with an undo where there is one. At most three; one with an action stays longer, and none
 * goes while the pointer or the focus is on them.
 */
export type Toast = {
  readonly id: number
  readonly text: string
  readonly tone: "done" | "failed"
  readonly detail?: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

const TOASTS_MAX = 3
const LASTS_MS = 6_000
const LASTS_WITH_ACTION_MS = 12_000

let shown: readonly Toast[] = []
let ids = 0
let held = false
const timers = new Map<number, ReturnType<typeof setTimeout>>()
const listeners = new Set<() => void>()

export const toastsShown = (): readonly Toast[] => shown

export function subscribeToToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function set(next: readonly Toast[]) {
  for (const gone of shown.filter((toast) => !next.includes(toast))) stop(gone.id)
  shown = next
  for (const listener of listeners) listener()
}

function stop(id: number) {
  clearTimeout(timers.get(id))
  timers.delete(id)
}

function start(toast: Toast) {
  const lastsMs = toast.action || toast.tone === "failed" ? LASTS_WITH_ACTION_MS : LASTS_MS
  timers.set(
    toast.id,
    setTimeout(() => dismissToast(toast.id), lastsMs),
  )
}

export function toast(text: string, options: Partial<Omit<Toast, "id" | "text">> = {}): number {
  ids += 1
  const next: Toast = { id: ids, text, tone: "done", ...options }
  set([...shown, next].slice(-TOASTS_MAX))
  if (!held) start(next)
  return next.id
}

export const dismissToast = (id: number) => set(shown.filter((toast) => toast.id !== id))

/** Somebody is reading them: no time runs. */
export function holdToasts(hold: boolean) {
  held = hold
  for (const one of shown) {
    stop(one.id)
    if (!hold) start(one)
  }
}
