/** Chromium of the system, driven over its own protocol. It reaches this machine and nothing else. */
import { type Browser, chromium } from "playwright-core"
import { BROWSER } from "../../scripts/setup/browser.mjs"
import { ensureTool } from "../../scripts/setup/ensure-tool.mjs"

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Whatever a page names by mistake does not even get an address.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureTool(BROWSER.names, BROWSER.aptPackage),
    args: FLAGS,
    timeout: 30_000,
  })
}
