/** References of RFC 3986 against a base, as `$id` and `$ref` need them. */

interface Parts {
  readonly scheme: string
  readonly authority: string
  readonly path: string
  readonly query: string
}

/** `reference` without its fragment, and that fragment percent-decoded; null when it is not well formed. */
export function splitFragment(reference: string): { readonly uri: string; readonly fragment: string } | null {
  const at = reference.indexOf("#")
  if (at < 0) return { uri: reference, fragment: "" }
  try {
    return { uri: reference.slice(0, at), fragment: decodeURIComponent(reference.slice(at + 1)) }
  } catch {
    return null
  }
}

/** @param reference without a fragment */
export function resolveUri(base: string, reference: string): string {
  if (reference === "") return base
  const to = partsOf(reference)
  if (to.scheme !== "") return textOf({ ...to, path: withoutDots(to.path) })
  const from = partsOf(base)
  if (to.authority !== "") return textOf({ ...to, scheme: from.scheme, path: withoutDots(to.path) })
  if (to.path === "") return textOf({ ...from, query: to.query })
  const path = to.path.startsWith("/") ? to.path : `${folderOf(from)}${to.path}`
  return textOf({ ...from, path: withoutDots(path), query: to.query })
}

function partsOf(uri: string): Parts {
  const [, scheme = "", authority = "", path = "", query = ""] =
    /^([A-Za-z][A-Za-z0-9+.-]*:)?(\/\/[^/?]*)?([^?]*)(\?.*)?$/s.exec(uri) ?? []
  return { scheme, authority, path, query }
}

function textOf({ scheme, authority, path, query }: Parts): string {
  return scheme + authority + path + query
}

function folderOf({ authority, path }: Parts): string {
  const folder = path.slice(0, path.lastIndexOf("/") + 1)
  return folder === "" && authority !== "" ? "/" : folder
}

function withoutDots(path: string): string {
  if (!path.includes(".")) return path
  const kept: string[] = []
  const steps = path.split("/")
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1
    if (step === "..") {
      if (kept.length > 1 || (kept.length === 1 && kept[0] !== "")) kept.pop()
    } else if (step !== ".") kept.push(step)
    if (isLast && (step === "." || step === "..")) kept.push("")
  }
  return kept.join("/")
}
