/**
 * Which addresses a webhook may reach: the public internet, and what the operator allows. Judged on the address that is
 * connected to, never on a name: a name may lead elsewhere a moment later.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net"

/** Not of the public internet (IANA's special-purpose registries). */
const closedIPv4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const

/** Of 2000::/3, outside which nothing is public: tunnels that carry other addresses, and documentation. */
const closedIPv6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
] as const

const closed = new BlockList()
for (const [net, bits] of closedIPv4) closed.addSubnet(net, bits, "ipv4")
for (const [net, bits] of closedIPv6) closed.addSubnet(net, bits, "ipv6")
const globalIPv6 = new BlockList()
globalIPv6.addSubnet("2000::", 3, "ipv6")

export interface AddressRules {
  /** The operator names it: then plain http is taken too. */
  isAllowed(address: string): boolean
  mayReach(address: string): boolean
}

/** @param allow networks, as `10.1.0.0/16`; one that cannot be read is thrown */
export function addressRules(allow: readonly string[]): AddressRules {
  const allowed = new BlockList()
  for (const text of allow) addNetwork(allowed, text)
  const isAllowed = (address: string) => {
    const plain = plainAddress(address)
    return allowed.check(plain, isIPv4(plain) ? "ipv4" : "ipv6")
  }
  return { isAllowed, mayReach: (address) => isAllowed(address) || isPublic(plainAddress(address)) }
}

/** What is wrong with a network of the configuration; null: nothing. */
export function networkProblem(text: string): string | null {
  try {
    addNetwork(new BlockList(), text)
    return null
  } catch {
    return `${JSON.stringify(text)} is no network; write 10.1.0.0/16 or fd00::/8`
  }
}

function addNetwork(list: BlockList, text: string): void {
  const [net = "", bits, ...rest] = text.split("/")
  const family = isIPv4(net) ? "ipv4" : "ipv6"
  const most = family === "ipv4" ? 32 : 128
  if (rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) throw new Error(text)
  list.addSubnet(net, bits === undefined ? most : Number(bits), family)
}

function isPublic(address: string): boolean {
  if (isIPv4(address)) return !closed.check(address, "ipv4")
  if (!isIPv6(address)) return false
  return globalIPv6.check(address, "ipv6") && !closed.check(address, "ipv6")
}

/** An IPv4 address inside an IPv6 one is that IPv4 address; a zone is no part of it. */
function plainAddress(address: string): string {
  const [bare = ""] = address.split("%")
  if (!isIPv6(bare)) return bare
  const mapped = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(new URL(`http://[${bare}]/`).hostname)
  if (mapped === null) return bare
  const [high, low] = [Number.parseInt(mapped[1]!, 16), Number.parseInt(mapped[2]!, 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join(".")
}
