/**
 * The browser's side of the build: `web/index.html` and all it reaches, into files named after their content.
 * `scripts/build.mjs` calls it and says where to; `npx vite web` serves the sources beside a running server.
 */
import { readFileSync } from "node:fs"
import tailwind from "@tailwindcss/vite"
import react from "@vitejs/plugin-react"
import { defineConfig, type Plugin } from "vite"

const API = "http://127.0.0.1:7420"

/** What the server replaces in each answer (docs/decisions/0011-styles-under-a-strict-policy.md). */
export const NONCE = "__WAYBILL_NONCE__"

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), themeBeforePaint()],
  html: { cspNonce: NONCE },
  build: {
    manifest: "manifest.json",
    // A policy without `data:` for scripts and fonts, and files that can be cached for ever.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2023",
    reportCompressedSize: false,
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { "/api": API, "/readyz": API, "/docs": API, "/openapi.json": API } },
})

/** The theme must be known before the first pixel, so its script stands in the head and is no module. */
function themeBeforePaint(): Plugin {
  const file = new URL("./src/app/theme-before-paint.js", import.meta.url)
  let path = ""
  return {
    name: "theme-before-paint",
    apply: "build",
    buildStart() {
      const reference = this.emitFile({ type: "asset", name: "theme.js", source: readFileSync(file, "utf8") })
      path = reference
    },
    transformIndexHtml: {
      order: "post",
      handler: (_html, { bundle }) => {
        const asset = Object.values(bundle ?? {}).find(({ fileName }) => /\/theme-[^/]+\.js$/.test(fileName))
        if (asset === undefined) throw new Error(`no file was made of the theme's script (${path})`)
        return [{ tag: "script", attrs: { src: `/${asset.fileName}` }, injectTo: "head" }]
      },
    },
  }
}
