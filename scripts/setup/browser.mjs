// @ts-check
/**
 * The browser that the tests of the pages drive. On a machine that is ours to change — Debian's kind, run as root, as a
 * build machine is — `npm test` installs it; elsewhere `ensureTool` says how to.
 */
import { findTool } from "./ensure-tool.mjs"
import { run } from "./run.mjs"

/** Fonts come with it: without any, a page is blank and has no width. */
export const BROWSER = {
  names: ["chromium", "chromium-browser", "google-chrome"],
  aptPackage: "chromium fonts-dejavu-core",
}

/** Whatever stands against it, the tests that need the browser say so by failing. @param {(line: string) => void} say */
export async function provideBrowser(say) {
  if (BROWSER.names.some((name) => findTool(name) !== undefined)) return
  const apt = findTool("apt-get")
  if (apt === undefined || process.getuid?.() !== 0) return
  say("installing Chromium for the tests of the pages")
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" }
  const options = ["-y", "--no-install-recommends", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1"]
  const install = () => run(apt, ["install", ...options, ...BROWSER.aptPackage.split(" ")], { env })
  // The lists of packages may be old, or not there yet.
  let { code, output } = await install()
  if (code !== 0) {
    await run(apt, ["update"], { env })
    ;({ code, output } = await install())
  }
  if (code !== 0) say(`Chromium could not be installed: ${output.trimEnd().split("\n").at(-1)}`)
}
