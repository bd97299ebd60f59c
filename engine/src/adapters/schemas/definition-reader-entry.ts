/** The entry of the thread that reads long definitions (`dist/definition-reader.js`). It answers with plain data. */
import { createHash } from "node:crypto"
import { parentPort } from "node:worker_threads"
import { type DefinitionText, readDefinitionText } from "../../core/definition/read-text.ts"
import { createJsonSchemas } from "./json-schemas.ts"

const tools = {
  compileSchema: createJsonSchemas().compile,
  sha256: (text: string) => createHash("sha256").update(text).digest(),
}

const port = parentPort!
port.on("message", ({ id, asked }: { readonly id: number; readonly asked: DefinitionText }) => {
  port.postMessage({ id, read: readDefinitionText(asked, tools) })
})
