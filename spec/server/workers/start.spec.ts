import { expect } from 'chai'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture, Stand } from './stand.ts'

describe('a function that cannot start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perdure-'))
  const stand = new Stand({ limits: { initMilliseconds: 20_000 } })
  after(async () => {
    await stand.close()
    rmSync(folder, { recursive: true })
  })

  const cases = [
    {
      what: 'whose file is not there',
      file: 'missing.mjs',
      type: 'Runtime.ImportModuleError',
      message: /Cannot find module '.*missing\.mjs'/,
    },
    {
      what: 'that imports what is not there',
      file: 'lost.mjs',
      text: "import { shop } from 'no-such-shop'\nexport const handler = shop",
      type: 'Runtime.ImportModuleError',
      message: /Cannot find package 'no-such-shop'/,
    },
    {
      what: 'that is no JavaScript',
      file: 'unparsable.mjs',
      text: readFileSync(fixture('unparsable.txt'), 'utf8'),
      type: 'Runtime.UserCodeSyntaxError',
      message: /^SyntaxError: |^TransformError: /,
    },
    {
      what: 'that throws as it loads',
      file: 'throws.mjs',
      text: "throw new RangeError('too early')",
      type: 'RangeError',
      message: /^too early$/,
    },
    {
      what: 'that ends as it loads',
      file: 'ends.mjs',
      text: "console.error('no database'); process.exit(4)",
      type: 'Runtime.ExitError',
      message: /Runtime exited with error: exit status 4: no database$/,
    },
  ]
  for (const { what, file, text, type, message } of cases) {
    it(`fails with ${type}: one ${what}`, async () => {
      const path = join(folder, file)
      if (text !== undefined) writeFileSync(path, text)
      stand.workers.host({
        name: 'late',
        launch: { kind: 'module', file: path, exportName: 'handler' },
      })
      const [errorType, said] = await stand.failure('late', {})
      expect(errorType).to.equal(type)
      expect(said).to.match(message)
    })
  }

  for (const { exportName, message } of [
    { exportName: 'absent', message: /absent is not exported; the module exports .*legacy/ },
    { exportName: 'notAFunction', message: /notAFunction is no function/ },
    {
      exportName: 'workflow',
      message: /workflow is a workflow.*driver\.lambdaHandler\(workflow\)/,
    },
  ]) {
    it(`fails with Runtime.HandlerNotFound: one whose export is ${exportName}`, async () => {
      stand.host('late', {}, 'acts.mjs', exportName)
      const [errorType, said] = await stand.failure('late', {})
      expect(errorType).to.equal('Runtime.HandlerNotFound')
      expect(said).to.match(message)
    })
  }
})

describe('a function that is a program', () => {
  const stand = new Stand()
  after(() => stand.close())

  it('takes invocations over the Runtime API', async () => {
    const command = `"${process.execPath}" "${fixture('runtime.mjs')}"`
    stand.workers.host({ name: 'program', launch: { kind: 'command', command } })
    const requestId = 'c0ffee00-0000-4000-8000-000000000000'
    expect(await stand.invoke('program', { number: 21 }, { requestId })).to.deep.equal({
      doubled: 42,
    })
    expect(stand.written(requestId)).to.include(`stdout handling ${requestId}`)
  })

  it('fails with what the shell says of one that is not there', async () => {
    stand.workers.host({ name: 'no', launch: { kind: 'command', command: 'no-such-program' } })
    const [errorType, said] = await stand.failure('no', {})
    expect(errorType).to.equal('Runtime.ExitError')
    expect(said).to.match(/exit status 127: .*not found/)
  })

  it('fails with Sandbox.Timedout where it never asks for an invocation', async () => {
    const stand = new Stand({ limits: { initMilliseconds: 300 } })
    stand.workers.host({ name: 'mute', launch: { kind: 'command', command: 'exec sleep 600' } })
    const [errorType, said] = await stand.failure('mute', {})
    expect(errorType).to.equal('Sandbox.Timedout')
    expect(said).to.match(/timed out after 0\.30 seconds: .* never asked for an invocation/)
    expect(stand.workers.processes()).to.deep.equal([])
    await stand.close()
  })
})
