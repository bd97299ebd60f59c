/**
 * Tokens to tree: the whole expression grammar of the specification by recursive descent, one function for each level of
 * precedence. Knows nothing of scopes (the resolver) and nothing of values beyond literals.
 */
import { checkArgumentOrder, checkParameterOrder } from "./call-order.ts"
import { SyntaxFailure } from "./error.ts"
import { tokenize } from "./lexer.ts"
import type {
  Argument,
  BinaryOperator,
  Clause,
  Entry,
  Node,
  Parameter,
  Suffix,
  Target,
  UnaryOperator,
} from "./syntax.ts"
import { describe, operandHint, TokenStream } from "./token-stream.ts"

/** From loosest to tightest; comparisons stand above these and do not associate. */
const BINARY_LEVELS: readonly ReadonlySet<string>[] = [
  new Set(["|"]),
  new Set(["^"]),
  new Set(["&"]),
  new Set(["<<", ">>"]),
  new Set(["+", "-"]),
  new Set(["*", "/", "//", "%"]),
]
const COMPARISONS: ReadonlySet<string> = new Set(["==", "!=", "<", ">", "<=", ">=", "in", "not in"])

export function parse(source: string): Node {
  const parser = new Parser(tokenize(source))
  const root = parser.parseExpression()
  parser.expectEnd()
  return root
}

class Parser extends TokenStream {
  /** `Expression` of the grammar: conditional, lambda or anything tighter. */
  parseExpression(): Node {
    if (this.at("lambda")) return this.nested(() => this.parseLambda())
    const then = this.parseLogical("or")
    if (!this.accept("if")) return then
    const condition = this.parseLogical("or")
    this.expect("else", "a conditional is written `a if condition else b`")
    const otherwise = this.nested(() => this.parseExpression())
    return { kind: "conditional", condition, then, otherwise, from: then.from, to: otherwise.to }
  }

  private parseLogical(operator: "or" | "and"): Node {
    const parseOperand = () => (operator === "or" ? this.parseLogical("and") : this.parseNot())
    const first = parseOperand()
    if (!this.at(operator)) return first
    const operands = [first]
    while (this.accept(operator)) operands.push(parseOperand())
    return { kind: "logical", operator, operands, from: first.from, to: operands.at(-1)?.to ?? first.to }
  }

  private parseNot(): Node {
    const token = this.peek()
    if (!this.accept("not")) return this.parseComparison()
    const operand = this.nested(() => this.parseNot())
    return { kind: "not", operand, from: token.from, to: operand.to }
  }

  private parseComparison(): Node {
    const first = this.parseBinary(0)
    const operator = this.acceptComparison()
    if (operator === undefined) return first
    const operand = this.parseBinary(0)
    const next = this.peek()
    if (this.acceptComparison() !== undefined) {
      const hint = "write `a < b and b < c`"
      throw new SyntaxFailure("comparisons do not chain", next.from, hint)
    }
    return { kind: "binary", first, rest: [{ operator, operand }], from: first.from, to: operand.to }
  }

  private acceptComparison(): BinaryOperator | undefined {
    const token = this.peek()
    if (token.text === "not" && token.kind === "keyword" && this.peek(1).text === "in") {
      this.index += 2
      return "not in"
    }
    if ((token.kind !== "symbol" && token.kind !== "keyword") || !COMPARISONS.has(token.text)) return undefined
    this.index++
    return token.text as BinaryOperator
  }

  private parseBinary(level: number): Node {
    const operators = BINARY_LEVELS[level]
    if (operators === undefined) return this.parseUnary()
    const first = this.parseBinary(level + 1)
    if (!this.atOneOf(operators)) return first
    const rest: { operator: BinaryOperator; operand: Node }[] = []
    while (this.atOneOf(operators)) {
      const operator = this.next().text as BinaryOperator
      rest.push({ operator, operand: this.parseBinary(level + 1) })
    }
    return { kind: "binary", first, rest, from: first.from, to: rest.at(-1)?.operand.to ?? first.to }
  }

  private parseUnary(): Node {
    const token = this.peek()
    if (token.kind !== "symbol" || !["+", "-", "~"].includes(token.text)) return this.parseSuffixed()
    this.index++
    const operand = this.nested(() => this.parseUnary())
    return { kind: "unary", operator: token.text as UnaryOperator, operand, from: token.from, to: operand.to }
  }

  private parseSuffixed(): Node {
    const base = this.parseOperand()
    const suffixes: Suffix[] = []
    for (let suffix = this.parseSuffix(); suffix !== undefined; suffix = this.parseSuffix()) suffixes.push(suffix)
    if (suffixes.length === 0) return base
    return { kind: "suffixed", base, suffixes, from: base.from, to: suffixes.at(-1)?.to ?? base.to }
  }

  private parseSuffix(): Suffix | undefined {
    if (this.accept(".")) {
      const name = this.peek()
      if (name.kind !== "name") {
        const hint = name.kind === "keyword" ? `write ["${name.text}"]` : undefined
        throw new SyntaxFailure(`expected a name behind the dot, not ${describe(name)}`, name.from, hint)
      }
      this.index++
      return { kind: "dot", name: name.text, to: name.to }
    }
    if (this.accept("(")) return this.nested(() => this.parseCall())
    if (this.accept("[")) return this.nested(() => this.parseIndexOrSlice())
    return undefined
  }

  private parseIndexOrSlice(): Suffix {
    const start = this.at(":") ? undefined : this.parseExpressions("]")
    if (!this.at(":")) {
      const to = this.expect("]")
      if (start === undefined) throw new SyntaxFailure("an index is missing", to)
      return { kind: "index", index: start, to }
    }
    this.index++
    const stop = this.at(":") || this.at("]") ? undefined : this.parseExpression()
    const step = this.accept(":") && !this.at("]") ? this.parseExpression() : undefined
    return { kind: "slice", start, stop, step, to: this.expect("]") }
  }

  private parseCall(): Suffix {
    const parsed: Argument[] = []
    while (!this.at(")")) {
      this.checkCount(parsed.length, "arguments")
      const offset = this.peek().from
      const argument = this.parseArgument()
      checkArgumentOrder(parsed, argument, offset)
      parsed.push(argument)
      if (!this.accept(",")) break
    }
    return { kind: "call", arguments: parsed, to: this.expect(")") }
  }

  private parseArgument(): Argument {
    if (this.accept("*")) return { kind: "list", name: "", value: this.parseExpression() }
    if (this.accept("**")) return { kind: "dict", name: "", value: this.parseExpression() }
    const token = this.peek()
    if (token.kind === "name" && this.peek(1).kind === "symbol" && this.peek(1).text === "=") {
      this.index += 2
      return { kind: "named", name: token.text, value: this.parseExpression() }
    }
    return { kind: "positional", name: "", value: this.parseExpression() }
  }

  private parseOperand(): Node {
    const token = this.next()
    if (token.kind === "constant") return { kind: "constant", value: token.value, from: token.from, to: token.to }
    if (token.kind === "name") {
      return { kind: "name", name: token.text, hops: -1, slot: 0, from: token.from, to: token.to }
    }
    if (token.kind === "symbol" && token.text === "(") return this.nested(() => this.parseParenthesised(token.from))
    if (token.kind === "symbol" && token.text === "[") return this.nested(() => this.parseList(token.from))
    if (token.kind === "symbol" && token.text === "{") return this.nested(() => this.parseDict(token.from))
    throw new SyntaxFailure(`expected an expression, not ${describe(token)}`, token.from, operandHint(token))
  }

  private parseParenthesised(from: number): Node {
    if (this.at(")")) return { kind: "tuple", items: [], from, to: this.expect(")") }
    const inner = this.parseExpressions(")")
    const to = this.expect(")")
    // The brackets belong to the text of what they hold: a path behind them still starts at the bracket.
    return { ...inner, from, to }
  }

  /** One expression, or a tuple of several; a trailing comma makes a tuple and must stand before `closer`. */
  private parseExpressions(closer: string): Node {
    const first = this.parseExpression()
    if (!this.at(",")) return first
    const items = [first]
    while (this.accept(",") && !this.at(closer)) items.push(this.parseExpression())
    return { kind: "tuple", items, from: first.from, to: items.at(-1)?.to ?? first.to }
  }

  private parseList(from: number): Node {
    if (this.at("]")) return { kind: "list", items: [], from, to: this.expect("]") }
    const first = this.parseExpression()
    if (this.at("for")) {
      const clauses = this.parseClauses()
      return { kind: "comprehension", body: first, isDict: false, clauses, slots: 0, from, to: this.expect("]") }
    }
    const items = [first]
    while (this.accept(",") && !this.at("]")) items.push(this.parseExpression())
    return { kind: "list", items, from, to: this.expect("]") }
  }

  private parseDict(from: number): Node {
    if (this.at("}")) return { kind: "dict", entries: [], from, to: this.expect("}") }
    const first = this.parseEntry()
    if (this.at("for")) {
      const clauses = this.parseClauses()
      return { kind: "comprehension", body: first, isDict: true, clauses, slots: 0, from, to: this.expect("}") }
    }
    const entries = [first]
    while (this.accept(",") && !this.at("}")) entries.push(this.parseEntry())
    return { kind: "dict", entries, from, to: this.expect("}") }
  }

  private parseEntry(): Entry {
    const key = this.parseExpression()
    const hint = "a dict is written {key: value}; a set is made by set([…])"
    this.expect(":", hint)
    return { key, value: this.parseExpression() }
  }

  private parseClauses(): Clause[] {
    const clauses: Clause[] = []
    for (;;) {
      this.checkCount(clauses.length, "clauses")
      if (this.accept("for")) {
        const target = this.parseTargets(["in"])
        this.expect("in")
        // Neither a tuple without brackets, nor a lambda, nor a conditional: `if` here begins the next clause.
        clauses.push({ kind: "for", target, iterable: this.parseLogical("or") })
      } else if (this.accept("if")) {
        clauses.push({ kind: "if", condition: this.parseClauseCondition() })
      } else return clauses
    }
  }

  private parseClauseCondition(): Node {
    return this.at("lambda") ? this.nested(() => this.parseLambda()) : this.parseLogical("or")
  }

  private parseTargets(closers: readonly string[]): Target {
    const first = this.parseTarget()
    if (!this.at(",")) return first
    const targets = [first]
    while (this.accept(",")) {
      if (closers.some((closer) => closer !== "in" && this.at(closer))) break
      this.checkCount(targets.length, "loop variables")
      targets.push(this.parseTarget())
    }
    return { kind: "targets", targets, from: first.from, to: targets.at(-1)?.to ?? first.to }
  }

  private parseTarget(): Target {
    const token = this.next()
    if (token.kind === "name") {
      return { kind: "name", name: token.text, hops: 0, slot: 0, from: token.from, to: token.to }
    }
    const closer = token.kind === "symbol" && token.text === "(" ? ")" : token.text === "[" ? "]" : undefined
    if (closer === undefined) {
      throw new SyntaxFailure(`expected a loop variable, not ${describe(token)}`, token.from)
    }
    const inner = this.nested(() => this.parseBracketedTargets(closer))
    this.expect(closer)
    return inner
  }

  private parseBracketedTargets(closer: string): Target {
    const comma = this.index
    const inner = this.parseTargets([closer])
    const isTuple = inner.kind === "targets" && this.tokens.slice(comma, this.index).some((token) => token.text === ",")
    if (closer === "]" && !isTuple) return { kind: "targets", targets: [inner], from: inner.from, to: inner.to }
    return inner
  }

  private parseLambda(): Node {
    const { from } = this.next()
    const parameters: Parameter[] = []
    let keywordOnlyFrom = Number.POSITIVE_INFINITY
    while (!this.at(":")) {
      this.checkCount(parameters.length, "parameters")
      const offset = this.peek().from
      if (this.accept("*") && (this.at(",") || this.at(":"))) {
        if (keywordOnlyFrom !== Number.POSITIVE_INFINITY) throw new SyntaxFailure("a second *", offset)
        if (this.at(":")) throw new SyntaxFailure("a bare * must be followed by a parameter", offset)
        keywordOnlyFrom = parameters.length
      } else {
        const parameter = this.parseParameter(offset)
        checkParameterOrder(parameters, parameter, keywordOnlyFrom, offset)
        if (parameter.kind === "list") keywordOnlyFrom = parameters.length + 1
        parameters.push(parameter)
      }
      if (!this.accept(",")) break
    }
    this.expect(":")
    const body = this.parseExpression()
    return { kind: "lambda", parameters, keywordOnlyFrom, body, from, to: body.to }
  }

  /** A `*` before the name was read already when the token before is one. */
  private parseParameter(offset: number): Parameter {
    const star = this.tokens[this.index - 1]
    const kind = star?.text === "*" && star.from === offset ? "list" : this.accept("**") ? "dict" : "required"
    const token = this.next()
    if (token.kind !== "name") throw new SyntaxFailure(`expected a parameter, not ${describe(token)}`, token.from)
    if (kind !== "required") return { kind, name: token.text, default: undefined }
    if (!this.accept("=")) return { kind: "required", name: token.text, default: undefined }
    return { kind: "optional", name: token.text, default: this.parseExpression() }
  }
}
