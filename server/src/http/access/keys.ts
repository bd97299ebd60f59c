/** `/api/v1/keys`: made, listed, revoked. A key is shown once. */
import { ApiKey, ApiKeyPage, ApiKeyWithSecret, CreateKey } from "@waybill/contract"
import { Type } from "typebox"
import type { Access } from "../../access/open-access.ts"
import type { App } from "../shared/app.ts"
import { deedOf, done } from "../shared/deed-of.ts"
import { cursor, limit, seqCursor } from "../shared/parameters.ts"
import { refuseKey } from "../shared/refuse-key.ts"
import { keyDocument } from "./documents.ts"

const tags = ["access"]
const params = Type.Object({ keyId: Type.String({ minLength: 1, maxLength: 256 }) })

export function keyRoutes(app: App, { keys, stored, now }: Access): void {
  app.get(
    "/keys",
    {
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "listKeys",
        summary: "One's own keys, newest first; as an admin all of the workspace",
        description: "Those of the configuration are not among them.",
        querystring: Type.Object({ cursor, limit }, { additionalProperties: false }),
        response: { 200: ApiKeyPage },
      },
    },
    async (request) => {
      const { query } = request
      const from = seqCursor(query.cursor)
      const to = from + (query.limit ?? 50)
      const all = keys.list(deedOf(request, now()))
      const items = all.slice(from, to).map((key) => keyDocument(key, stored))
      return { items, nextCursor: to < all.length ? String(to) : null }
    },
  )

  app.post(
    "/keys",
    {
      preHandler: refuseKey("keys"),
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "createKey",
        summary: "Make a key for programs",
        description:
          "It acts as who makes it, in this workspace, with at most their role, and ends with their membership. The answer has the key, this once.",
        body: CreateKey,
        response: { 201: ApiKeyWithSecret },
      },
    },
    async (request, reply) => {
      const { row, key } = await done(request, keys.create(deedOf(request, now()), request.body))
      reply.code(201).header("location", `/api/v1/keys/${row.keyId}`).header("cache-control", "no-store")
      return { ...keyDocument(row, stored), key }
    },
  )

  app.delete(
    "/keys/:keyId",
    {
      config: { role: "viewer", needs: "admin" },
      schema: {
        tags,
        operationId: "revokeKey",
        summary: "Revoke a key: one's own, or as an admin any of the workspace",
        description: "It is refused from the next request on, and stays in the list.",
        params,
        response: { 200: ApiKey },
      },
    },
    async (request) =>
      keyDocument(await done(request, keys.revoke(deedOf(request, now()), request.params.keyId)), stored),
  )
}
