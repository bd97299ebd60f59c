/**
 * The language in two hundred naive lines: a recursive interpreter of a definition's own text, without events, states,
 * clocks or crashes. What the engine makes of the same definition must be equal in the end, whatever happened on the
 * way. It shares no code with `decide`; of the history it asks only what came from outside.
 */
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts"
import { behave } from "./behaviours.ts"
import type { History, PlaceHistory } from "./history.ts"
import { hushed } from "./hush.ts"

type Tree = { [key: string]: Json | Tree }

export interface Ending {
  readonly status: "COMPLETED" | "FAILED" | "TIMED_OUT"
  readonly error: string | null
  readonly context: Json
  readonly output: Json
}

/** The engine did what the language does not allow, or the other way round. */
export class Mismatch extends Error {}

class StepError extends Error {
  readonly class: string
  readonly code: string
  readonly kind: string | null
  constructor(failureClass: string, code: string, kind: string | null = null) {
    super(code)
    this.class = failureClass
    this.code = code
    this.kind = kind
  }

  get json(): JsonObject {
    return { class: this.class, code: this.code }
  }

  matches(names: Json | undefined): boolean {
    return (
      !Array.isArray(names) || names.some((name) => name === this.class || name === this.code || name === this.kind)
    )
  }
}

interface Scope {
  readonly key: string
  /** All that is visible, and what was written in this layer only. */
  readonly seen: Tree
  readonly own: Tree
  readonly names: JsonObject
  last: Json
}

const invalid = (code: string) => new StepError("validation_failed", code)
const timeout = (code: string) => new StepError("transient", code, "timeout")

export function interpret(document: JsonObject, input: JsonObject, history: History): Ending {
  const context = copy(input) as Tree
  const root: Scope = { key: "", seen: context, own: {}, names: {}, last: {} }
  const interpreter = new Interpreter(history)
  try {
    interpreter.block(document, root)
    const as = (document.output as JsonObject | undefined)?.as
    const output = as === undefined ? (root.last ?? {}) : interpreter.fill(as, root)
    return { status: "COMPLETED", error: null, context, output }
  } catch (error) {
    if (!(error instanceof StepError)) throw error
    const nobodyCame = error.code === "approval_timeout" || error.code === "signal_timeout"
    return { status: nobodyCame ? "TIMED_OUT" : "FAILED", error: error.code, context, output: null }
  }
}

class Interpreter {
  readonly #history: History

  constructor(history: History) {
    this.#history = history
  }

  block(block: Json, scope: Scope): void {
    const states = (block as JsonObject).states as readonly JsonObject[]
    const visits = new Map<string, number>()
    const revisions = new Map<string, number>()
    for (let state: JsonObject | undefined = states[0]; state !== undefined; ) {
      const name = state.name as string
      const visit = (visits.get(name) ?? 0) + 1
      visits.set(name, visit)
      const next = this.#visit(state, `${scope.key}/${name}#${visit}`, scope, revisions)
      state = next === null ? undefined : states.find((other) => other.name === next)
    }
  }

  #visit(state: JsonObject, key: string, scope: Scope, revisions: Map<string, number>): string | null {
    const next = (state.next as string | undefined) ?? null
    try {
      if (state.if !== undefined && !this.#truth(state.if as string, scope)) return next
      const { result = null, to = next } = this.#run(state, key, scope, revisions)
      scope.last = result
      return to
    } catch (error) {
      if (!(error instanceof StepError)) throw error
      for (const clause of (state.catch ?? []) as readonly JsonObject[]) {
        if (!error.matches(clause.errors)) continue
        if (clause.if !== undefined && error.code === "denied") continue
        this.#write(scope, (clause.resultPath as string | undefined) ?? "ctx.error", "replace", error.json)
        scope.last = error.json
        return clause.next as string
      }
      throw error
    }
  }

  #run(
    state: JsonObject,
    key: string,
    scope: Scope,
    revisions: Map<string, number>,
  ): { result?: Json; to?: string | null } {
    switch (state.type) {
      case "operation":
        return state.action === "agent.run"
          ? { result: this.#result(state, scope, this.#agent(state, key, scope)) }
          : this.#approval(state, key, scope, revisions)
      case "inject": {
        const data = state.templated ? this.fill(state.data!, scope) : state.data!
        this.#write(
          scope,
          (state.resultPath as string | undefined) ?? "ctx",
          state.resultPath ? "replace" : "merge",
          data,
        )
        return { result: data }
      }
      case "switch":
        return { to: this.#switch(state, scope) }
      case "wait":
        this.fill(state.seconds!, scope)
        return {}
      case "emit":
        return {}
      case "listen": {
        const { signal } = this.#outside(key)
        if (signal !== null) return { result: this.#result(state, scope, signal.data) }
        if (state.onTimeout === undefined) throw timeout("signal_timeout")
        return { to: (state.onTimeout as JsonObject).next as string }
      }
      case "raise": {
        const type = (state.error as JsonObject).type as string
        throw new StepError(type === "sad" ? "bug" : type, type)
      }
      case "run":
        return { result: this.#child(state, key, scope) }
      case "parallel":
        return { result: this.#result(state, scope, this.#parallel(state, key, scope)) }
      case "foreach":
        return { result: this.#result(state, scope, this.#foreach(state, key, scope)) }
      case "loop":
        return { result: this.#loop(state, key, scope) }
      case "try":
        return { result: this.#try(state, key, scope) }
      default:
        throw new Mismatch(`the reference knows no ${state.type}`)
    }
  }

  #outside(key: string): PlaceHistory {
    const place = this.#history.place(key)
    if (place === undefined) throw new Mismatch(`the engine never came to ${key}`)
    return place
  }

  #agent(state: JsonObject, key: string, scope: Scope): Json {
    const input = state.input as JsonObject
    const place = this.#outside(key)
    const variables = this.fill(input.variables!, scope)
    const retry = (state.retry ?? { maxAttempts: 1 }) as JsonObject
    for (let attempt = 1; ; attempt++) {
      try {
        const output = this.#attempt(state, input.agent as string, variables, attempt, place)
        if (place.attempts !== attempt) throw new Mismatch(`${key} succeeded at attempt ${attempt} and was tried again`)
        return output
      } catch (error) {
        if (!(error instanceof StepError)) throw error
        const last =
          !tryAgain(retry, error) || (attempt >= (retry.maxAttempts as number) && retry.onExhausted !== "pause")
        if (last !== (place.attempts === attempt))
          throw new Mismatch(
            `${key} failed at attempt ${attempt} with ${error.code}; the engine tried ${place.attempts} times`,
          )
        if (last) throw error
      }
    }
  }

  #attempt(state: JsonObject, agent: string, input: Json, attempt: number, place: PlaceHistory): Json {
    const outside = place.failures.get(attempt)
    if (outside !== undefined) throw new StepError(outside.class, outside.code, outside.kind ?? null)
    const done = behave(agent, input, attempt)
    // What the engine may not keep it has never had.
    if (done.kind === "succeeds") return this.#valid(state, hushed(done.output))
    if (done.kind === "hangs") throw new Mismatch(`${agent} hung, and its deadline did not end it`)
    throw new StepError(done.class, done.code)
  }

  #valid(state: JsonObject, result: Json): Json {
    const output = typeof result === "string" ? { result } : result
    const valid = (state.validation as JsonObject | undefined)?.if
    if (valid === "result.v < 5") {
      const v = (output as JsonObject).v
      if (v === undefined) throw new StepError("bug", "expression_failed")
      if (!((v as number) < 5)) throw invalid("validation_not_passed")
    }
    return output
  }

  /** `resultSelector`, then the write. */
  #result(state: JsonObject, scope: Scope, result: Json): Json {
    if (state.resultPath === undefined) return result
    let value = result
    if (state.resultSelector !== undefined) {
      const v = (result as JsonObject).v
      if (v === undefined) throw new StepError("bug", "expression_failed")
      value = state.resultSelector === "result.v" ? v : modulo(v as number, 7)
    }
    this.#write(scope, state.resultPath as string, (state.resultMode as string | undefined) ?? "replace", value)
    return state.type === "parallel" || state.type === "foreach" ? result : value
  }

  #approval(
    state: JsonObject,
    key: string,
    scope: Scope,
    revisions: Map<string, number>,
  ): { result?: Json; to?: string } {
    const input = state.input as JsonObject
    const decided = this.#outside(key).approval
    const onReject = input.onReject as JsonObject | undefined
    if (decided === null) throw new Mismatch(`the engine asked nobody at ${key}`)
    if (decided.type === "approval.timed_out") {
      if (input.onTimeout === undefined) throw timeout("approval_timeout")
      return { to: (input.onTimeout as JsonObject).next as string }
    }
    if (decided.type === "approval.rejected" && onReject?.next === undefined)
      throw new StepError("policy_denied", "rejected")
    const result = this.#result(state, scope, decided.value)
    if (decided.type === "approval.rejected") return { result, to: onReject!.next as string }
    if (decided.type === "approval.approved") return { result }
    const used = (revisions.get(state.name as string) ?? 0) + 1
    revisions.set(state.name as string, used)
    const outcome = (input.outcomes as readonly Json[]).find(
      (one) => isJsonObject(one) && one.name === decided.outcome,
    ) as JsonObject
    if (used > (outcome.maxTimes as number)) throw new Mismatch(`${key} was sent back ${used} times`)
    return { result, to: outcome.rewindTo as string }
  }

  #switch(state: JsonObject, scope: Scope): string {
    for (const condition of state.conditions as readonly JsonObject[]) {
      try {
        if (this.#truth(condition.if as string, scope)) return condition.next as string
      } catch (error) {
        if (error instanceof StepError && state.onError === "default") return state.defaultNext as string
        throw error
      }
    }
    return state.defaultNext as string
  }

  #child(state: JsonObject, key: string, scope: Scope): Json {
    this.fill((state.workflow as JsonObject).input!, scope)
    const { child } = this.#outside(key)
    if (child === null) throw new Mismatch(`the engine started no child at ${key}`)
    if (state.await === false) return this.#result(state, scope, { runId: child.runId })
    if (child.status === "COMPLETED") return this.#result(state, scope, child.output)
    const kind = child.status === "TIMED_OUT" ? "timeout" : null
    throw new StepError(child.error?.class ?? "external_api", "child_failed", kind)
  }

  /** A layer of its own over the frozen parent. Gives its local writes, or the error that ended it. */
  #layer(block: Json, key: string, scope: Scope, names: JsonObject): { ok: Json } | { error: StepError } {
    const inner: Scope = {
      key,
      seen: copy(scope.seen) as Tree,
      own: {},
      names: { ...scope.names, ...names },
      last: null,
    }
    try {
      this.block(block, inner)
      return { ok: inner.own as Json }
    } catch (error) {
      if (error instanceof StepError) return { error }
      throw error
    }
  }

  #parallel(state: JsonObject, key: string, scope: Scope): Json {
    const branches = state.branches as readonly JsonObject[]
    const { mode = "all", count = 1, onBranchFailure = "failFast" } = (state.join ?? {}) as JsonObject
    const needed = mode === "any" ? 1 : mode === "quorum" ? (count as number) : branches.length
    const results: Record<string, Json> = {}
    let failed: StepError | null = null
    let failures = 0
    let ended = 0
    for (const end of this.#outside(key).ends) {
      const done = this.#ended(end.status, `${key}/${end.key}`, () =>
        this.#layer(branches.find((branch) => branch.name === end.key)!, `${key}/${end.key}`, scope, {}),
      )
      ended++
      if ("ok" in done) results[end.key] = done.ok
      else {
        failures++
        failed ??= done.error
        if (mode === "settled") results[end.key] = { error: done.error.json }
      }
      const last = ended === branches.length
      if (mode === "settled" ? last : Object.keys(results).length >= needed) return results
      if (mode === "settled" || failed === null) continue
      if (mode === "all" && onBranchFailure === "wait" ? last : branches.length - failures < needed) throw failed
    }
    throw new Mismatch(`the engine left ${key} before its join was decided`)
  }

  #ended(
    status: string,
    key: string,
    run: () => { ok: Json } | { error: StepError },
  ): { ok: Json } | { error: StepError } {
    if (status === "CANCELLED") throw new Mismatch(`the engine ended ${key} before there was a reason`)
    const done = run()
    if ("ok" in done !== (status === "SUCCEEDED"))
      throw new Mismatch(
        `${key} ended ${status} in the engine, ${"ok" in done ? "well" : done.error.code} in the reference`,
      )
    return done
  }

  #foreach(state: JsonObject, key: string, scope: Scope): Json {
    const items = Array.isArray(state.itemsPath)
      ? this.fill(state.itemsPath as Json, scope)
      : this.#read(state.itemsPath as string, scope)
    if (!Array.isArray(items)) throw invalid("not_an_array")
    const tolerated =
      (state.toleratedFailureCount as number | undefined) ?? (state.onItemFailure === "continue" ? items.length : 0)
    const goesOn = (item: Json, index: number) =>
      state.while === undefined || this.#truth(state.while as string, { ...scope, names: { item, index } })
    const { ends, begun } = this.#outside(key)
    const results: Json[] = Array.from({ length: begun }, () => null)
    for (let index = 0; index < begun; index++)
      if (!goesOn(items[index]!, index)) throw new Mismatch(`item ${index} of ${key} began behind the end`)
    let failed: StepError | null = null
    let failures = 0
    for (const end of ends) {
      const index = end.key as number
      const done = this.#ended(end.status, `${key}/${index}`, () =>
        this.#layer(state.iterator!, `${key}/${index}`, scope, { item: items[index]!, index }),
      )
      results[index] = "ok" in done ? done.ok : { error: done.error.json }
      if ("ok" in done) continue
      failed ??= done.error
      if (++failures > tolerated) throw failed
    }
    // A condition that cannot be answered ends the whole state, whatever still runs.
    if (begun < items.length && goesOn(items[begun]!, begun)) throw new Mismatch(`${key} began ${begun} items only`)
    if (ends.length !== begun) throw new Mismatch(`${ends.length} of ${begun} items of ${key} ended`)
    return results
  }

  #loop(state: JsonObject, key: string, scope: Scope): Json {
    let last: Json = null
    const asks = (text: Json | undefined, index: number) =>
      this.#truth(text as string, { ...scope, names: { ...scope.names, index } })
    for (let round = 0; ; round++) {
      if (state.until !== undefined && round > 0 && asks(state.until, round - 1)) break
      if (state.while !== undefined && !asks(state.while, round)) break
      if (round === state.maxIterations) {
        if (state.while === undefined && state.until === undefined) break
        throw new StepError("bug", "loop_exhausted", "no_match")
      }
      const inner: Scope = { ...scope, key: `${key}/do${round}`, names: { ...scope.names, index: round }, last: null }
      this.block(state.do!, inner)
      last = inner.last
    }
    return last === null ? null : this.#result(state, scope, last)
  }

  #try(state: JsonObject, key: string, scope: Scope): Json {
    const inner = (part: string): Scope => ({ ...scope, key: `${key}/${part}0`, last: null })
    const body = inner("try")
    let failed: StepError | null = null
    try {
      this.block(state.try!, body)
    } catch (error) {
      if (!(error instanceof StepError)) throw error
      failed = error
    }
    try {
      if (state.finally !== undefined) this.block(state.finally, inner("finally"))
    } catch (error) {
      if (!(error instanceof StepError)) throw error
      // The first error is the one that counts (rule 7).
      failed ??= error
    }
    if (failed !== null) throw failed
    return body.last
  }

  fill(template: Json, scope: Scope): Json {
    if (Array.isArray(template)) return template.map((item) => this.fill(item, scope))
    if (isJsonObject(template))
      return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, this.fill(value, scope)]))
    const match = typeof template === "string" ? /^\{\{ (\S+)(?: \?\? (\d+))? \}\}$/.exec(template) : null
    if (match === null) return template
    try {
      return this.#read(match[1]!, scope)
    } catch (error) {
      if (match[2] !== undefined) return Number(match[2])
      throw error
    }
  }

  #read(path: string, scope: Scope): Json {
    if (Object.hasOwn(scope.names, path)) return scope.names[path]!
    let at: Json | undefined = scope.seen as Json
    for (const part of path.replace(/^ctx\./, "").split(".")) {
      at = isJsonObject(at) && Object.hasOwn(at, part) ? at[part] : undefined
      if (at === undefined) throw invalid("path_not_found")
    }
    return copy(at)
  }

  #truth(condition: string, scope: Scope): boolean {
    if (condition === "True") return true
    const [, zeroAt, by] = /^7 \/\/ \((\d) - (\w+)\) != 0$/.exec(condition) ?? []
    if (by !== undefined) {
      if (this.#read(by, scope) === Number(zeroAt)) throw new StepError("bug", "expression_failed")
      return true
    }
    const [, name, op, right] = /^(\w+) (>|<|% 2 ==|\/\/ 0 >) (\d+)$/.exec(condition) ?? []
    if (name === undefined || op === undefined) throw new Mismatch(`the reference cannot read "${condition}"`)
    if (op === "// 0 >") throw new StepError("bug", "expression_failed")
    const left = this.#read(name, scope) as number
    if (op === ">") return left > Number(right)
    if (op === "<") return left < Number(right)
    return modulo(left, 2) === Number(right)
  }

  #write(scope: Scope, path: string, mode: string, value: Json): void {
    const parts = path.split(".").slice(1)
    if (mode === "merge") {
      const there = parts.reduce<Json | undefined>(
        (at, part) => (isJsonObject(at) ? at[part] : undefined),
        scope.seen as Json,
      )
      if (!isJsonObject(value) || (there !== undefined && !isJsonObject(there))) throw invalid("result_path_invalid")
      for (const [key, child] of Object.entries(value)) put(scope, [...parts, key], child)
    } else if (mode === "append") {
      const there = parts.reduce<Json | undefined>(
        (at, part) => (isJsonObject(at) ? at[part] : undefined),
        scope.seen as Json,
      )
      put(scope, parts, [...((there ?? []) as Json[]), value])
    } else put(scope, parts, value)
  }
}

function put(scope: Scope, parts: readonly string[], value: Json): void {
  for (const root of [scope.seen, scope.own]) {
    let at: Tree = root
    for (const part of parts.slice(0, -1)) {
      if (!isJsonObject(at[part])) at[part] = {}
      at = at[part] as Tree
    }
    at[parts[parts.length - 1]!] = copy(value)
  }
}

function tryAgain(retry: JsonObject, error: StepError): boolean {
  if (Array.isArray(retry.nonRetryable) && error.matches(retry.nonRetryable)) return false
  if (Array.isArray(retry.retryable)) return error.matches(retry.retryable)
  return error.class !== "validation_failed" && error.class !== "policy_denied"
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by
}

function copy<T extends Json | Tree>(value: T): T {
  return structuredClone(value)
}

/** Errors by what the language promises of them: class and code. */
export function plainErrors(value: Json): Json {
  if (Array.isArray(value)) return value.map(plainErrors)
  if (!isJsonObject(value)) return value
  if ("class" in value && "code" in value && "title" in value) return { class: value.class!, code: value.code! }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plainErrors(child)]))
}
