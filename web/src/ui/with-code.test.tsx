import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { withCode } from "./with-code.tsx"

test("what stands between backticks is code, and nothing else is", () => {
  expect(renderToStaticMarkup(withCode("Send `comment` or `a<b`."))).toBe(
    "Send <code>comment</code> or <code>a&lt;b</code>.",
  )
  expect(withCode("a lone ` stays")).toEqual(["a lone ` stays"])
})
