/** Where the server's findings about an input belong in the form: at the field they are about, or the nearest one above. */
import type { Finding } from "@waybill/contract"
import { keysOf, pointerOf } from "../../ui/json/json-path.ts"
import { allControls, type Control } from "./value/control.ts"

export interface Trouble {
  /** The control that shows it: its own place, or the nearest one above that is shown. */
  readonly pointer: string
  readonly words: string
  /** Nothing has been filled in there yet; until somebody was there, it is no mistake. */
  readonly missing: boolean
}

export function troublesIn(control: Control, findings: readonly Finding[]): readonly Trouble[] {
  const controls = new Map([...allControls(control)].map((one) => [one.pointer, one] as const))
  const pointers = [...controls.keys()]
  const troubles = findings
    .map((finding) => troubleOf(finding, new Set(pointers)))
    // The server looks a moment behind the hand: what has been filled in since is not missing.
    .filter((trouble) => !(trouble.missing && controls.get(trouble.pointer)?.given))
    // In the order of the form: the first one is the one to begin with.
    .sort((a, b) => pointers.indexOf(a.pointer) - pointers.indexOf(b.pointer))
  const own = troubles.filter((trouble) => !isOfOtherForm(trouble, controls, troubles))
  return own.length === 0 ? troubles : own
}

function troubleOf(finding: Finding, shown: ReadonlySet<string>): Trouble {
  const wanted = keysOf(finding.pointer ?? "")
  const depth = longestShown(wanted, shown)
  const isAtPlace = depth === wanted.length
  const missing = isAtPlace && finding.code === "missing_field"
  return {
    pointer: pointerOf(wanted.slice(0, depth)),
    words: missing ? "It is missing." : sentence(finding.message, wanted.slice(depth)),
    missing,
  }
}

/**
 * The server tells what keeps a value from each form of a choice. Once one is chosen, what the others miss is of no use:
 * what is said of the choice itself while a part of it is to be mended, and of the constant by which the form is known.
 */
function isOfOtherForm({ pointer }: Trouble, controls: ReadonlyMap<string, Control>, all: readonly Trouble[]): boolean {
  const control = controls.get(pointer)
  const choice = [...controls.values()].find(
    (one) =>
      one.kind === "choice" && one.inner !== null && (one.pointer === pointer || pointer.startsWith(`${one.pointer}/`)),
  )
  if (control === undefined || choice === undefined) return false
  if (choice.pointer === pointer) return all.some((other) => other.pointer.startsWith(`${pointer}/`))
  return control.kind === "enum" && control.at >= 0
}

function longestShown(keys: readonly string[], shown: ReadonlySet<string>): number {
  for (let depth = keys.length; depth > 0; depth--) if (shown.has(pointerOf(keys.slice(0, depth)))) return depth
  return 0
}

/** The server begins small, for its words usually follow a name. */
function sentence(message: string, below: readonly string[]): string {
  const words = below.length === 0 ? message : `${below.join(".")}: ${message}`
  const whole = /^[a-z]/.test(words) && below.length === 0 ? words[0]!.toUpperCase() + words.slice(1) : words
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`
}

/** What stands in red now: nobody is told that a field is empty before they were there. */
export function seenTroubles(
  troubles: readonly Trouble[],
  seen: { readonly all: boolean; readonly touched: ReadonlySet<string> },
): ReadonlyMap<string, string> {
  const words = new Map<string, string>()
  for (const trouble of troubles) {
    if (trouble.missing && !seen.all && !seen.touched.has(trouble.pointer)) continue
    const before = words.get(trouble.pointer)
    words.set(trouble.pointer, before === undefined ? trouble.words : `${before} ${trouble.words}`)
  }
  return words
}
