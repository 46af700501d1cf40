import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import ts from 'typescript'
import { pages, root, type Page } from './pages.ts'

// Code in the docs is code: blocks of `ts` compile, those marked `run` run, and what a `console` block
// shows is what the command prints. A block marked `continued` goes on where the one before it ended.

interface Module {
  /** Where a file of that text would lie. No such file is ever written. */
  readonly path: string
  readonly text: string
  readonly title: string
  readonly isRun: boolean
}

const modules = pages.flatMap(modulesOf)
const planted: Module = {
  path: join(root, 'docs-code/planted.ts'),
  text: `import { now } from 'perdure'
export function* wrong(): Generator<unknown, string> {
  return yield* now()
}
`,
  title: 'planted',
  isRun: false,
}

describe('the code in the docs', function () {
  this.timeout(60_000)

  it('compiles, all but what is planted', () => {
    expect(modules).to.have.length.above(5)
    expect(mistakesIn([...modules, planted])).to.deep.equal([
      `planted: Type 'number' is not assignable to type 'string'.`,
    ])
  })

  for (const module of modules.filter(({ isRun }) => isRun)) {
    it(`runs: ${module.title}`, async () => {
      const prelude = `import { describe, it } from 'node:test'\n`
      const { status, output } = await node('--input-type=module', '--eval', prelude + toJs(module))

      expect(status, output).to.equal(0)
      expect(output).to.match(/^# pass [1-9]\d*$/m)
    })
  }
})

describe('the transcripts in the docs', function () {
  this.timeout(60_000)

  for (const { path, blocks } of pages) {
    for (const { text, line } of blocks.filter(({ language }) => language === 'console')) {
      it(`are those that are printed: ${path}:${line}`, async () => {
        const [command = '', ...shown] = text.trimEnd().split('\n')
        const { output } = await node('lib/cli/main.ts', 'run', ...argumentsOf(command))

        const printed = output.trimEnd()
        for (const part of shown.join('\n').split('\n…\n')) expect(printed).to.include(part)
        expect(printed.startsWith(shown[0] ?? '')).to.equal(true)
        expect(printed.endsWith(shown.at(-1) ?? '')).to.equal(true)
      })
    }
  }
})

function modulesOf({ path, blocks, files }: Page): Module[] {
  const folder = join(root, 'docs-code', path)
  const found: Module[] = []
  for (const { language, marks, text, line } of blocks) {
    if (language !== 'ts') continue
    const last = found.at(-1)
    if (marks.includes('continued') && last) {
      found.splice(-1, 1, { ...last, text: last.text + text })
      continue
    }
    const title = `${path}:${line}`
    found.push({ path: join(folder, `${line}.ts`), text, title, isRun: marks.includes('run') })
  }
  const hidden = Object.entries(files).map(([name, text]) => {
    return { path: join(folder, name), text, title: `${path}: ${name}`, isRun: false }
  })
  return [...found, ...hidden]
}

/** What the compiler says of modules that are there for it only. */
function mistakesIn(found: readonly Module[]): string[] {
  const read = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file))
  const { config } = read as { config: unknown }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  Object.assign(options, { noUnusedLocals: false, noUnusedParameters: false })
  const texts = new Map(found.map(({ path, text }) => [path, text]))
  const folders = new Set(
    [...texts.keys()].flatMap((path) => [dirname(path), join(root, 'docs-code')]),
  )
  const real = ts.createCompilerHost(options)
  const host: ts.CompilerHost = {
    ...real,
    fileExists: (file) => texts.has(file) || real.fileExists(file),
    directoryExists: (folder) =>
      folders.has(folder) || (real.directoryExists?.(folder) ?? ts.sys.directoryExists(folder)),
    readFile: (file) => texts.get(file) ?? real.readFile(file),
    getSourceFile: (file, version, ...rest) => {
      const text = texts.get(file)
      return text === undefined
        ? real.getSourceFile(file, version, ...rest)
        : ts.createSourceFile(file, text, version)
    },
  }
  const program = ts.createProgram([...texts.keys()], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ file, messageText }) => {
    const title = found.find(({ path }) => path === file?.fileName)?.title ?? file?.fileName ?? ''
    return `${title}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

function toJs({ text }: Module): string {
  const target = ts.ScriptTarget.ES2022
  return ts.transpileModule(text, {
    compilerOptions: { target, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true },
  }).outputText
}

/** The arguments of `npm start -- …`, as a shell would hand them on. */
function argumentsOf(command: string): string[] {
  const [, rest = ''] = /^\$ npm start(?: -- (.*))?$/.exec(command) ?? []
  return [...rest.matchAll(/(?:[^\s']+|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''))
}

function node(...args: readonly string[]): Promise<{ status: number | null; output: string }> {
  const flags = ['--import=tsx', '--conditions=source', '--test-reporter=tap']
  const child = spawn(process.execPath, [...flags, ...args], { cwd: root })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return new Promise((resolve) => {
    child.on('close', (status) => resolve({ status, output }))
  })
}
