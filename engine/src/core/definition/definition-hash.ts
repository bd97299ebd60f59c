/** The content of a definition as one hash: white space, comments, key order and the format do not matter. */
import { canonicalJson } from "../canonical-json.ts"
import type { Json } from "../json.ts"

/** Lower-case hex. `sha256` takes the text's UTF-8 bytes; it is handed in because core does no I/O (rule 30). */
export function definitionHash(document: Json, sha256: (text: string) => Uint8Array): string {
  return [...sha256(canonicalJson(document))].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}
