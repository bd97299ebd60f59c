/** Hits of a search: what each is, and the piece of text it was found by. */
import type { SearchAnswer, SearchHit } from "@waybill/contract"
import { type Style, toned } from "./style.ts"
import { relative as ago } from "./times.ts"

export function searchText(style: Style, { hits }: SearchAnswer, now: number): string {
  if (hits.length === 0) return "nothing found\n"
  return hits.map((hit) => hitText(style, hit, now)).join("")
}

function hitText(style: Style, hit: SearchHit, now: number): string {
  const { kind, id, title, state, at, places } = hit
  const told = [state === null ? null : toned(style, state), at === null ? null : ago(at, now)].filter(Boolean)
  const head = `${style.dim(kind)} ${style.bold(plain(id))}  ${plain(title)}  ${told.join("  ")}`
  const found = places.map(({ part, path, snippet, marks }) => {
    const where = [part === "run" ? "" : part, path].filter(Boolean).join(".")
    return `  ${style.dim(plain(where))}  ${marked(style, snippet, marks)}\n`
  })
  return `${head.trimEnd()}\n${found.join("")}`
}

function marked(style: Style, text: string, marks: readonly (readonly number[])[]): string {
  let done = ""
  let at = 0
  for (const [from, to] of marks) {
    done += plain(text.slice(at, from)) + style.underline(plain(text.slice(from, to)))
    at = to!
  }
  return done + plain(text.slice(at))
}

/** Values are anybody's: nothing in them may steer the terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, " ")
}
