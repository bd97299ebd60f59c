/** JSON as it is typed: its value, or what is wrong in words a person can act on. */
export type ReadJson = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string }

export function readJson(text: string): ReadJson {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, message: text.trim() === "" ? "Nothing is no JSON: write null." : inWords(error, text) }
  }
}

/** Browsers name the place in their own ways; the position is the one they share. */
function inWords(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : String(error)
  const position = /position (\d+)/.exec(message)?.[1]
  const what = message.replace(/ in JSON at position.*$/, "").replace(/^JSON\.parse: /, "")
  if (position === undefined) return `This is not JSON: ${what}.`
  const before = text.slice(0, Number(position)).split("\n")
  return `This is not JSON: ${what}, at line ${before.length}, column ${before.at(-1)!.length + 1}.`
}
