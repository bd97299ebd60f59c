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
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(`${source}; undefined`)
  await page.evaluate(MOVED)
  // Only what was found comes over, not the hundreds of nodes that passed.
  const run = "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)"
  const violations = (await page.evaluate(run)) as AxeResults["violations"]
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${help} at ${target.join(" ")}: ${failureSummary?.split("\n").at(1) ?? ""}`,
    ),
  )
}

/** A colour half way from one theme to the other is nobody's to read: two frames begin what moves, and then it ends. */
const MOVED = `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => {
  const ends = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity)
  return Promise.allSettled(ends.map((one) => one.finished)).then(() => undefined)
})`
