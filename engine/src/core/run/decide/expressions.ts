/** Starlark conditions of a state, evaluated at its place in the run (dsl.md §3, settled 15). */
import type { Condition, Path, Template } from "../../definition/model.ts"
import { evaluate, type LazyObject, toJson, truth } from "../../expression/starlark/index.ts"
import { isJsonObject, type Json, type JsonObject } from "../../json.ts"
import { ContextNode, type ContextValue } from "../context.ts"
import { ContextList } from "../context-list.ts"
import type { RunError } from "../events.ts"
import { contextOf } from "../evolve-scopes.ts"
import { helperValue, localName, localNames, nearestExisting, plain, readPath } from "../names.ts"
import { type Rendered, render } from "../render.ts"
import type { Scope, Visit } from "../state.ts"
import { isBlobRef } from "../stored.ts"
import { failure } from "./failure.ts"
import type { Work } from "./work.ts"

export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: RunError }

/** Extra names, in front of all others: `error` in a catch, `index` of a loop's bound. */
export type Extra = { readonly [name: string]: Json }

export function ask(
  work: Work,
  visit: Visit,
  condition: Condition,
  options: { result?: Json | undefined; extra?: Extra; scope?: Scope } = {},
): Asked<Json> {
  const scope = options.scope ?? work.scopeOf(visit)
  const done = evaluate(condition.expression, names(work, scope, options), work.budget)
  if (!done.ok) {
    const { code, message, ...evidence } = done.error
    return {
      ok: false,
      error: failure(visit, {
        class: "bug",
        code,
        title: "An expression failed",
        detail: `${condition.source}: ${message}`,
        data: { expression: condition.source, ...(evidence as JsonObject) },
      }),
    }
  }
  const value = toJson(done.value)
  if (!value.ok)
    return {
      ok: false,
      error: failure(visit, {
        class: "bug",
        code: value.error.code,
        title: "An expression gave no JSON value",
        detail: `${condition.source}: ${value.error.message}`,
        data: { expression: condition.source },
      }),
    }
  return { ok: true, value: value.value }
}

export function askTruth(
  work: Work,
  visit: Visit,
  condition: Condition,
  options: { result?: Json | undefined; extra?: Extra; scope?: Scope } = {},
): Asked<boolean> {
  const scope = options.scope ?? work.scopeOf(visit)
  const done = evaluate(condition.expression, names(work, scope, options), work.budget)
  if (done.ok) return { ok: true, value: truth(done.value) }
  const { code, message, ...evidence } = done.error
  return {
    ok: false,
    error: failure(visit, {
      class: "bug",
      code,
      title: "A condition failed",
      detail: `${condition.source}: ${message}`,
      data: { expression: condition.source, ...(evidence as JsonObject) },
    }),
  }
}

export function names(
  work: Work,
  scope: Scope,
  options: { result?: Json | undefined; extra?: Extra },
): { lookup(name: string): Json | LazyObject | undefined; names(): string[] } {
  const { result, extra } = options
  const context = contextOf(work.state, scope)
  return {
    lookup(name) {
      if (extra !== undefined && Object.hasOwn(extra, name)) return extra[name]
      const local = localName(work, scope, name)
      if (local !== undefined) return plain(work, local)
      switch (name) {
        case "result":
          return result === undefined ? new LazyContext(work, context) : result
        case "ctx":
          return new LazyContext(work, context)
        case "steps":
          return lazy(work, context.get("steps"))
        case "input":
        case "run":
          return lazy(work, context.get(name)) ?? helperValue(work, name)
        default:
          break
      }
      if (result === undefined)
        return lazy(work, context.get(name)) ?? (name === "workflow" ? helperValue(work, name) : undefined)
      return isJsonObject(result) && Object.hasOwn(result, name) ? result[name] : undefined
    },
    names() {
      const keys = result === undefined ? context.keys() : isJsonObject(result) ? Object.keys(result) : []
      return [
        ...Object.keys(extra ?? {}),
        ...localNames(work, scope),
        "result",
        "ctx",
        "steps",
        "input",
        "run",
        ...keys,
      ]
    },
  }
}

class LazyContext implements LazyObject {
  readonly #work: Work
  readonly #node: ContextNode

  constructor(work: Work, node: ContextNode) {
    this.#work = work
    this.#node = node
  }

  get(key: string): Json | LazyObject | undefined {
    return lazy(this.#work, this.#node.get(key))
  }

  has(key: string): boolean {
    return this.#node.get(key) !== undefined
  }

  keys(): Iterable<string> {
    return this.#node.keys()
  }
}

function lazy(work: Work, value: ContextValue | undefined): Json | LazyObject | undefined {
  if (value === undefined) return undefined
  if (value instanceof ContextNode) return new LazyContext(work, value)
  return isBlobRef(value) || value instanceof ContextList || work.state.nestedBlobs ? plain(work, value) : value
}

/** A template at a visit's place; a missing path is a failure of the state. */
export function fill(work: Work, visit: Visit, template: Template): Asked<Json> {
  const rendered: Rendered = render(work, work.scopeOf(visit), template)
  if (rendered.ok) return rendered
  return {
    ok: false,
    error: failure(visit, {
      class: "validation_failed",
      code: rendered.code,
      title: "A template names nothing",
      detail: rendered.message,
      data: { template: rendered.template, names: [...rendered.names] },
    }),
  }
}

/** The value at a path, which must be there. */
export function read(work: Work, visit: Visit, path: Path, what: string): Asked<Json> {
  const value = readPath(work, work.scopeOf(visit), path)
  return value === undefined ? { ok: false, error: namesNothing(work, visit, path, what) } : { ok: true, value }
}

export function namesNothing(work: Work, visit: Visit, path: Path, what: string): RunError {
  const nearest = nearestExisting(work, work.scopeOf(visit), path)
  return failure(visit, {
    class: "validation_failed",
    code: "path_not_found",
    title: `${what} names nothing`,
    detail: `${path.text} is not in the context: "${nearest.found}" has ${nearest.keys.join(", ") || "no keys"}`,
    data: { path: path.text, names: [...nearest.keys] },
  })
}
