/** A question that would take longer than anybody may hold a reader (rule 29). The store is well; asking for less helps. */
export class QueryTooSlow extends Error {
  constructor(message = "the question takes longer than a reader may be held") {
    super(message)
    this.name = "QueryTooSlow"
  }
}
