/**
 * Against requests that another site makes a browser send (CSRF): a cookie goes along by itself, so that a write counts
 * only when the browser says that our own page made it. A program that sends a key needs none of this.
 */
import type { FastifyRequest } from "fastify"

/** Whether a request that changes something comes from a page of this server. Its Origin was held against the Host before. */
export function isOwnPage({ method, headers }: Pick<FastifyRequest, "method" | "headers">): boolean {
  if (method === "GET" || method === "HEAD") return true
  const site = headers["sec-fetch-site"]
  if (site !== undefined) return site === "same-origin"
  // An older browser sends its Origin with every write; what sends neither is no browser of ours.
  return headers.origin !== undefined
}
