/** Architecture §10: one file reads the environment, so that `waybill doctor` can print all there is. */
import ts from "typescript"
import type { Check } from "./check.ts"
import { projectFiles, readProjectFile } from "./files.ts"

const SCOPE = /^(engine|server|sdk|contract)\/src\/.*\.ts$/
const READER = "server/src/config.ts"

export const environmentCheck: Check = {
  title: "only the server's configuration reads the environment",
  run: async () => {
    const files = (await projectFiles()).filter((file) => SCOPE.test(file) && !/\.test\.ts$|\/testing\//.test(file))
    return files.filter((file) => file !== READER).flatMap((file) => environmentReads(file, readProjectFile(file)))
  },
}

export function environmentReads(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const findings: string[] = []
  const visit = (node: ts.Node): void => {
    if (
      ts.isPropertyAccessExpression(node) &&
      node.name.text === "env" &&
      node.expression.getText(source) === "process"
    ) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      findings.push(`${file}:${line + 1} reads process.env; ${READER} is the only reader`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return findings
}
