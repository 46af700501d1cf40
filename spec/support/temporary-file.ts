import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { TemporaryFolder } from '../conformance/temporary-folder.ts'

const folders: TemporaryFolder[] = []

/** A path in a folder of its own, which `removeTemporaryFiles` takes away. */
export function temporaryFile(name = 'store.db'): string {
  const folder = new TemporaryFolder({})
  folders.push(folder)
  return join(folder.path, name)
}

export function removeTemporaryFiles(): void {
  for (const folder of folders.splice(0)) folder.dispose()
}

/** A copy of the file of a store as a process that is killed now would leave it. */
export function copyOfStore(file: string): string {
  const copy = temporaryFile()
  copyFileSync(file, copy)
  copyFileSync(`${file}-wal`, `${copy}-wal`)
  return copy
}
