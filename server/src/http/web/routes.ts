/**
 * The UI beside the API, on the same port. It serves files and one document; what the pages show they ask of the API
 * like everybody else. A page's address goes by `Accept`: HTML gets the page, anything else what the API has there.
 */
import { randomBytes } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import fastifyStatic from "@fastify/static"
import type { Engine } from "@waybill/engine"
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify"
import type { Access } from "../../access/open-access.ts"
import type { App } from "../shared/app.ts"
import { webFiles } from "./document.ts"
import { mayBePage, pages } from "./pages.ts"
import { pageHeaders } from "./policy.ts"

export interface WebOptions {
  readonly engine: Engine
  readonly version: string
  readonly access: Pick<Access, "asksPeople" | "stored">
  /** What `npm run build` made of `web/`; absent: the pages say that they were not built. */
  readonly webDir?: string | null
}

const YEAR = "365d"
const publicPage = { config: { role: "public" }, schema: { hide: true } } as const

export async function webRoutes(app: App, { engine, version, access, webDir = null }: WebOptions): Promise<void> {
  const files = webFiles(webDir)
  const send = async (request: FastifyRequest, reply: FastifyReply, status: number) => {
    // The files behind the page are everybody's; what they show is asked of the API, which says no by itself.
    if (access.asksPeople() && access.stored.sessionOf(request.headers) === null)
      return reply.header("cache-control", "no-store").redirect(`/login?next=${encodeURIComponent(request.url)}`, 303)
    const nonce = randomBytes(16).toString("base64url")
    const html = await files.document({ nonce, position: engine.feed.head(), version })
    return reply
      .code(files.assets === null ? 503 : status)
      .headers(pageHeaders(nonce))
      .send(html)
  }
  app.addConstraintStrategy(acceptsHtml)
  app.get("/", publicPage, (request, reply) => send(request, reply, 200))
  for (const page of pages) app.get(page, { ...publicPage, constraints }, (request, reply) => send(request, reply, 200))
  app.get("/*", { ...publicPage, constraints }, (request, reply) =>
    mayBePage(request.url) ? send(request, reply, 404) : reply.callNotFound(),
  )
  if (files.assets !== null) await serveAssets(app, files.assets)
}

/** Named after their content, so whoever has one need never ask for it again. */
async function serveAssets(app: App, root: string): Promise<void> {
  await app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, role: "public" }
      route.schema = { ...route.schema, hide: true }
    })
    await (scope as unknown as FastifyInstance).register(fastifyStatic, {
      root,
      prefix: "/assets/",
      index: false,
      redirect: false,
      decorateReply: false,
      preCompressed: true,
      immutable: true,
      maxAge: YEAR,
      setHeaders: (response) => response.setHeader("cross-origin-resource-policy", "same-origin"),
    })
  })
}

const constraints = { accepts: "html" }

/** Routes that are only there for those who accept HTML; the router asks nothing more of a request. */
const acceptsHtml = {
  name: "accepts",
  mustMatchWhenDerived: false,
  storage() {
    const handlers = new Map<unknown, never>()
    return {
      get: (value: unknown) => handlers.get(value) ?? null,
      set: (value: unknown, handler: never) => void handlers.set(value, handler),
    }
  },
  deriveConstraint: ({ headers }: { headers: IncomingHttpHeaders }) =>
    headers.accept?.includes("text/html") ? "html" : undefined,
  validate: () => true,
}
