/** `/login/oidc` and `/login/callback`: to the identity provider and back, with a cookie that ties both to one browser. */
import type { FastifyReply, FastifyRequest } from "fastify"
import { admitPerson } from "../../access/admit-person.ts"
import { refusedSignIn } from "../../access/manage-sessions.ts"
import { OidcRefused } from "../../access/oidc-refused.ts"
import type { Access } from "../../access/open-access.ts"
import type { App } from "../shared/app.ts"
import { signInFrom } from "../shared/deed-of.ts"
import { localPath } from "./local-path.ts"
import { type ShowLogin, signedIn } from "./signed-in.ts"

const open = { config: { role: "public" }, schema: { hide: true } } as const
const cookieName = "waybill_login"
const cookieSeconds = 600

export function oidcRoutes(app: App, access: Access, show: ShowLogin): void {
  const { oidc, settings, directory, sessions, now } = access
  if (oidc === null) return

  /** What was refused is said on the page, why it was in the log. */
  const orSaid = async (request: FastifyRequest, reply: FastifyReply, act: () => Promise<FastifyReply>) => {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof OidcRefused)) throw error
      request.log.warn(
        { err: error.cause ?? error, requestId: request.id },
        "a sign-in by the identity provider failed",
      )
      if (error.who !== null) access.log.note(refusedSignIn(signInFrom(request, now()), error.who, error.message))
      return show(reply.header("set-cookie", kept(access, "", 0)), 403, "/", error.message)
    }
  }

  app.get("/login/oidc", open, (request, reply) =>
    orSaid(request, reply, async () => {
      const { url, browser } = await oidc.begin(localPath((request.query as { readonly next?: unknown }).next))
      reply.header("set-cookie", kept(access, browser, cookieSeconds)).header("cache-control", "no-store")
      return reply.redirect(url, 303)
    }),
  )

  app.get("/login/callback", open, (request, reply) =>
    orSaid(request, reply, async () => {
      const query = request.url.split("?", 2)[1] ?? ""
      const { person, next } = await oidc.end(query, browserOf(request))
      const from = signInFrom(request, now())
      const userId = await admitPerson(directory, settings.groups, person, from)
      return signedIn(reply, access, await sessions.begin(from, userId, "oidc"), next)
    }),
  )
}

/** Lax: it has to come along when the provider sends the browser back. */
function kept({ cookie }: Access, value: string, maxAge: number): string {
  const parts = [`${cookieName}=${value}`, "Path=/login", "HttpOnly", "SameSite=Lax", `Max-Age=${maxAge}`]
  return (cookie.isSecure ? [...parts, "Secure"] : parts).join("; ")
}

function browserOf({ headers }: FastifyRequest): string | null {
  return new RegExp(`(?:^|;)\\s*${cookieName}=([\\w-]{1,128})`).exec(headers.cookie ?? "")?.[1] ?? null
}
