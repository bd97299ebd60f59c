/** What an endpoint may be before anything is sent to it. The address itself is judged again whenever it is connected to. */
import { isIP } from "node:net"
import { webhookHeadersMax } from "@waybill/contract"
import { noSecret } from "../../access/refuse-secrets.ts"
import { invalidParameter } from "../../http/shared/parameters.ts"
import { ProblemError } from "../../http/shared/problem.ts"
import type { AddressRules } from "./address-rules.ts"

/** Ours, and those that say how a message travels. */
const ownHeaders =
  /^(webhook-.*|proxy-.*|host|content-length|content-type|content-encoding|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|user-agent)$/

/** @returns the address as it is kept */
export function checkedUrl(text: string, rules: AddressRules, allow: readonly string[]): string {
  if (!URL.canParse(text)) throw refused("it is no URL")
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refused(`it begins with ${url.protocol}`)
  if (url.username !== "" || url.password !== "") throw refused("it has a user or a password; send them as a header")
  if (url.hash !== "") throw refused("what stands behind # is never sent")
  // Who changes what was read would put what is shown in the place of the address.
  if (url.pathname === "/%E2%80%A6") throw refused("what stands behind its host is left out: give the whole address")
  const host = url.hostname.replace(/^\[|\]$/g, "")
  const isAddress = isIP(host) !== 0
  if (url.protocol === "http:" && (allow.length === 0 || (isAddress && !rules.isAllowed(host))))
    throw refused("it is not https")
  if (isAddress && !rules.mayReach(host)) throw refused(`${host} is no address that webhooks may reach`)
  return url.href
}

/** @returns them with names in lower case */
export function checkedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked: Record<string, string> = {}
  for (const [given, value] of Object.entries(headers)) {
    const name = noSecret("headers", given).toLowerCase()
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name))
      throw invalidParameter("headers", `${given} is no header's name`)
    if (ownHeaders.test(name)) throw invalidParameter("headers", `${given} is set by the server itself`)
    if (!/^[\x20-\x7e]*$/.test(value)) throw invalidParameter("headers", `${given} may hold printable ASCII only`)
    checked[name] = value
  }
  if (Object.keys(checked).length > webhookHeadersMax)
    throw invalidParameter("headers", `at most ${webhookHeadersMax} can be sent`)
  return checked
}

function refused(why: string): ProblemError {
  return new ProblemError("webhook_url_refused", why, {
    errors: [{ code: "invalid_value", message: why, pointer: "/url" }],
  })
}
