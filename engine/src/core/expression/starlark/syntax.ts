/**
 * The tree of a parsed expression. Operators of one precedence and suffixes of one operand are kept as flat chains, so
 * that `a + b + c …` and `a.b.c …` of any length need no depth; only brackets, prefixes, lambdas and conditionals nest.
 * `from` and `to` are UTF-16 offsets into the source; the resolver fills in where a name is bound.
 */
import type { Bytes } from "./bytes.ts"

/** What can be written as one token. */
export type Literal = null | boolean | bigint | number | string | Bytes

export type Span = { readonly from: number; readonly to: number }

export type NameNode = Span & {
  readonly kind: "name"
  readonly name: string
  /** Frames to walk outwards, or -1 when the name is free. */
  hops: number
  slot: number
}

export type BinaryOperator =
  | "=="
  | "!="
  | "<"
  | ">"
  | "<="
  | ">="
  | "in"
  | "not in"
  | "|"
  | "^"
  | "&"
  | "<<"
  | ">>"
  | "+"
  | "-"
  | "*"
  | "/"
  | "//"
  | "%"

export type UnaryOperator = "+" | "-" | "~"

export type Target = NameNode | (Span & { readonly kind: "targets"; readonly targets: readonly Target[] })

export type Clause =
  | { readonly kind: "for"; readonly target: Target; readonly iterable: Node }
  | { readonly kind: "if"; readonly condition: Node }

export type Entry = { readonly key: Node; readonly value: Node }

export type Argument = {
  readonly kind: "positional" | "named" | "list" | "dict"
  /** Only for `named`. */
  readonly name: string
  readonly value: Node
}

export type Parameter = {
  readonly kind: "required" | "optional" | "list" | "dict"
  readonly name: string
  readonly default: Node | undefined
}

export type Suffix =
  | { readonly kind: "dot"; readonly name: string; readonly to: number }
  | { readonly kind: "index"; readonly index: Node; readonly to: number }
  | {
      readonly kind: "slice"
      readonly start: Node | undefined
      readonly stop: Node | undefined
      readonly step: Node | undefined
      readonly to: number
    }
  | { readonly kind: "call"; readonly arguments: readonly Argument[]; readonly to: number }

export type LambdaNode = Span & {
  readonly kind: "lambda"
  /** In the order of their slots; those after `list` are keyword-only. */
  readonly parameters: readonly Parameter[]
  /** A bare `*` stands before this index: parameters from here on are keyword-only. */
  readonly keywordOnlyFrom: number
  readonly body: Node
}

export type ComprehensionNode = Span & {
  readonly kind: "comprehension"
  readonly body: Node | Entry
  readonly isDict: boolean
  readonly clauses: readonly Clause[]
  slots: number
}

export type Node =
  | (Span & { readonly kind: "constant"; readonly value: Literal })
  | NameNode
  | (Span & { readonly kind: "tuple"; readonly items: readonly Node[] })
  | (Span & { readonly kind: "list"; readonly items: readonly Node[] })
  | (Span & { readonly kind: "dict"; readonly entries: readonly Entry[] })
  | ComprehensionNode
  | LambdaNode
  | (Span & { readonly kind: "conditional"; readonly condition: Node; readonly then: Node; readonly otherwise: Node })
  | (Span & { readonly kind: "logical"; readonly operator: "and" | "or"; readonly operands: readonly Node[] })
  | (Span & { readonly kind: "not"; readonly operand: Node })
  | (Span & { readonly kind: "unary"; readonly operator: UnaryOperator; readonly operand: Node })
  | (Span & {
      readonly kind: "binary"
      readonly first: Node
      readonly rest: readonly { readonly operator: BinaryOperator; readonly operand: Node }[]
    })
  | (Span & { readonly kind: "suffixed"; readonly base: Node; readonly suffixes: readonly Suffix[] })

/**
 * A name that no loop or lambda of the expression binds, with the path that is read from it as far as it is written
 * down: `ctx.config["a b"][0].x` is `ctx` with `["config", "a b", 0, "x"]`.
 */
export type FreeName = {
  readonly name: string
  readonly path: readonly (string | number)[]
  /** The path's last segment is called as a function, so it may be a method: `ctx.keys()`. */
  readonly called: boolean
  readonly offset: number
  readonly line: number
  readonly column: number
  /** Offset behind the path. */
  readonly end: number
}

/** A parsed expression: immutable, evaluated any number of times. */
export type Expression = {
  readonly source: string
  readonly root: Node
  readonly names: readonly FreeName[]
}
