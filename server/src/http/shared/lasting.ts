/**
 * Answers that last, streams and sockets: they were let in once, and end when whoever asked may not ask any more, because
 * a key was revoked, a session has ended, or somebody was shut out. Listening is no use of a session: it goes idle all
 * the same.
 */
import type { FastifyInstance, FastifyRequest } from "fastify"
import { type Authenticate, noSuchWorkspace } from "./auth.ts"
import { workspaceAsked } from "./workspace-query.ts"

export interface Lasting {
  /** `end` is called when the credential is good no more. To be forgotten when the answer has ended by itself. */
  keep(request: FastifyRequest, end: () => void): () => void
}

declare module "fastify" {
  interface FastifyInstance {
    lasting: Lasting
  }
}

const everyMs = 2_000

export function keepLasting(app: FastifyInstance, authenticate: Authenticate): void {
  const kept = new Map<FastifyRequest, () => void>()
  const look = setInterval(() => {
    for (const [request, end] of kept) {
      if (isStillIn(request, authenticate)) continue
      kept.delete(request)
      end()
    }
  }, everyMs)
  look.unref()
  app.addHook("onClose", async () => clearInterval(look))
  app.decorate("lasting", {
    keep(request: FastifyRequest, end: () => void) {
      kept.set(request, end)
      return () => void kept.delete(request)
    },
  })
}

function isStillIn(request: FastifyRequest, authenticate: Authenticate): boolean {
  const caller = authenticate(request.headers, workspaceAsked(request), false)
  return caller !== null && caller !== noSuchWorkspace && caller.workspaceId === request.caller.workspaceId
}
