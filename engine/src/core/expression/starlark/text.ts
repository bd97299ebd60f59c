/** Values as text: `str`, `repr`, and the short form that error messages show. */
import { formatCompact } from "./float.ts"
import { intToText } from "./int.ts"
import { VALUE_DEPTH_MAX } from "./limits.ts"
import { failTooDeep, type Meter, UNMETERED } from "./meter.ts"
import { decodeOne, decodeUtf8 } from "./utf8.ts"
import {
  BoundMethod,
  Builtin,
  Bytes,
  Elements,
  Lambda,
  Mapping,
  Range,
  Sequence,
  StarlarkSet,
  Tuple,
  typeOf,
  type Value,
} from "./values.ts"

export function str(value: Value, meter: Meter): string {
  if (typeof value === "string") return value
  if (value instanceof Bytes) {
    meter.grow(value.content.length)
    return decodeUtf8(value.content)
  }
  return repr(value, meter)
}

export function repr(value: Value, meter: Meter): string {
  const out = new MeteredText(meter)
  write(value, out, [])
  return out.parts.join("")
}

const SHORT_CHARS_MAX = 80

/** At most about 80 characters, whatever the value; reads no more of it than that. */
export function shortRepr(value: Value): string {
  const out = new ShortText()
  write(value, out, [])
  const text = out.parts.join("")
  return text.length > SHORT_CHARS_MAX ? `${text.slice(0, SHORT_CHARS_MAX)}…` : text
}

interface TextSink {
  readonly meter: Meter
  /** Nothing more is wanted. */
  readonly full: boolean
  write(text: string): void
  /** The part of a string worth quoting. */
  clip(text: string): string
}

class MeteredText implements TextSink {
  readonly parts: string[] = []
  readonly full = false
  readonly meter: Meter

  constructor(meter: Meter) {
    this.meter = meter
  }

  write(text: string): void {
    this.meter.step()
    this.meter.read(text.length)
    this.meter.grow(text.length)
    this.parts.push(text)
  }

  clip(text: string): string {
    if (text.length > this.meter.bytesLeft) this.meter.grow(text.length)
    return text
  }
}

class ShortText implements TextSink {
  readonly parts: string[] = []
  readonly meter = UNMETERED
  full = false
  private length = 0

  write(text: string): void {
    if (this.full) return
    this.parts.push(text)
    this.length += text.length
    this.full = this.length > SHORT_CHARS_MAX
  }

  clip(text: string): string {
    return text.slice(0, SHORT_CHARS_MAX)
  }
}

/** `around`: the values being written, for cycles. */
function write(value: Value, out: TextSink, around: Value[]): void {
  if (out.full) return
  const text = atomText(value, out)
  if (text !== undefined) out.write(text)
  else if (value instanceof Elements) {
    write(value.owner, out, around)
    out.write(".elems()")
  } else if (around.includes(value)) out.write(value instanceof Mapping ? "{...}" : "[...]")
  else {
    if (around.length > VALUE_DEPTH_MAX) failTooDeep()
    around.push(value)
    writeCollection(value, out, around)
    around.pop()
  }
}

/** Undefined for what holds other values. */
function atomText(value: Value, out: TextSink): string | undefined {
  switch (typeof value) {
    case "string":
      return quote(out.clip(value))
    case "bigint":
      return intToText(value, 10, out.meter)
    case "number":
      return formatCompact(value)
    case "boolean":
      return value ? "True" : "False"
    default:
      return value === null ? "None" : objectText(value)
  }
}

function objectText(value: object): string | undefined {
  if (value instanceof Bytes) return quoteBytes(value)
  if (value instanceof Range) return rangeText(value)
  if (value instanceof Builtin) return `<built-in function ${value.name}>`
  if (value instanceof BoundMethod) return `<built-in method ${value.name} of ${typeOf(value.receiver)} value>`
  return value instanceof Lambda ? "<function lambda>" : undefined
}

function writeCollection(value: Value, out: TextSink, around: Value[]): void {
  if (value instanceof Mapping) {
    writeMembers("{", value.keys(out.meter), "}", out, (key) => {
      write(key, out, around)
      out.write(": ")
      write(value.get(key, out.meter) ?? null, out, around)
    })
  } else if (value instanceof StarlarkSet) {
    const [open, close] = value.size === 0 ? ["set(", ")"] : ["set([", "])"]
    writeMembers(open, value.elements.values(), close, out, (element) => write(element, out, around))
  } else if (value instanceof Sequence) {
    const isTuple = value instanceof Tuple
    const close = isTuple ? (value.length === 1 ? ",)" : ")") : "]"
    writeMembers(isTuple ? "(" : "[", itemsOf(value), close, out, (item) => write(item, out, around))
  }
}

function* itemsOf(sequence: Sequence): Iterable<Value> {
  for (let index = 0; index < sequence.length; index++) yield sequence.at(index)
}

function writeMembers(
  open: string,
  members: Iterable<Value>,
  close: string,
  out: TextSink,
  writeMember: (member: Value) => void,
): void {
  out.write(open)
  let separator = ""
  for (const member of members) {
    if (out.full) break
    if (separator !== "") out.write(separator)
    separator = ", "
    writeMember(member)
  }
  out.write(close)
}

function rangeText({ start, stop, step }: Range): string {
  if (step !== 1) return `range(${start}, ${stop}, ${step})`
  return start === 0 ? `range(${stop})` : `range(${start}, ${stop})`
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\x07", "\\a"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"],
])

/** Quotes, backslashes and everything that does not print; a lone surrogate becomes `\ud83d`, which no literal can hold. */
const UNPRINTABLE = /["\\]|(?! )[\p{C}\p{Z}]/gu

export function quote(text: string): string {
  return `"${text.replace(UNPRINTABLE, escapeCharacter)}"`
}

function escapeCharacter(character: string): string {
  const known = ESCAPES.get(character)
  if (known !== undefined) return known
  const code = character.codePointAt(0) ?? 0
  const hex = code.toString(16)
  if (code < 0x80) return `\\x${hex.padStart(2, "0")}`
  return code > 0xffff ? `\\U${hex.padStart(8, "0")}` : `\\u${hex.padStart(4, "0")}`
}

/** Text where the bytes encode some, escapes for the rest. */
function quoteBytes({ content }: Bytes): string {
  let text = 'b"'
  for (let at = 0; at < content.length; ) {
    const { codePoint, length, valid } = decodeOne(content, at)
    text += valid ? quote(String.fromCodePoint(codePoint)).slice(1, -1) : hexByte(content[at] ?? 0)
    at += length
  }
  return `${text}"`
}

function hexByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`
}
