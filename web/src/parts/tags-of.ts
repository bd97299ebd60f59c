/** Tags as somebody types them: `vip, q1 ,, vip` → `["vip", "q1"]`. */
export function tagsOf(text: string): readonly string[] {
  const tags = text.split(",").map((tag) => tag.trim())
  return [...new Set(tags.filter((tag) => tag !== ""))]
}
