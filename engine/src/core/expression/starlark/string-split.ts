/** Splitting strings: by separator, by white space, by lines. Pieces are charged as they are made. */
import type { Meter } from "./meter.ts"
import { chargeSearch } from "./search.ts"
import { isSpace, strip } from "./string-case.ts"
import { SLOT_BYTES } from "./values.ts"

/** `separator` undefined: runs of white space. `limit`: splits at most. */
export function split(text: string, separator: string | undefined, limit: number, meter: Meter): string[] {
  if (separator === undefined) return splitOnSpace(text, limit, meter)
  chargeSearch(text.length, separator.length, meter)
  const pieces = new Pieces(meter)
  let at = 0
  for (let next = text.indexOf(separator); next >= 0 && pieces.count < limit; next = text.indexOf(separator, at)) {
    pieces.add(text.slice(at, next))
    at = next + separator.length
  }
  pieces.add(text.slice(at))
  return pieces.list
}

/** Like `split`, from the right. */
export function rightSplit(text: string, separator: string | undefined, limit: number, meter: Meter): string[] {
  if (separator === undefined) return rightSplitOnSpace(text, limit, meter)
  chargeSearch(text.length, separator.length, meter)
  const pieces = new Pieces(meter)
  let end = text.length
  while (pieces.count < limit) {
    const found = end < separator.length ? -1 : text.lastIndexOf(separator, end - separator.length)
    if (found < 0) break
    pieces.add(text.slice(found + separator.length, end))
    end = found
  }
  pieces.add(text.slice(0, end))
  return pieces.list.reverse()
}

function splitOnSpace(text: string, limit: number, meter: Meter): string[] {
  meter.step(Math.floor(text.length / 64))
  const pieces = new Pieces(meter)
  let rest = strip(text, isSpace, true, false)
  while (rest !== "") {
    const end = pieces.count < limit ? rest.search(/\p{White_Space}/u) : -1
    if (end < 0) {
      pieces.add(rest)
      break
    }
    pieces.add(rest.slice(0, end))
    rest = strip(rest.slice(end), isSpace, true, false)
  }
  return pieces.list
}

function rightSplitOnSpace(text: string, limit: number, meter: Meter): string[] {
  meter.step(Math.floor(text.length / 64))
  const pieces = new Pieces(meter)
  let rest = strip(text, isSpace, false, true)
  while (rest !== "") {
    const start = pieces.count < limit ? lastWordStart(rest) : 0
    if (start === 0) {
      pieces.add(rest)
      break
    }
    pieces.add(rest.slice(start))
    rest = strip(rest.slice(0, start), isSpace, false, true)
  }
  return pieces.list.reverse()
}

/** 0 when there is no white space before the last word. */
function lastWordStart(text: string): number {
  let start = text.length
  while (start > 0 && !isSpace(text.charAt(start - 1))) start--
  return start
}

/** Lines end with \n, \r\n or \r; the last may have no end. */
export function splitLines(text: string, keepEnds: boolean, meter: Meter): string[] {
  meter.read(text.length)
  const pieces = new Pieces(meter)
  let at = 0
  while (at < text.length) {
    const end = lineEnd(text, at)
    const next = text.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, text.length)
    pieces.add(text.slice(at, keepEnds ? next : end))
    at = next
  }
  return pieces.list
}

function lineEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && text[at] !== "\n" && text[at] !== "\r") at++
  return at
}

/** Before, separator, after; `last` splits at the last occurrence. */
export function partition(text: string, separator: string, last: boolean, meter: Meter): string[] {
  chargeSearch(text.length, separator.length, meter)
  const at = last ? text.lastIndexOf(separator) : text.indexOf(separator)
  if (at < 0) return last ? ["", "", text] : [text, "", ""]
  return [text.slice(0, at), separator, text.slice(at + separator.length)]
}

class Pieces {
  readonly list: string[] = []
  private readonly meter: Meter

  constructor(meter: Meter) {
    this.meter = meter
  }

  get count(): number {
    return this.list.length
  }

  add(piece: string): void {
    this.meter.step()
    this.meter.grow(piece.length + SLOT_BYTES)
    this.list.push(piece)
  }
}
