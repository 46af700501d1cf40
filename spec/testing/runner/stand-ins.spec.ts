import { expect } from 'chai'
import { parallel, poll, retry, step, waitForCallback, waitForCondition } from 'perdure'
import { run } from 'perdure/testing'

const real = (): never => expect.fail('the real body ran')

describe('bodies given to a run', () => {
  it('run in place of those of steps, with the options of the steps', async () => {
    const attempts: number[] = []
    const result = await run(
      function* () {
        return yield* step('charge', real, { retry: retry.fixed({ delay: '5s', maxAttempts: 3 }) })
      },
      {
        steps: {
          charge: ({ attempt }: { attempt: number }) => {
            attempts.push(attempt)
            if (attempt < 3) throw new Error('busy')
            return 'ch_1'
          },
        },
      },
    )

    expect(attempts).to.deep.equal([1, 2, 3])
    expect(result.value).to.equal('ch_1')
    expect(result.operations().map(({ attempts: count }) => count)).to.deep.equal([3])
  })

  it('are found by the id where the operation has no name, and inside of branches', async () => {
    const result = await run(
      function* () {
        const batch = yield* parallel([step(real), step('named', real)])
        return batch.results()
      },
      { steps: { '1-1-1': () => 1, named: () => 2 } },
    )

    expect(result.value).to.deep.equal([1, 2])
  })

  it('run in place of submitters, handed the id of the callback', async () => {
    const ids: string[] = []
    const result = await run(
      function* () {
        return yield* waitForCallback<number>('approve', real)
      },
      {
        steps: { approve: (id: string) => ids.push(id) },
        callbacks: { approve: { succeed: 7 } },
      },
    )

    expect(result.value).to.equal(7)
    expect(ids).to.deep.equal([result.operations()[1]?.details.callbackId])
  })

  it('run in place of checks, handed the state', async () => {
    const result = await run(
      function* () {
        return yield* waitForCondition('ready', real, {
          initialState: 1,
          strategy: poll.fixed({ delay: '10s', until: (state: number) => state >= 8 }),
        })
      },
      { steps: { ready: (state: number) => state * 2 } },
    )

    expect(result.value).to.equal(8)
  })

  it('run in place of compensations, handed what the step returned', async () => {
    const undone: string[] = []
    const result = await run(
      function* () {
        yield* step('book', () => 'room 7', { compensate: real })
        throw new Error('no flight')
      },
      {
        steps: { book: () => 'room 8' },
        compensations: { book: (value: string) => undone.push(value) },
      },
    )

    expect(undone).to.deep.equal(['room 8'])
    expect(result.error?.message).to.equal('no flight')
  })

  it('are named where nothing came of them', async () => {
    const result = await run(
      function* () {
        return yield* step('charge', () => 1)
      },
      { steps: { chrage: () => 2 }, compensations: { charge: () => 3 }, functions: { x: () => 1 } },
    )

    expect(result.value).to.equal(1)
    expect(result.unused).to.deep.equal({
      callbacks: [],
      crashes: [],
      steps: ['chrage'],
      compensations: ['charge'],
      functions: ['x'],
    })
    expect(result.print()).to.include('No use was made of steps: "chrage".')
  })

  it('are refused where they cannot be called', async () => {
    const error = await run(function* () {}, { steps: { charge: 7 as never } }).catch(
      (thrown: unknown) => thrown,
    )

    expect(error)
      .to.have.property('message')
      .that.includes('Expected `steps.charge` to be a function')
  })

  it('stay those of the workflow in the functions that it invokes', async () => {
    const { value } = await run(
      function* () {
        return yield* step('same', real)
      },
      { steps: { same: () => 'mine' } },
    )

    expect(value).to.equal('mine')
  })
})
