import { perdure } from '../../lib/cli/program.ts'
import { Terminal } from '../../lib/cli/terminal.ts'

// What the SDK has to say of this Node is for those who use it.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true'

/** What a command line came to. */
export interface Typed {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Typing {
  readonly ended: Promise<Typed>
  /** What has been said up to now, as results and besides. */
  readonly out: () => string
  readonly err: () => string
  /** Resolves when all that was said, on both streams, has `text` in it. */
  readonly says: (text: string) => Promise<void>
  readonly pressCtrlC: () => void
}

/** Types a command line, as far as this process can: no shell, no streams of the system. */
function typing(args: readonly string[], env: Readonly<Record<string, string>> = {}): Typing {
  const said = { out: '', err: '' }
  const listeners = new Set<() => void>()
  const watchers = new Set<() => void>()
  const stream = (name: keyof typeof said) => ({
    write: (text: string) => {
      said[name] += text
      for (const look of [...watchers]) look()
    },
  })
  const terminal = new Terminal({
    out: stream('out'),
    err: stream('err'),
    env,
    onInterrupt: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    exit: () => {
      throw new Error('The process would have been ended.')
    },
  })
  const ended = perdure(args, terminal).then((code) => ({ code, ...said }))
  return {
    ended,
    out: () => said.out,
    err: () => said.err,
    says: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!said.out.includes(text) && !said.err.includes(text)) return
          watchers.delete(look)
          resolve()
        }
        watchers.add(look)
        look()
      }),
    pressCtrlC: () => {
      for (const listener of listeners) listener()
    },
  }
}

export function typed(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Typed> {
  return typing(args, env).ended
}

/** `perdure dev` in this process, and command lines that reach it. */
export interface Dev {
  readonly typing: Typing
  readonly url: string
  readonly type: (...args: readonly string[]) => Promise<Typed>
  readonly start: (...args: readonly string[]) => Typing
  readonly stop: () => Promise<Typed>
}

const services = new Set<Typing>()

/** Ends what still runs. */
export async function stopAll(): Promise<void> {
  for (const one of services) one.pressCtrlC()
  await Promise.all([...services].map(({ ended }) => ended))
}

export async function dev(...args: readonly string[]): Promise<Dev> {
  const running = typing(['dev', '--port', '0', ...args])
  services.add(running)
  const isOver = running.ended.then(({ err }) => {
    services.delete(running)
    throw new Error(`perdure dev has ended: ${err}`)
  })
  await Promise.race([running.says('http://127.0.0.1:'), isOver])
  isOver.catch(() => {})
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(running.out()) ?? []
  const env = { AWS_ENDPOINT_URL_LAMBDA: url }
  return {
    typing: running,
    url,
    type: (...words) => typed(words, env),
    start: (...words) => typing(words, env),
    stop: () => {
      running.pressCtrlC()
      return running.ended
    },
  }
}
