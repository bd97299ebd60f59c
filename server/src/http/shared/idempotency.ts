/** Rule 24: the header key, unique per workspace, credential and route, with a hash of all that it stands for. */
import { createHash } from "node:crypto"
import type { IdempotencyHeader } from "@waybill/engine"
import type { FastifyRequest } from "fastify"
import { ProblemError } from "./problem.ts"

export function idempotency(request: FastifyRequest): IdempotencyHeader | null {
  const key = request.headers["idempotency-key"]
  if (key === undefined) return null
  if (typeof key !== "string" || !/^[\x20-\x7e]{1,255}$/.test(key)) {
    throw new ProblemError("invalid_idempotency_key", "the Idempotency-Key must be 1 to 255 printable ASCII characters")
  }
  const { workspaceId, credential } = request.caller
  return {
    scope: JSON.stringify([workspaceId, credential, `${request.method} ${request.routeOptions.url}`]),
    // Nobody reads it again, and it may hold anything (000, "Privacy"): equal keys are all that counts.
    key: createHash("sha256").update(key).digest("hex"),
    bodyHash: createHash("sha256")
      .update(target(request.url))
      .update("\n")
      .update(request.bodyText ?? "")
      .digest("hex"),
  }
}

/** What the request is about: the same key for another run is another request. How long to wait is not part of it. */
function target(url: string): string {
  const [path, query] = url.split("?", 2)
  const parameters = (query ?? "").split("&").filter((part) => part !== "" && !part.startsWith("wait="))
  return `${path}?${parameters.sort().join("&")}`
}
