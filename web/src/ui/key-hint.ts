/**
 * Keys as they are written down and as they are shown. Written: `Mod+K`, `Shift+A`, `g r` (one after the other), `Space`.
 * `Mod` is ⌘ on a Mac and Ctrl elsewhere.
 */
const onMac: Readonly<Record<string, string>> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Ctrl: "⌃" }
const elsewhere: Readonly<Record<string, string>> = { Mod: "Ctrl" }
const both: Readonly<Record<string, string>> = {
  Enter: "↵",
  Escape: "Esc",
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
}

const isMac = () => typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent)

/** The caps to draw: `Mod+K` → `["⌘", "K"]`, `g r` → `["G", "R"]`. */
export function keyCaps(keys: string, mac: boolean = isMac()): readonly string[] {
  const names = mac ? { ...both, ...onMac } : { ...both, ...elsewhere }
  return keys.split(/[+ ](?=.)/).map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
}

/** For `aria-keyshortcuts`, which knows chords but no sequences: the last word for these is the sheet behind `?`. */
export function ariaKeys(keys: string, mac: boolean = isMac()): string | undefined {
  if (/ (?=.)/.test(keys)) return undefined
  return keys
    .split(/\+(?=.)/)
    .map((key) => (key === "Mod" ? (mac ? "Meta" : "Control") : key === "Ctrl" ? "Control" : key))
    .join("+")
}
