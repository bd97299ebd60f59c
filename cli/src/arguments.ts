/** How texts of the command line become values: numbers, times, JSON, `k=v`. Whatever does not fit is wrong use. */
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import type { Json, JsonObject } from "@waybill/contract"
import { InvalidArgumentError } from "commander"
import { CommandFailure, wrongUse } from "./failure.ts"
import { parseStrictJson, tryStrictJson } from "./offline/strict-json.ts"
import { pointInTime } from "./show/times.ts"
import type { Terminal } from "./terminal.ts"

/** For commander: a whole number from 1. */
export function positive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Write a whole number from 1.")
  return Number(text)
}

/** For commander: an option that may stand several times. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text]
}

/** A version as the API takes it: `7` is the seventh, anything else the author's label (settled 1). */
export function versionOf(text: string | undefined): string | number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : text
}

export function timeOf(option: string, text: string | undefined, now: number): string | undefined {
  if (text === undefined) return undefined
  const at = pointInTime(text, now)
  if (at === null)
    throw wrongUse(
      `${option} is not a time: ${JSON.stringify(text)}`,
      "Write 2026-11-20T09:30:00Z, or 2h for two hours ago.",
    )
  return at
}

export function jsonOf(option: string, text: string | undefined): Json | undefined {
  return text === undefined ? undefined : parseStrictJson(text, option)
}

export function jsonObjectOf(option: string, text: string | undefined): JsonObject | undefined {
  const value = jsonOf(option, text)
  if (value === undefined || isObject(value)) return value
  throw wrongUse(`${option} must be a JSON object`)
}

/** A file's text; `-` is standard input. */
export async function textOf(terminal: Terminal, file: string): Promise<string> {
  if (file === "-") return terminal.readInput()
  try {
    return await readFile(resolve(terminal.cwd, file), "utf8")
  } catch (error) {
    throw new CommandFailure({ code: "file_unreadable", detail: reasonOf(error, file), exitCode: 2 })
  }
}

export interface InputOptions {
  readonly input?: string
  readonly inputFile?: string
  readonly set?: readonly string[]
}

/** `--input` or `--input-file`, with every `--set path=value` over it. */
export async function inputOf(terminal: Terminal, options: InputOptions): Promise<Json> {
  const { input, inputFile, set = [] } = options
  if (input !== undefined && inputFile !== undefined)
    throw wrongUse("--input and --input-file both bring the input", "Use one of them, and --set for single values.")
  const base =
    inputFile !== undefined
      ? parseStrictJson(await textOf(terminal, inputFile), inputFile === "-" ? "standard input" : inputFile)
      : (jsonOf("--input", input) ?? {})
  if (set.length === 0) return base
  if (!isObject(base)) throw wrongUse("--set needs an object as input")
  return set.reduce<JsonObject>(setOne, base)
}

function setOne(object: JsonObject, assignment: string): JsonObject {
  const at = assignment.indexOf("=")
  const path = at <= 0 ? [] : assignment.slice(0, at).split(".")
  if (path.length === 0 || path.some((name) => name === "" || name === "__proto__"))
    throw wrongUse(`--set ${assignment} names no value`, "Write --set name=value, or --set outer.inner=value.")
  const text = assignment.slice(at + 1)
  // What is not JSON is text: --set service=checkout needs no quotes.
  const read = tryStrictJson(text, `--set ${assignment}`)
  return withValue(object, path, read === null ? text : read.value)
}

function withValue(object: JsonObject, [name, ...rest]: readonly string[], value: Json): JsonObject {
  if (name === undefined) return object
  if (rest.length === 0) return { ...object, [name]: value }
  const inner = Object.hasOwn(object, name) ? object[name] : {}
  return { ...object, [name]: withValue(isObject(inner) ? inner : {}, rest, value) }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function reasonOf(error: unknown, file: string): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === "ENOENT") return `there is no file ${file}`
  if (code === "EISDIR") return `${file} is a folder`
  return `${file} cannot be read: ${(error as Error).message}`
}
