/** An address a mail may go to: one address, printable, nothing that could end a line or name a second one. */
const pattern = /^[^\s\p{C}@<>()[\]\\,;:"]{1,64}@[^\s\p{C}@<>()[\]\\,;:"]{1,189}$/u

export function isAddress(text: string): boolean {
  return pattern.test(text) && !text.includes("..")
}

/** `Name <address>` or an address alone; null: it is neither. */
export function senderOf(text: string): { readonly name: string; readonly address: string } | null {
  const [, name = "", inner] = /^([^<>"\p{C}]{0,100}?)\s*<([^<>]+)>$/u.exec(text) ?? []
  const address = inner ?? text
  return isAddress(address) ? { name: name.trim(), address } : null
}
