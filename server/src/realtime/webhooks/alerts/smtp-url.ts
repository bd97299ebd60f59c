/** `smtp://user:password@host:587`: encrypted before anything is said, but on this machine or where `?tls=none` says so. */

export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** Encrypted from the first byte; else by STARTTLS. */
  readonly isImplicit: boolean
  readonly needsTls: boolean
  readonly user: string | null
  readonly password: string
}

const isThisMachine = (host: string) => host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)

/** What is wrong with it is a text. */
export function smtpServer(text: string): SmtpServer | string {
  if (!URL.canParse(text)) return "it is no URL"
  const url = new URL(text)
  const isImplicit = url.protocol === "smtps:"
  if (!isImplicit && url.protocol !== "smtp:") return `it begins with ${url.protocol}; write smtp:// or smtps://`
  if (url.hostname === "") return "it names no host"
  const tls = url.searchParams.get("tls")
  if (tls !== null && tls !== "none") return `tls=${tls}; only tls=none can be said, where a network is trusted`
  const host = decodeURIComponent(url.hostname).replace(/^\[|\]$/g, "")
  const needsTls = !isImplicit && tls !== "none" && !isThisMachine(host)
  const user = url.username === "" ? null : decodeURIComponent(url.username)
  const port = url.port === "" ? (isImplicit ? 465 : 587) : Number(url.port)
  return { host, port, isImplicit, needsTls, user, password: decodeURIComponent(url.password) }
}

/** Without what opens a door. */
export function shownSmtpUrl(text: string): string {
  const server = smtpServer(text)
  if (typeof server === "string") return "…"
  return `${server.isImplicit ? "smtps" : "smtp"}://${server.user === null ? "" : "…@"}${server.host}:${server.port}`
}
