/**
 * Binds names: loop variables and parameters to slots of their frame, everything else is free and listed with the path
 * that is read from it. A comprehension is one block; its first iterable belongs to the block around it.
 */
import { positionsIn, type SourcePosition } from "./error.ts"
import type { ComprehensionNode, FreeName, LambdaNode, NameNode, Node, Suffix, Target } from "./syntax.ts"

type Block = { readonly names: Map<string, number>; readonly outer: Block | undefined }

export function resolve(root: Node, source: string): FreeName[] {
  const resolver = new Resolver(source)
  resolver.visit(root, undefined)
  return resolver.free
}

class Resolver {
  readonly free: FreeName[] = []
  private readonly positionAt: (offset: number) => SourcePosition

  constructor(source: string) {
    this.positionAt = positionsIn(source)
  }

  visit(node: Node, block: Block | undefined): void {
    switch (node.kind) {
      case "constant":
        return
      case "name":
        this.visitName(node, block, [])
        return
      case "tuple":
      case "list":
        for (const item of node.items) this.visit(item, block)
        return
      case "dict":
        for (const entry of node.entries) {
          this.visit(entry.key, block)
          this.visit(entry.value, block)
        }
        return
      case "comprehension":
        this.visitComprehension(node, block)
        return
      case "lambda":
        this.visitLambda(node, block)
        return
      case "conditional":
        this.visit(node.condition, block)
        this.visit(node.then, block)
        this.visit(node.otherwise, block)
        return
      case "logical":
        for (const operand of node.operands) this.visit(operand, block)
        return
      case "not":
      case "unary":
        this.visit(node.operand, block)
        return
      case "binary":
        this.visit(node.first, block)
        for (const { operand } of node.rest) this.visit(operand, block)
        return
      case "suffixed":
        if (node.base.kind === "name") this.visitName(node.base, block, node.suffixes)
        else this.visit(node.base, block)
        for (const suffix of node.suffixes) this.visitSuffix(suffix, block)
        return
    }
  }

  private visitSuffix(suffix: Suffix, block: Block | undefined): void {
    switch (suffix.kind) {
      case "dot":
        return
      case "index":
        this.visit(suffix.index, block)
        return
      case "slice":
        for (const part of [suffix.start, suffix.stop, suffix.step]) if (part) this.visit(part, block)
        return
      case "call":
        for (const argument of suffix.arguments) this.visit(argument.value, block)
        return
    }
  }

  private visitName(node: NameNode, block: Block | undefined, suffixes: readonly Suffix[]): void {
    let hops = 0
    for (let at = block; at !== undefined; at = at.outer) {
      const slot = at.names.get(node.name)
      if (slot !== undefined) {
        node.hops = hops
        node.slot = slot
        return
      }
      hops++
    }
    const { path, end } = staticPath(suffixes)
    const called = suffixes[path.length]?.kind === "call"
    this.free.push({ name: node.name, path, called, ...this.positionAt(node.from), end: end ?? node.to })
  }

  private visitComprehension(node: ComprehensionNode, outer: Block | undefined): void {
    const block: Block = { names: new Map(), outer }
    for (const clause of node.clauses) if (clause.kind === "for") declare(clause.target, block)
    node.slots = block.names.size
    node.clauses.forEach((clause, index) => {
      if (clause.kind === "if") this.visit(clause.condition, block)
      else this.visit(clause.iterable, index === 0 ? outer : block)
    })
    if ("key" in node.body) {
      this.visit(node.body.key, block)
      this.visit(node.body.value, block)
    } else this.visit(node.body, block)
  }

  private visitLambda(node: LambdaNode, outer: Block | undefined): void {
    for (const parameter of node.parameters) if (parameter.default) this.visit(parameter.default, outer)
    const names = new Map(node.parameters.map((parameter, slot) => [parameter.name, slot]))
    this.visit(node.body, { names, outer })
  }
}

function declare(target: Target, block: Block): void {
  if (target.kind === "targets") {
    for (const inner of target.targets) declare(inner, block)
    return
  }
  const slot = block.names.get(target.name) ?? block.names.size
  block.names.set(target.name, slot)
  target.slot = slot
}

/** The leading dots and literal indices. */
function staticPath(suffixes: readonly Suffix[]): { path: (string | number)[]; end: number | undefined } {
  const path: (string | number)[] = []
  let end: number | undefined
  for (const suffix of suffixes) {
    const segment = staticSegment(suffix)
    if (segment === undefined) break
    path.push(segment)
    end = suffix.to
  }
  return { path, end }
}

function staticSegment(suffix: Suffix): string | number | undefined {
  if (suffix.kind === "dot") return suffix.name
  if (suffix.kind !== "index" || suffix.index.kind !== "constant") return undefined
  const { value } = suffix.index
  if (typeof value === "string") return value
  return typeof value === "bigint" && value >= 0n && value < 2n ** 32n ? Number(value) : undefined
}
