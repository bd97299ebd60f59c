import { announce } from "./announce.ts"

/** To the clipboard, and says so; or says that the browser would not. */
export async function copyText(text: string, what: string) {
  try {
    await navigator.clipboard.writeText(text)
    announce(`Copied ${what}`)
  } catch {
    announce(`The browser does not allow copying ${what}`, { urgent: true })
  }
}
