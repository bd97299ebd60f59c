/** References to large values, taken out of a value that crosses to another thread as plain data, and put back there. */
import type { Json } from "../../../core/json.ts"
import { BlobRef, isBlobRef } from "../../../core/run/stored.ts"

export interface ApartBlob {
  readonly place: readonly (string | number)[]
  readonly blob: string
  readonly bytes: number
}

/** The same value when it holds none. `apart` gets what was taken out. */
export function blobsApart(value: Json, place: readonly (string | number)[], apart: ApartBlob[]): Json {
  if (typeof value !== "object" || value === null) return value
  if (isBlobRef(value)) {
    apart.push({ place, blob: value.blob, bytes: value.bytes })
    return null
  }
  const before = apart.length
  if (Array.isArray(value)) {
    const items = value.map((item, index) => blobsApart(item, [...place, index], apart))
    return apart.length === before ? value : items
  }
  const entries = Object.entries(value).map(([key, child]) => [key, blobsApart(child, [...place, key], apart)] as const)
  return apart.length === before ? value : Object.fromEntries(entries)
}

/** In place: the value has just come from another thread and is nobody else's. */
export function blobsBack<T>(whole: T, apart: readonly ApartBlob[]): T {
  for (const { place, blob, bytes } of apart) {
    let at = whole as { [key: string | number]: unknown }
    for (const key of place.slice(0, -1)) at = at[key] as typeof at
    at[place[place.length - 1]!] = new BlobRef(blob, bytes)
  }
  return whole
}
