/** A facade's translation as one table: every field of a document with how it is made, in the document's order. */

export type Made<Document, From> = { readonly [Field in keyof Document]-?: (from: From) => Document[Field] }

export function make<Document, From>(table: Made<Document, From>, from: From): Document {
  const document: Partial<Document> = {}
  for (const field in table) document[field] = table[field](from)
  return document as Document
}
