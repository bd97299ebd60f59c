/** Reading an address's search: what is not understood is as if it were not there, so that any address opens. */
export const readText = (value: string | undefined): string | undefined => (value === "" ? undefined : value)

export function readList(value: string | undefined): readonly string[] | undefined {
  const items = (value ?? "").split(",").filter((item) => item !== "")
  return items.length === 0 ? undefined : items
}

export function readWhole(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

export function readOneOf<const V extends readonly string[]>(
  values: V,
  value: string | undefined,
): V[number] | undefined {
  return values.find((one) => one === value)
}
