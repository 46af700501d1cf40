import { expect } from 'chai'

import { loadHandlers } from './load-handlers.ts'
import { TemporaryFolder } from './temporary-folder.ts'

describe('a folder of handlers', () => {
  const folders: TemporaryFolder[] = []
  after(() => folders.forEach((folder) => folder.dispose()))

  async function load(files: Record<string, string>) {
    const folder = new TemporaryFolder(files)
    folders.push(folder)
    return loadHandlers(folder.path)
  }

  it('may lie outside the package, typed or not, in folders or not', async () => {
    const handlers = await load({
      'step.ts': `
        import { step, type Operation } from 'perdure'
        import { name } from './names/name.ts'
        function* greet(input: string) { return yield* step(name satisfies string, () => input) }
        export const handlers = { '1-1': { workflow: greet, targets: { step } } }
      `,
      'names/name.ts': `export const name: string = 'greet'`,
      'more/wait.js': `export const handlers = { '2.1': { workflow: function* () {} } }`,
      'more/child.mts': `export const handlers: object = { '3-1': { workflow: function* () {} } }`,
      'callback.mjs': `export const handlers = { '4-1': { workflow: function* () {} } }`,
      'notes.json': '{}',
      'step.spec.ts': `throw new Error('no handlers')`,
    })

    expect([...handlers.keys()].sort()).to.deep.equal(['1-1', '2-1', '3-1', '4-1'])
    // The very module that the harness takes its driver from, and not a second copy of it.
    const { step } = await import('perdure')
    expect(handlers.get('1-1')?.targets).to.deep.equal({ step })
  })

  it('finds what it does not bring along in this package', async () => {
    const handlers = await load({
      'checked.ts': `
        import { string } from 'superstruct'
        export const handlers = { '1-1': { workflow: function* () {}, options: { schema: string() } } }
      `,
    })

    expect(handlers.get('1-1')?.options).to.have.nested.property('schema.type', 'string')
  })

  const refused: [title: string, files: Record<string, string>, message: RegExp][] = [
    [
      'a module that fails to load',
      { 'bad.ts': `throw new TypeError('not today')` },
      /bad\.ts cannot be loaded: TypeError: not today/,
    ],
    [
      'a module that imports what does not exist',
      { 'bad.ts': `import 'no-such-package'` },
      /bad\.ts cannot be loaded: .*Cannot find package 'no-such-package' imported from .*bad\.ts/,
    ],
    [
      'handlers that are no object',
      { 'bad.ts': `export const handlers = []` },
      /bad\.ts: expected `handlers` to be an object of handlers by id/,
    ],
    [
      'a bare workflow',
      { 'bad.ts': `export const handlers = { '1-1': function* () {} }` },
      /bad\.ts: handler 1-1: expected an object with a `workflow`, got function/,
    ],
    [
      'no workflow',
      { 'bad.ts': `export const handlers = { '1-1': { options: {} } }` },
      /bad\.ts: handler 1-1: expected `workflow` to be a generator function/,
    ],
    [
      'a target that cannot be called',
      {
        'bad.ts': `export const handlers = { '5-1': { workflow: function* () {}, targets: { a: 1 } } }`,
      },
      /bad\.ts: handler 5-1: expected target `a` to be a function/,
    ],
    [
      'plugins that are no list',
      {
        'bad.ts': `export const handlers = { '10-1': { workflow: function* () {}, plugins: {} } }`,
      },
      /bad\.ts: handler 10-1: expected `plugins` to be a list/,
    ],
    [
      'options that are no object',
      { 'bad.ts': `export const handlers = { '1-1': { workflow: function* () {}, options: 1 } }` },
      /bad\.ts: handler 1-1: expected `options` to be an object/,
    ],
    [
      'one id in two modules',
      {
        'a.ts': `export const handlers = { '1-1': { workflow: function* () {} } }`,
        'b.ts': `export const handlers = { '1.1': { workflow: function* () {} } }`,
      },
      /b\.ts: there is another handler for 1-1 in .*a\.ts/,
    ],
    [
      'one id in two spellings',
      {
        'a.ts': `const workflow = function* () {}
          export const handlers = { '1-1': { workflow }, '1.1': { workflow } }`,
      },
      /a\.ts: there are two handlers for 1-1/,
    ],
  ]
  for (const [title, files, message] of refused) {
    it(`is refused by name where it holds ${title}`, async () => {
      const error = await load(files).then(
        () => undefined,
        (reason: unknown) => reason as Error,
      )

      expect(error?.message).to.match(message)
    })
  }

  it('is missed by name', async () => {
    const error = await loadHandlers('/no/such/folder').catch((reason: unknown) => reason as Error)

    expect(error).to.have.property('message', 'There is no folder of handlers /no/such/folder.')
  })
})
