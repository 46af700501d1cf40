// @ts-check
import { firstToken } from './service.mjs'

const arn =
  'arn:aws:lambda:eu-west-1:123456789012:function:bench:$LATEST/durable-execution/bench/6f1f0d11'
const time = '2026-01-01T00:00:00.000Z'

/**
 * The event of an invocation that finds `recorded` steps done; parsed anew for every run, because a
 * run may keep or change what it was handed.
 * @param {import('./contenders/contender.mjs').Contender} contender
 * @param {number} recorded
 */
export function freshEvent(contender, recorded) {
  return JSON.parse(eventText(contender, recorded))
}

/** @param {import('./contenders/contender.mjs').Contender} contender @param {number} recorded */
function eventText(contender, recorded) {
  const steps = Array.from({ length: recorded }, (_, i) => ({
    Id: contender.id(i + 1),
    Type: 'STEP',
    SubType: 'Step',
    StartTimestamp: time,
    EndTimestamp: time,
    Status: 'SUCCEEDED',
    StepDetails: { Attempt: 1, Result: JSON.stringify({ value: i + 1 }) },
  }))
  return textOf(steps)
}

/**
 * The text of the event of an invocation that finds these records, parsed anew for every run.
 * @param {readonly object[]} records
 */
export function textOf(records) {
  const execution = {
    Id: '0f8e2c1a-6d53-4b0e-8a43-5b2f9c7d1e00',
    Type: 'EXECUTION',
    StartTimestamp: time,
    Status: 'STARTED',
    ExecutionDetails: { InputPayload: '{}' },
  }
  return JSON.stringify({
    DurableExecutionArn: arn,
    CheckpointToken: firstToken,
    InitialExecutionState: { Operations: [execution, ...records] },
  })
}
