/** Names and descriptions are shown to everybody and kept for good: a key that was pasted into one is refused, not kept. */
import { holdsSecret } from "@waybill/engine"
import { invalidParameter } from "../http/shared/parameters.ts"

/** @param said by the names of their fields. @throws ProblemError */
export function refuseSecrets(said: Readonly<Record<string, string | undefined>>): void {
  for (const [field, text] of Object.entries(said))
    if (text !== undefined && holdsSecret(text))
      throw invalidParameter(
        field,
        "it looks like a secret, and everybody would read it",
        "Write something else there.",
      )
}

/** One text, as it is. @throws ProblemError */
export function noSecret(field: string, text: string): string {
  refuseSecrets({ [field]: text })
  return text
}
