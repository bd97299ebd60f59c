/** The legal order of arguments and parameters, which the grammar leaves open. */
import { SyntaxFailure } from "./error.ts"
import type { Argument, Parameter } from "./syntax.ts"

export function checkArgumentOrder(before: readonly Argument[], argument: Argument, offset: number): void {
  const after = (kind: Argument["kind"]) => before.some((earlier) => earlier.kind === kind)
  if (after("dict")) throw new SyntaxFailure("an argument may not follow **kwargs", offset)
  if (argument.kind === "positional" && after("named")) {
    throw new SyntaxFailure("a positional argument may not follow a named argument", offset)
  }
  if (argument.kind === "positional" && after("list")) {
    throw new SyntaxFailure("a positional argument may not follow *args", offset)
  }
  if (argument.kind === "list" && after("list")) throw new SyntaxFailure("a second *args", offset)
  if (argument.kind === "named" && before.some((earlier) => earlier.name === argument.name)) {
    throw new SyntaxFailure(`the argument ${argument.name} is given twice`, offset)
  }
}

export function checkParameterOrder(
  before: readonly Parameter[],
  parameter: Parameter,
  keywordOnlyFrom: number,
  offset: number,
): void {
  const after = (kind: Parameter["kind"]) => before.some((earlier) => earlier.kind === kind)
  if (before.some((earlier) => earlier.name === parameter.name)) {
    throw new SyntaxFailure(`the parameter ${parameter.name} is declared twice`, offset)
  }
  if (after("dict")) throw new SyntaxFailure("a parameter may not follow **kwargs", offset)
  const isPositional = keywordOnlyFrom === Number.POSITIVE_INFINITY
  if (parameter.kind === "list" && !isPositional) throw new SyntaxFailure("a second *", offset)
  if (parameter.kind === "required" && isPositional && after("optional")) {
    throw new SyntaxFailure("a required parameter may not follow an optional one", offset)
  }
}
