/** Texts become definitions. A short one at once; a long one may be read elsewhere, so that nobody waits for it (rule 30). */
import {
  type DefinitionRead,
  type DefinitionText,
  type ReadingTools,
  readDefinitionText,
} from "../core/definition/read-text.ts"

export interface DefinitionReader {
  read(text: DefinitionText): DefinitionRead | Promise<DefinitionRead>
}

/** All of them here and now. */
export function readHere(tools: ReadingTools): DefinitionReader {
  return { read: (text) => readDefinitionText(text, tools) }
}
