import type { ReactNode } from "react"

/** The server writes names of fields between backticks. */
export function withCode(text: string): ReactNode {
  if (!text.includes("`")) return text
  return text.split(/`([^`]+)`/).map((part, at) => {
    if (at % 2 === 0) return part
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text, which none is taken from
    return <code key={at}>{part}</code>
  })
}
