/** What axe finds on a page: every rule of WCAG 2.2 A and AA, and its best practices. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { AxeResults } from "axe-core"
import type { Page } from "playwright-core"

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

/**
 * One line a finding, empty when all is well. The source is handed over by the browser's own protocol, so the page's
 * policy stays as it is.
 */
export async function axe(page: Page): Promise<readonly string[]> {
  await page.evaluate(`${source}; undefined`)
  const { violations } = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${help} at ${target.join(" ")}: ${failureSummary?.split("\n").at(1) ?? ""}`,
    ),
  )
}
