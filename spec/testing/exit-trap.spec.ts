import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'chai'
import { trapExit } from '../../lib/testing/exit-trap.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('process.exit in a trap', () => {
  it('tells the trap, and throws, so that nothing below it runs', async () => {
    const words: string[] = []
    const trapped = trapExit(
      (reason) => words.push(reason),
      async () => {
        words.push('begins')
        process.exit(3)
        words.push('goes on')
      },
    )

    const error = await trapped.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(words).to.deep.equal(['begins', 'Runtime exited with error: exit status 3'])
    expect(error).to.be.an('error')
  })

  it('is heard after any number of turns, by the trap it belongs to', async () => {
    const words: string[] = []
    const body = (name: string, turns: number) =>
      trapExit(
        (reason) => words.push(`${name}: ${reason}`),
        async () => {
          for (let i = 0; i < turns; i++) await turn()
          process.exit(turns)
        },
      ).catch(() => undefined)
    await Promise.all([body('slow', 3), body('quick', 1)])

    expect(words).to.deep.equal([
      'quick: Runtime exited with error: exit status 1',
      'slow: Runtime exited with error: exit status 3',
    ])
  })

  it('has status 0 where it is given none', async () => {
    const words: string[] = []
    await trapExit(
      (reason) => words.push(reason),
      async () => process.exit(),
    ).catch(() => undefined)

    expect(words).to.deep.equal(['Runtime exited with error: exit status 0'])
  })

  it('passes on what its body returns and throws', async () => {
    const crash = () => expect.fail('nobody exits')
    const failing = trapExit(crash, () => Promise.reject(new Error('no')))

    expect(await trapExit(crash, async () => 42)).to.equal(42)
    expect(await failing.catch((error: unknown) => String(error))).to.equal('Error: no')
  })
})

describe('process.exit outside of every trap', function () {
  this.timeout(20_000)

  /** The status of a process that has set a trap and then runs `script`. */
  function statusOf(script: string): number | null {
    const trap = JSON.stringify(join(import.meta.dirname, '../../lib/testing/exit-trap.ts'))
    const text = `
      import { trapExit } from ${trap}
      await trapExit(() => {}, async () => process.exit(9)).catch(() => {})
      ${script}`
    const args = ['--import=tsx', '--input-type=module', '--eval', text]
    return spawnSync(process.execPath, args).status
  }

  it('ends the process with the code that it is given', () => {
    expect(statusOf('process.exit(5)')).to.equal(5)
  })

  it('leaves the process its own code where it is given none', () => {
    expect(statusOf('process.exitCode = 4; process.exit()')).to.equal(4)
  })
})
