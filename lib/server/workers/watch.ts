import { watch as watchFolder, type FSWatcher } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { systemClock, type Clock, type Timer } from '../../kernel/clock.ts'
import { filesOf, sourceExtensions } from './imports.ts'

export interface WatchOptions {
  readonly clock?: Clock
  /** How long it must have been quiet: an editor, or a compiler, writes more than once. */
  readonly quietMilliseconds?: number
  /** Told of the files that changed, came or went. */
  readonly onChange: (files: readonly string[]) => void
  /** Told of a folder that cannot be watched. */
  readonly onError?: (error: Error) => void
}

export interface Watch {
  close(): void
}

/**
 * Watches the code of a module: every folder that holds a file of it. Folders, not files, because an
 * editor may put a new file in the place of the old one; and no deeper than that, so neither
 * `node_modules` nor what a build leaves behind makes work.
 */
export function watchModule(module: string, options: WatchOptions): Watch {
  const { clock = systemClock, quietMilliseconds = 100, onChange, onError = () => {} } = options
  const folders = new Map<string, FSWatcher>()
  const changed = new Set<string>()
  let timer: Timer | undefined

  const look = () => {
    const wanted = new Set([...filesOf(module)].map((file) => dirname(file)))
    for (const [folder, watcher] of folders) {
      if (wanted.has(folder)) continue
      watcher.close()
      folders.delete(folder)
    }
    for (const folder of wanted) if (!folders.has(folder)) open(folder)
  }
  const open = (folder: string) => {
    try {
      const watcher = watchFolder(folder, { persistent: false }, (_event, name) => {
        if (name !== null) note(join(folder, name))
      })
      watcher.on('error', onError)
      folders.set(folder, watcher)
    } catch (error) {
      onError(error as Error)
    }
  }
  const note = (file: string) => {
    if (!sourceExtensions.includes(extname(file))) return
    changed.add(file)
    timer?.cancel()
    timer = clock.startTimer(quietMilliseconds, () => {
      const files = [...changed]
      changed.clear()
      look()
      onChange(files)
    })
  }

  look()
  return {
    close: () => {
      timer?.cancel()
      for (const watcher of folders.values()) watcher.close()
      folders.clear()
    },
  }
}
