import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import { findExecution, readExecution } from '../executions.ts'
import { executionArgument, serviceCommand } from '../service-command.ts'
import { subjectOf } from '../subject.ts'
import type { Terminal } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'
import { saveSpec } from '../views/save/save-spec.ts'

interface SaveCommandOptions {
  readonly out?: string
  readonly workflow?: string
  readonly force?: boolean
}

/** `perdure save EXEC`: an execution as a mocha spec. */
export function saveCommand(terminal: Terminal): Command {
  return serviceCommand<SaveCommandOptions>(
    terminal,
    'save',
    'save an execution as a mocha spec, with its history beside it',
    async ({ args: [execution = ''], options, remote }) => {
      const arn = await findExecution(remote, execution)
      const source = await readExecution(remote, arn)
      const subject = await subjectOf(remote, arn, options.workflow)
      const name = /\/durable-execution\/([^/]+)\//.exec(arn)?.[1] ?? 'execution'
      const specFile = options.out ?? `${name}.spec.ts`
      const [, file = subject, exported = 'handler'] = /^(.*)#([^#]+)$/.exec(subject) ?? []
      const saved = saveSpec(source, {
        subject: `${posix(resolve(file))}#${exported}`,
        specFile: posix(resolve(specFile)),
      })
      const files = [
        [saved.specFile, saved.specText],
        [saved.historyFile, saved.historyText],
      ] as const
      const there = files.map(([path]) => shown(path)).filter((path) => existsSync(path))
      if (there.length > 0 && !options.force) {
        const what = there.length === 1 ? 'is there already' : 'are there already'
        throw new UsageError(`${there.join(' and ')} ${what}: name another with --out, or --force.`)
      }
      for (const [path, text] of files) write(path, text)
      if (options.json) {
        return void terminal.json({
          files: files.map(([path]) => shown(path)),
          remarks: saved.remarks,
        })
      }
      terminal.print(...files.map(([path]) => shown(path)))
      terminal.tell(...saved.remarks)
    },
  )
    .argument('<execution>', executionArgument)
    .option('--out <file>', 'the spec; NAME.spec.ts in this folder, when left out')
    .option(
      '--workflow <module#export>',
      'the workflow or its handler, where it is not hosted here',
    )
    .option('--force', 'write over files that are there')
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(`${path} cannot be written: ${(error as Error).message}`)
  }
}

function posix(path: string): string {
  return path.split(sep).join('/')
}

function shown(path: string): string {
  return relative(process.cwd(), path) || path
}
