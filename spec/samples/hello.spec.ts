import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { step, wait } from 'perdure'
import { crashEverywhere, expectGolden, play, run, stepThrough, verify } from 'perdure/testing'
import { handler, hello, scenario } from '../../samples/hello.ts'
import { times, told } from './told.ts'

describe('the sample hello', () => {
  it('is a greeting, five minutes of tea, and a day', () => {
    play(hello, { name: 'Ada' })
      .expect('greet')
      .answer('Hello, Ada!')
      .expect(wait('tea', '5m'))
      .returns({ greeting: 'Hello, Ada!', day: '2026-01-01' })
  })

  it('tells the day on which the tea is over, not the one on which it began', () => {
    const startedAt = new Date('2026-02-28T23:58:00Z')
    const stepper = stepThrough(hello, { input: { name: 'Ada' }, startedAt })
    const { outcome } = stepper.succeed('Hello, Ada!').next()

    const value = { greeting: 'Hello, Ada!', day: '2026-03-01' }
    expect(outcome).to.deep.equal({ status: 'returned', value })
  })

  it('greets once, and goes after a while', async () => {
    const result = await run(handler, scenario)

    expect(told(result)).to.deep.equal([
      'invocation 1',
      'ran 1 step "greet"',
      'started 2 wait "tea"',
      'suspended for 2 wait "tea"',
      'invocation 2',
      'replayed 1 step "greet", 2 wait "tea"',
    ])
    expect(times(result, 60)).to.deep.equal([0, 5])
    expect(result.value).to.deep.equal({ greeting: 'Hello, Ada!', day: '2026-01-01' })
  })

  it('greets whoever comes', async () => {
    const { value } = await run(hello, { input: { name: 'Grace' } })

    expect(value.greeting).to.equal('Hello, Grace!')
  })

  it('has the history that it always had', async () => {
    expectGolden(await run(handler, scenario), new URL('golden/hello.json', import.meta.url))
  })

  it('says the same wherever it is killed', async () => {
    const { undisturbed } = await crashEverywhere(handler, { name: 'Ada' })

    expect(undisturbed.result).to.deep.equal({ greeting: 'Hello, Ada!', day: '2026-01-01' })
  })
})

describe('an execution of the sample hello that began with older code', () => {
  const tea = readFileSync(new URL('histories/hello.json', import.meta.url), 'utf8')

  it('goes on with the code as it is now', async () => {
    const { histories } = await verify(handler, { tea })

    expect(histories[0]?.verdict).to.equal('identical')
  })

  it('could not go on if the tea became coffee', async () => {
    const { histories } = await verify(
      function* ({ name }: { name: string }) {
        yield* step('greet', () => `Hello, ${name}!`)
        yield* wait('coffee', '5m')
      },
      { tea },
    )

    expect(histories[0]?.verdict).to.equal('diverges')
    expect(histories[0]?.differences[0]).to.include({
      journal: 'wait "tea"',
      code: 'wait "coffee"',
    })
  })
})
