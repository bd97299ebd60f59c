/**
 * Whether a document has the shape of a source's own example: the same fields, in the same order, of the same types.
 * What a workflow puts in (`free`) has no shape of ours; where either side has null, the other's type is as good.
 */

/** What differs, in words; empty when nothing does. */
export function shapeDiffers(
  example: unknown,
  document: unknown,
  free: readonly string[] = [],
  at = "",
): readonly string[] {
  if (example === null || document === null) return []
  const [wanted, given] = [kindOf(example), kindOf(document)]
  if (wanted !== given) return [`${at || "the document"} is ${given}, the example has ${wanted}`]
  if (Array.isArray(example)) {
    const [first] = example as unknown[]
    if (first === undefined) return []
    return (document as unknown[]).flatMap((one, index) => shapeDiffers(first, one, free, `${at}[${index}]`))
  }
  if (wanted !== "object") return []
  const [names, own] = [Object.keys(example as object), Object.keys(document as object)]
  if (names.join() !== own.join()) return [`${at || "the document"} has ${own.join()}, the example ${names.join()}`]
  return names
    .filter((name) => !free.includes(name))
    .flatMap((name) =>
      shapeDiffers((example as Fields)[name], (document as Fields)[name], free, at === "" ? name : `${at}.${name}`),
    )
}

interface Fields {
  readonly [name: string]: unknown
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "array"
  if (typeof value !== "string") return typeof value
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? "time" : "string"
}
