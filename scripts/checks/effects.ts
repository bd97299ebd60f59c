/**
 * An effect in a component is the last resort: most are state that could be computed, or an event that has a handler.
 * Each says above itself why it must be one, and together they stay few.
 */
import ts from "typescript"
import type { Check } from "./check.ts"
import { projectFiles, readProjectFile } from "./files.ts"

const SCOPE = /^web\/src\/.*\.tsx?$/
const EFFECTS = new Set(["useEffect", "useLayoutEffect", "useInsertionEffect"])
/** Raise it with the commit that needs it; whoever reads that commit asks why. */
const EFFECTS_MAX = 24

export const effectsCheck: Check = {
  title: "effects in the pages are few, and each says why it must be one",
  run: async () => {
    const files = (await projectFiles()).filter((file) => SCOPE.test(file) && !/\.test\.tsx?$/.test(file))
    const effects = files.flatMap((file) => effectsIn(file, readProjectFile(file)))
    const unexplained = effects.filter(({ why }) => why === null)
    return [
      ...unexplained.map(({ at, name }) => `${at} ${name} without a comment above it that says why`),
      ...(effects.length > EFFECTS_MAX
        ? [`there are ${effects.length} effects in web/src, ${EFFECTS_MAX} are allowed`]
        : []),
    ]
  },
}

export interface Effect {
  readonly at: string
  readonly name: string
  readonly why: string | null
}

export function effectsIn(file: string, text: string): readonly Effect[] {
  const kind = file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true, kind)
  const effects: Effect[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && EFFECTS.has(nameOf(node.expression))) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      effects.push({ at: `${file}:${line + 1}`, name: nameOf(node.expression), why: commentAbove(node, text) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return effects
}

function nameOf(callee: ts.Expression): string {
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text
  return ts.isIdentifier(callee) ? callee.text : ""
}

function commentAbove(call: ts.Node, text: string): string | null {
  const statement = ts.findAncestor(call, ts.isStatement) ?? call
  const comment = ts.getLeadingCommentRanges(text, statement.getFullStart())?.at(-1)
  return comment === undefined ? null : text.slice(comment.pos, comment.end)
}
