import { expect, test } from "vitest"
import { pages } from "../../../server/src/http/web/pages.ts"
import { routeTree } from "./routes.ts"

test("the server answers with the pages wherever the pages have an address, and nowhere else", () => {
  const routes = (routeTree.children as readonly { readonly options: { readonly path: string } }[]).map(({ options }) =>
    options.path.replace(/\$/g, ":"),
  )
  expect([...routes].sort()).toEqual(["/", ...pages].sort())
})
