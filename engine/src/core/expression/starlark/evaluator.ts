/**
 * Walks the tree. One evaluator for one evaluation: it is the meter, knows the scope and the operation under way. Fails
 * by throwing a `Failure`, which `evaluate` in index.ts turns into a value.
 */
import { attributeOf } from "./attributes.ts"
import { BUILTINS } from "./builtins.ts"
import { bindParameters } from "./call.ts"
import { Failure, fail } from "./error.ts"
import { fromInput, type Scope } from "./input.ts"
import { iterate, toArray } from "./iteration.ts"
import { Meter } from "./meter.ts"
import { noAttribute, notCallable, undefinedName } from "./misses.ts"
import { binary, unary } from "./operators.ts"
import { indexValue, sliceValue } from "./subscript.ts"
import type {
  Argument,
  Clause,
  ComprehensionNode,
  Entry,
  LambdaNode,
  NameNode,
  Node,
  Span,
  Suffix,
  Target,
} from "./syntax.ts"
import { shortRepr } from "./text.ts"
import {
  BoundMethod,
  Builtin,
  Dict,
  type Frame,
  Lambda,
  List,
  type Machine,
  type NamedArguments,
  SLOT_BYTES,
  Tuple,
  truth,
  typeOf,
  type Value,
} from "./values.ts"

type MutableNamed = Map<string, Value>

export class Evaluator extends Meter implements Machine {
  private readonly scope: Scope
  private readonly source: string
  /** Lambda bodies under way: recursion is not in the language. */
  private readonly active = new Set<LambdaNode>()

  constructor(scope: Scope, source: string, stepsOfCommand: number) {
    super(stepsOfCommand)
    this.scope = scope
    this.source = source
  }

  evaluate(node: Node, frame: Frame | undefined): Value {
    this.step()
    if (node.kind === "constant") return node.value
    if (node.kind === "name") return node.hops < 0 ? this.free(node) : this.local(node, frame)
    this.enterEvaluation()
    const value = this.evaluateCompound(node, frame)
    this.leaveEvaluation()
    return value
  }

  private evaluateCompound(node: Exclude<Node, { kind: "constant" | "name" }>, frame: Frame | undefined): Value {
    switch (node.kind) {
      case "tuple":
        return new Tuple(this.evaluateItems(node.items, frame))
      case "list":
        return new List(this.evaluateItems(node.items, frame))
      case "dict":
        return this.evaluateDict(node.entries, frame)
      case "comprehension":
        return this.evaluateComprehension(node, frame)
      case "lambda":
        return this.evaluateLambda(node, frame)
      case "conditional":
        return this.evaluate(truth(this.evaluate(node.condition, frame), this) ? node.then : node.otherwise, frame)
      case "logical":
        return this.evaluateLogical(node.operator === "or", node.operands, frame)
      case "not":
        return !truth(this.evaluate(node.operand, frame), this)
      case "unary": {
        const operand = this.evaluate(node.operand, frame)
        return this.during(node, () => unary(node.operator, operand, this), [[node.operand, operand]])
      }
      case "binary":
        return this.evaluateBinary(node, frame)
      case "suffixed":
        return this.evaluateSuffixed(node, frame)
    }
  }

  private evaluateItems(items: readonly Node[], frame: Frame | undefined): Value[] {
    this.grow(items.length * SLOT_BYTES)
    return items.map((item) => this.evaluate(item, frame))
  }

  private evaluateDict(entries: readonly Entry[], frame: Frame | undefined): Dict {
    const dict = new Dict()
    for (const entry of entries) {
      const key = this.evaluate(entry.key, frame)
      const value = this.evaluate(entry.value, frame)
      this.at(entry.key)
      const count = dict.entries.size
      dict.set(key, value, this)
      if (dict.entries.size === count) fail(`duplicate key: the dict expression has the key ${shortRepr(key)} twice`)
    }
    return dict
  }

  /** Yields the first operand whose truth decides, or the last. */
  private evaluateLogical(decidedBy: boolean, operands: readonly Node[], frame: Frame | undefined): Value {
    let value: Value = null
    for (const operand of operands) {
      value = this.evaluate(operand, frame)
      if (truth(value, this) === decidedBy) break
    }
    return value
  }

  private evaluateBinary(node: Extract<Node, { kind: "binary" }>, frame: Frame | undefined): Value {
    let left = this.evaluate(node.first, frame)
    let leftNode: Span = node.first
    for (const { operator, operand } of node.rest) {
      const right = this.evaluate(operand, frame)
      this.from = node.from
      this.to = operand.to
      try {
        left = binary(operator, left, right, this)
      } catch (failure) {
        throw this.withValues(failure, [
          [leftNode, left],
          [operand, right],
        ])
      }
      leftNode = { from: node.from, to: operand.to }
    }
    return left
  }

  private evaluateSuffixed(node: Extract<Node, { kind: "suffixed" }>, frame: Frame | undefined): Value {
    let value = this.evaluate(node.base, frame)
    let baseTo = node.base.to
    for (const suffix of node.suffixes) {
      this.step()
      value = this.applySuffix(value, { from: node.from, to: baseTo }, suffix, frame)
      baseTo = suffix.to
    }
    return value
  }

  private applySuffix(base: Value, span: Span, suffix: Suffix, frame: Frame | undefined): Value {
    const whole = { from: span.from, to: suffix.to }
    switch (suffix.kind) {
      case "dot": {
        const attribute = attributeOf(base, suffix.name)
        if (attribute !== undefined) return attribute
        this.at(whole)
        throw this.withValues(noAttribute(base, suffix.name), [[span, base]])
      }
      case "index": {
        const index = this.evaluate(suffix.index, frame)
        return this.during(whole, () => indexValue(base, index, this), [
          [span, base],
          [suffix.index, index],
        ])
      }
      case "slice": {
        const [start, stop, step] = [suffix.start, suffix.stop, suffix.step].map((part) =>
          part === undefined ? null : this.evaluate(part, frame),
        )
        return this.during(whole, () => sliceValue(base, start ?? null, stop ?? null, step ?? null, this), [
          [span, base],
        ])
      }
      case "call":
        return this.evaluateCall(base, span, suffix.arguments, suffix.to, frame)
    }
  }

  private evaluateCall(
    callee: Value,
    span: Span,
    given: readonly Argument[],
    to: number,
    frame: Frame | undefined,
  ): Value {
    const positional: Value[] = []
    let named: MutableNamed | undefined
    for (const argument of given) {
      const value = this.evaluate(argument.value, frame)
      this.at(argument.value)
      if (argument.kind === "positional") positional.push(value)
      else if (argument.kind === "list") for (const element of toArray(value, this)) positional.push(element)
      else {
        named ??= new Map()
        if (argument.kind === "named") named.set(argument.name, value)
        else this.addNamed(named, value)
      }
    }
    const whole = { from: span.from, to }
    if (!isCallable(callee)) {
      this.at(whole)
      throw this.withValues(notCallable(callee, this.source.slice(span.from, span.to)), [[span, callee]])
    }
    // Arguments by `*` have no text of their own: the first operands shown are those that were written.
    const shown = given.slice(0, 4).filter((argument) => argument.kind === "positional")
    const values = shown.map((argument, index): [Span, Value] => [argument.value, positional[index] ?? null])
    if (callee instanceof BoundMethod) values.unshift([{ from: span.from, to: span.to }, callee.receiver])
    return this.during(whole, () => this.call(callee, positional, named), values)
  }

  private addNamed(named: MutableNamed, value: Value): void {
    if (typeOf(value) !== "dict") fail(`argument after ** must be a dict, not ${typeOf(value)}`)
    const view = value as Dict
    iterate(view, this, (key) => {
      if (typeof key !== "string") return fail(`keywords must be strings, not ${typeOf(key)}`)
      if (named.has(key)) fail(`got multiple values for keyword argument ${key}: duplicate keyword`)
      this.grow(SLOT_BYTES)
      named.set(key, view.get(key, this) ?? null)
      return false
    })
  }

  /** Calls any callable; built-ins come back here for their callbacks. */
  call(callee: Value, positional: readonly Value[], named?: NamedArguments): Value {
    this.step()
    this.enterCall()
    let value: Value
    if (callee instanceof Builtin || callee instanceof BoundMethod) value = callee.body(this, positional, named)
    else if (callee instanceof Lambda) value = this.callLambda(callee, positional, named)
    else return fail(`${typeOf(callee)} value is not callable: invalid call of non-function`)
    this.leaveCall()
    return value
  }

  private callLambda(callee: Lambda, positional: readonly Value[], named: NamedArguments | undefined): Value {
    if (this.active.has(callee.node)) fail("function lambda called recursively")
    const slots = bindParameters(callee, positional, named, this)
    this.active.add(callee.node)
    const value = this.evaluate(callee.node.body, { slots, outer: callee.frame })
    this.active.delete(callee.node)
    return value
  }

  private evaluateLambda(node: LambdaNode, frame: Frame | undefined): Lambda {
    this.grow(64)
    const defaults = node.parameters.map((parameter) =>
      parameter.default === undefined ? undefined : this.evaluate(parameter.default, frame),
    )
    return new Lambda(node, frame, defaults)
  }

  private evaluateComprehension(node: ComprehensionNode, outer: Frame | undefined): Value {
    const frame: Frame = { slots: new Array<Value | undefined>(node.slots).fill(undefined), outer }
    this.grow(node.slots * SLOT_BYTES)
    if (!("key" in node.body)) {
      const { body } = node
      const items: Value[] = []
      this.runClauses(node.clauses, 0, frame, () => {
        this.grow(SLOT_BYTES)
        items.push(this.evaluate(body, frame))
      })
      return new List(items)
    }
    const { key, value } = node.body
    const dict = new Dict()
    this.runClauses(node.clauses, 0, frame, () => {
      const madeKey = this.evaluate(key, frame)
      const madeValue = this.evaluate(value, frame)
      this.at(key)
      dict.set(madeKey, madeValue, this)
    })
    return dict
  }

  private runClauses(clauses: readonly Clause[], index: number, frame: Frame, body: () => void): void {
    const clause = clauses[index]
    if (clause === undefined) {
      body()
      return
    }
    if (clause.kind === "if") {
      if (truth(this.evaluate(clause.condition, frame), this)) this.runClauses(clauses, index + 1, frame, body)
      return
    }
    this.enterEvaluation()
    // The first iterable belongs to the block around the comprehension.
    const iterable = this.evaluate(clause.iterable, index === 0 ? frame.outer : frame)
    this.at(clause.iterable)
    iterate(iterable, this, (element) => {
      this.assign(clause.target, element, frame)
      this.runClauses(clauses, index + 1, frame, body)
      return false
    })
    this.leaveEvaluation()
  }

  private assign(target: Target, value: Value, frame: Frame): void {
    if (target.kind === "name") {
      frame.slots[target.slot] = value
      return
    }
    this.at(target)
    const parts = toArray(value, this)
    if (parts.length !== target.targets.length) {
      const few = parts.length < target.targets.length ? "few" : "many"
      fail(`too ${few} values to unpack: got ${parts.length}, want ${target.targets.length}`)
    }
    target.targets.forEach((inner, index) => {
      this.assign(inner, parts[index] ?? null, frame)
    })
  }

  private local(node: NameNode, frame: Frame | undefined): Value {
    let at = frame
    for (let hops = node.hops; hops > 0; hops--) at = at?.outer
    const value = at?.slots[node.slot]
    if (value !== undefined) return value
    this.at(node)
    return fail(`local variable ${node.name} referenced before assignment`)
  }

  private free(node: NameNode): Value {
    const found = this.scope.lookup(node.name)
    if (found !== undefined) return fromInput(found)
    const builtin = BUILTINS.get(node.name)
    if (builtin !== undefined) return builtin
    this.at(node)
    throw undefinedName(node.name, this.scope.names())
  }

  private at(span: Span): void {
    this.from = span.from
    this.to = span.to
  }

  private during(span: Span, operation: () => Value, seen: readonly (readonly [Span, Value])[]): Value {
    this.at(span)
    try {
      return operation()
    } catch (failure) {
      throw this.withValues(failure, seen)
    }
  }

  /** Adds what the failing operation looked at; the innermost operation has the word. */
  private withValues(failure: unknown, seen: readonly (readonly [Span, Value])[]): unknown {
    if (failure instanceof Failure && failure.values.length === 0) {
      failure.values = seen.map(([span, value]) => ({
        text: this.source.slice(span.from, span.to).slice(0, 80),
        value: shortRepr(value),
      }))
    }
    return failure
  }
}

function isCallable(value: Value): boolean {
  return value instanceof Builtin || value instanceof BoundMethod || value instanceof Lambda
}
