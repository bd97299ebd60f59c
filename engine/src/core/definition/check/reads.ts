/**
 * Reads of what is never there: a path that no state before writes and the input does not have, a name in an expression
 * that nothing defines. Follows the routes of each block and the way contexts are layered (a branch or an item reads its
 * parent and writes its own). Warns; an error only where it is certain. Says nothing where the input is not described.
 */
import { BUILTIN_NAMES } from "../../expression/starlark/index.ts"
import type { Json } from "../../json.ts"
import { isJsonObject } from "../../json.ts"
import type { Block, Definition, State } from "../model.ts"
import { nearest } from "../read/did-you-mean.ts"
import type { Reading } from "../read/reading.ts"
import { innerBlocks } from "../walk.ts"
import { declaredInputs, presenceInInput } from "./input-shape.ts"
import { routesOf } from "./routes.ts"
import { type ConditionUse, type PathUse, type Use, Uses, usesOf } from "./uses.ts"
import { type Write, WriteIndex, type Writes, writesOf, writesOfBlock } from "./writes.ts"

type Segments = readonly (string | number)[]

/** Writes that may have happened before a place: those of some states of one block, or all of them. */
interface Layer {
  readonly writes: WriteIndex
  /** Null = all. */
  readonly before: Pick<Ancestors, "has"> | null
}

interface Place {
  readonly layers: readonly Layer[]
  /** Item, index and counter names of the blocks around. */
  readonly locals: ReadonlySet<string>
}

const HELPERS = new Set(["input", "run", "workflow"])
/** Written by the engine in its own time. */
const ENGINE_NAMES = new Set(["branches"])

export function checkReads(reading: Reading, definition: Definition): void {
  new ReadCheck(reading, definition).run()
}

class ReadCheck {
  private readonly reading: Reading
  private readonly definition: Definition

  constructor(reading: Reading, definition: Definition) {
    this.reading = reading
    this.definition = definition
  }

  run(): void {
    const { block, output, businessEventId, idempotency, concurrency } = this.definition
    const atStart: Place = { layers: [], locals: new Set() }
    const before = new Uses(this.reading)
    before.template(businessEventId, idempotency?.key ?? null, concurrency?.key ?? null)
    this.uses(before.list, atStart)
    this.block(block, atStart)
    const after = new Uses(this.reading)
    after.template(output?.as ?? null)
    this.uses(after.list, { layers: [allOf(writesOfBlock(block))], locals: new Set() })
  }

  private block(block: Block, around: Place): void {
    const states = [...block.states.values()]
    const writes = new WriteIndex(states.map((state) => [state.name, writesOf(state)] as const))
    const sources = this.sourcesOf(states)
    for (const state of states) {
      if (this.reading.unreadable.has(state)) continue
      const place = {
        ...around,
        layers: [...around.layers, { writes, before: new Ancestors(state.name, sources) }],
      }
      const afterBody =
        state.type === "loop" ? { ...place, layers: [...place.layers, allOf(writesOfBlock(state.block))] } : place
      const uses = usesOf(this.reading, state)
      this.uses(
        uses.filter((use) => use.kind === "path" || !use.afterBody),
        place,
      )
      this.uses(
        uses.filter((use) => use.kind === "condition" && use.afterBody),
        afterBody,
      )
      this.inside(state, place)
    }
  }

  private inside(state: State, place: Place): void {
    for (const { kind, block } of innerBlocks(state)) {
      const layers = [...place.layers]
      // A second round sees the first one's writes; a clean-up sees whatever happened.
      if (kind === "do") layers.push(allOf(writesOfBlock(block)))
      if (kind === "finally" && state.type === "try") layers.push(allOf(writesOfBlock(state.block)))
      if (kind === "onCancel") layers.push(allOf(writesOf(state)))
      const names =
        kind === "do"
          ? ["index"]
          : state.type === "foreach" && kind === "iterator"
            ? [state.itemName, state.indexName]
            : []
      this.block(block, { layers, locals: new Set([...place.locals, ...names]) })
    }
  }

  private sourcesOf(states: readonly State[]): ReadonlyMap<string, readonly string[]> {
    const sources = new Map<string, string[]>(states.map((state) => [state.name, []]))
    for (const state of states) for (const { to } of routesOf(this.reading, state)) sources.get(to)?.push(state.name)
    return sources
  }

  private uses(uses: readonly Use[], place: Place): void {
    for (const use of uses) {
      if (this.reading.report.isFull) return
      if (use.kind === "path") this.path(use, place)
      else this.condition(use, place)
    }
  }

  private path({ path, pointer, source }: PathUse, place: Place): void {
    const [first] = path.segments
    if (typeof first !== "string") return
    if (!path.rooted && (place.locals.has(first) || HELPERS.has(first))) return
    this.read(path.segments, path.text, { pointer, ...(source && this.offsetOf(pointer, source)) }, place)
  }

  private offsetOf(pointer: string, source: string): { offset?: number } {
    const text = this.reading.textAt(pointer)
    const offset = text?.indexOf(source) ?? -1
    return offset < 0 ? {} : { offset }
  }

  private condition(use: ConditionUse, place: Place): void {
    for (const { name, path, called, offset } of use.condition.expression.names) {
      const read = called ? path.slice(0, -1) : path
      const at = { pointer: use.pointer, offset }
      if (use.extra.includes(name) || place.locals.has(name)) continue
      if (name === "ctx") this.read(read, written("ctx", read), at, place)
      else if (name === "steps") this.read(["steps", ...read], written("steps", read), at, place)
      else if (name === "result") this.result(use, read, at, place)
      else if (!HELPERS.has(name) && use.object === "ctx" && !BUILTIN_NAMES.has(name))
        this.bareName(name, read, at, place)
    }
  }

  private result({ object }: ConditionUse, read: Segments, at: At, place: Place): void {
    if (object === null) return
    const base = object === "ctx" ? [] : object.segments
    const [first] = base
    if (
      object !== "ctx" &&
      !object.rooted &&
      typeof first === "string" &&
      (place.locals.has(first) || HELPERS.has(first))
    )
      return
    this.read([...base, ...read], written("result", read), at, place)
  }

  private bareName(name: string, read: Segments, at: At, place: Place): void {
    if (this.mayExist([name], place) !== "no") return this.read([name, ...read], written(name, read), at, place)
    const presence = presenceInInput(this.definition.inputSchema, [name])
    if (presence === "possible") return this.read([name, ...read], written(name, read), at, place)
    if (presence === "unknown" || ENGINE_NAMES.has(name)) return
    const known = [
      ...this.knownRoots(place),
      ...place.locals,
      ...BUILTIN_NAMES,
      "ctx",
      "steps",
      "result",
      "input",
      "run",
    ]
    const hint = this.hint(name, known)
    const message = `nothing defines the name \`${name}\``
    if (presence === "impossible") this.reading.report.error("unknown_name", at, message, { actual: name, hint })
    else this.reading.report.warning("unknown_name", at, message, { actual: name, hint })
  }

  private read(segments: Segments, text: string, at: At, place: Place): void {
    const [first] = segments
    if (typeof first !== "string" || ENGINE_NAMES.has(first)) return
    if (this.mayExist(segments, place) !== "no") return
    const presence = presenceInInput(this.definition.inputSchema, segments)
    if (presence === "possible") return
    if (presence === "unknown" && first !== "steps") return
    if (presence === "undeclared" && this.isDeclared(segments)) return
    const known = this.knownPaths(place, text.startsWith("ctx"))
    this.reading.report.warning("never_written", at, `nothing writes \`${text}\` before this`, {
      actual: text,
      hint: this.hint(text, known),
    })
  }

  /** Beyond what the schema lists at the root, lists of fields are rarely complete. */
  private isDeclared(segments: Segments): boolean {
    return declaredInputs(this.definition.inputSchema).includes(String(segments[0]))
  }

  private mayExist(segments: Segments, place: Place): "yes" | "no" {
    for (const { writes, before } of place.layers) {
      const mayPrecede = (state: string) => before === null || before.has(state)
      if (writes.unbounded.some(mayPrecede)) return "yes"
      for (const { state, write } of writes.near(segments))
        if (covers(write, segments) && mayPrecede(state)) return "yes"
    }
    return "no"
  }

  private *writesBefore(place: Place): Generator<Write> {
    for (const { writes, before } of place.layers) {
      for (const { state, write } of writes.all.slice(0, SUGGESTIONS_MAX))
        if (before === null || before.has(state)) yield write
    }
  }

  private knownRoots(place: Place): string[] {
    return [
      ...declaredInputs(this.definition.inputSchema),
      ...[...this.writesBefore(place)].map((write) => String(write.segments[0])),
    ]
  }

  private knownPaths(place: Place, rooted: boolean): string[] {
    const prefix = rooted ? "ctx." : ""
    const inputs = declaredInputs(this.definition.inputSchema).map((name) => prefix + name)
    const paths = [...this.writesBefore(place)].map((write) => prefix + written("", write.segments))
    return [...new Set([...paths, ...inputs])]
  }

  private hint(text: string, known: readonly string[]): string {
    const near =
      nearest(text, known) ??
      nearest(
        text,
        known.flatMap((path) => prolonged(path, text)),
      )
    if (near !== null && near !== text) return `Did you mean \`${near}\`?`
    const some = [...new Set(known)].filter((name) => !BUILTIN_NAMES.has(name)).slice(0, 8)
    return some.length === 0
      ? "Nothing is written before, and the input declares nothing."
      : `Known here: ${some.join(", ")}.`
  }
}

/** Names looked through for a likely one. */
const SUGGESTIONS_MAX = 500

type At = { readonly pointer: string; readonly offset?: number }

/** A known path with the rest of the longer one that was written. */
function prolonged(path: string, text: string): string[] {
  const depth = path.split(".").length
  const rest = text.split(".").slice(depth)
  return rest.length > 0 ? [[path, ...rest].join(".")] : []
}

function written(name: string, segments: Segments): string {
  const text = segments.reduce<string>((before, segment) => {
    if (typeof segment === "number") return `${before}[${segment}]`
    return /^[\p{L}\p{N}_-]+$/u.test(segment) ? `${before}.${segment}` : `${before}[${JSON.stringify(segment)}]`
  }, name)
  return text.replace(/^\./, "")
}

/** The write made the path, something above it, or something inside it. */
function covers({ segments, value }: Write, read: Segments): boolean {
  const shared = Math.min(segments.length, read.length)
  for (let i = 0; i < shared; i++) if (segments[i] !== read[i]) return false
  return value === undefined || read.length <= segments.length || holds(value, read.slice(segments.length))
}

function holds(value: Json, segments: Segments): boolean {
  let at: Json | undefined = value
  for (const segment of segments) {
    if (Array.isArray(at) && typeof segment === "number") at = (at as readonly Json[])[segment]
    else if (isJsonObject(at) && Object.hasOwn(at, String(segment))) at = at[String(segment)]
    else return false
    if (at === undefined) return false
  }
  return true
}

function allOf(writes: Writes): Layer {
  return { writes: new WriteIndex([["", writes]]), before: null }
}

/**
 * The states that may have run before one, nearest first, looked for as far as is asked: most reads are of the state in
 * front, and all that lies before each of a thousand states is half a million.
 */
class Ancestors {
  private readonly sources: ReadonlyMap<string, readonly string[]>
  private readonly seen = new Set<string>()
  private readonly open: string[]
  private looked = 0

  constructor(name: string, sources: ReadonlyMap<string, readonly string[]>) {
    this.sources = sources
    this.open = [...(sources.get(name) ?? [])]
  }

  has(state: string): boolean {
    while (!this.seen.has(state) && this.looked < this.open.length) {
      const next = this.open[this.looked++]!
      if (this.seen.has(next)) continue
      this.seen.add(next)
      this.open.push(...(this.sources.get(next) ?? []))
    }
    return this.seen.has(state)
  }
}
