export { Random } from "../../core/random.ts"
