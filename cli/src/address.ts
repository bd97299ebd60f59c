/** Where the server is: `--url`, `WAYBILL_URL`, the configuration's host and port, in this order. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { wrongUse } from "./failure.ts"
import type { Address } from "./offline/configured-address.ts"
import type { Terminal } from "./terminal.ts"

const DEFAULT_URL = "http://127.0.0.1:7420"
const CONFIG_FILES = ["waybill.config.json", "waybill.config.yaml", "waybill.config.yml"]
const CONFIG_VARIABLES = ["WAYBILL_CONFIG", "WAYBILL_HOST", "WAYBILL_PORT"]

export async function serverAddress(terminal: Terminal, flag: string | undefined): Promise<Address> {
  if (flag !== undefined) return { url: checked(flag, "--url"), from: "--url" }
  const { WAYBILL_URL } = terminal.env
  if (WAYBILL_URL) return { url: checked(WAYBILL_URL, "WAYBILL_URL"), from: "WAYBILL_URL" }
  if (!isConfigured(terminal)) return { url: DEFAULT_URL, from: "default" }
  const { configuredAddress } = await import("./offline/configured-address.ts")
  return configuredAddress(terminal)
}

/** Reading the configuration loads half the server; most calls need not. */
function isConfigured({ env, cwd }: Terminal): boolean {
  return CONFIG_VARIABLES.some((name) => env[name]) || CONFIG_FILES.some((name) => existsSync(join(cwd, name)))
}

function checked(text: string, from: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return text.replace(/\/+$/, "")
  throw wrongUse(`${from} is not an address: ${JSON.stringify(text)}`, "Write http://127.0.0.1:7420.")
}
