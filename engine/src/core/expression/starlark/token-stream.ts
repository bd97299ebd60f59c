/** Where a parser stands in its tokens: looking, taking, demanding, and how deep it is nested. */
import { SyntaxFailure } from "./error.ts"
import type { Token } from "./lexer.ts"
import { EXPRESSION_DEPTH_MAX, NAMES_MAX } from "./limits.ts"

const ASSIGNMENTS: ReadonlySet<string> = new Set("= += -= *= /= //= %= &= |= ^= <<= >>=".split(" "))

export class TokenStream {
  protected readonly tokens: readonly Token[]
  protected index = 0
  private depth = 0

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  expectEnd(): void {
    const token = this.peek()
    if (token.kind === "end") return
    throw new SyntaxFailure(`unexpected ${describe(token)} behind the expression`, token.from, endHint(token))
  }

  protected nested<T>(parseInner: () => T): T {
    if (this.depth >= EXPRESSION_DEPTH_MAX) {
      throw new SyntaxFailure(`the expression is nested deeper than ${EXPRESSION_DEPTH_MAX} levels`, this.peek().from)
    }
    this.depth++
    const result = parseInner()
    this.depth--
    return result
  }

  protected checkCount(count: number, what: string): void {
    if (count >= NAMES_MAX) throw new SyntaxFailure(`more than ${NAMES_MAX} ${what}`, this.peek().from)
  }

  protected peek(ahead = 0): Token {
    const token = this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)]
    if (token === undefined) throw new SyntaxFailure("the expression is empty", 0)
    return token
  }

  protected next(): Token {
    const token = this.peek()
    if (token.kind !== "end") this.index++
    return token
  }

  protected at(text: string): boolean {
    const token = this.peek()
    return token.text === text && (token.kind === "symbol" || token.kind === "keyword")
  }

  protected atOneOf(texts: ReadonlySet<string>): boolean {
    const token = this.peek()
    return token.kind === "symbol" && texts.has(token.text)
  }

  protected accept(text: string): boolean {
    if (!this.at(text)) return false
    this.index++
    return true
  }

  /** Returns the offset behind the token. */
  protected expect(text: string, hint?: string): number {
    const token = this.peek()
    if (!this.accept(text)) {
      throw new SyntaxFailure(`expected ${text}, not ${describe(token)}`, token.from, hint ?? operandHint(token))
    }
    return token.to
  }
}

export function describe(token: Token): string {
  if (token.kind === "end") return "the end"
  if (token.kind === "constant") return "a literal"
  return token.kind === "keyword" ? `the keyword ${token.text}` : `\`${token.text.slice(0, 40)}\``
}

function endHint(token: Token): string | undefined {
  if (token.text === ",") return "a tuple needs brackets: (a, b)"
  if (ASSIGNMENTS.has(token.text)) return "an expression cannot assign; equality is written =="
  if (token.text === ";") return "one expression only"
  return operandHint(token)
}

export function operandHint(token: Token): string | undefined {
  if (token.text === "&") return "logical and is written `and`"
  if (token.text === "|") return "logical or is written `or`"
  if (token.text === "=") return "equality is written =="
  if (token.text === "**") return "there is no power operator"
  if (token.text === "is") return "identity is not in the language: compare with =="
  if (["def", "return", "for", "if", "load", "pass", "import"].includes(token.text)) {
    return "statements are not allowed, only one expression"
  }
  return undefined
}
