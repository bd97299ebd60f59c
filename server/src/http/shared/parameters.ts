/** Query parameters that many routes share, and how their text is read. */
import { type Static, Type } from "typebox"
import { ProblemError } from "./problem.ts"

export const LIST_LIMIT_MAX = 200

export const environment = Type.Optional(
  Type.String({ minLength: 1, maxLength: 256, default: "default", description: "The environment." }),
)
export const limit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: LIST_LIMIT_MAX, default: 50, description: `At most ${LIST_LIMIT_MAX}.` }),
)
export const cursor = Type.Optional(Type.String({ maxLength: 2048, description: "`nextCursor` of the page before." }))
export const word = Type.Optional(Type.String({ maxLength: 2048 }))
export const list = Type.Optional(Type.String({ maxLength: 8192, description: "One or more, separated by commas." }))
export const instant = Type.Optional(Type.String({ maxLength: 64, description: "RFC 3339." }))

export const runParams = Type.Object({ runId: Type.String({ minLength: 1, maxLength: 256 }) })
export type RunParams = Static<typeof runParams>

/** Comma separated, each once. */
export function listOf(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  return [
    ...new Set(
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    ),
  ]
}

/** Milliseconds since the epoch, or null when the parameter is absent. */
export function instantOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null
  const at = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : NaN
  if (Number.isNaN(at))
    throw invalidParameter(name, `${JSON.stringify(text)} is not a time`, "Write 2026-11-20T09:30:00.000Z.")
  return at
}

/** A list of what overlaps a time that ends before it begins would hold whatever lasted longer. */
export function periodOf(query: { readonly from?: string; readonly to?: string }): {
  readonly from: number | null
  readonly to: number | null
} {
  const from = instantOf("from", query.from)
  const to = instantOf("to", query.to)
  if (from !== null && to !== null && from > to) throw invalidParameter("to", "it is before `from`", "Swap the two.")
  return { from, to }
}

/** A cursor that is a place in a run: the `seq` to go on after. */
export function seqCursor(text: string | undefined): number {
  if (text === undefined) return 0
  if (!/^\d{1,15}$/.test(text)) throw new ProblemError("cursor_mismatch", "the cursor is not one of this list")
  return Number(text)
}

/** A cursor that is a name: what stands last on its page may be gone by the next, so it need not be there any more. */
export function nameCursor(name: string): string {
  return `n.${Buffer.from(name).toString("base64url")}`
}

/** The name to go on after. Of a cursor that is none of ours nothing would come after, and the page look like the last. */
export function nameOfCursor(text: string | undefined): string | null {
  if (text === undefined) return null
  const name = Buffer.from(text.slice(2), "base64url").toString()
  if (name === "" || nameCursor(name) !== text)
    throw new ProblemError("cursor_mismatch", "the cursor is not one of this list")
  return name
}

export function invalidParameter(name: string, message: string, hint?: string): ProblemError {
  return new ProblemError("invalid_request", `${name}: ${message}`, {
    errors: [{ code: "invalid_value", message, pointer: `/${name}`, ...(hint !== undefined && { hint }) }],
  })
}
