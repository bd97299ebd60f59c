/**
 * How well a line fits what was typed, from 0 (not at all) to 1. Every typed word must stand in the line: cmdk's own
 * measure takes letters from anywhere, and finds "Insights" for "signal".
 */
export function match(line: string, typed: string): number {
  const text = line.toLowerCase()
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
  return words.reduce((fit, word) => Math.min(fit, fitOf(text, word)), 1)
}

function fitOf(text: string, word: string): number {
  const at = text.indexOf(word)
  if (at < 0) return 0
  if (at === 0) return 1
  return beginsAWord(text, word, at) ? 0.8 : 0.5
}

function beginsAWord(text: string, word: string, first: number): boolean {
  for (let at = first; at >= 0; at = text.indexOf(word, at + 1))
    if (!/[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return true
  return false
}
