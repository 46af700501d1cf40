import { expect } from 'chai'
import { isPerdureError, retry, step, wait, waitForCallback } from 'perdure'
import { run } from 'perdure/testing'

function* order(id: string) {
  yield* step('save', () => ({ id, text: 'x'.repeat(80) }))
  const charge = yield* step(
    'charge',
    ({ attempt }) => {
      if (attempt < 3) throw new Error('busy\nvery')
      return 'ch_1'
    },
    { retry: retry.fixed({ delay: '1m', maxAttempts: 3 }) },
  )
  try {
    yield* waitForCallback('approve', () => undefined, { timeout: '2d' })
  } catch (error) {
    if (!isPerdureError(error)) throw error
  }
  yield* wait('90m')
  return charge
}

describe('a run, printed', () => {
  it('is a tree of its operations in columns', async () => {
    const result = await run(order, { input: 'o-1' })

    expect(result.print().split('\n')).to.deep.equal([
      'SUCCEEDED  "ch_1"  5 invocations  2d 1h',
      '  1 step "save"                SUCCEEDED  at 0s     for 0s                  ' +
        `{"id":"o-1","text":"${'x'.repeat(39)}…`,
      '  2 step "charge"              SUCCEEDED  at 0s     for 2m      3 attempts  "ch_1"',
      '  3 waitForCallback "approve"  FAILED     at 2m     for 2d                  ' +
        'CallbackTimeoutError: Callback timed out',
      '    3-1 callback               TIMED_OUT  at 2m     for 2d                  ' +
        'Callback.Timeout: Callback timed out',
      '    3-2 step                   SUCCEEDED  at 2m     for 0s',
      '  4 wait                       SUCCEEDED  at 2d 2m  for 1h 30m',
    ])
  })

  it('leaves out columns that would be empty, and says what a failure was', async () => {
    const result = await run(function* () {
      yield* step('pay', () => Promise.reject(new Error('no\nmoney')), { retry: retry.none })
    })

    expect(result.print().split('\n')).to.deep.equal([
      'FAILED  StepError: no money  1 invocation  0s',
      '  1 step "pay"  FAILED  at 0s  for 0s  Error: no money',
    ])
  })

  it('says what a run waits for that cannot end, and is handed on where that is asked for', async () => {
    const result = await run(function* () {
      yield* waitForCallback('approve', () => undefined)
    })
    const said: string[] = []
    result.print((text) => said.push(text))

    expect(said).to.deep.equal([result.print()])
    expect(said[0]?.split('\n')[0]).to.equal(
      'RUNNING  waits for callback "approve" (operation 1-1)  1 invocation  0s',
    )
  })
})
