/**
 * What an endpoint answers is kept for people to read, and may repeat what it was sent: an echo, a gateway that says what
 * it refused. The values of its headers, and what stands behind its host, are taken out.
 */
import type { WebhookEndpoint } from "@waybill/engine"

/** Shorter ones are words of every answer. */
const lettersMin = 6
const instead = "…"

/** @param text the beginning of an answer: cut, it may end in the middle of a secret */
export function withoutOwn({ url, headers }: Pick<WebhookEndpoint, "url" | "headers">, text: string): string {
  const own = [...partsOfUrl(url ?? ""), ...partsOfHeaders(headers ?? "{}")]
  const said = new Set(own.flatMap((one) => [one, one.replaceAll("/", "\\/")]))
  const secrets = [...said].filter((one) => one.length >= lettersMin).sort((a, b) => b.length - a.length)
  const clean = secrets.reduce((left, secret) => left.replaceAll(secret, instead), text)
  return secrets.reduce(withoutBeginning, clean)
}

function partsOfUrl(url: string): readonly string[] {
  if (!URL.canParse(url)) return []
  const { pathname, search, searchParams } = new URL(url)
  return [pathname + search, pathname, search, ...searchParams.values(), ...pathname.split("/")]
}

function partsOfHeaders(headers: string): readonly string[] {
  return Object.values(JSON.parse(headers) as Record<string, string>).flatMap((value) => [value, ...value.split(" ")])
}

function withoutBeginning(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= lettersMin; length--)
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + instead
  return text
}
