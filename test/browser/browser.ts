/** Chromium of the system, driven over its own protocol. It reaches this machine and nothing else. */
import { type Browser, chromium } from "playwright-core"
import { BROWSER } from "../../scripts/setup/browser.mjs"
import { ensureTool } from "../../scripts/setup/ensure-tool.mjs"

/**
 * With each window Chromium draws the list below its address bar as pages of its own, which nobody sees: two fifths of
 * the work of opening a page of ours (10.3 s of processor time for five windows, 6.2 s without). The switch holds one
 * list, the last one given, so what matters of the driver's own stands here too.
 */
const FEATURES_OFF = [
  ...["WebUIOmniboxPopup", "WebUIOmniboxAimPopup"],
  ...["PaintHolding", "DestroyProfileOnBrowserClose", "AvoidUnnecessaryBeforeUnloadCheckSync", "HttpsUpgrades"],
  ...["MediaRouter", "OptimizationHints", "NetworkTimeServiceQuerying", "PreconnectToSearch", "AimEnabled"],
]

const FLAGS = [
  `--disable-features=${FEATURES_OFF.join(",")}`,
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
