import type { Finding } from "@waybill/contract"

/** `2 errors, 1 warning`; what has neither is said to be in order. */
export function problemCount(problems: readonly Finding[]): { readonly errors: number; readonly words: string } {
  const count = (severity: string) => problems.filter((one) => (one.severity ?? "error") === severity).length
  const errors = count("error")
  const parts = [counted(errors, "error"), counted(count("warning"), "warning"), counted(count("hint"), "hint")]
  const words = parts.filter((part) => part !== null).join(", ")
  return { errors, words: words === "" ? "No problems" : words }
}

const counted = (count: number, word: string) => (count === 0 ? null : `${count} ${word}${count === 1 ? "" : "s"}`)
