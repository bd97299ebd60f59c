/**
 * `/login`: where people get their session. A sign-in comes from our own page only, its answer is the same whoever is
 * asked for, and it leads on to an address of this server and nowhere else.
 */
import type { FastifyInstance, FastifyRequest } from "fastify"
import type { Access } from "../../access/open-access.ts"
import { PasswordsBusy } from "../../access/passwords.ts"
import type { App } from "../shared/app.ts"
import { signInFrom } from "../shared/deed-of.ts"
import type { HostGuard } from "../shared/host-guard.ts"
import { isOwnPage } from "../shared/own-page.ts"
import { ProblemError } from "../shared/problem.ts"
import { localPath } from "./local-path.ts"
import { loginHeaders, loginHtml, loginStyle } from "./login-page.ts"
import { oidcRoutes } from "./oidc.ts"
import { type ShowLogin, signedIn } from "./signed-in.ts"

const open = { config: { role: "public" }, schema: { hide: true } } as const
const formBytesMax = 8_192

export interface LoginOptions {
  readonly access: Access
  readonly hosts: HostGuard
}

export async function loginRoutes(app: App, { access, hosts }: LoginOptions): Promise<void> {
  const provider = access.oidc?.name ?? null
  const show: ShowLogin = (reply, status, next, problem) =>
    reply
      .code(status)
      .headers(loginHeaders)
      .send(loginHtml({ next, problem, hasPasswords: access.directory.hasPasswords, provider }))

  app.get("/login/style.css", open, (_request, reply) =>
    reply.headers({ "content-type": "text/css; charset=utf-8", "cache-control": "no-cache" }).send(loginStyle),
  )

  app.get("/login", open, (request, reply) => {
    const next = localPath((request.query as { readonly next?: unknown }).next)
    const isIn = !access.asksPeople() || access.stored.sessionOf(request.headers) !== null
    return isIn ? reply.redirect(next, 303) : show(reply, 200, next, null)
  })

  oidcRoutes(app, access, show)

  await app.register(async (scope) => {
    const plain = scope as unknown as FastifyInstance
    plain.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: formBytesMax },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
    )
    plain.post("/login", open, async (request, reply) => {
      refuseForeign(request, hosts)
      const form = (request.body ?? {}) as Readonly<Record<string, string | undefined>>
      const next = localPath(form.next)
      const signIn = await tried(access, request, form.email ?? "", form.password ?? "")
      if (typeof signIn !== "object") return show(reply, signIn, next, words[signIn])
      return signedIn(reply, access, signIn, next)
    })
  })
}

const words = {
  401: "E-mail and password do not fit together.",
  429: "Too many sign-ins have failed. Wait a quarter of an hour, or let an admin set another password.",
  503: "Many sign in just now. Try again in a moment.",
} as const

async function tried(access: Access, request: FastifyRequest, email: string, password: string) {
  if (!access.asksPeople() || email.length > 200 || password.length > 256) return 401
  try {
    return (await access.sessions.withPassword(signInFrom(request, access.now()), email, password)) ?? 401
  } catch (error) {
    if (error instanceof ProblemError && error.code === "too_many_tries") return 429
    if (error instanceof PasswordsBusy) return 503
    throw error
  }
}

/** The route is public, so that the guard has let it through: here it has to be our own page that asks. */
export function refuseForeign(request: FastifyRequest, hosts: HostGuard): void {
  const foreign = hosts.refuse(request.headers.host, request.headers.origin)
  if (foreign !== null) throw foreign
  if (!isOwnPage(request)) throw new ProblemError("origin_refused", "a sign-in has to come from a page of this server")
}
