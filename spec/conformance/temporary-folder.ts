import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A folder outside the package that holds `files`, by their paths in it; gone after `dispose`. */
export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'perdure-'))

  constructor(files: Record<string, string>) {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
