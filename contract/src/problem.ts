/** What goes wrong, as every door says it: RFC 9457 with a stable `code` (the list is `problems.ts`). */
import { type Static, Type } from "typebox"
import { answer, json, jsonObject, nullable, oneOf, text } from "./scalars.ts"

/** One finding inside a document: a definition's problem, a field of a body. */
export const Finding = answer("Finding", {
  code: text,
  severity: Type.Optional(oneOf(["error", "warning", "hint"])),
  message: text,
  file: Type.Optional(nullable(Type.String())),
  line: Type.Optional(nullable(Type.Integer({ description: "1-based." }))),
  column: Type.Optional(nullable(Type.Integer({ description: "1-based." }))),
  pointer: Type.Optional(Type.String({ description: "JSON pointer into the document." })),
  expected: Type.Optional(json()),
  actual: Type.Optional(json()),
  hint: Type.Optional(Type.String({ description: "How to mend it." })),
})
export type Finding = Static<typeof Finding>

export const Problem = answer(
  "Problem",
  {
    type: Type.String({ description: "`urn:waybill:problem:<code>`" }),
    title: text,
    status: Type.Integer(),
    code: Type.String({ description: "Stable; listed in docs/problems.md." }),
    detail: text,
    instance: Type.String({ description: "The path that was asked for." }),
    requestId: Type.String({ description: "As in the header x-request-id and in the server's log." }),
    hint: Type.Optional(Type.String({ description: "What to do next." })),
    errors: Type.Optional(Type.Array(Finding)),
    data: Type.Optional(jsonObject("What the caller needs to go on: the current state, the winner of a race …")),
    retry: Type.Optional(
      oneOf(["same key"], "The request may be sent again, with the same Idempotency-Key, after Retry-After."),
    ),
  },
  "RFC 9457",
)
export type Problem = Static<typeof Problem>
