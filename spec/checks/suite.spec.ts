import { expect } from 'chai'
import { plant, type Answer, type Files } from './tree.ts'

const passing = `describe('two', () => {
  it('passes', () => undefined)
  it('passes too', () => undefined)
})
`

const mixed = `describe('three', () => {
  it('passes', () => undefined)
  it.skip('is skipped', () => undefined)
  it('fails', () => {
    throw new Error('planted')
  })
})
`

const lastLine = ({ output }: Answer) => output.trimEnd().split('\n').at(-1)

const asking = `import { where } from 'perdure'

it('says where perdure is', () => {
  console.log(where)
})
`

async function suite(files: Files, script = 'test'): Promise<Answer> {
  const tree = plant(files)
  const answer = await tree.npm(script)
  tree.remove()
  return answer
}

describe('the suite', function () {
  this.timeout(120_000)

  it('closes with a line that counts', async () => {
    const answer = await suite({ 'spec/two.spec.ts': passing })

    expect(lastLine(answer)).to.equal('2 passed, 0 failed')
    expect(answer.status).to.equal(0)
  })

  it('fails on a failure, and counts what was skipped', async () => {
    const answer = await suite({ 'spec/kernel/three.spec.ts': mixed })

    expect(answer.output).to.include('Error: planted')
    expect(lastLine(answer)).to.equal('1 passed, 1 failed, 1 skipped')
    expect(answer.status).to.equal(1)
  })

  it('fails on a spec that shuts out the others', async () => {
    const only = passing.replace('it(', 'it.only(')
    const answer = await suite({ 'spec/only.spec.ts': only })

    expect(answer.output + answer.errors).to.include('forbidden by --forbid-only')
    expect(answer.status).to.equal(1)
  })

  it('fails where nothing is tested', async () => {
    const answer = await suite({ 'spec/empty.spec.ts': `describe('none', () => undefined)\n` })

    expect(lastLine(answer)).to.equal('0 passed, 0 failed')
    expect(answer.status).to.equal(1)
  })

  it('runs on the source, and once more on the build', async () => {
    const files = {
      'lib/index.ts': `export const where = 'on the source'\n`,
      'dist/index.js': `export const where = 'on the build'\n`,
      'spec/doors/where.spec.ts': asking,
    }
    const onSource = await suite(files)
    const onBuild = await suite(files, 'test:build')

    expect(onSource.output).to.include('on the source')
    expect(onBuild.output).to.include('on the build')
  })
})
