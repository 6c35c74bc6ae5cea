import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { EXIT } from './exit-codes.js';
import { buildProgram } from './program.js';
import { Shell } from './shell.js';
import { callAt, json } from './testing/call-at.js';
import { capture, surroundingsFor } from './testing/captured.js';

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

const program = buildProgram(new Shell(surroundingsFor({}).surroundings));
const commands = allCommands(program).filter((command) => command !== program && !command.name().startsWith('__'));

describe('the tree of commands', () => {
  it.each(commands.map((command) => [pathOf(command), command] as const))(
    '%s has help with examples',
    (path, command) => {
      expect(command.description()).not.toBe('');
      const help = helpOf(command);
      expect(help).toContain('Examples:');
      expect(help).toContain(`\n  ${path.split(' ').slice(0, 2).join(' ')}`);
    },
  );

  it('has only examples that it takes itself', () => {
    const known = new Set(commands.map(pathOf));
    for (const command of commands) {
      const lines = helpOf(command).split('Examples:\n')[1]?.split('\n') ?? [];
      const paths = lines.filter((line) => line.startsWith('  eden')).map((line) => line.trim().split(/\s+/));
      for (const words of paths) {
        const path = words.slice(0, 3).join(' ');
        expect(known.has(path) || known.has(words.slice(0, 2).join(' '))).toBe(true);
      }
    }
  });
});

describe('a mistake in a command line', () => {
  it.each([
    [['aply'], 'Did you mean apply?'],
    [['migrations', 'lst'], 'Did you mean list?'],
    [['apply', '--wiat'], 'Did you mean --wait?'],
    [['migrations', 'get'], "missing required argument 'migration'"],
    [['history', 'shop', '-o', 'jsn'], 'did you mean json?'],
    [
      ['wait', 'migration/shop', '--for=complete', '--url', 'http://localhost:1', '--token', 't'],
      'did you mean completed?',
    ],
    [['wait', 'shop'], 'Write migration/NAME or run/UUID.'],
    [['completion', 'bsh'], 'did you mean bash?'],
    [['status', '--color=allways'], 'Take auto, always or never.'],
    [['apis', 'update', 'a'], 'Give -f FILE or --set path=value.'],
    [['dev', '--with-targets', 'many'], 'Take 0 to 64.'],
    [[], 'Usage: eden'],
  ])('%j is told what to do, with exit code 2 and nothing on stdout', async (argv, sentence) => {
    const { code, out, err } = await capture(argv);
    expect(err).toContain(sentence);
    expect({ code, out }).toEqual({ code: EXIT.usage, out: '' });
  });

  it('in a file is told with the file, the line and what was meant', async () => {
    const { code, err } = await capture(['apply', '--yes', '-f', 'nowhere.yaml']);
    expect({ code, err }).toMatchObject({
      code: EXIT.failedToTry,
      err: expect.stringContaining('nowhere.yaml cannot be read (ENOENT)\nRun "eden init"'),
    });
  });
});

describe('without a login', () => {
  it('every command that asks the service says how to log in', async () => {
    const { code, err } = await capture(['migrations', 'list']);
    expect({ code, err }).toEqual({
      code: EXIT.notAllowed,
      err: 'Error: You are not logged in\nRun "eden login --url URL", or set EDEN_URL and EDEN_TOKEN.\n',
    });
  });

  it('a service that does not answer is named, and no secret is', async () => {
    const env = { EDEN_URL: 'http://127.0.0.1:9', EDEN_TOKEN: 'eden_secret' };
    const { code, err } = await capture(['logout'], { env });
    expect(code).toBe(EXIT.failedToTry);
    expect(err).toContain('http://127.0.0.1:9 does not answer');
    expect(err).not.toContain('eden_secret');
  });
});

describe('--color', () => {
  const run = { uuid: 'r', kind: 'migrate', migration_id: 'shop', state: 'paused', apis: [] };
  const answers = { 'POST /api/v1/migrations/shop/pause': json({ status: 'success', data: run }) };
  const pause = ['migrations', 'pause', 'shop'];

  it.each([
    [[...pause, '--color'], true],
    [['--color', ...pause], true],
    [['migrations', '--color', 'pause', 'shop'], true],
    [['--color=always', ...pause], true],
    [[...pause, '--color=auto'], false],
    [['--color=never', ...pause], false],
    [['--no-color', ...pause], false],
    [pause, false],
  ])('%j: colors where there is no terminal: %s', async (argv, isColored) => {
    const { code, asked, err } = await callAt(argv, answers, { env: { NO_COLOR: '1' } });
    expect({ code, asked: asked.length, isColored: err.includes('\u001b[') }).toEqual({ code: 0, asked: 1, isColored });
  });

  it('behind -- is an argument', async () => {
    const { asked } = await callAt(['apis', 'get', '--', '--color'], { 'GET /api/v1/apis/--color': json({}, 404) });
    expect(asked).toEqual(['GET /api/v1/apis/--color']);
  });
});

describe('completion', () => {
  const complete = async (...words: string[]): Promise<string[]> =>
    (await capture(['__complete', '--', ...words])).out.split('\n').filter((line) => line !== '');

  it('offers commands, and options once a dash is typed', async () => {
    expect(await complete('migr')).toEqual(['migrations']);
    expect(await complete('migrations', 'r')).toEqual(['resolve', 'resume', 'rollback']);
    expect(await complete('migrations', 'sync', 'shop', '--w')).toEqual(['--wait']);
    expect(await complete('apply', '--')).toEqual(expect.arrayContaining(['--dry-run', '--env', '--output', '--help']));
    expect(await complete('')).not.toContain('__complete');
  });

  it.each(['bash', 'zsh', 'fish'])('has a script for %s that asks the program', async (shell) => {
    expect((await capture(['completion', shell])).out).toContain('eden __complete -- ');
  });
});
