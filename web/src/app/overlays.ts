/** Which of the shell's two layers is open: the palette, the sheet of keys, or none. */
export type Overlay = "palette" | "keys" | null

const listeners = new Set<() => void>()
let open: Overlay = null

export const overlay = {
  get: (): Overlay => open,
  set(next: Overlay): void {
    open = next
    for (const listener of listeners) listener()
  },
  toggle(which: Exclude<Overlay, null>): void {
    overlay.set(open === which ? null : which)
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
