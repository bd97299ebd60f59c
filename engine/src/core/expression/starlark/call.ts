/** Binds the arguments of a call to the parameters of a lambda. */
import { fail } from "./error.ts"
import type { Meter } from "./meter.ts"
import { Dict, type Lambda, type NamedArguments, SLOT_BYTES, Tuple, type Value } from "./values.ts"

/** The slots of the call's frame, in the order of the parameters. */
export function bindParameters(
  { node, defaults }: Lambda,
  positional: readonly Value[],
  named: NamedArguments | undefined,
  meter: Meter,
): (Value | undefined)[] {
  const { parameters, keywordOnlyFrom } = node
  meter.grow((parameters.length + positional.length) * SLOT_BYTES)
  const slots = new Array<Value | undefined>(parameters.length).fill(undefined)
  const rest: Value[] = []
  const others = new Dict()
  const byPosition = parameters.filter(
    (parameter, index) => index < keywordOnlyFrom && (parameter.kind === "required" || parameter.kind === "optional"),
  ).length
  const takesRest = parameters.some((parameter) => parameter.kind === "list")
  positional.forEach((value, index) => {
    if (index < byPosition) slots[index] = value
    else if (takesRest) rest.push(value)
    else fail(`function lambda accepts at most ${byPosition} positional arguments (${positional.length} given)`)
  })
  bindNamed()
  parameters.forEach((parameter, index) => {
    if (parameter.kind === "list") slots[index] = new Tuple(rest)
    else if (parameter.kind === "dict") slots[index] = others
    else if (slots[index] === undefined) slots[index] = defaults[index]
    if (slots[index] === undefined) fail(`function lambda missing 1 argument: ${parameter.name}`)
  })
  return slots

  function bindNamed(): void {
    const takesNamed = parameters.some((parameter) => parameter.kind === "dict")
    for (const [name, value] of named ?? []) {
      const index = parameters.findIndex(
        (parameter) => parameter.name === name && (parameter.kind === "required" || parameter.kind === "optional"),
      )
      if (index >= 0) {
        if (slots[index] !== undefined) fail(`function lambda got multiple values for parameter ${name}`)
        slots[index] = value
      } else if (takesNamed) others.set(name, value, meter)
      else fail(`function lambda got an unexpected keyword argument ${name}`)
    }
  }
}
