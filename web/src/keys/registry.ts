/**
 * Which keys do what now. Whoever shows an action registers its key while it is shown; the sheet behind `?` and the
 * palette read the same list, so what they say is what holds. Keys are written as in `ui/key-hint.ts`: `Mod+K`,
 * `Shift+A`, `g r` (one after the other), `Space`, `/`.
 *
 * Single keys are silent in fields, in dialogs that did not register them, and where a person has switched them off;
 * chords with `Mod` stay (WCAG 2.1.4 is about single characters). Later registrations win over earlier ones.
 */
export interface KeyBinding {
  /** What it does, as the sheet and the palette say it: `Cancel the run`. */
  readonly label: string
  readonly run: () => void
  /** It is shown, and does nothing now; the reason is told instead. */
  readonly refused?: string | null
  /** Also while a field has the focus; for chords and Escape. */
  readonly inFields?: boolean
}

export interface KeyGroup {
  /** The heading in the sheet: `Runs`, `Everywhere`. */
  readonly title: string
  readonly bindings: { readonly [keys: string]: KeyBinding }
  /** A dialog or a sheet: while it is open, single keys of others are silent. */
  readonly isLayer?: boolean
}

/** What of a keyboard event is looked at. */
export interface Press {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly isComposing: boolean
  readonly inField: boolean
  /** The focus is inside a dialog. */
  readonly inDialog: boolean
}

export interface ShownKey extends KeyBinding {
  readonly keys: string
}
export interface ShownGroup {
  readonly title: string
  readonly keys: readonly ShownKey[]
}

const SEQUENCE_MS = 1_200

export class KeyRegistry {
  /** Whether single keys hold; chords with Mod always do. */
  areOn: () => boolean
  private readonly now: () => number
  private groups: readonly KeyGroup[] = []
  private shown: readonly ShownGroup[] = []
  private readonly listeners = new Set<() => void>()
  private first: { readonly key: string; readonly at: number } | null = null

  constructor(options: { readonly areOn: () => boolean; readonly now: () => number }) {
    this.areOn = options.areOn
    this.now = options.now
  }

  /** Returns how to take it back. */
  add(group: KeyGroup): () => void {
    this.change([...this.groups, group])
    return () => this.change(this.groups.filter((one) => one !== group))
  }

  /** The latest group first; a key that a later one has taken is not listed again. */
  readonly list = (): readonly ShownGroup[] => this.shown

  readonly watch = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** True when the key was meant for somebody here; the browser must then do nothing with it. */
  press(press: Press): boolean {
    if (press.isComposing || isModifier(press.key)) return false
    const single = keyName(press)
    const sequence = this.sequenceWith(single)
    const found = (sequence && this.find(sequence, press)) || this.find(single, press)
    if (found !== undefined) {
      this.first = null
      if (!found.refused) found.run()
      return true
    }
    const mayBegin = this.isAwake(press, false) && this.begins(single, press)
    this.first = mayBegin ? { key: single, at: this.now() } : null
    return mayBegin
  }

  private sequenceWith(key: string): string | null {
    if (this.first === null || this.now() - this.first.at > SEQUENCE_MS) return null
    return `${this.first.key} ${key}`
  }

  private find(keys: string, press: Press): KeyBinding | undefined {
    for (const group of this.awake(press)) {
      const binding = group.bindings[keys]
      if (binding === undefined) continue
      return this.isAwake(press, binding.inFields ?? false, keys.startsWith("Mod+")) ? binding : undefined
    }
    return undefined
  }

  private begins(key: string, press: Press): boolean {
    return this.awake(press).some((group) => Object.keys(group.bindings).some((keys) => keys.startsWith(`${key} `)))
  }

  private isAwake(press: Press, inFields: boolean, isChord = false): boolean {
    if (press.inField && !inFields) return false
    return isChord || this.areOn()
  }

  /** A layer hides what lies under it; chords that hold everywhere are registered `inFields` and are found through it. */
  private awake(press: Press): readonly KeyGroup[] {
    const latest = [...this.groups].reverse()
    const layer = latest.findIndex((group) => group.isLayer)
    if (layer !== -1) return latest.slice(0, layer + 1)
    return press.inDialog ? latest.filter((group) => Object.keys(group.bindings).some(isChordName)) : latest
  }

  private change(groups: readonly KeyGroup[]): void {
    this.groups = groups
    this.shown = shownOf(groups)
    for (const listener of this.listeners) listener()
  }
}

/** `Mod` is Ctrl or ⌘, whichever was pressed: a keyboard of the other kind may be plugged in. */
export function keyName(press: Pick<Press, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const isLetter = /^\p{L}$/u.test(press.key)
  const key = press.key === " " ? "Space" : press.key
  const hasMod = press.ctrlKey || press.metaKey
  const parts = [
    hasMod && "Mod",
    press.altKey && "Alt",
    // A sign like `?` needs Shift on some keyboards and none on others; only letters and named keys are told apart by it.
    press.shiftKey && (isLetter || key.length > 1) && "Shift",
  ].filter((part) => part !== false)
  const name = isLetter && parts.length > 0 ? key.toUpperCase() : key
  return [...parts, name].join("+")
}

function shownOf(groups: readonly KeyGroup[]): readonly ShownGroup[] {
  const taken = new Set<string>()
  const byTitle = new Map<string, ShownKey[]>()
  for (const { title, bindings } of [...groups].reverse()) {
    const keys = byTitle.get(title) ?? []
    byTitle.set(title, keys)
    for (const [name, binding] of Object.entries(bindings)) {
      if (taken.has(name)) continue
      taken.add(name)
      keys.push({ ...binding, keys: name })
    }
  }
  return [...byTitle].filter(([, keys]) => keys.length > 0).map(([title, keys]) => ({ title, keys }))
}

function isChordName(keys: string): boolean {
  return keys.startsWith("Mod+")
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta"
}
