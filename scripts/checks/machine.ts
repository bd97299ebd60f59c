/** Nothing in the project points at the machine it was made on: no folder of somebody's, no address in a private network. */
import type { Check } from "./check.ts"
import { lineAt, projectFiles, readProjectFile } from "./files.ts"

const TEXT = /\.(ts|mts|mjs|cjs|js|json|ya?ml|md|sh|sql|txt|html|css)$|^\.[a-z/]+$/
// The places stand as alternatives, so that this file does not find itself.
const FOLDER = /(?<![\w.$}/-])\/(?:work|home|root|Users)\/[\w.-]+/g
const HOST = /\b[\w-]+\.(?:internal|corp|lan)\b(?!\()/g

export const machineCheck: Check = {
  title: "no file names a folder or a host of the machine it was made on",
  run: async () => {
    const files = (await projectFiles()).filter((file) => TEXT.test(file) && file !== "package-lock.json")
    return files.flatMap((file) => machineNames(file, readProjectFile(file)))
  },
}

export function machineNames(file: string, text: string): readonly string[] {
  return [...text.matchAll(FOLDER), ...text.matchAll(HOST)].map(
    (match) => `${file}:${lineAt(text, match.index)} names ${match[0]}`,
  )
}
