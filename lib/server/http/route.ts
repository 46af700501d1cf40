import type { Answer } from './answer.ts'
import type { HttpContext } from './http-env.ts'

/** One call of the API: where it lies and what it does. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly call: (c: HttpContext) => Promise<Answer>
}
