import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { isPerdureError } from '../../../lib/kernel/errors.ts'
import { openStore } from '../../../lib/server/store/open-store.ts'
import { removeTemporaryFiles, temporaryFile } from '../../support/temporary-file.ts'

const seed = Number(process.env['PERDURE_SEED'] ?? 1)
const rounds = Number(process.env['PERDURE_KILLS'] ?? 4)
const program = fileURLToPath(new URL('acknowledging.ts', import.meta.url))

/** Lets the program run until it has said `lines` lines, kills it, and answers all that it said. */
function killedAfter(lines: number, file: string, refusals: Set<string>): Promise<string[]> {
  const child = spawn(process.execPath, ['--import=tsx', '--conditions=source', program, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
    if (said.split('\n').length <= lines) return
    if (!child.killed) refusals.add(refusedNow(file))
    child.kill('SIGKILL')
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (_, signal) => {
      // The last line may be cut off in the middle.
      if (signal === 'SIGKILL') resolve(said.split('\n').slice(0, -1))
      else reject(new Error('The program ended by itself.'))
    })
  })
}

/** How the store is refused while the program has it. */
function refusedNow(file: string): string {
  try {
    openStore({ file }).close()
  } catch (error) {
    if (isPerdureError(error)) return error.code
  }
  return 'something else'
}

/** Numbers that look like chance and are the same for each seed. */
function* numbers(below: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    yield Math.floor((state / 2 ** 32) * below)
  }
}

describe(`a service that is killed ${rounds} times (PERDURE_SEED=${seed})`, () => {
  afterEach(removeTemporaryFiles)

  it('has the store for itself, has kept all that it had acknowledged, and goes on', async function () {
    this.timeout(10_000 + rounds * 10_000)
    const file = temporaryFile()
    const acknowledged: string[] = []
    const refusals = new Set<string>()
    const chance = numbers(200)
    for (let round = 0; round < rounds; round += 1) {
      acknowledged.push(...(await killedAfter(1 + chance.next().value, file, refusals)))
      const open = openStore({ file })
      const kept = new Set<string>()
      for (const { facts, progress, operations } of open.store.load()) {
        kept.add(`${facts.arn} started`)
        if (progress.status === 'SUCCEEDED') kept.add(`${facts.arn} ended`)
        for (const { record } of operations) {
          if (record.Status === 'SUCCEEDED') kept.add(`${facts.arn} ${record.Id}`)
        }
      }
      open.close()
      expect(acknowledged.filter((word) => !kept.has(word))).to.deep.equal([])
    }
    expect([...refusals]).to.deep.equal(['STORE_LOCKED'])
    expect(acknowledged.length).to.be.above(rounds)
  })
})
