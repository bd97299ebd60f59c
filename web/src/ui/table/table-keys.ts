/** What a key means in a table (`j k x Space Enter`, arrows, Home, End, Page keys). */
export type TableKey =
  | { readonly kind: "move"; readonly to: number }
  | { readonly kind: "tick"; readonly range: boolean }
  | { readonly kind: "peek" }
  | { readonly kind: "open" }

type Pressed = {
  readonly key: string
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

type Place = {
  /** -1: no row has the focus yet. */
  readonly at: number
  readonly rows: number
  /** As many as are seen at once. */
  readonly page: number
}

export function tableKey(pressed: Pressed, place: Place): TableKey | undefined {
  if (pressed.ctrlKey || pressed.metaKey || pressed.altKey) return undefined
  const to = target(pressed.key, place)
  if (to !== undefined) return { kind: "move", to: Math.max(0, Math.min(to, place.rows - 1)) }
  if (place.at === -1) return undefined
  if (pressed.key === "x" || pressed.key === "X") return { kind: "tick", range: pressed.shiftKey }
  if (pressed.key === " ") return { kind: "peek" }
  return pressed.key === "Enter" ? { kind: "open" } : undefined
}

function target(key: string, { at, rows, page }: Place): number | undefined {
  if (rows === 0) return undefined
  switch (key) {
    case "j":
    case "ArrowDown":
      return at + 1
    case "k":
    case "ArrowUp":
      return at === -1 ? 0 : at - 1
    case "PageDown":
      return at + page
    case "PageUp":
      return at - page
    case "Home":
      return 0
    case "End":
      return rows - 1
    default:
      return undefined
  }
}
