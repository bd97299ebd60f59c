/** Every code that the program can say is in a catalogue with what to do, and no catalogue has a code nobody says. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { DATA_PROBLEMS, FAILURES, FILE_PROBLEMS, PROBLEMS } from "@waybill/contract"
import { DEFINITION_PROBLEMS } from "@waybill/engine/core/definition/problem-codes"
import { QUERY_PROBLEMS } from "@waybill/engine/core/views/run-language/problem-codes"
import ts from "typescript"
import { describe, expect, test } from "vitest"
import { problemsFile, problemsPage } from "../../scripts/docs/problems.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))

/** Stay inside the engine: somebody who submitted a command handles them, nobody outside ever reads them. */
const internal = new Set([
  // commands of the runtime that came too late, which is no fault (rules 5, 8, 15)
  "attempt_not_queued",
  "child_not_awaited",
  "run_not_queued",
  "signal_replayed",
  "stale_result",
  "timer_early",
  "timer_gone",
  // how a commit ended (rule 3)
  "busy",
  "constraint",
  "disk_full",
  "epoch_lost",
  "read_only",
  "stale_seq",
  // what the reader of JSON found; stands in `errors` of malformed_json and among the definition's findings
  "not_json",
  // an agent's attempt that ends by message, not by error
  "aborted",
  "agent_missing",
])

/** Functions whose named argument is a code. */
const sayers: Readonly<Record<string, number>> = {
  no: 0,
  rejected: 0,
  ProblemError: 0,
  RejectionError: 0,
  problemBody: 0,
  sendProblem: 2,
  found: 1,
  StoreOpenError: 0,
  ShapeError: 0,
  failure: 1,
  problem: 0,
  schemaFailure: 1,
}

interface Said {
  readonly code: string
  readonly where: string
}

function sources(): readonly string[] {
  return ["engine", "agents", "server"].flatMap((name) =>
    readdirSync(join(root, name, "src"), { recursive: true, encoding: "utf8" })
      .filter((file) => /\.ts$/.test(file) && !/\.test\.ts$|\.fixture\.ts$|(^|\/)testing\//.test(file))
      .map((file) => join(name, "src", file)),
  )
}

const parsed = sources().map((file) => ({
  file,
  tree: ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true),
}))

function saidIn(file: string, tree: ts.SourceFile): readonly Said[] {
  const said: Said[] = []
  const take = (node: ts.Node | undefined): void => {
    if (node === undefined) return
    if (ts.isStringLiteral(node)) {
      if (/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(node.text)) said.push({ code: node.text, where: file })
    } else if (ts.isConditionalExpression(node)) {
      take(node.whenTrue)
      take(node.whenFalse)
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === "code") take(node.initializer)
    if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && ts.isIdentifier(node.expression)) {
      const place = sayers[node.expression.text]
      if (place !== undefined) take(node.arguments?.[place])
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return said
}

const literals = new Set<string>()
for (const { file, tree } of parsed) {
  if (/problem-codes\.ts$/.test(file)) continue
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) literals.add(node.text)
    ts.forEachChild(node, visit)
  }
  visit(tree)
}

const catalogues = { PROBLEMS, FAILURES, FILE_PROBLEMS, DATA_PROBLEMS, DEFINITION_PROBLEMS, QUERY_PROBLEMS }

describe("codes of problems", () => {
  const said = parsed.flatMap(({ file, tree }) => saidIn(file, tree))

  test("many are found, so the search works", () => {
    expect(new Set(said.map((one) => one.code)).size).toBeGreaterThan(100)
  })

  test("every code the program says is in a catalogue", () => {
    const known = new Set([...Object.values(catalogues).flatMap((entries) => Object.keys(entries)), ...internal])
    expect(said.filter(({ code }) => !known.has(code)).map(({ code, where }) => `${code} in ${where}`)).toEqual([])
  })

  test.each(Object.entries(catalogues))("no code of %s is said by nobody", (_name, entries) => {
    expect(Object.keys(entries).filter((code) => !literals.has(code))).toEqual([])
  })

  test("what is called internal is really said", () => {
    expect([...internal].filter((code) => !literals.has(code))).toEqual([])
  })

  test("docs/problems.md is what the catalogues say", () => {
    expect(readFileSync(problemsFile, "utf8")).toBe(problemsPage())
  })
})
