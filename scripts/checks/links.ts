/** Links between the project's pages lead to a file, and to a heading when they name one. Addresses outside are not fetched. */
import { existsSync, statSync } from "node:fs"
import { dirname, join, normalize } from "node:path"
import { ROOT } from "../setup/root.mjs"
import type { Check } from "./check.ts"
import { lineAt, projectFiles, readProjectFile } from "./files.ts"

export const linksCheck: Check = {
  title: "every link in the docs leads somewhere",
  run: async () => {
    const pages = (await projectFiles()).filter((file) => file.endsWith(".md"))
    return pages.flatMap((page) => brokenLinks(page, readProjectFile(page), target))
  },
}

/** Text of a page, `""` for another file or a folder, undefined when there is nothing. */
type Target = (file: string) => string | undefined

function target(file: string): string | undefined {
  const path = join(ROOT, file)
  if (!existsSync(path)) return undefined
  return statSync(path).isFile() && file.endsWith(".md") ? readProjectFile(file) : ""
}

export function brokenLinks(page: string, text: string, read: Target): readonly string[] {
  return [...blank(text).matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
    .filter(([, link = ""]) => !/^[a-z][a-z0-9+.-]*:/.test(link))
    .flatMap(({ 1: link = "", index }) => {
      const why = broken(page, text, link, read)
      return why === undefined ? [] : [`${page}:${lineAt(text, index)} links to ${link}: ${why}`]
    })
}

function broken(page: string, text: string, link: string, read: Target): string | undefined {
  const [path = "", anchor] = decodeURI(link).split("#")
  const content = path === "" ? text : read(normalize(join(dirname(page), path)))
  if (content === undefined) return "no such file"
  if (anchor === undefined || (path !== "" && !path.endsWith(".md"))) return undefined
  return headings(content).has(anchor) ? undefined : "no such heading"
}

/** Anchors as GitHub makes them, the second heading of a name with `-1` behind it. */
export function headings(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  const anchors = new Set<string>()
  for (const [, title = ""] of blank(text).matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const slug = title
      .toLowerCase()
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-")
    const count = seen.get(slug) ?? 0
    seen.set(slug, count + 1)
    anchors.add(count === 0 ? slug : `${slug}-${count}`)
  }
  return anchors
}

/** Fenced blocks and code spans are spaces: what stands in them is no link and no heading. Offsets stay. */
function blank(text: string): string {
  const spaces = (found: string) => found.replace(/[^\n]/g, " ")
  return text
    .replace(/^(```|~~~)[\s\S]*?^\1\s*$/gm, spaces)
    .replace(/\]\([^)]*\)|`[^`\n]+`/g, (found) => (found.startsWith("`") ? found.replace(/[[\]()#]/g, " ") : found))
}
