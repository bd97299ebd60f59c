/** Secrets that were written into a definition: it is kept, hashed and shown as it stands, and no policy looks at it. */
import { isJsonObject, type Json } from "../../json.ts"
import { holdsSecret } from "../../policy/redaction/holds-secret.ts"
import type { Reading } from "../read/reading.ts"

/** What is found behind them is of the same kind, and mended in the same way. */
const toldMax = 20

export function checkSecrets(reading: Reading, document: Json): void {
  let told = 0
  const look = (value: Json, pointer: string): void => {
    if (told === toldMax) return
    if (typeof value === "string") {
      if (holdsSecret(value)) tell(pointer, "value")
    } else if (Array.isArray(value)) for (const [index, item] of value.entries()) look(item, `${pointer}/${index}`)
    else if (isJsonObject(value)) {
      for (const [key, item] of Object.entries(value)) {
        const below = `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`
        if (holdsSecret(key)) tell(below, "key")
        look(item, below)
      }
    }
  }
  const tell = (pointer: string, part: "key" | "value") => {
    told += 1
    reading.report.warning(
      "secret_in_definition",
      { pointer, part },
      "this looks like a secret, and everybody who may look at the workflow or its runs would read it",
      { hint: "Give it to the run in its input, or to the agent by its environment; or take it out where it is none." },
    )
  }
  look(document, "")
}
