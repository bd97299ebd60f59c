/**
 * `docs/coverage.md` promises for every requirement and every rule where it lives and which test proves it. The promise
 * is kept only if each place and each test, by its title, is really there.
 */
import { existsSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { ROOT } from "../setup/root.mjs"
import type { Check } from "./check.ts"
import { readProjectFile } from "./files.ts"

const PAGE = "docs/coverage.md"
const NOT_YET = "not yet"

const series = (letter: string, count: number) => Array.from({ length: count }, (_, index) => `${letter}${index + 1}`)
const IDS = [
  ...[series("W", 24), series("U", 7), series("R", 13), series("T", 4), series("V", 9), series("X", 6)].flat(),
  ...series("rule ", 35),
]

export const coverageCheck: Check = {
  title: "the coverage table has every requirement and rule, and names places and tests that exist",
  run: async () =>
    coverageFindings(readProjectFile(PAGE), {
      exists: (path) => existsSync(join(ROOT, path)),
      titles: (file) => (existsSync(join(ROOT, file)) ? testTitles(readProjectFile(file)) : undefined),
    }),
}

export interface Row {
  readonly line: number
  readonly id: string
  readonly where: string
  readonly proof: string
}

export interface Project {
  readonly exists: (path: string) => boolean
  /** undefined when there is no such file */
  readonly titles: (file: string) => ReadonlySet<string> | undefined
}

export function coverageFindings(page: string, project: Project, ids: readonly string[] = IDS): readonly string[] {
  const rows = tableRows(page)
  const known = new Set(ids)
  const counts = new Map<string, number>()
  for (const { id } of rows) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [
    ...ids.filter((id) => !counts.has(id)).map((id) => `${PAGE} has no row for ${id}`),
    ...[...counts].filter(([, count]) => count > 1).map(([id, count]) => `${PAGE} has ${count} rows for ${id}`),
    ...rows
      .filter(({ id }) => !known.has(id))
      .map(({ line, id }) => `${PAGE}:${line} ${id} is no requirement and no rule`),
    ...rows.flatMap((row) => rowFindings(row, project)),
  ]
}

/** Rows of the page's tables whose first cell is an id: `| W1 | what | where | proof |`. */
export function tableRows(page: string): readonly Row[] {
  return page.split("\n").flatMap((text, index) => {
    const cells = text.split("|").map((cell) => cell.trim())
    const [, id = "", , where = "", proof = ""] = cells
    return /^([A-Z]\d+|rule \d+)$/.test(id) ? [{ line: index + 1, id, where, proof }] : []
  })
}

function rowFindings(row: Row, project: Project): readonly string[] {
  const at = `${PAGE}:${row.line} ${row.id}`
  const places = [...row.where.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path)
  const missing = places.filter((path) => !project.exists(path)).map((path) => `${at}: there is no ${path}`)
  if (row.proof === NOT_YET) return missing
  if (row.where === "" || row.where === NOT_YET) return [...missing, `${at}: has a test but no place`]
  return [...missing, ...row.proof.split("<br>").flatMap((proof) => proofFindings(at, proof.trim(), project))]
}

function proofFindings(at: string, proof: string, project: Project): readonly string[] {
  const [, file = "", title = ""] = /^`([^`]+)` (.+)$/.exec(proof) ?? []
  if (file === "") return [`${at}: write "\`file\` title of the test", or "${NOT_YET}"`]
  const titles = project.titles(file)
  if (titles === undefined) return [`${at}: there is no ${file}`]
  return titles.has(title) ? [] : [`${at}: ${file} has no test "${title}"`]
}

/** Titles of `test`, `it` and `describe` in a test file, with `.each` and the like; in templates `${…}` stands as written. */
export function testTitles(text: string): ReadonlySet<string> {
  const source = ts.createSourceFile("titles.ts", text, ts.ScriptTarget.ES2023, true)
  const titles = new Set<string>()
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const title = titleOf(node.arguments[0], source)
      if (title !== undefined) titles.add(title)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return titles
}

function isTest(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ["test", "it", "describe"].includes(callee.text)
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) return isTest(callee.expression)
  return ts.isTaggedTemplateExpression(callee) && isTest(callee.tag)
}

function titleOf(node: ts.Expression | undefined, source: ts.SourceFile): string | undefined {
  if (node === undefined) return undefined
  if (ts.isStringLiteralLike(node)) return node.text
  return ts.isTemplateExpression(node) ? node.getText(source).slice(1, -1) : undefined
}
