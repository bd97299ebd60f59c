/**
 * `npm run shape`: how long files and functions are. What tires a reader is never the median but the tail, so it prints
 * medians, 90th percentiles, and the ten longest of both. It blocks nothing.
 */
import ts from "typescript"
import { projectFiles, readProjectFile } from "./checks/files.ts"

interface Measured {
  readonly name: string
  readonly lines: number
}

const SOURCE = /^(contract|engine|agents|server|sdk|cli|web|examples|scripts)\/.*\.(ts|mts|mjs|tsx)$/
const TESTS = /\.test\.tsx?$|\.d\.mts$/

function measureFile(file: string): Measured {
  return { name: file, lines: readProjectFile(file).trimEnd().split("\n").length }
}

/** A function without those inside it would need a name for what is left, so nested ones count twice. */
function measureFunctions(file: string): readonly Measured[] {
  const source = ts.createSourceFile(file, readProjectFile(file), ts.ScriptTarget.ES2023, true)
  const found: Measured[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const from = source.getLineAndCharacterOfPosition(node.getStart(source)).line
      const to = source.getLineAndCharacterOfPosition(node.getEnd()).line
      found.push({ name: `${file}:${from + 1} ${nameOf(node, source)}`, lines: to - from + 1 })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function nameOf(node: ts.SignatureDeclaration, source: ts.SourceFile): string {
  if (node.name !== undefined) return node.name.getText(source)
  const parent = node.parent
  if (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) return parent.name.getText(source)
  return "(without a name)"
}

function report(what: string, measured: readonly Measured[]): void {
  const sorted = [...measured].sort((a, b) => b.lines - a.lines)
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * (1 - share))]?.lines ?? 0
  console.log(`${sorted.length} ${what}: median ${at(0.5)} lines, 90th percentile ${at(0.9)}, longest ${at(1)}`)
  for (const { name, lines } of sorted.slice(0, 10)) console.log(`  ${String(lines).padStart(5)}  ${name}`)
}

const files = (await projectFiles()).filter((file) => SOURCE.test(file) && !TESTS.test(file))
report("files", files.map(measureFile))
report("functions", files.flatMap(measureFunctions))
