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
