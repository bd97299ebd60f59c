/**
 * Rule 25: the clock, chance, timers and the process are ports. Code that reaches for the real ones cannot be run by
 * the simulator from a seed, so the engine may do it in `adapters/` and `testing/` only. Reads the syntax tree, so a
 * comment or a property called `process` is no finding.
 */
import ts from "typescript"
import type { Check } from "./check.ts"
import { projectFiles, readProjectFile } from "./files.ts"

const SCOPE = /^engine\/src\/(?!adapters\/|testing\/).*\.ts$/
const CORE = /^engine\/src\/core\//

const GLOBALS = new Set([
  ...["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"],
  ...["process", "crypto", "performance", "fetch", "require", "globalThis"],
])
const CORE_GLOBALS = new Set(["Date", "Buffer", "console", "Intl"])
const MODULES = new Set(["crypto", "timers", "timers/promises", "process", "perf_hooks", "os", "child_process"])

export const ambientCheck: Check = {
  title: "the engine reaches clock, chance, timers and the process only through its ports",
  run: async () => {
    const files = (await projectFiles()).filter((file) => SCOPE.test(file) && !file.endsWith(".test.ts"))
    return files.flatMap((file) => ambientUses(file, readProjectFile(file)))
  },
}

/** @param file relative to the project; decides which names are banned */
export function ambientUses(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true)
  const isCore = CORE.test(file)
  const findings: string[] = []
  const visit = (node: ts.Node): void => {
    const name = bannedUse(node, isCore)
    if (name !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source))
      findings.push(`${file}:${line + 1} uses ${name}; take it from a port (rule 25)`)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return findings
}

function bannedUse(node: ts.Node, isCore: boolean): string | undefined {
  if (ts.isImportDeclaration(node)) return bannedImport(node)
  if (ts.isIdentifier(node) && isReference(node)) return bannedGlobal(node, isCore)
  return undefined
}

function bannedImport(node: ts.ImportDeclaration): string | undefined {
  if (!ts.isStringLiteral(node.moduleSpecifier) || node.importClause?.isTypeOnly) return undefined
  const module = node.moduleSpecifier.text
  return module.startsWith("node:") && MODULES.has(module.slice(5)) ? module : undefined
}

function bannedGlobal(node: ts.Identifier, isCore: boolean): string | undefined {
  const name = node.text
  if (GLOBALS.has(name) || (isCore && CORE_GLOBALS.has(name))) return name
  if (name === "Math" && memberOf(node) === "random") return "Math.random"
  if (name === "Date" && readsTheClock(node)) return "the clock (Date)"
  return undefined
}

function memberOf(node: ts.Identifier): string | undefined {
  return ts.isPropertyAccessExpression(node.parent) && node.parent.expression === node
    ? node.parent.name.text
    : undefined
}

/** `Date.now()`, `Date()` and `new Date()`; a date made from a given moment is only arithmetic. */
function readsTheClock(node: ts.Identifier): boolean {
  const parent = node.parent
  if (memberOf(node) === "now") return true
  if (ts.isCallExpression(parent) && parent.expression === node) return true
  return ts.isNewExpression(parent) && parent.expression === node && (parent.arguments?.length ?? 0) === 0
}

/** A name that stands for a value of the surroundings: no member, no key, no type, and declared nowhere in the file. */
function isReference(node: ts.Identifier): boolean {
  return isUsedAsValue(node) && !isDeclaredAbove(node)
}

function isUsedAsValue(node: ts.Identifier): boolean {
  const parent = node.parent
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isShorthandPropertyAssignment(parent)) return true
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent) || ts.isTypeQueryNode(parent)) return false
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isImportClause(parent)) return false
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false
  return !(isNamed(parent) && parent.name === node)
}

function isNamed(node: ts.Node): node is ts.Node & { readonly name: ts.Node } {
  return "name" in node && node.name !== undefined
}

/** Whether a parameter, variable, function or import of that name hides the global one. */
function isDeclaredAbove(node: ts.Identifier): boolean {
  for (let scope: ts.Node | undefined = node.parent; scope !== undefined; scope = scope.parent) {
    if (declares(scope, node.text)) return true
  }
  return false
}

function declares(scope: ts.Node, name: string): boolean {
  if (ts.isFunctionLike(scope)) return scope.parameters.some((parameter) => binds(parameter.name, name))
  if (ts.isForOfStatement(scope) || ts.isForStatement(scope) || ts.isForInStatement(scope)) {
    const list = scope.initializer
    return list !== undefined && ts.isVariableDeclarationList(list) && listBinds(list, name)
  }
  if (ts.isCatchClause(scope))
    return scope.variableDeclaration !== undefined && binds(scope.variableDeclaration.name, name)
  if (ts.isBlock(scope) || ts.isSourceFile(scope) || ts.isCaseClause(scope) || ts.isDefaultClause(scope)) {
    return scope.statements.some((statement) => statementDeclares(statement, name))
  }
  return false
}

function statementDeclares(statement: ts.Statement, name: string): boolean {
  if (ts.isVariableStatement(statement)) return listBinds(statement.declarationList, name)
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return statement.name?.text === name
  return ts.isImportDeclaration(statement) && importBinds(statement, name)
}

function listBinds(list: ts.VariableDeclarationList, name: string): boolean {
  return list.declarations.some((declaration) => binds(declaration.name, name))
}

function importBinds(statement: ts.ImportDeclaration, name: string): boolean {
  const clause = statement.importClause
  if (clause?.name?.text === name) return true
  const bindings = clause?.namedBindings
  if (bindings === undefined) return false
  return ts.isNamespaceImport(bindings)
    ? bindings.name.text === name
    : bindings.elements.some((element) => element.name.text === name)
}

function binds(pattern: ts.BindingName, name: string): boolean {
  if (ts.isIdentifier(pattern)) return pattern.text === name
  return pattern.elements.some((element) => ts.isBindingElement(element) && binds(element.name, name))
}
