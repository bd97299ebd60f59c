/** An immutable byte string. A file of its own, because literals are part of the tree and values refer to the tree. */
export class Bytes {
  readonly content: Uint8Array

  constructor(content: Uint8Array) {
    this.content = content
  }
}
