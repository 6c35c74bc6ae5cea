import { describe, expect, it } from '@jest/globals';
import { ask, askSecret, confirm } from './ask.js';
import { surroundingsFor } from './testing/captured.js';

function terminalThatTypes(input: string) {
  return surroundingsFor({ input, isTTY: true, isTyped: true });
}

describe('a question', () => {
  it('has the answer that is typed, or the one that is offered', async () => {
    const typed = terminalThatTypes('shop\n');
    expect(await ask(typed.surroundings, 'Organization', 'dev')).toBe('shop');
    expect(typed.written()).toEqual({ out: '', err: 'Organization [dev]: ' });
    expect(await ask(terminalThatTypes('\n').surroundings, 'Organization', 'dev')).toBe('dev');
  });

  it('is no yes when it is anything else, or nobody answers', async () => {
    for (const [input, answer] of [
      ['y\n', true],
      ['YES\n', true],
      ['yep\n', false],
      ['\n', false],
      ['', false],
    ] as const) {
      expect([input, await confirm(terminalThatTypes(input).surroundings, 'Migrate?')]).toEqual([input, answer]);
    }
  });

  it('for a secret repeats nothing', async () => {
    const { surroundings, written } = terminalThatTypes('geheim\n');
    expect(await askSecret(surroundings, 'Password')).toBe('geheim');
    expect(JSON.stringify(written())).not.toContain('geheim');
  });

  it('for a secret ends with Ctrl-C, and takes nothing that was typed before for the answer', async () => {
    const { surroundings } = terminalThatTypes('geh\u0003');
    await expect(askSecret(surroundings, 'Password')).rejects.toMatchObject({ exitCode: 130 });
  });

  it('where nobody is there is an error of use', async () => {
    await expect(ask(surroundingsFor({}).surroundings, 'URL')).rejects.toMatchObject({ exitCode: 2 });
  });
});
