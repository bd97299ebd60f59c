// @ts-check
/**
 * Vitest's reporter for `npm test`: counts, and writes the counts to the file that COUNTS_REPORT_FILE names. A test
 * that did not run has not passed: skipped and todo tests, and files that could not be loaded, count as failed.
 */
import { writeFileSync } from "node:fs"
import { relative } from "node:path"
import { ROOT } from "../setup/root.mjs"

/**
 * @typedef {{ passed: number, failed: number, failures: string[], files: { file: string, tookMs: number }[] }} Report
 * @typedef {import("vitest/node").TestModule} TestModule
 * @typedef {import("vitest/node").SerializedError} SerializedError
 */

export default class CountingReporter {
  /** @param {readonly TestModule[]} modules @param {readonly SerializedError[]} unhandled */
  onTestRunEnd(modules, unhandled) {
    const file = process.env.COUNTS_REPORT_FILE
    if (file !== undefined) writeFileSync(file, JSON.stringify(count(modules, unhandled, process.argv)))
  }
}

/**
 * @param {readonly TestModule[]} modules @param {readonly SerializedError[]} unhandled
 * @param {readonly string[]} argv a part chosen with `-t` leaves the other tests out on purpose
 * @returns {Report}
 */
export function count(modules, unhandled, argv = []) {
  const isPart = argv.some((word) => word === "-t" || word.startsWith("--testNamePattern"))
  const outcomes = modules.flatMap((module) => outcomesOf(module, isPart))
  const failures = outcomes.flatMap((outcome) => (outcome.failure === undefined ? [] : [outcome.failure]))
  const outside = unhandled.map((error) => `outside any test: ${error.message}`)
  return {
    passed: outcomes.length - failures.length,
    failed: failures.length + outside.length,
    failures: [...failures, ...outside],
    files: modules.map((module) => ({ file: nameOf(module), tookMs: module.diagnostic().duration })),
  }
}

/** @param {TestModule} module @param {boolean} isPart @returns {{ failure?: string }[]} */
function outcomesOf(module, isPart) {
  const name = nameOf(module)
  const tests = [...module.children.allTests()]
  const outcomes = tests
    .filter((test) => !(isPart && test.result().state === "skipped"))
    .map((test) => {
      const { state } = test.result()
      if (state === "passed") return {}
      return { failure: `${name} › ${test.fullName}${state === "failed" ? "" : ` (${state})`}` }
    })
  // A file that fails while it is loaded, or in a hook around its tests, may have no failed test to show for it.
  const isBroken = module.state() === "failed" && !outcomes.some(({ failure }) => failure !== undefined)
  const isEmpty = tests.length === 0 && !isBroken
  return [
    ...outcomes,
    ...(isBroken
      ? [{ failure: `${name} failed outside its tests: ${module.errors()[0]?.message ?? "see above"}` }]
      : []),
    ...(isEmpty ? [{ failure: `${name} holds no test` }] : []),
  ]
}

/** @param {TestModule} module */
function nameOf(module) {
  return relative(ROOT, module.moduleId)
}
