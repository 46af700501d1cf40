import { spawn } from 'node:child_process'
import { PerdureError } from '../../kernel/errors.ts'
import type { FoundExport, Inspection } from './bootstrap/inspect.ts'
import { nodeArguments } from './command-line.ts'

/**
 * What a module exports, found out in a process of its own. Rejects with `MODULE_UNUSABLE` where it
 * cannot be loaded.
 */
export async function inspectModule(file: string): Promise<readonly FoundExport[]> {
  const inspection = await inspectionOf(file)
  if ('exports' in inspection) return inspection.exports
  throw unusable(file, inspection.failure)
}

function inspectionOf(file: string): Promise<Inspection> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, nodeArguments('inspect', [file]), {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (said.length < 10_000) said += text
    })
    child.on('message', (message) => void resolve(message as Inspection))
    child.on('error', reject)
    child.on('close', (status, signal) => {
      const how = signal === null ? `status ${String(status)}` : `signal ${signal}`
      reject(unusable(file, `The process that loaded it ended with ${how}.\n${said}`.trimEnd()))
    })
  })
}

function unusable(file: string, reason: string): PerdureError {
  return new PerdureError('MODULE_UNUSABLE', `${file} cannot be loaded: ${reason}`)
}
