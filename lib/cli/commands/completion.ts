import { Argument, Command, type Option } from 'commander'
import { functionsOf, listExecutions } from '../executions.ts'
import { Remote } from '../remote.ts'
import type { Terminal } from '../terminal.ts'

/** Asked by the scripts below with the words of the line, the one that is being typed last. */
const asking = 'complete'

const scripts = {
  bash: `_perdure() {
  local IFS=$'\\n' cur words cword
  if declare -F _get_comp_words_by_ref >/dev/null; then
    _get_comp_words_by_ref -n : cur words cword
  else
    cur="\${COMP_WORDS[COMP_CWORD]}" words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
  fi
  COMPREPLY=($(perdure ${asking} -- "\${words[@]:1:cword}" 2>/dev/null))
  COMPREPLY=("\${COMPREPLY[@]//\\$/\\\\$}")
  if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
}
complete -o default -F _perdure perdure`,
  zsh: `#compdef perdure
_perdure() {
  local -a found
  found=("\${(@f)$(perdure ${asking} -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  (( \${#found[1]} )) && compadd -a found || _files
}
compdef _perdure perdure`,
  fish: `complete -c perdure -a '(perdure ${asking} -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'`,
} as const

/** `perdure completion SHELL`: prints the script that completes commands and names. */
export function completionCommand(terminal: Terminal): Command {
  const shells = Object.keys(scripts)
  return new Command('completion')
    .description('print a script by which a shell completes commands, functions and executions')
    .addArgument(new Argument('<shell>', 'which shell').choices(shells))
    .addHelpText(
      'after',
      '\n  bash: source <(perdure completion bash)      in ~/.bashrc\n' +
        '  zsh:  source <(perdure completion zsh)       in ~/.zshrc, after compinit\n' +
        '  fish: perdure completion fish | source       in ~/.config/fish/config.fish',
    )
    .action((shell: keyof typeof scripts) => terminal.print(scripts[shell]))
}

/** What may come next on a command line; nothing where no service answers. */
export function completeCommand(terminal: Terminal): Command {
  const command: Command = new Command(asking)
    .argument('[word...]')
    .action(async (words: readonly string[]) => {
      const typed = words.at(-1) ?? ''
      const found = await candidates(command.parent ?? command, words.slice(0, -1), typed, terminal)
      terminal.print(...[...new Set(found)].filter((one) => one.startsWith(typed)))
    })
  return command
}

async function candidates(
  program: Command,
  before: readonly string[],
  typed: string,
  terminal: Terminal,
): Promise<readonly string[]> {
  let command = program
  let given = 0
  let option: Option | undefined
  for (const word of before) {
    const inner = command.commands.find((one) => one.name() === word)
    if (option?.required) option = undefined
    else if (word.startsWith('-')) option = command.options.find(({ long }) => long === word)
    else if (inner) command = inner
    else given += 1
  }
  if (option?.required)
    return option.argChoices ?? names(option.name(), { before, typed, terminal })
  if (typed.startsWith('-')) return command.options.flatMap(({ long }) => long ?? [])
  if (command.commands.length > 0) {
    return command.commands.map((one) => one.name()).filter((name) => name !== asking)
  }
  const argument = command.registeredArguments[given]
  if (!argument) return []
  return argument.argChoices ?? names(argument.name(), { before, typed, terminal })
}

const ofFunction = new Set(['function', 'what'])
const ofExecution = new Set(['execution', 'callback', 'what'])
const mostNames = 200

interface Line {
  readonly before: readonly string[]
  readonly typed: string
  readonly terminal: Terminal
}

async function names(
  wanted: string,
  { before, typed, terminal }: Line,
): Promise<readonly string[]> {
  const endpoint = before[before.indexOf('--endpoint') + 1]
  const isGiven = before.includes('--endpoint') && endpoint !== undefined
  const remote = new Remote(isGiven ? { endpoint } : {}, terminal.env)
  const functions = ofFunction.has(wanted)
    ? (await functionsOf(remote)).flatMap(({ FunctionName }) => FunctionName ?? [])
    : []
  const executions = ofExecution.has(wanted)
    ? await listExecutions(remote, { limit: mostNames })
    : []
  return [
    ...functions,
    ...executions.map((one) => one.DurableExecutionName),
    ...(typed.startsWith('arn:') ? executions.map((one) => one.DurableExecutionArn) : []),
    ...(executions.length > 0 ? ['last'] : []),
  ]
}
