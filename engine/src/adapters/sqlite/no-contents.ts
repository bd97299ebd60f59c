/** Where no attachments are: for tools that only look at rows. What would need a folder fails, loudly. */
import type { ContentFolder } from "../../ports/attachments.ts"

export const noContents: ContentFolder = {
  write: () => Promise.reject(new Error("this store was opened without a folder for attachments")),
  open: async () => null,
  has: async () => false,
  async remove(names) {
    if (names.length > 0) throw new Error("this store was opened without the folder of its attachments")
  },
  sweep: async () => [],
  copyTo: async () => 0,
}
