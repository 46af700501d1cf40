// @ts-check

// The process of one contender: takes the samples that it is asked for, and ends with its parent.

const [name] = process.argv.slice(2)
/** @type {{ contender: import('./contenders/contender.mjs').Contender }} */
const { contender } = await import(`./contenders/${name}.mjs`)

process.on('message', async (message) => {
  const { figure, question } = /** @type {{ figure: string, question: object }} */ (message)
  try {
    const { sample } = await import(`./figures/${figure}.mjs`)
    process.send?.({ sample: await sample(contender, question) })
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.stack : String(error) })
  }
})
