import type { App } from "../shared/app.ts"
import { actingRoutes } from "./act-routes.ts"
import { readingRoutes } from "./read-routes.ts"
import { remarkingRoutes } from "./remark-routes.ts"

export function runsFacade(app: App): void {
  // The same addresses are pages to a browser (settled 21): what keeps answers must keep them apart.
  app.addHook("onRequest", (_request, reply, done) => {
    reply.header("vary", "accept")
    done()
  })
  readingRoutes(app)
  actingRoutes(app)
  remarkingRoutes(app)
}
