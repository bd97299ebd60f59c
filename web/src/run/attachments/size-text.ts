const units = ["KiB", "MiB", "GiB"] as const

/** `312 bytes`, `1.2 KiB`, `10 MiB`: two digits that matter. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`
  let value = bytes
  let unit = -1
  // 1,023.9 KiB would be written as 1,024.
  while (unit === -1 || (value >= 1023.5 && unit < units.length - 1)) {
    value /= 1024
    unit++
  }
  return `${value < 9.95 ? Number(value.toFixed(1)) : Math.round(value)} ${units[unit]}`
}
