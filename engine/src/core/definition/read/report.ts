/** The list of problems of one reading. Turns places into lines and columns, and stops listing at a bound. */
import type { Json } from "../../json.ts"
import type { Problem } from "../problem.ts"
import type { DefinitionProblemCode } from "../problem-codes.ts"
import type { Place, Position, SourceProblem } from "../source/index.ts"

const PROBLEMS_MAX = 200

export interface ProblemDetails {
  readonly expected?: Json
  readonly actual?: Json
  readonly hint?: string
}

export class Report {
  private readonly found: Problem[] = []
  private readonly file: string | null
  private readonly locate: (place: Place) => Position | null
  private overflow = false
  private readonly told = new Set<string>()

  constructor(file: string | null, locate: (place: Place) => Position | null) {
    this.file = file
    this.locate = locate
  }

  error(code: DefinitionProblemCode, place: Place, message: string, details: ProblemDetails = {}): void {
    this.add("error", code, place, message, details)
  }

  warning(code: DefinitionProblemCode, place: Place, message: string, details: ProblemDetails = {}): void {
    this.add("warning", code, place, message, details)
  }

  hint(code: DefinitionProblemCode, place: Place, message: string, hint?: string): void {
    this.add("hint", code, place, message, { hint })
  }

  source(problem: SourceProblem): void {
    const { code, message, pointer, position, hint } = problem
    this.push({
      code,
      severity: "error",
      message,
      file: this.file,
      line: position?.line ?? null,
      column: position?.column ?? null,
      pointer,
      ...(hint && { hint }),
    })
  }

  /** Nothing more will be listed: explaining further findings is idle. */
  get isFull(): boolean {
    return this.overflow
  }

  get hasErrors(): boolean {
    return this.found.some((problem) => problem.severity === "error")
  }

  /** In the order of the text; what has no position comes last. */
  get problems(): readonly Problem[] {
    const last = Number.MAX_SAFE_INTEGER
    return this.found
      .map((problem, i) => ({ problem, i }))
      .sort(
        (a, b) =>
          (a.problem.line ?? last) - (b.problem.line ?? last) ||
          (a.problem.column ?? last) - (b.problem.column ?? last) ||
          a.i - b.i,
      )
      .map(({ problem }) => problem)
  }

  private add(
    severity: Problem["severity"],
    code: DefinitionProblemCode,
    place: Place,
    message: string,
    details: ProblemDetails,
  ): void {
    // Finding the place of what is not listed any more is idle, too.
    if (this.overflow) return
    const position = this.locate(place) ?? this.nearestPosition(place.pointer)
    const { expected, actual, hint } = details
    this.push({
      code,
      severity,
      message,
      file: this.file,
      line: position?.line ?? null,
      column: position?.column ?? null,
      pointer: place.pointer,
      ...(expected !== undefined && { expected }),
      ...(actual !== undefined && { actual: shortened(actual) }),
      ...(hint !== undefined && { hint }),
    })
  }

  /** A missing field is shown at the object that lacks it. */
  private nearestPosition(pointer: string): Position | null {
    for (let at = pointer; at !== ""; ) {
      at = at.slice(0, at.lastIndexOf("/"))
      const position = this.locate({ pointer: at })
      if (position) return position
    }
    return null
  }

  private push(problem: Problem): void {
    const key = JSON.stringify([problem.code, problem.pointer, problem.line, problem.column, problem.message])
    if (this.told.has(key)) return
    this.told.add(key)
    if (this.found.length < PROBLEMS_MAX) this.found.push(problem)
    else if (!this.overflow) {
      this.overflow = true
      const message = `there are more than ${PROBLEMS_MAX} problems; the rest is not listed`
      this.found.push({ ...problem, code: "too_many_problems", severity: "error", message, hint: "Mend these first." })
    }
  }
}

/** What was found, short enough to be shown. */
function shortened(value: Json): Json {
  if (typeof value === "string") return value.length > 200 ? `${value.slice(0, 200)}…` : value
  if (typeof value !== "object" || value === null) return value
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : value
}
