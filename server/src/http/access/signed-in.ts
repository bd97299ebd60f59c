/** How a sign-in ends: with the session's cookie and on to where one wanted to go, or on the page again. */
import type { FastifyReply } from "fastify"
import type { SignIn } from "../../access/manage-sessions.ts"
import type { Access } from "../../access/open-access.ts"
import { sessionCookie } from "./cookie.ts"

export type ShowLogin = (reply: FastifyReply, status: number, next: string, problem: string | null) => FastifyReply

export function signedIn(reply: FastifyReply, access: Access, { secret }: SignIn, next: string): FastifyReply {
  return reply
    .header("set-cookie", sessionCookie(access.cookie, secret))
    .header("cache-control", "no-store")
    .redirect(next, 303)
}
