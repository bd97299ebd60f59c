/**
 * Names places in a value: names with points between them; `*` is any one name or index, `**` any number of them, a
 * number the index of an item. Names are compared without case; one with a point or a star in it stands in quotes:
 * `headers."x.api.key"`. All rules walk down together, each as the set of places it has come to.
 */

export interface PathProblem {
  /** Of the character, from 0. */
  readonly at: number
  readonly message: string
}

export type FieldPath = readonly string[]

const segmentsMax = 16
const lengthMax = 256
const bareName = /^[^.*"\s]+$/u

export function parseFieldPath(text: string): FieldPath | PathProblem {
  if (text.length > lengthMax) return { at: lengthMax, message: `a path has at most ${lengthMax} characters` }
  const segments: string[] = []
  let at = 0
  for (;;) {
    const segment = readSegment(text, at)
    if ("message" in segment) return segment
    segments.push(segment.name)
    if (segments.length > segmentsMax) return { at, message: `a path has at most ${segmentsMax} names` }
    if (segment.end === text.length) return segments
    if (text[segment.end] !== ".") return { at: segment.end, message: "a point or the end of the path belongs here" }
    at = segment.end + 1
  }
}

/** Quoted names are kept with a quote in front, so that `"*"` is no star. */
function readSegment(text: string, at: number): { readonly name: string; readonly end: number } | PathProblem {
  if (text[at] === '"') {
    const end = text.indexOf('"', at + 1)
    if (end === -1) return { at, message: "the quote is never closed" }
    return { name: `"${text.slice(at + 1, end).toLowerCase()}`, end: end + 1 }
  }
  const point = text.indexOf(".", at)
  const end = point === -1 ? text.length : point
  const name = text.slice(at, end)
  if (name === "*" || name === "**") return { name, end }
  if (!bareName.test(name))
    return { at, message: name === "" ? "a name is missing" : `${JSON.stringify(name)} must stand in quotes` }
  return { name: `"${name.toLowerCase()}`, end }
}

/** A rule, and how many of its names are behind it. */
interface Place {
  readonly rule: number
  readonly path: FieldPath
  readonly next: number
}

/** All rules at one place in the value. */
export type Places = readonly Place[]

export function placesAtRoot(paths: readonly FieldPath[]): Places {
  return paths.flatMap((path, rule) => opened({ rule, path, next: 0 }))
}

/** One step down, to a field or to an item. */
export function placesBelow(places: Places, name: string): Places {
  if (places.length === 0) return places
  const below: Place[] = []
  const wanted = `"${name.toLowerCase()}`
  for (const place of places) {
    const segment = place.path[place.next]
    if (segment === undefined) continue
    if (segment === "**") below.push(...opened(place))
    else if (segment === "*" || segment === wanted) below.push(...opened({ ...place, next: place.next + 1 }))
  }
  return below
}

/** `**` also stands for no name at all. */
function opened(place: Place): readonly Place[] {
  return place.path[place.next] === "**" ? [place, ...opened({ ...place, next: place.next + 1 })] : [place]
}

/** The first rule that ends here, or -1. */
export function ruleAt(places: Places): number {
  let first = -1
  for (const { rule, path, next } of places) if (next === path.length && (first === -1 || rule < first)) first = rule
  return first
}
