/** The states of a definition's top level, in its order: where a re-run can begin. */
export type TopState = { readonly name: string; readonly type: string }

export function topStates(definition: unknown): readonly TopState[] {
  const states = isObject(definition) ? definition.states : undefined
  if (!Array.isArray(states)) return []
  return states.flatMap((state) => {
    // `id` is another language's word for it, which the engine reads too.
    const name = isObject(state) ? (state.name ?? state.id) : undefined
    if (typeof name !== "string") return []
    const { action, type } = state as { action?: unknown; type?: unknown }
    return [{ name, type: typeof action === "string" ? action : String(type ?? "") }]
  })
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
