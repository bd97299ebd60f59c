/**
 * What a command has at hand while it runs: the client of its server, and the ways to print. Made anew for each command
 * from its options; the client comes into being when the first command needs it.
 */
import { type Client, createClient } from "@waybill/sdk"
import { serverAddress } from "./address.ts"
import { type Style, styleFor } from "./show/style.ts"
import type { Terminal } from "./terminal.ts"

/** Options that every command has. */
export interface SharedOptions {
  readonly json?: boolean
  readonly color?: boolean
  readonly url?: string
  readonly workspace?: string
}

export interface Session {
  readonly terminal: Terminal
  readonly style: Style
  /** Documents instead of text. */
  readonly json: boolean
  readonly now: () => number
  client(): Promise<Client>
  /** Where the client goes and why there; null before the first request. */
  readonly server: () => string | null
  /** A link of the server's as one that can be opened; only after `client()`. */
  readonly linkTo: (path: string) => string
  /** The address was named by `--url` or `WAYBILL_URL`. */
  readonly isServerNamed: () => boolean
  /** `document` under `--json`, else what `text` makes. */
  show(document: unknown, text: () => string): void
  print(text: string): void
  printJson(document: unknown): void
  /** One line of NDJSON. */
  printLine(document: unknown): void
  /** To standard error, and never under `--json`: news that is not the answer. */
  note(text: string): void
}

export function createSession(terminal: Terminal, options: SharedOptions): Session {
  const json = options.json === true
  const style = styleFor(isColoured(terminal, options) && terminal.isTty)
  let server: string | null = null
  let base: string | undefined
  let client: Client | undefined
  const printJson = (document: unknown) => terminal.write(`${JSON.stringify(document, null, 2)}\n`)
  return {
    terminal,
    style,
    json,
    now: () => terminal.now(),
    server: () => server,
    linkTo: (path) => (path.startsWith("/") ? `${base}${path}` : path),
    isServerNamed: () => options.url !== undefined || Boolean(terminal.env.WAYBILL_URL),
    async client() {
      if (client !== undefined) return client
      const { url, from } = await serverAddress(terminal, options.url)
      server = `${url} (${from})`
      base = url.replace(/\/+$/, "")
      const apiKey = terminal.env.WAYBILL_API_KEY
      client = createClient({
        url,
        ...(apiKey !== undefined && apiKey !== "" && { apiKey }),
        ...(options.workspace !== undefined && { workspace: options.workspace }),
      })
      return client
    },
    show(document, text) {
      if (json) printJson(document)
      else terminal.write(text())
    },
    print: (text) => terminal.write(text),
    printJson,
    printLine: (document) => terminal.write(`${JSON.stringify(document)}\n`),
    note(text) {
      if (!json) terminal.complain(text)
    },
  }
}

/** https://no-color.org: set and not empty. */
export function isColoured(terminal: Terminal, options: SharedOptions): boolean {
  const { NO_COLOR } = terminal.env
  return options.color !== false && (NO_COLOR === undefined || NO_COLOR === "")
}
