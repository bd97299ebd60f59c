/** The keys of a stopped server's store, where they are: what looks after a copy without them says less. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { openKeyring } from "@waybill/engine/adapters/redaction/keyring"
import { sealingKeys } from "@waybill/engine/adapters/redaction/seals"
import { signingMarks } from "@waybill/engine/adapters/redaction/signing-marks"
import type { SealingKeys } from "@waybill/engine/ports/redaction"
import type { SigningMarks } from "@waybill/engine/ports/signing-marks"

/** The one place of the file, unless the configuration names another. */
export function keyFileOf({ dataDir, redactionKeyFile }: { dataDir: string; redactionKeyFile: string | null }): string {
  return redactionKeyFile ?? join(dataDir, "redaction.key")
}

export interface KeysAt {
  readonly keys: SealingKeys | null
  readonly marks: SigningMarks
}

/** Never makes one. @throws KeyringError */
export function keysAt(keyFile: string): KeysAt {
  return { keys: existsSync(keyFile) ? sealingKeys(openKeyring(keyFile)) : null, marks: signingMarks(keyFile) }
}
