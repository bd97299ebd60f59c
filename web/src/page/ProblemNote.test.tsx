// @vitest-environment happy-dom
import { UnreachableError } from "@waybill/sdk"
import { afterEach, expect, test } from "vitest"
import { render, unmountAll } from "../ui/testing/render.tsx"
import { ProblemNote } from "./ProblemNote.tsx"

afterEach(unmountAll)

const silence = new UnreachableError("http://127.0.0.1:7420", new TypeError("Failed to fetch"))

test("a question without an answer says that it is asked again by itself", async () => {
  await render(<ProblemNote error={silence} about="The runs could not be loaded" onRetry={() => {}} />)
  const said = document.body.textContent
  expect(said).toContain("The runs could not be loaded: The server does not answer")
  expect(said).toContain("It is asked again by itself")
})

test("of a decision without an answer nobody claims that it was not taken, nor that it is sent again", async () => {
  await render(<ProblemNote error={silence} about="It was not decided" />)
  const said = document.body.textContent
  expect(said).toContain("it may have been done all the same: look before you send it again")
  expect(said).not.toContain("It was not decided")
  expect(said).not.toContain("by itself")
})
