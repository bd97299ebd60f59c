/**
 * The one document of the UI, written anew for each answer: a nonce, the server's version, and the feed's position, from
 * which the page's live connection goes on without a gap.
 */
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"

export interface WebFiles {
  /** Absolute; null when the pages were not built before the server was started. */
  readonly assets: string | null
  document(values: DocumentValues): Promise<string>
}

export interface DocumentValues {
  readonly nonce: string
  readonly position: number
  readonly version: string
}

/** `folder`: what `npm run build` made of `web/`; null where there is none. */
export function webFiles(folder: string | null): WebFiles {
  const index = folder === null ? null : join(folder, "index.html")
  if (folder === null || index === null || !existsSync(index)) {
    return { assets: null, document: async () => notBuilt }
  }
  return {
    assets: join(folder, "assets"),
    // Read each time: it is small, and a build that is made while the server runs brings other files.
    document: async (values) => fill(await readFile(index, "utf8"), values),
  }
}

function fill(html: string, { nonce, position, version }: DocumentValues): string {
  return html
    .replaceAll("__WAYBILL_NONCE__", nonce)
    .replaceAll("__WAYBILL_POSITION__", String(position))
    .replaceAll("__WAYBILL_VERSION__", escaped(version))
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

const notBuilt = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Waybill</title></head>
<body>
<main>
<h1>The pages of this server were not built</h1>
<p>Waybill runs, and its API answers: <a href="/docs">every route</a>. For the pages, run <code>npm run build</code> in
its folder and start it again; <code>npm start</code> does both.</p>
</main>
</body>
</html>
`
