/** What an approval asks to be filled in, and what the server says of it. */
import type { Approval, Finding } from "@waybill/contract"
import { ProblemError } from "@waybill/sdk"
import type { InputSchema } from "../input-form/schema/input-schema.ts"
import type { Choice } from "./choices.ts"

export function schemaOf({ formSchema }: Pick<Approval, "formSchema">): InputSchema | null {
  return formSchema === null ? null : { schema: formSchema, roots: { schema: formSchema, shared: {} } }
}

/** Whoever rejects fills in nothing: the engine asks the form of every other outcome. */
export const asksForm = ({ formSchema }: Pick<Approval, "formSchema">, { outcome }: Choice): boolean =>
  formSchema !== null && outcome !== "reject"

/** Findings stand at the fields they are about. */
export function findingsOf(error: unknown): readonly Finding[] {
  return error instanceof ProblemError && error.problem.code === "form_invalid" ? (error.problem.errors ?? []) : []
}
