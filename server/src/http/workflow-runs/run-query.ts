/** What a search box asks: how a query is read, and which fields there are. Never an error for a bad query. */
import { type ParsedQuery, ParsedQuery as ParsedQuerySchema, QueryFields } from "@waybill/contract"
import { parseRunQuery, type QueryField, queryFields } from "@waybill/engine"
import { Type } from "typebox"
import type { App } from "../shared/app.ts"

export function runQueryRoutes(app: App): void {
  app.get(
    "/workflow-runs/query",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "readRunQuery",
        summary: "How a query is read: its terms, and what is wrong with it",
        description: "200 whatever the query: what is wrong stands in `problems`, with its place and a hint.",
        querystring: Type.Object({ query: Type.String({ maxLength: 2048 }) }, { additionalProperties: false }),
        response: { 200: ParsedQuerySchema },
      },
    },
    async (request) => parsedQuery(request.query.query),
  )

  app.get(
    "/workflow-runs/query/fields",
    {
      config: { role: "viewer", needs: "runs:read" },
      schema: {
        tags: ["runs"],
        operationId: "listQueryFields",
        summary: "The fields a query can name",
        response: { 200: QueryFields },
      },
    },
    async () => ({ fields: queryFields.map(fieldDocument) }),
  )
}

function parsedQuery(text: string): ParsedQuery {
  const { query, parts, problems } = parseRunQuery(text)
  return {
    query,
    terms: [...parts],
    problems: problems.map(({ code, message, from, to, hint }) => {
      return { code, message, column: from + 1, from, to, ...(hint !== null && { hint }) }
    }),
  }
}

function fieldDocument({ name, aliases, takes, about, example }: QueryField): QueryFields["fields"][number] {
  const kind = takes.kind
  return {
    name,
    aliases: [...aliases],
    kind: kind === "status" || kind === "present" || kind === "is" ? "words" : kind,
    words: "words" in takes ? [...takes.words] : [],
    about,
    example,
  }
}
