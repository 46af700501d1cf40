// @ts-check
import { setTimeout as sleep } from 'node:timers/promises'
import { Chain } from '../chain.mjs'
import { mediansOf } from '../measure.mjs'
import { figure } from '../table.mjs'

/**
 * A hundred steps of 10 ms against a service 20 ms away: what is paid in calls and in time. A result
 * must be durable before the next body begins, so no engine that keeps that can need less than 3 s.
 * @param {import('../bench.mjs').Field} field
 */
export async function realStepFigures({ perdure, official, quick }) {
  const effort = { runs: quick ? 1 : 5 }
  const runs = await mediansOf([perdure, official], 'real-steps', {}, effort)
  return [
    figure('100 steps of 10 ms, 20 ms away: calls', '', runs, 'calls', { upTo: 102 }),
    figure('100 steps of 10 ms, 20 ms away: time', 'ms', runs, 'ms', { upTo: 3150 }),
  ]
}

/** @param {import('../contenders/contender.mjs').Contender} contender */
export function sample(contender) {
  return Chain.of(contender, 100).run({ pause: () => sleep(10), latency: 20 })
}
