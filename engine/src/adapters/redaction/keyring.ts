/**
 * The keys of tokens and digests, in a file beside the database and never in it: a copy of the database alone opens
 * nothing. One key a line, 32 bytes in base 64, the newest first: it closes, all of them open. Lost is lost: there is no
 * other way to what lies behind a token.
 */
import { createHash, randomBytes } from "node:crypto"
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs"
import { dirname } from "node:path"

export interface Key {
  /** Public, and part of each token: which key it was. */
  readonly id: string
  readonly bytes: Buffer
}

export interface Keyring {
  readonly current: Key
  readonly all: ReadonlyMap<string, Key>
}

const keyBytes = 32

export class KeyringError extends Error {}

/** Makes the file where there is none; only its owner may read it. @throws KeyringError */
export function openKeyring(file: string): Keyring {
  const keys = readKeys(file) ?? madeKeys(file)
  return { current: keys[0]!, all: new Map(keys.map((key) => [key.id, key])) }
}

function readKeys(file: string): readonly Key[] | null {
  let text: string
  try {
    text = readFileSync(file, "utf8")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null
    throw new KeyringError(`the redaction key cannot be read from ${file}: ${(error as Error).message}`)
  }
  const lines = text.split("\n").map((line) => line.trim())
  const keys = lines.flatMap((line, index) => (line === "" || line.startsWith("#") ? [] : [keyOf(file, line, index)]))
  if (keys.length > 0) return keys
  throw new KeyringError(`${file} holds no key: it was cut off, or the wrong file; a new one would open nothing`)
}

function keyOf(file: string, line: string, index: number): Key {
  const bytes = Buffer.from(line, "base64")
  if (bytes.length !== keyBytes)
    throw new KeyringError(
      `${file}, line ${index + 1}: a key is ${keyBytes} bytes in base 64, this has ${bytes.length}`,
    )
  return { id: createHash("sha256").update(bytes).digest("hex").slice(0, 8), bytes }
}

/** Durable before anything is closed with it. */
function madeKeys(file: string): readonly Key[] {
  const line = randomBytes(keyBytes).toString("base64")
  try {
    const made = openSync(file, "wx", 0o600)
    writeSync(made, `${line}\n`)
    fsyncSync(made)
    closeSync(made)
    // Its name too: after a power cut nothing may be closed with a key that is not there.
    const folder = openSync(dirname(file), "r")
    fsyncSync(folder)
    closeSync(folder)
  } catch (error) {
    throw new KeyringError(`no redaction key could be made at ${file}: ${(error as Error).message}`)
  }
  return [keyOf(file, line, 0)]
}
