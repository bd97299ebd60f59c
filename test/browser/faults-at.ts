/**
 * What is wrong with a page for one of the eyes and widths it is made for: every rule of axe at a desk in the light and on
 * a phone in the dark, and whether anything is wider than the phone. Each address is loaded once.
 */
import type { Page } from "playwright-core"
import { axe } from "./axe.ts"
import { headed, settled } from "./suite.ts"

const DESK = { width: 1440, height: 900 }
const PHONE = { width: 320, height: 640 }

/** One line a fault, empty when all is well. `ready`: when there is something to look at; absent: at the heading. */
export async function faultsAt(
  page: Page,
  addresses: readonly string[],
  ready: (page: Page) => Promise<unknown> = headed,
): Promise<readonly string[]> {
  const faults: string[] = []
  for (const address of addresses) {
    const look = async (where: string) =>
      faults.push(...(await axe(page)).map((finding) => `${address} ${where}: ${finding}`))
    await page.setViewportSize(DESK)
    await page.emulateMedia({ colorScheme: "light" })
    await page.goto(address)
    await ready(page)
    await settled(page)
    await look("at a desk, light")
    await page.setViewportSize(PHONE)
    await page.emulateMedia({ colorScheme: "dark" })
    await settled(page)
    await look("on a phone, dark")
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    if (wide > PHONE.width) faults.push(`${address} is ${wide} pixels wide in a window of ${PHONE.width}`)
  }
  return faults
}
