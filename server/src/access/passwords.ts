/**
 * Passwords as they are kept: scrypt with its cost and its salt. One costs 32 MiB and a tenth of a second off the
 * engine's thread, so that few are tried at once and the rest wait in a short line; nobody's request waits for it twice.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto"

const cost = { N: 2 ** 15, r: 8, p: 1 } as const
const keyBytes = 32
const atOnce = 2
const waitingMax = 64

/** As many passwords are being tried as there may be. */
export class PasswordsBusy extends Error {}

export class Passwords {
  #running = 0
  readonly #waiting: (() => void)[] = []
  #decoy: Promise<string> | null = null

  /** `scrypt$N$r$p$salt$key` */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(16)
    const key = await this.#derive(password, salt, cost)
    return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), key.toString("base64url")].join("$")
  }

  /** `kept` null: nobody is there, or has none; it takes as long as if there were one. */
  async matches(password: string, kept: string | null): Promise<boolean> {
    this.#decoy ??= this.hash(randomBytes(16).toString("hex"))
    const [, n, r, p, salt, wanted] = (kept ?? (await this.#decoy)).split("$")
    const expected = Buffer.from(wanted ?? "", "base64url")
    const key = await this.#derive(password, Buffer.from(salt ?? "", "base64url"), {
      N: Number(n),
      r: Number(r),
      p: Number(p),
    })
    return timingSafeEqual(key, expected) && kept !== null
  }

  async #derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
    if (this.#running >= atOnce) {
      if (this.#waiting.length >= waitingMax) throw new PasswordsBusy("too many passwords are being tried")
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    this.#running++
    try {
      return await derived(password.normalize("NFKC"), salt, options)
    } finally {
      this.#running--
      this.#waiting.shift()?.()
    }
  }
}

function derived(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, keyBytes, { ...options, maxmem: 128 << 20 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}
