// @ts-check

/**
 * A chain of steps: `body` runs once a step with its position, counted from 1, and the answer is the
 * sum of what the steps gave. `atEnd` is called by the workflow before it returns.
 * @typedef {object} Chain
 * @property {number} steps
 * @property {(position: number) => Promise<{ value: number }>} body
 * @property {() => void} [atEnd]
 */

/**
 * A fan-out over items of one step each: `body` runs once an item with its number, counted from 1, and
 * the answer is the sum of what the items gave. With `groups`, a fan-out over so many fan-outs.
 * @typedef {object} FanOut
 * @property {number} items in all
 * @property {number} [groups]
 * @property {number} [maxConcurrency]
 * @property {(position: number) => Promise<{ value: number }>} body
 */

/**
 * @typedef {{ Status: string, Result?: string }} Answer
 * @typedef {(event: object, context: object) => Promise<Answer>} Handler
 * @typedef {import('../service.mjs').InstantService} InstantService
 */

/**
 * One of those that are measured: the same workflows, each written as its users would.
 * @typedef {object} Contender
 * @property {string} name
 * @property {(position: number) => string} id of the operation at a position, counted from 1
 * @property {(chain: Chain, service: InstantService) => Handler} chain
 * @property {(fanOut: FanOut, service: InstantService) => Handler} fanOut
 * @property {(service: InstantService) => Handler} waiting a workflow that begins with a wait
 */

/** What Lambda hands over beside the event: plenty of time. */
export const lambdaContext = {
  awsRequestId: '3f0d8c5e-6a41-4f0e-9a3e-2a6c6f1f0d11',
  getRemainingTimeInMillis: () => 900_000,
}

/** The numbers from 1 on of so many items. @param {number} items */
export function numbers(items) {
  return Array.from({ length: items }, (_, i) => i + 1)
}

/** The numbers in so many groups of neighbours. @param {number} items @param {number} groups */
export function grouped(items, groups) {
  const size = items / groups
  return numbers(groups).map((group) => numbers(size).map((i) => (group - 1) * size + i))
}
