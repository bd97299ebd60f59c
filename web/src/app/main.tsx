/** Where the pages begin: everything is put together here, and nothing is decided. */
import "../page/style-nonce.ts"
import "../styles.css"
import { QueryClientProvider } from "@tanstack/react-query"
import { RouterProvider } from "@tanstack/react-router"
import { StrictMode } from "react"
import { createRoot } from "react-dom/client"
import { createQueryClient } from "../data/query-client.ts"
import { listenToKeys } from "../keys/keys.ts"
import { openLive } from "../live/open-live.ts"
import { LiveContext } from "../live/use-live.ts"
import { applyTheme } from "../prefs/theme.ts"
import { wantKey } from "./key-wanted.ts"
import { loadLayers } from "./layers.ts"
import { openRouter } from "./router.ts"
import { goToSignIn } from "./sign-in.ts"

/** Where the server was when it wrote this page; null under a development server, which does not know. */
function positionOfPage(): number | null {
  const text = document.querySelector<HTMLMetaElement>('meta[name="waybill-position"]')?.content ?? ""
  return /^\d+$/.test(text) ? Number(text) : null
}

applyTheme(document.documentElement)
listenToKeys(document)
const queries = createQueryClient(() => void goToSignIn().then((goes) => wantKey(!goes)))
const live = openLive(queries, positionOfPage())
const router = openRouter(queries)

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <LiveContext value={live}>
        <RouterProvider router={router} />
      </LiveContext>
    </QueryClientProvider>
  </StrictMode>,
)

// What opens over every page is here before its key is pressed: whoever types on at once types into it.
const whenIdle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1_000))
whenIdle(() => void loadLayers().catch(() => undefined))
