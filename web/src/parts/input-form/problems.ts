/** Where the server's findings about an input belong in the form. A name that is missing belongs where it would stand. */
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
  const shown = new Set([...allControls(control)].map(({ pointer }) => pointer))
  return findings.map((finding) => {
    const missing = missingName(finding)
    const wanted = [...keysOf(finding.pointer ?? ""), ...(missing === null ? [] : [missing])]
    const depth = longestShown(wanted, shown)
    const isAtPlace = depth === wanted.length
    return {
      pointer: pointerOf(wanted.slice(0, depth)),
      words: isAtPlace && missing !== null ? "It is missing." : sentence(finding.message, wanted.slice(depth)),
      missing: missing !== null && isAtPlace,
    }
  })
}

function longestShown(keys: readonly string[], shown: ReadonlySet<string>): number {
  for (let depth = keys.length; depth > 0; depth--) if (shown.has(pointerOf(keys.slice(0, depth)))) return depth
  return 0
}

/** `required` is told of the object that lacks the name. */
function missingName({ code, message, expected }: Finding): string | null {
  const named = /^`(.+)` is missing$/.exec(message)?.[1]
  if (named === undefined && code !== "required") return null
  return typeof expected === "string" ? expected : (named ?? null)
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
