/** For words that belong to no workspace, so that no policy is theirs: whether one of Waybill's own detectors finds something. */
import { findSecrets } from "./detectors.ts"
import { defaultPolicy } from "./policy.ts"

export function holdsSecret(text: string): boolean {
  return findSecrets(text, (detector) => defaultPolicy.detectors[detector] !== "keep").length > 0
}
