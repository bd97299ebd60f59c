/** sha256 over a text's UTF-8 bytes; synchronous, since every event is hashed before its commit (rule 3). */
export interface Hashing {
  sha256(text: string): Uint8Array
  sha256Hex(text: string): string
}
