/**
 * What makes two failures the same issue: where, what kind, which code, and the message without what differs from run to
 * run. Taken out are quoted parts, ids, addresses and numbers, so that "order 17 not found" and "order 18 not found" are
 * one. Messages are redacted before they get here; nothing is ever put back.
 */
import type { RunError } from "../run/events.ts"

export interface Fingerprint {
  readonly step: string | null
  readonly errorClass: string
  readonly errorCode: string
  /** Normalised. */
  readonly message: string
  /** The first place of the author's own code, without its line. */
  readonly frame: string | null
}

const messageMax = 200
const causesMax = 8

/** @param step as the run's row names it, with its branch path */
export function fingerprintOf(error: RunError, step: string | null): Fingerprint {
  const cause = deepestOf(error)
  const kind = deepestOf(error, bareCause)
  return {
    step: step === null ? null : step.replace(/\[\d+(?:,\d+)*\]/g, "[*]"),
    errorClass: kind.class,
    errorCode: kind.code,
    message: normalised(cause.detail),
    frame: cause.stack === undefined ? null : ownFrame(cause.stack),
  }
}

/** A text beneath an agent's error, of which no kind and no code is known: the error that it is the cause of has them. */
const bareCause = "waybill:cause"

/** What it began with: a wrapper says only that it was tried often enough. @param until a type that is not gone down to */
function deepestOf(error: RunError, until?: string): RunError {
  let found = error
  for (let depth = 0; depth < causesMax && found.cause !== undefined && found.cause.type !== until; depth++)
    found = found.cause
  return found
}

/** One after the other: what a later one would find inside an earlier one's match is gone by then. */
const differing: readonly (readonly [RegExp, string])[] = [
  [/"[^"\n]*"|`[^`\n]*`|(?<![A-Za-z0-9])'[^'\n]*'(?![A-Za-z0-9])/g, "<text>"],
  [/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "<url>"],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, "<email>"],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g, "<time>"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "<address>"],
  // A word of letters and digits that no language has: ids with or without a prefix, hashes.
  [/\b(?=[A-Za-z0-9_-]*\d)(?=[A-Za-z0-9_-]*[A-Za-z])[A-Za-z0-9_-]{8,}\b/g, "<id>"],
  [/[-+]?\b\d+(?:[.,]\d+)*/g, "<n>"],
  [/\s+/g, " "],
]

export function normalised(message: string): string {
  let text = message.slice(0, 4 * messageMax)
  for (const [pattern, mark] of differing) text = text.replace(pattern, mark)
  return text.trim().slice(0, messageMax)
}

/** `charge (agents/payer.agent.ts)`: the line would tell two versions apart that fail alike. */
function ownFrame(stack: string): string | null {
  for (const line of stack.split("\n").slice(0, 50)) {
    if (/node_modules|node:|<anonymous>/.test(line)) continue
    const found = /^\s*at (?:(?:async )?([^\s(]+) )?\(?(.+?):\d+(?::\d+)?\)?\s*$/.exec(line)
    if (found === null) continue
    const file = found[2]!
      .replace(/[?#].*$/, "")
      .split("/")
      .slice(-2)
      .join("/")
    return found[1] === undefined ? file : `${found[1]} (${file})`
  }
  return null
}
