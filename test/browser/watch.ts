/**
 * What a page does behind its face: console errors, code that broke, what the policy refused, what did not load, and any
 * request that leaves this machine. A test with one of them fails, unless it has said that it expects it.
 */
import type { BrowserContext, Page } from "playwright-core"

export interface Watch {
  readonly problems: readonly string[]
  /** From here on in this test, problems that match are what the test is about. */
  expect(pattern: RegExp): void
}

export async function watchContext(context: BrowserContext, origin: string): Promise<Watch> {
  const problems: string[] = []
  const expected: RegExp[] = []
  const note = (problem: string) => problems.push(problem)
  await context.addInitScript(() => {
    globalThis.addEventListener(
      "securitypolicyviolation",
      ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) => {
        console.error(`policy: ${effectiveDirective} refused ${blockedURI} from ${sourceFile}:${lineNumber}`)
      },
    )
  })
  context.on("page", (page) => watchPage(page, origin, note))
  return {
    get problems() {
      return problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)))
    },
    expect: (pattern) => void expected.push(pattern),
  }
}

function watchPage(page: Page, origin: string, note: (problem: string) => void): void {
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") {
      note(`console ${message.type()}: ${message.text()} (${message.location().url})`)
    }
  })
  page.on("pageerror", (error) => note(`page broke: ${error.stack ?? error.message}`))
  page.on("request", (request) => {
    if (!request.url().startsWith(`${origin}/`) && !request.url().startsWith("data:"))
      note(`left here: ${request.url()}`)
  })
}
