import { Command } from 'commander'
import { Remote, withRemote, type RemoteOptions } from './remote.ts'
import type { Terminal } from './terminal.ts'

export interface ServiceOptions extends RemoteOptions {
  readonly json?: boolean
}

/** What a command that speaks to a service works with. */
export interface ServiceCall<O> {
  readonly args: readonly string[]
  readonly options: O
  readonly remote: Remote
  readonly terminal: Terminal
}

/** A command that speaks to the local service, or to Lambda: `--endpoint`, `--aws`, `--json`. */
export function serviceCommand<O extends object>(
  terminal: Terminal,
  name: string,
  description: string,
  work: (call: ServiceCall<O & ServiceOptions>) => Promise<void>,
): Command {
  const command = withRemote(new Command(name).description(description))
  return command.action(async () => {
    const options = command.opts<O & ServiceOptions>()
    // Those that were given; an argument that takes several is not split here.
    const args = command.processedArgs as readonly string[]
    await work({ args, options, remote: new Remote(options, terminal.env), terminal })
  })
}

export const executionArgument =
  'its ARN, its name, the beginning of its name or id, or `last` for the newest'
