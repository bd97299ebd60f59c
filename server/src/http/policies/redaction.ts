/**
 * `/api/v1/policies/redaction`: what may not be kept, tried before it holds, and for an admin with a reason what lies
 * behind a token. Whoever opens one stands in the audit before the answer goes out.
 */
import {
  EffectiveRedaction,
  type Json,
  PutRedaction,
  type RedactionPolicyBody,
  RedactionVersion,
  RedactionVersionPage,
  RevealedTokens,
  RevealTokens,
  TriedRedaction,
  TryRedaction,
} from "@waybill/contract"
import { type PolicyRow, type RedactionDoor, redactedText } from "@waybill/engine"
import { Type } from "typebox"
import { said } from "../../access/deed.ts"
import type { Access } from "../../access/open-access.ts"
import { sha256Hex } from "../../access/secrets.ts"
import type { App } from "../shared/app.ts"
import { deedOf } from "../shared/deed-of.ts"
import { limit } from "../shared/parameters.ts"
import { rfc3339 } from "../shared/time.ts"
import { keptNote } from "./kept-note.ts"
import { invalidPolicy, policyChanged } from "./problems.ts"

const tags = ["policies"]
/** Of those that were opened at once, in the audit. */
const tokensNamed = 100
const admin = { role: "admin", needs: "admin" } as const
const scopeQuery = {
  workflowId: Type.Optional(
    Type.String({ minLength: 1, maxLength: 256, description: "Absent: the whole workspace's policy." }),
  ),
}

export interface RedactionRouteOptions {
  readonly redaction: RedactionDoor
  readonly access: Access
}

export function redactionRoutes(app: App, { redaction, access }: RedactionRouteOptions): void {
  app.get(
    "/policies/redaction",
    {
      config: admin,
      schema: {
        tags,
        operationId: "listRedaction",
        summary: "The workspace's redaction policies that hold: its own first, then those of workflows",
        response: { 200: RedactionVersionPage },
      },
    },
    async ({ caller }) => ({ items: redaction.list(caller.workspaceId).map(document), nextCursor: null }),
  )

  app.get(
    "/policies/redaction/effective",
    {
      config: admin,
      schema: {
        tags,
        operationId: "effectiveRedaction",
        summary: "What is done to values now, with all that comes from wider policies and from Waybill itself",
        querystring: Type.Object(scopeQuery, { additionalProperties: false }),
        response: { 200: EffectiveRedaction },
      },
    },
    async ({ caller, query }) => {
      const scope = { workspaceId: caller.workspaceId, workflowId: query.workflowId ?? null }
      const own = redaction.newest(scope)
      const policy = redaction.effective(scope) as unknown as RedactionPolicyBody
      return { workflowId: scope.workflowId, version: own?.version ?? 0, policy }
    },
  )

  app.get(
    "/policies/redaction/versions",
    {
      config: admin,
      schema: {
        tags,
        operationId: "listRedactionVersions",
        summary: "What held before, newest first",
        querystring: Type.Object({ ...scopeQuery, limit }, { additionalProperties: false }),
        response: { 200: RedactionVersionPage },
      },
    },
    async ({ caller, query }) => {
      const scope = { workspaceId: caller.workspaceId, workflowId: query.workflowId ?? null }
      const rows = await redaction.versions(scope, query.limit ?? 50)
      return { items: rows.map(document), nextCursor: null }
    },
  )

  app.put(
    "/policies/redaction",
    {
      config: admin,
      schema: {
        tags,
        operationId: "putRedaction",
        summary: "Put a policy: it holds for everything that comes in from now on",
        description: "What is kept already stays as it is. `policy: null` takes it back.",
        body: PutRedaction,
        response: { 200: RedactionVersion },
      },
    },
    async ({ caller, body }) => {
      const scope = { workspaceId: caller.workspaceId, workflowId: body.workflowId ?? null }
      const asked = {
        policy: body.policy as Json,
        note: keptNote(redaction, caller.workspaceId, body.note),
        basedOn: body.basedOn ?? null,
      }
      const put = await redaction.put({ ...scope, ...asked, by: caller.actor.id })
      switch (put.kind) {
        case "put":
          return document(put.row)
        case "invalid":
          throw invalidPolicy(put.problems)
        case "stale":
          throw policyChanged(put.version)
      }
    },
  )

  app.post(
    "/policies/redaction/dry-run",
    {
      config: admin,
      schema: {
        tags,
        operationId: "tryRedaction",
        summary: "What a policy would do to samples; nothing of them is kept",
        body: TryRedaction,
        response: { 200: TriedRedaction },
      },
    },
    async ({ caller, body }) => {
      const scope = { workspaceId: caller.workspaceId, workflowId: body.workflowId ?? null }
      const samples = body.samples.map(({ kind, value }) => ({
        kind: kind ?? ("input" as const),
        value: value as Json,
      }))
      const tried = redaction.dryRun(scope, (body.policy ?? null) as Json, samples)
      if (tried.kind === "invalid") throw invalidPolicy(tried.problems)
      return { results: tried.results.map(({ value, hits }) => ({ value, hits: [...hits] })) }
    },
  )

  app.post(
    "/policies/redaction/reveal",
    {
      config: admin,
      schema: {
        tags,
        operationId: "revealTokens",
        summary: "Open tokens: who, when and why stand in the audit before the answer goes out",
        body: RevealTokens,
        response: { 200: RevealedTokens },
      },
    },
    async (request, reply) => {
      const { caller, body } = request
      const { value, opened } = redaction.reveal(caller.workspaceId, body.value as Json)
      const deed = deedOf(request, access.now())
      const place = { workspaceId: caller.workspaceId, environment: "", workflowId: "", kind: "comment" } as const
      const reason = redactedText(redaction.redaction, place, body.reason)
      const tokens = opened.slice(0, tokensNamed).map((token) => sha256Hex(token))
      await access.audit.append([said(deed, "redaction.reveal", "", { reason, opened: opened.length, tokens })])
      request.isAudited = true
      reply.header("cache-control", "no-store")
      return { value, opened: opened.length }
    },
  )
}

function document({ workflowId, version, policy, note, at, by }: PolicyRow): RedactionVersion {
  const body = policy === null ? null : (JSON.parse(policy) as RedactionPolicyBody)
  return { workflowId, version, policy: body, note, at: rfc3339(at), by }
}
