/** Who is counted as one: an IPv4 address, and of IPv6 the 64 bits in front, since whoever has them has all behind them. */
import { isIPv6 } from "node:net"

export function networkOf(address: string): string {
  const plain = address.replace(/%.*$/, "").toLowerCase()
  const within = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)
  if (within !== null) return within[1]!
  if (!isIPv6(plain)) return address
  const [front = "", back] = plain.split("::", 2)
  const first = front === "" ? [] : front.split(":")
  // `::` stands for as many zeros as are missing: what is behind it reaches into the front only when there are enough.
  const last = back === undefined || back === "" ? [] : back.split(":")
  const zeros = Math.max(0, 8 - first.length - last.length - (plain.includes(".") ? 1 : 0))
  const groups = back === undefined ? first : [...first, ...Array<string>(zeros).fill("0"), ...last]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":")}::/64`
}
