import { expect } from 'chai'
import { retry, step, type WorkflowContext } from 'perdure'
import { run } from 'perdure/testing'
import { told } from '../../samples/told.ts'

describe('a run with a crash', () => {
  function* twoSteps() {
    const first = yield* step('a', () => 'a')
    return first + (yield* step('b', () => 'b'))
  }

  it('kills the invocation when the step is done, once, and goes on with another', async () => {
    const result = await run(twoSteps, { crashes: ['a', 'b'] })

    expect(told(result)).to.deep.equal([
      'invocation 1',
      'ran 1 step "a"',
      'crashed when 1 step "a" was done and not yet recorded',
      'invocation 2',
      'went on 1 step "a"',
      'ran 1 step "a"',
      'ran 2 step "b"',
      'crashed when 2 step "b" was done and not yet recorded',
      'invocation 3',
      'replayed 1 step "a"',
      'went on 2 step "b"',
      'ran 2 step "b"',
    ])
    expect(result.value).to.equal('ab')
    expect(result.unused.crashes).to.deep.equal([])
  })

  it('names the crashes that nothing came of', async () => {
    const result = await run(twoSteps, { crashes: ['b', 'c'] })

    expect(result.unused.crashes).to.deep.equal(['c'])
  })

  it('hears nothing more of the dead invocation, neither a log nor a result', async () => {
    const bodies: string[] = []
    const result = await run(function* (_: unknown, { log }: WorkflowContext) {
      const result = yield* step('work', async ({ log: own }) => {
        const number = bodies.push('began')
        own.info(`body ${number}`)
        if (number === 1) crash()
        await realTurns(5)
        own.info(`body ${number} is done`)
        return number
      })
      log.info(`result ${result}`)
      return result
    })

    // The first body was cut off; it went on to its end all the same, as nobody can stop it.
    expect(bodies).to.deep.equal(['began', 'began'])
    expect(result.invocations.map(({ entries }) => entries.filter(({ what }) => what === 'said')))
      .to.have.nested.property('[0]')
      .that.deep.equals([{ what: 'said', level: 'info', message: 'body 1' }])
    expect(told(result).filter((line) => line.startsWith('said'))).to.deep.equal([
      'said body 1',
      'said body 2',
      'said body 2 is done',
      'said result 2',
    ])
    expect(result.value).to.equal(2)
  })
})

describe('a run in which a body calls process.exit', () => {
  const died = 'died in 1 step "leave": Runtime exited with error: exit status 3'

  it('has that invocation die, and another take the step up', async () => {
    let left = 2
    const result = await run(function* () {
      return yield* step('leave', () => (left-- > 0 ? process.exit(3) : 'stayed'))
    })

    expect(told(result).filter((line) => line.startsWith('died'))).to.deep.equal([died, died])
    expect(result.value).to.equal('stayed')
  })

  it('does the same for one that exits later', async () => {
    let left = 1
    const result = await run(function* () {
      return yield* step('leave', async () => {
        await realTurns(5)
        return left-- > 0 ? process.exit(3) : 'stayed'
      })
    })

    expect(told(result)).to.deep.equal([
      'invocation 1',
      died,
      'invocation 2',
      'went on 1 step "leave"',
      'ran 1 step "leave"',
    ])
    expect(result.value).to.equal('stayed')
  })

  it('fails the execution when every invocation exits', async () => {
    const result = await run(function* () {
      yield* step('leave', () => process.exit())
    })

    expect(result.invocations).to.have.length(4)
    expect(result.status).to.equal('FAILED')
    expect(result.errorRecord?.ErrorType).to.equal('Runtime.ExitError')
  })

  it('begins an at-most-once body once', async () => {
    let begun = 0
    const result = await run(function* () {
      const body = () => {
        begun += 1
        process.exit(3)
      }
      yield* step('leave', body, { semantics: 'at-most-once', retry: retry.none })
    })

    expect(begun).to.equal(1)
    expect(result.errorRecord?.ErrorType).to.equal('StepInterruptedError')
  })
})

/** Ends the invocation as `process.exit` does, without unwinding the body that calls it. */
function crash(): void {
  try {
    process.exit(9)
  } catch {
    // It throws, so that nothing below it runs; here something is to go on.
  }
}

/** Real turns of the event loop. */
async function realTurns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
