import { codeParts } from "./code-parts.ts"

/** A sentence of the server with its names set as code. */
export function WithCode({ text }: { text: string }) {
  return codeParts(text).map(({ text: part, isCode }, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence do not move
    isCode ? <code key={at}>{part}</code> : <span key={at}>{part}</span>,
  )
}
