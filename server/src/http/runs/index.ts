/**
 * The facade of 000: `/runs`, in its names and nesting. It translates between its documents and the engine's door and
 * adds nothing to either; deleting this folder deletes the facade.
 */
import type { Engine } from "@waybill/engine"
import type { App } from "../shared/app.ts"
import { actingRoutes } from "./act-routes.ts"
import { readingRoutes } from "./read-routes.ts"
import { remarkingRoutes } from "./remark-routes.ts"

export function runsFacade(app: App, engine: Engine): void {
  // The same addresses are pages to a browser (settled 21): what keeps answers must keep them apart.
  app.addHook("onRequest", (_request, reply, done) => {
    reply.header("vary", "accept")
    done()
  })
  readingRoutes(app, engine)
  actingRoutes(app, engine)
  remarkingRoutes(app, engine)
}
