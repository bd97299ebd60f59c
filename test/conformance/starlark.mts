/**
 * The Starlark specification's own tests (bazelbuild/starlark, `test_suite/testdata`) against our expressions.
 * Runs every case of the expression level (settled 34), except those that the profile excludes with a reason; reports
 * passed / total / excluded for each file. The files are read from where the caller fetched them and never copied.
 */
import { readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import {
  BUILTIN_NAMES,
  evaluate,
  Given,
  parseExpression,
  type Scope,
  truth,
  type Value,
} from "../../engine/src/testing/starlark.ts"
import { type Chunk, type Level, readChunks, type Step } from "./starlark-cases.mts"
import profile from "./starlark-profile.json" with { type: "json" }
import type { Suite, SuiteReport } from "./suite.mts"

type Failed = { readonly file: string; readonly line: number; readonly why: string }
type FileResult = {
  readonly file: string
  passed: number
  total: number
  excluded: number
  /** Assertions behind expression statements that change values: beyond the definition, run all the same. */
  effectsPassed: number
  effectsTotal: number
  /** Assertions that need statements: functions, loops, item assignments. */
  statementLevel: number
}
type SuiteResult = {
  readonly files: readonly FileResult[]
  readonly failed: readonly Failed[]
  readonly unusedExclusions: readonly string[]
  readonly messagesMatched: number
  readonly messagesTotal: number
}

export const starlarkSuite: Suite = {
  name: "starlark",
  title: "Starlark expressions (the specification's own tests)",
  howToGet: "git clone https://github.com/bazelbuild/starlark DIR/starlark",
  find: findStarlarkTests,
  run: (folder) => report(runStarlark(folder)),
}

function report(result: SuiteResult): SuiteReport {
  const sum = (key: "effectsPassed" | "effectsTotal" | "statementLevel") =>
    result.files.reduce((total, file) => total + file[key], 0)
  return {
    rows: result.files,
    failures: [
      ...result.failed.map(({ file, line, why }) => `${file}:${line}: ${why}`),
      ...result.unusedExclusions.map((place) => `${place}: excluded by the profile, but there is no such case`),
    ],
    exclusions: profile.exclusions.map(({ file, line, reason }) => `${file}:${line}: ${reason}`),
    notes: [
      `Beyond the definition of a case: ${sum("effectsPassed")} of ${sum("effectsTotal")} assertions behind expression statements that change a value (\`x.append(1)\`) hold as well.`,
      `Not counted, because they need statements (functions, loops, item assignments): ${sum("statementLevel")} assertions.`,
      `Of ${result.messagesTotal} expected failures, ${result.messagesMatched} also carry a message that the tests accept from some implementation; wording is not specified.`,
    ],
  }
}

/** Where the tests lie under `from`: a clone of bazelbuild/starlark, or a folder that holds one. */
function findStarlarkTests(from: string): string | undefined {
  const clones = [from, ...["starlark", "bazelbuild-starlark", "bazelbuild/starlark"].map((name) => join(from, name))]
  const folders = clones.flatMap((clone) => [join(clone, "test_suite", "testdata"), join(clone, "testdata")])
  return folders.find((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory())
}

function runStarlark(folder: string): SuiteResult {
  const suite = new SuiteRun()
  for (const file of starFiles(folder)) suite.runFile(file, readFileSync(join(folder, file), "utf8"))
  return suite.result()
}

function starFiles(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
  return names
    .filter((name) => name.endsWith(".star"))
    .map((name) => name.replaceAll("\\", "/"))
    .sort()
}

const EXCLUSIONS: ReadonlyMap<string, string> = new Map(
  profile.exclusions.map(({ file, line, reason }) => [`${file}:${line}`, reason]),
)
const CHANGING_METHODS =
  /([A-Za-z_]\w*)\s*\.\s*(?:append|clear|extend|insert|pop|popitem|remove|setdefault|update|add|discard)\s*\(/g

class SuiteRun {
  private readonly files: FileResult[] = []
  private readonly failed: Failed[] = []
  private readonly usedExclusions = new Set<string>()
  private messagesMatched = 0
  private messagesTotal = 0

  result(): SuiteResult {
    return {
      files: this.files,
      failed: this.failed,
      unusedExclusions: [...EXCLUSIONS.keys()].filter((key) => !this.usedExclusions.has(key)),
      messagesMatched: this.messagesMatched,
      messagesTotal: this.messagesTotal,
    }
  }

  runFile(file: string, text: string): void {
    const counts = { passed: 0, total: 0, excluded: 0, effectsPassed: 0, effectsTotal: 0, statementLevel: 0 }
    const result: FileResult = { file, ...counts }
    for (const chunk of readChunks(text)) this.runChunk(chunk, result)
    this.files.push(result)
  }

  private runChunk(chunk: Chunk, result: FileResult): void {
    result.statementLevel += chunk.nestedAssertions
    const world = new World()
    for (const step of chunk.steps) {
      if (step.kind === "case" || isFailingStatement(step)) this.runCase(step, world, result)
      world.apply(step)
    }
  }

  private runCase(step: Step, world: World, result: FileResult): void {
    const level = step.kind === "statement" ? "statement" : world.levelOf(step)
    if (level === "statement") {
      result.statementLevel++
      return
    }
    const place = `${result.file}:${step.line}`
    if (EXCLUSIONS.has(place)) {
      this.usedExclusions.add(place)
      result.excluded++
      if (level === "expression") result.total++
      return
    }
    const why = this.check(step, world)
    if (level === "expression") result.total++
    else result.effectsTotal++
    if (why !== undefined) this.failed.push({ file: result.file, line: step.line, why })
    else if (level === "expression") result.passed++
    else result.effectsPassed++
  }

  /** Undefined when the case holds. */
  private check(step: Step, world: World): string | undefined {
    const outcome = world.evaluate(step.expects === "failure" ? bracketed(step.text) : assertionOf(step.text))
    if (step.expects === "failure") {
      if (outcome.ok) return "expected to fail, but has a value"
      this.messagesTotal++
      if (step.messages.some((message) => matches(outcome.message, message))) this.messagesMatched++
      return undefined
    }
    if (!outcome.ok) return outcome.message
    return truth(outcome.value) ? undefined : "the assertion does not hold"
  }
}

function isFailingStatement(step: Step): boolean {
  return step.kind === "statement" && step.messages.length > 0
}

/** As the suite's own driver compares: substring or pattern, letter case aside. */
function matches(message: string, expected: string): boolean {
  const lower = message.toLowerCase()
  if (lower.includes(expected.toLowerCase())) return true
  try {
    return new RegExp(expected.toLowerCase()).test(lower)
  } catch {
    return false
  }
}

/** A statement may be a tuple without brackets and a line of its own; an expression may not. */
function bracketed(text: string): string {
  return `(${text}\n)`
}

/** `assert_eq(x, y)` becomes `(x) == (y)`; text that does not parse stays, and fails. */
function assertionOf(text: string): string {
  const parsed = parseExpression(text)
  if (!parsed.ok || parsed.expression.root.kind !== "suffixed") return text
  const call = parsed.expression.root.suffixes[0]
  if (call?.kind !== "call") return text
  const [left = "", right = ""] = call.arguments.map(({ value }) => `(${text.slice(value.from, value.to)}\n)`)
  if (text.startsWith("assert_eq")) return `${left} == ${right}`
  return text.startsWith("assert_ne") ? `${left} != ${right}` : `(${left})`
}

type Outcome = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string }

/** The variables of one chunk, with how they came to be what they are. */
class World implements Scope {
  private readonly values = new Map<string, Value>()
  private readonly levels = new Map<string, Level>()

  lookup(name: string): Given | undefined {
    const value = this.values.get(name)
    return value === undefined ? undefined : new Given(value)
  }

  names(): string[] {
    return [...this.values.keys()]
  }

  evaluate(source: string): Outcome {
    const parsed = parseExpression(source)
    if (!parsed.ok) return { ok: false, message: `parse error: ${parsed.error.message}` }
    const done = evaluate(parsed.expression, this, { stepsLeft: 100_000 })
    return done.ok ? done : { ok: false, message: done.error.message }
  }

  /** The weakest level of what the step reads. */
  levelOf(step: Step): Level {
    const parsed = parseExpression(bracketed(step.text))
    const read = parsed.ok ? parsed.names.map(({ name }) => name) : (step.text.match(/[A-Za-z_]\w*/g) ?? [])
    const levels = read.map((name) => this.levels.get(name) ?? "expression")
    if (levels.includes("statement")) return "statement"
    return levels.includes("effects") ? "effects" : "expression"
  }

  apply(step: Step): void {
    if (step.kind === "statement") {
      // Whatever a statement names it may have defined or changed.
      for (const name of step.names)
        if (!BUILTIN_NAMES.has(name) || definesName(step, name)) this.levels.set(name, "statement")
      return
    }
    const level = this.levelOf(step)
    if (step.kind === "assign") this.assign(step, level)
    else if (step.kind === "effect") this.evaluate(bracketed(step.text))
    const changed = level === "statement" ? "statement" : "effects"
    for (const match of step.text.matchAll(CHANGING_METHODS)) this.levels.set(match[1] ?? "", changed)
  }

  private assign(step: Step, level: Level): void {
    for (const name of step.names) this.levels.set(name, level)
    const outcome = this.evaluate(`[[${step.names.join(", ")}] for ${step.target} in [${bracketed(step.text)}]][0]`)
    if (!outcome.ok) return
    step.names.forEach((name, index) => {
      const item = new World()
      item.values.set("values", outcome.value)
      const picked = item.evaluate(`values[${index}]`)
      if (picked.ok) this.values.set(name, picked.value)
    })
  }
}

function definesName(step: Step, name: string): boolean {
  return new RegExp(`^def\\s+${name}\\b`).test(step.text) || new RegExp(`^${name}\\s*[[.=]`).test(step.text)
}
