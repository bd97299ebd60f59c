/** `docs/problems.md` from the catalogues. `tsx scripts/docs/problems.ts` writes it; a test holds it equal to this. */
import { writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { DATA_PROBLEMS, FAILURES, FILE_PROBLEMS, PROBLEMS } from "@waybill/contract"
import { DEFINITION_PROBLEMS } from "@waybill/engine/core/definition/problem-codes"
import { QUERY_PROBLEMS } from "@waybill/engine/core/views/run-language/problem-codes"

export const problemsFile = new URL("../../docs/problems.md", import.meta.url)

type Entries = Readonly<Record<string, { readonly meaning: string; readonly todo: string }>>

export function problemsPage(): string {
  return `${[
    "# Problems",
    "<!-- Written by scripts/docs/problems.ts from the catalogues in contract/src; change those. -->",
    "Codes are stable: programs may compare them, texts may change. Every refused or failed request answers with\n`application/problem+json` (RFC 9457) whose `code` stands in the first table.",
    "```json",
    example(),
    "```",
    '`errors` lists single findings, `data` what the caller needs to go on, `hint` what to do. `requestId` is in the header\n`x-request-id` and in the server\'s log. A 503 has `Retry-After` and `retry: "same key"`: send the same request again\nwith the same `Idempotency-Key`; it is done once.',
    "## Answers",
    answers(),
    "## Failures of steps and runs",
    "`error.code` of a step or a run. Agents bring codes of their own besides these. `error.class` alone says whether it is\ntried again: `transient`, `timeout` and `external_api` are; `validation_failed`, `policy_denied` and `cancelled` are not.",
    table(FAILURES),
    "## Findings in a definition",
    "`errors[].code` of a 422 `definition_invalid`, of `POST /api/v1/workflows/validate`, of a sync and of\n`waybill validate`; each with line, column, pointer and a hint.",
    definitions(),
    "## Findings in a query",
    "`errors[].code` of a 400 `invalid_query`, and `problems[].code` of `GET /api/v1/workflow-runs/query`; each with its\ncolumn. The language: [queries](reference/query.md).",
    table(QUERY_PROBLEMS),
    "## Files of an environment",
    table(FILE_PROBLEMS),
    "## Data directory",
    "Told at start; the process exits 1, for `data_locked` 3.",
    table(DATA_PROBLEMS),
  ].join("\n\n")}\n`
    .replaceAll("```json\n\n", "```json\n")
    .replaceAll("\n\n```\n", "\n```\n")
}

function example(): string {
  const { status, title, todo } = PROBLEMS.run_finished
  return JSON.stringify(
    {
      type: "urn:waybill:problem:run_finished",
      title,
      status,
      code: "run_finished",
      detail: "the run has ended: COMPLETED",
      instance: "/api/v1/workflow-runs/run_01M7XPNX6T0MTYANF8VS7R6P0N/cancel",
      requestId: "req_5f992b7688051",
      hint: todo,
      data: { status: "COMPLETED" },
    },
    null,
    2,
  )
}

function answers(): string {
  const rows = Object.entries(PROBLEMS).map(([code, entry]) => [
    `\`${code}\``,
    String(entry.status),
    entry.title,
    entry.todo,
  ])
  return lines(["code", "status", "what", "what to do"], rows)
}

function table(entries: Entries): string {
  const rows = Object.entries(entries).map(([code, entry]) => [`\`${code}\``, entry.meaning, entry.todo])
  return lines(["code", "what", "what to do"], rows)
}

function definitions(): string {
  return lines(
    ["code", "what"],
    Object.entries(DEFINITION_PROBLEMS).map(([code, meaning]) => [`\`${code}\``, meaning]),
  )
}

function lines(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(problemsFile, problemsPage())
