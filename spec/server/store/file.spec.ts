import { closeSync, openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect } from 'chai'
import { VirtualClock } from '../../../lib/testing/virtual-clock.ts'
import Database from 'libsql'
import { isPerdureError, type PerdureError } from '../../../lib/kernel/errors.ts'
import { openDatabase, query } from '../../../lib/server/store/database.ts'
import { GroupCommit } from '../../../lib/server/store/group-commit.ts'
import { openStore } from '../../../lib/server/store/open-store.ts'
import { migrate, schemaVersion } from '../../../lib/server/store/schema.ts'
import { SqliteLogs } from '../../../lib/server/store/sqlite-logs.ts'
import { SqliteStore } from '../../../lib/server/store/sqlite-store.ts'
import { ByHand, refusal } from '../../service/by-hand.ts'
import { endStep, startWait } from '../../service/updates.ts'
import { copyOfStore, removeTemporaryFiles, temporaryFile } from '../../support/temporary-file.ts'

/** How opening `file` is refused: the code and the message. */
function refused(file: string): string {
  try {
    openStore({ file }).close()
  } catch (error) {
    if (isPerdureError(error)) return `${error.code} ${error.message}`
    throw error
  }
  throw new Error('Expected a refusal.')
}

async function withAnExecution(file: string): Promise<string> {
  const open = openStore({ file })
  const first = await new ByHand({ store: open.store }).start({}, '1')
  await first.update(startWait('1', 10))
  open.close()
  return first.arn
}

describe('the file of a store', () => {
  afterEach(removeTemporaryFiles)

  it('is one file once it is closed', async () => {
    const file = temporaryFile()
    await withAnExecution(file)
    expect(readdirSync(dirname(file))).to.deep.equal(['store.db'])
  })

  it('of an older schema is brought forward, with all that is in it', async () => {
    const file = temporaryFile()
    const arn = await withAnExecution(file)
    const old = new Database(file)
    old.exec('DROP TABLE log; PRAGMA user_version = 1')
    old.close()

    const open = openStore({ file })
    expect([...open.store.load()].map(({ facts }) => facts.arn)).to.deep.equal([arn])
    const line = { at: 1, functionName: 'orders', stream: 'stdout', text: 'hello' } as const
    open.logs.write({ ...line, executionArn: arn })
    expect(open.logs.read({ executionArn: arn }).lines).to.have.length(1)
    open.close()
  })

  it('of each schema there ever was is brought forward', () => {
    for (let version = 1; version <= schemaVersion; version += 1) {
      const file = temporaryFile()
      const old = new Database(file)
      migrate(old, 0, version)
      old.close()
      const open = openStore({ file })
      open.logs.write({ at: 1, functionName: 'f', stream: 'stdout', text: `schema ${version}` })
      expect(open.logs.read({}).lines.map(({ text }) => text)).to.deep.equal([`schema ${version}`])
      open.close()
    }
  })

  it('of a newer schema is refused, and left as it is', async () => {
    const file = temporaryFile()
    await withAnExecution(file)
    const newer = new Database(file)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    expect(refused(file)).to.equal(
      `STORE_TOO_NEW The store ${file} has schema 99, and this version of perdure knows those up ` +
        `to ${schemaVersion}. Update perdure, or name another file. Nothing was changed.`,
    )
    expect(readdirSync(dirname(file))).to.deep.equal(['store.db'])
  })

  it('is refused while somebody else has it open', () => {
    const file = temporaryFile()
    const open = openStore({ file })
    expect(refused(file)).to.match(
      /^STORE_LOCKED The store .*store\.db is in use by another process/,
    )
    open.close()
    openStore({ file }).close()
  })

  it('is refused when it is no database', () => {
    const file = temporaryFile()
    writeFileSync(file, 'Dear diary, '.repeat(1000))
    expect(refused(file)).to.match(/^STORE_UNUSABLE .*store\.db cannot be used: it is not a SQLite/)
  })

  it("is refused when it is another program's", () => {
    const file = temporaryFile()
    const other = new Database(file)
    other.exec('CREATE TABLE bookmark (url TEXT)')
    other.close()
    expect(refused(file)).to.contain('it is the database of another program')
    expect(readdirSync(dirname(file))).to.deep.equal(['store.db'])
  })

  it('is refused when it cannot be made', () => {
    expect(refused(temporaryFile('nowhere/store.db'))).to.contain('does its folder exist')
  })

  it('is refused when it is damaged', async () => {
    const file = temporaryFile()
    await withAnExecution(file)
    const handle = openSync(file, 'r+')
    writeSync(handle, Buffer.alloc(statSync(file).size - 100, 7), 0, undefined, 100)
    closeSync(handle)
    expect(refused(file)).to.match(/^STORE_UNUSABLE/)
  })

  it('keeps payloads out of changes that do not touch them', async () => {
    const file = temporaryFile()
    const open = openStore({ file })
    const stage = new ByHand({ store: open.store })
    const first = await stage.start({}, JSON.stringify('x'.repeat(900_000)))
    await open.durability.committed()
    const wal = () => statSync(`${file}-wal`).size
    await open.durability.committed()
    const before = wal()
    await first.update(startWait('1', 10))
    await open.durability.committed()
    expect(wal() - before).to.be.below(100_000)
    open.close()
  })

  it('can be copied at any commit', async () => {
    const file = temporaryFile()
    const open = openStore({ file })
    const first = await new ByHand({ store: open.store }).start({}, '1')
    await open.durability.committed()
    await first.update(startWait('1', 10)) // not committed yet
    const copy = copyOfStore(file)
    const kept = openStore({ file: copy })
    expect([...kept.store.load()].map(({ events }) => events.length)).to.deep.equal([1])
    kept.close()
    open.close()
  })
})

describe('what waits for a commit', () => {
  afterEach(removeTemporaryFiles)

  it('shares it with all else of the same turn', async () => {
    const file = temporaryFile()
    const open = openStore({ file })
    const words: string[] = []
    const write = (text: string) => {
      open.clock.write({ time: 1, real: 1, factor: 1 })
      void open.durability.committed().then(() => words.push(text))
    }
    write('a')
    write('b')
    await Promise.resolve()
    write('c')
    expect(words).to.deep.equal([])
    await open.durability.committed()
    await Promise.resolve()
    expect(words).to.deep.equal(['a', 'b', 'c'])
    await open.durability.committed()
    open.close()
  })

  it('has the output of functions with it, which begins no transaction of its own', async () => {
    const clock = new VirtualClock({ auto: false })
    const file = temporaryFile()
    const database = openDatabase(file)
    const commit = new GroupCommit(database, { file, clock })
    const logs = new SqliteLogs(database, commit)
    const say = (text: string) => logs.write({ at: 1, functionName: 'f', stream: 'stdout', text })
    const texts = () => logs.read({}).lines.map(({ text }) => text)

    say('with the next write')
    await commit.committed()
    expect(commit.commits).to.equal(0)
    commit.write(() => {})
    await commit.committed()
    expect(commit.commits).to.equal(1)
    clock.advance(1000)
    await commit.committed()
    expect(commit.commits).to.equal(1)

    say('after a moment')
    clock.advance(100)
    await commit.committed()
    expect(commit.commits).to.equal(2)

    say('for whoever reads')
    expect(texts()).to.deep.equal(['with the next write', 'after a moment', 'for whoever reads'])
    await commit.committed()
    say('at the end')
    commit.close()
    const open = openStore({ file })
    expect(open.logs.read({}).lines).to.have.length(4)
    open.close()
  })

  it('has a failure told once where output alone cannot be written, and thrown at nobody', async () => {
    const clock = new VirtualClock({ auto: false })
    const file = temporaryFile()
    const told: PerdureError[] = []
    const database = openDatabase(file)
    const commit = new GroupCommit(database, {
      file,
      clock,
      onFailure: (failure) => told.push(failure),
    })
    const logs = new SqliteLogs(database, commit)
    database.exec('DROP TABLE log')
    logs.write({ at: 1, functionName: 'f', stream: 'stdout', text: 'never kept' })
    clock.advance(100)

    expect(told.map(({ code }) => code)).to.deep.equal(['STORE_FAILED'])
    expect(await refusal(commit.committed())).to.contain('could not be written')
    commit.close()
  })

  it('fails with a write that fails, and so does all that comes after', async () => {
    const file = temporaryFile()
    const told: PerdureError[] = []
    const database = openDatabase(file)
    const pages = query<[number]>(database, 'PRAGMA page_count').get()?.[0] ?? 0
    database.exec(`PRAGMA max_page_count = ${pages + 20}`) // the disk is almost full
    const commit = new GroupCommit(database, { file, onFailure: (failure) => told.push(failure) })
    const store = new SqliteStore(database, commit)
    const logs = new SqliteLogs(database, commit)
    const stage = new ByHand({ store })
    const first = await stage.start()
    await commit.committed()

    const large = first.update(endStep('1', JSON.stringify('x'.repeat(200_000))))
    expect(await refusal(large)).to.match(
      /^PerdureError: The store .* could not be written: .*full/,
    )
    expect(await refusal(commit.committed())).to.contain('could not be written')
    expect(await refusal(stage.start())).to.contain('could not be written')
    expect(() => [...store.load()]).to.throw('could not be written')
    expect(() => logs.read({})).to.throw('could not be written')
    expect(told.map(({ code }) => code)).to.deep.equal(['STORE_FAILED'])
    commit.close()

    const open = openStore({ file })
    const [kept] = open.store.load()
    expect(kept?.operations.map(({ record }) => record.Type)).to.deep.equal(['EXECUTION'])
    open.close()
  })

  it('fails with a commit that fails', async () => {
    const file = temporaryFile()
    const database = openDatabase(file)
    const commit = new GroupCommit(database, { file })
    database.exec(
      `PRAGMA foreign_keys = ON;
       CREATE TABLE owed (name TEXT REFERENCES meta (name) DEFERRABLE INITIALLY DEFERRED)`,
    )
    commit.write(() => database.exec(`INSERT INTO owed VALUES ('what is not there')`))
    const waiting = [commit.committed(), commit.committed()].map(refusal)
    for (const said of await Promise.all(waiting)) expect(said).to.contain('FOREIGN KEY')
    expect(await refusal(commit.committed())).to.contain('could not be written')
    expect(() => commit.write(() => {})).to.throw('could not be written')
    expect(commit.commits).to.equal(0)
    commit.close()
  })

  it('has nothing to do with a store that is closed', () => {
    const open = openStore({ file: temporaryFile() })
    open.close()
    open.close()
    expect(() => open.store.save([])).to.throw('is closed')
    expect(() => [...open.store.load()]).to.throw('is closed')
  })
})
