/** Where a value stands, twice: as a pointer for programs (RFC 6901) and as a path for people and expressions. */
export type Keys = readonly (string | number)[]

const escapeKey = (key: string | number) => String(key).replaceAll("~", "~0").replaceAll("/", "~1")

/** `["order", "items", 0]` → `/order/items/0` */
export const pointerOf = (keys: Keys): string => keys.map((key) => `/${escapeKey(key)}`).join("")

/** `/order/items/0` → `["order", "items", "0"]`: a pointer does not tell an index from a name. */
export const keysOf = (pointer: string): readonly string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))

/** `order.items[0]["a b"]`; an index is what is a number, or looks like one when it comes from a pointer. */
export function pathOf(keys: Keys, root = ""): string {
  return keys.reduce<string>((path, key) => {
    if (/^(0|[1-9]\d*)$/.test(String(key))) return `${path}[${key}]`
    if (!/^[A-Za-z_$][\w$]*$/.test(String(key))) return `${path}[${JSON.stringify(key)}]`
    return path === "" ? String(key) : `${path}.${key}`
  }, root)
}
