/** What a query can get wrong. The rest of it is understood all the same. */
export interface QueryProblemEntry {
  readonly meaning: string
  readonly todo: string
}

export const QUERY_PROBLEMS = {
  query_unknown_field: {
    meaning: "No field has this name.",
    todo: "Take the name the hint suggests, or put the word in quotes to search for it as text.",
  },
  query_unknown_value: { meaning: "The field does not have this value.", todo: "Take one of those the message lists." },
  query_value_missing: {
    meaning: "Nothing stands behind the field's colon.",
    todo: "Write the value without a space.",
  },
  query_value_unreadable: {
    meaning: "The value is no number, duration or time.",
    todo: "Write it as in the hint: `dur:>30s`, `started:>-24h`, `started:2026-11-01..2026-11-20`.",
  },
  query_pattern_refused: {
    meaning: "The pattern between slashes cannot be used.",
    todo: "Leave out look-around and references to groups: patterns run in linear time.",
  },
  query_not_closed: { meaning: "A quote or a slash begins and does not end.", todo: "Close it, or leave it out." },
  query_no_operators: {
    meaning: "Terms are joined by themselves; there is no AND, OR, NOT and no bracket.",
    todo: "All terms must hold; a comma means any of several values, a minus in front means not.",
  },
  query_field_later: {
    meaning: "The field is known, and runs cannot be searched by it.",
    todo: "The hint says what to write instead.",
  },
  query_too_long: { meaning: "The query has too many terms or values.", todo: "Use at most 32 terms of 64 values." },
} as const satisfies { readonly [code: string]: QueryProblemEntry }

export type QueryProblemCode = keyof typeof QUERY_PROBLEMS
