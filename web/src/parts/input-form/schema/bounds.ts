/** What a schema asks of a value besides its type, in a few words each. The server says it again when it is broken. */
import type { Json, JsonObject } from "@waybill/contract"

export function boundsOf(schema: JsonObject): readonly string[] {
  return [
    numbers(schema),
    typeof schema.multipleOf === "number" && schema.multipleOf !== 1 ? `in steps of ${schema.multipleOf}` : null,
    counted(schema.minLength, schema.maxLength, "character"),
    counted(schema.minItems, schema.maxItems, "item"),
    counted(schema.minProperties, schema.maxProperties, "entry", "entries"),
    schema.uniqueItems === true ? "no two alike" : null,
    typeof schema.pattern === "string" ? `like ${schema.pattern}` : null,
  ].filter((words) => words !== null)
}

function numbers({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonObject): string | null {
  const least = bound(minimum, "from", exclusiveMinimum, "above")
  const most = bound(maximum, "to", exclusiveMaximum, "below")
  if (least === null) return most === null ? null : most.replace(/^to/, "at most")
  if (most === null) return least.replace(/^from/, "at least")
  const range = least.startsWith("from") && most.startsWith("to")
  return range
    ? `${least.slice(5)} ${most}`
    : `${least.replace(/^from/, "at least")}, ${most.replace(/^to/, "at most")}`
}

function bound(is: Json | undefined, word: string, isBeyond: Json | undefined, beyond: string): string | null {
  if (typeof is === "number") return `${word} ${is}`
  return typeof isBeyond === "number" ? `${beyond} ${isBeyond}` : null
}

function counted(least: Json | undefined, most: Json | undefined, one: string, many = `${one}s`): string | null {
  const from = typeof least === "number" && least > 0 ? least : null
  const to = typeof most === "number" ? most : null
  if (from !== null && to !== null) return from === to ? noun(from, one, many) : `${from} to ${noun(to, one, many)}`
  if (from !== null) return `at least ${noun(from, one, many)}`
  return to === null ? null : `at most ${noun(to, one, many)}`
}

const noun = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`
