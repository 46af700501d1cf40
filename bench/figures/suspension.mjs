// @ts-check
import { deepStrictEqual } from 'node:assert/strict'
import { lambdaContext } from '../contenders/contender.mjs'
import { freshEvent } from '../event.mjs'
import { mediansOf, timed } from '../measure.mjs'
import { InstantService } from '../service.mjs'
import { figure } from '../table.mjs'

/**
 * What a suspension costs of its own: an execution whose first operation is a wait, from the event to
 * PENDING, without the time that the service takes to answer.
 * @param {import('../bench.mjs').Field} field
 */
export async function suspensionFigures({ perdure, official, quick }) {
  const effort = quick ? { runs: 15, warmUps: 10 } : { runs: 101, warmUps: 30 }
  const times = await mediansOf([perdure, official], 'suspension', {}, effort)
  return [figure("a suspension's own time", 'ms', times, 'ms', { under: 0.5 })]
}

const service = new InstantService()
/** @type {import('../contenders/contender.mjs').Handler | undefined} */
let handler

/** @param {import('../contenders/contender.mjs').Contender} contender */
export async function sample(contender) {
  const waiting = (handler ??= contender.waiting(service))
  service.restart()
  const event = freshEvent(contender, 0)
  const { ms, answer } = await timed(() => waiting(event, lambdaContext))
  deepStrictEqual(answer, { Status: 'PENDING' }, `${contender.name}: a wait`)
  deepStrictEqual([service.calls, service.updates], [1, 1], `${contender.name}: calls, updates`)
  return { ms: ms - service.busy }
}
