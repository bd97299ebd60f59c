/** What a name, an attribute or a callee that is not there could have been. */
import { attributesOf } from "./attributes.ts"
import { BUILTINS } from "./builtins.ts"
import { Failure } from "./error.ts"
import { ObjectView } from "./input.ts"
import { UNMETERED } from "./meter.ts"
import { likelyName, nearestNames } from "./suggestion.ts"
import { Dict, typeOf, type Value } from "./values.ts"

export function undefinedName(name: string, scopeNames: readonly string[]): Failure {
  const names = [...scopeNames, ...BUILTINS.keys()]
  const likely = likelyName(name, names)
  return new Failure(`undefined: the name ${name} is not defined`, {
    names: nearestNames(name, names),
    hint: likely === undefined ? undefined : `did you mean ${likely}?`,
  })
}

/** `text`: the callee as it is written. */
export function notCallable(callee: Value, text: string): Failure {
  const hint = BUILTINS.has(text) ? `here ${text} is a value of the context, which hides the built-in` : undefined
  return new Failure(`${typeOf(callee)} value is not callable: invalid call of non-function`, { hint })
}

export function noAttribute(value: Value, name: string): Failure {
  const attributes = attributesOf(value, UNMETERED)
  const likely = likelyName(name, attributes)
  const isPlainDict = value instanceof Dict && value.entries.has(name)
  const hint = isPlainDict ? `write ["${name}"]` : likely === undefined ? undefined : `did you mean .${likely}?`
  if (!(value instanceof ObjectView)) {
    const message = `${typeOf(value)} value has no field or method '${name}'`
    return new Failure(message, { names: nearestNames(name, attributes), hint })
  }
  return new Failure(`there is no key '${name}' here`, { names: nearestNames(name, value.keys(UNMETERED)), hint })
}
