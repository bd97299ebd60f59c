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
  const body = `${target(request.url)}\n${request.bodyText ?? ""}`
  // Nobody reads them again, and they may hold anything (000, "Privacy"): equal ones are all that counts. Under a key,
  // since who has the database alone must not find out what they were by trying.
  const { digests } = request.engine.names
  const hashes = digests(body)
  const [now, ...earlier] = digests(key).map((one, i) => ({ key: one, bodyHash: hashes[i]! }))
  return {
    scope: JSON.stringify([workspaceId, credential, `${request.method} ${request.routeOptions.url}`]),
    ...now!,
    before: [...earlier, { key: sha256(key), bodyHash: sha256(body) }],
  }
}

/** As releases before kept them. */
function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex")
}

/** What the request is about: the same key for another run is another request. How long to wait is not part of it. */
function target(url: string): string {
  const [path, query] = url.split("?", 2)
  const parameters = (query ?? "").split("&").filter((part) => part !== "" && !part.startsWith("wait="))
  return `${path}?${parameters.sort().join("&")}`
}
