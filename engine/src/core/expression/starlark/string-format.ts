/** `string.format`: braces with nothing, a decimal index or a name between them; no attributes, conversions or widths. */
import { fail } from "./error.ts"
import { str } from "./text.ts"
import type { Machine, NamedArguments, Value } from "./values.ts"

type Arguments = { readonly positional: readonly Value[]; readonly named: NamedArguments | undefined }

export function format(template: string, machine: Machine, given: Arguments): string {
  const fields = new FieldReader(given)
  let text = ""
  const append = (part: string) => {
    machine.step()
    machine.grow(part.length)
    text += part
  }
  machine.read(template.length)
  let at = 0
  while (at < template.length) {
    const brace = nextBrace(template, at)
    append(template.slice(at, brace))
    if (brace === template.length) break
    const doubled = template[brace + 1] === template[brace]
    if (doubled) {
      append(template.charAt(brace))
      at = brace + 2
    } else if (template[brace] === "}") {
      fail("single '}' in format: found '}' without matching '{'", { hint: "a brace is written }}" })
    } else {
      const close = closingBrace(template, brace)
      append(str(fields.read(template.slice(brace + 1, close)), machine))
      at = close + 1
    }
  }
  return text
}

function nextBrace(template: string, from: number): number {
  let at = from
  while (at < template.length && template[at] !== "{" && template[at] !== "}") at++
  return at
}

function closingBrace(template: string, open: number): number {
  const close = nextBrace(template, open + 1)
  if (template[close] === "{") fail("nested replacement fields are not supported: unmatched '{'")
  if (close === template.length) {
    fail("unmatched '{' in format: found '{' without matching '}'", { hint: "a brace is written {{" })
  }
  return close
}

class FieldReader {
  private readonly given: Arguments
  private automatic = 0
  private usesIndices = false

  constructor(given: Arguments) {
    this.given = given
  }

  read(field: string): Value {
    if (field === "") {
      if (this.usesIndices) fail("cannot switch from manual field numbering to automatic field numbering")
      return this.positional(this.automatic++)
    }
    if (/^[0-9]+$/.test(field)) {
      if (this.automatic > 0) fail("cannot switch from automatic field numbering to manual")
      this.usesIndices = true
      return this.positional(Number(field))
    }
    const invalid = /[.[\],!:]/.exec(field)
    if (invalid) {
      fail(`invalid character '${invalid[0]}' inside replacement field ${JSON.stringify(field)}: it is not supported`)
    }
    const value = this.given.named?.get(field)
    if (value === undefined) {
      const names = [...(this.given.named?.keys() ?? [])]
      return fail(`missing argument '${field}': the keyword was not found`, { names })
    }
    return value
  }

  private positional(index: number): Value {
    const value = this.given.positional[index]
    if (value === undefined) {
      return fail(`no replacement found for index ${index}: index out of range, not enough parameters`)
    }
    return value
  }
}
