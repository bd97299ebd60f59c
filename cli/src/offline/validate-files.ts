/** `validate`: files to findings, without a server and without running anything of theirs. */
import { readdir, stat } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import type { Finding } from "@waybill/contract"
import { checkDefinition } from "@waybill/server/compose/check-definition"
import { textOf } from "../arguments.ts"
import { exitCodes } from "../exit-codes.ts"
import { CommandFailure } from "../failure.ts"
import type { Session } from "../session.ts"
import { countOf, findings } from "../show/findings.ts"

export interface ValidateOptions {
  readonly agents?: boolean
  readonly maxProblems: number
}

interface Checked {
  readonly file: string
  readonly valid: boolean
  readonly workflowId: string | null
  readonly problems: readonly Finding[]
}

const WORKFLOW_FILE = /\.workflow\.(ya?ml|json)$/
const AGENT_FILE = /^(.+)\.agent\.(ts|mts|mjs|js)$/

export async function validateFiles(
  session: Session,
  given: readonly string[],
  options: ValidateOptions,
): Promise<number> {
  const { terminal, style } = session
  const files = (await Promise.all(given.map((file) => filesAt(terminal.cwd, file)))).flat()
  const results: Checked[] = []
  for (const file of files) {
    const text = await textOf(terminal, file)
    const checked = checkOne(file, text, options.agents === false ? null : await agentsBeside(terminal.cwd, file))
    results.push(checked)
    if (session.json) continue
    const shown = checked.problems.slice(0, options.maxProblems)
    const verdict = checked.valid ? style.green("valid") : style.red("invalid")
    if (shown.length > 0) session.print(`${findings(style, shown, text)}\n`)
    const left = checked.problems.length - shown.length
    session.print(`${file}: ${verdict}, ${countOf(checked.problems)}${left > 0 ? ` (${left} not shown)` : ""}\n`)
  }
  const valid = results.every((one) => one.valid)
  if (session.json) session.printJson({ valid, files: results })
  return valid ? exitCodes.done : exitCodes.failed
}

function checkOne(file: string, text: string, agents: readonly string[] | null): Checked {
  const { definition, problems, document } = checkDefinition({ text, file: file === "-" ? "<stdin>" : file, agents })
  return {
    file,
    valid: definition !== null,
    workflowId: definition?.id ?? idOf(document),
    problems: [...problems] as Finding[],
  }
}

function idOf(document: unknown): string | null {
  const id = typeof document === "object" && document !== null && "id" in document ? document.id : null
  return typeof id === "string" ? id : null
}

/** A folder stands for the workflow files in it, however deep. */
async function filesAt(cwd: string, given: string): Promise<readonly string[]> {
  const path = resolve(cwd, given)
  const isFolder =
    given !== "-" &&
    (await stat(path).then(
      (entry) => entry.isDirectory(),
      () => false,
    ))
  if (!isFolder) return [given]
  const entries = await readdir(path, { withFileTypes: true, recursive: true })
  const files = entries
    .filter((entry) => entry.isFile() && WORKFLOW_FILE.test(entry.name))
    .map((entry) => join(given, entry.parentPath.slice(path.length), entry.name))
  if (files.length > 0) return files.sort()
  throw new CommandFailure({
    code: "nothing_to_validate",
    detail: `${given} holds no *.workflow.yaml, *.workflow.yml or *.workflow.json`,
    exitCode: exitCodes.wrongUse,
  })
}

/** Names of the agents of the environment that a file lies in; null when it lies in none. */
async function agentsBeside(cwd: string, file: string): Promise<readonly string[] | null> {
  if (file === "-") return null
  for (let folder = dirname(resolve(cwd, file)); folder !== dirname(folder); folder = dirname(folder)) {
    if (basename(folder) !== "workflows") continue
    const entries = await readdir(join(dirname(folder), "agents")).catch(() => null)
    return entries?.flatMap((name) => AGENT_FILE.exec(name)?.[1] ?? []) ?? null
  }
  return null
}
