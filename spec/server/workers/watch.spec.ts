import { expect } from 'chai'
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Clock } from '../../../lib/kernel/clock.ts'
import { filesOf } from '../../../lib/server/workers/imports.ts'
import { watchModule } from '../../../lib/server/workers/watch.ts'

const files = {
  'src/orders.ts': `
    import { price } from '../shared/price.js'
    import './effects'
    export * from './folder'
    const later = () => import('./later.mjs')
    const old = require('./old.cjs')
    import chai from 'chai'`,
  'shared/price.ts': `import { type Tax } from './tax'`,
  'shared/tax.ts': `import type {} from '../src/orders.ts'`,
  'src/effects.js': '',
  'src/folder/index.ts': `import data from './data.json'`,
  'src/folder/data.json': '{}',
  'src/later.mjs': `import './missing.js'`,
  'src/old.cjs': '',
  'src/unrelated.ts': '',
  'other/unrelated.ts': '',
}

describe('the code of a module', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'perdure-')))
  const module = join(folder, 'src/orders.ts')
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  before(() => {
    for (const [path, text] of Object.entries(files)) write(path, text)
  })
  after(() => rmSync(folder, { recursive: true }))

  it('is what it imports by relative paths, however these are written', () => {
    const found = [...filesOf(module)].map((file) => relative(folder, file))
    expect(found.sort()).to.deep.equal(
      Object.keys(files)
        .filter((path) => !path.includes('unrelated'))
        .sort(),
    )
  })

  it('is watched, also where a new file takes the place of an old one', async () => {
    const heard = new Set<string>()
    const { clock, timer } = handClock()
    const watch = watchModule(module, {
      clock,
      onChange: (changed) => changed.forEach((file) => heard.add(relative(folder, file))),
    })
    const hear = async (count: number) => {
      while (heard.size < count) (await timer())()
      return [...heard].sort()
    }
    try {
      write('other/unrelated.ts', '// changed')
      write('src/notes.txt', 'no code')
      write('shared/price.ts', `import { type Tax } from './tax' // changed`)
      write('src/orders.ts.tmp', `import '../other/unrelated.ts'`)
      renameSync(join(folder, 'src/orders.ts.tmp'), module)
      expect(await hear(2)).to.deep.equal(['shared/price.ts', 'src/orders.ts'])

      // What the module imports now is watched from now on.
      write('other/unrelated.ts', '// changed again')
      expect(await hear(3)).to.include('other/unrelated.ts')
    } finally {
      watch.close()
    }
  })

  it('is told of once where several changes come in a row', async () => {
    const heard: (readonly string[])[] = []
    const { clock, timer } = handClock()
    const watch = watchModule(module, { clock, onChange: (changed) => void heard.push(changed) })
    try {
      write('src/orders.ts', '// one')
      const early = await timer()
      write('src/orders.ts', '// two')
      const late = await timer()
      early()
      expect(heard).to.deep.equal([])
      late()
      expect(heard).to.deep.equal([[module]])
    } finally {
      watch.close()
    }
  })
})

/** A clock whose timers fire when the spec says: `timer` is the next one, once it is started. */
function handClock() {
  const started: (() => void)[] = []
  let hear: () => void = () => {}
  const clock: Clock = {
    now: () => 0,
    startTimer: (_milliseconds, fire) => {
      let isCancelled = false
      started.push(() => void (isCancelled || fire()))
      hear()
      return { cancel: () => (isCancelled = true) }
    },
  }
  const timer = async (): Promise<() => void> => {
    while (started.length === 0) await new Promise<void>((resolve) => (hear = resolve))
    return started.shift() ?? (() => {})
  }
  return { clock, timer }
}
