import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RUN_STEPS } from './run-machine.js';
import type { RunStepName } from './run-machine.js';
import { RUN_STATES } from './run.js';

/*
 * spec/commit.pml speaks of the same steps, states and statements as the code, and says what it leaves out: a step that is
 * added to one of them and not to the other is red here.
 */
const MODEL = readFileSync(join(import.meta.dirname, '../../../spec/commit.pml'), 'utf8');
const PORTS = readFileSync(join(import.meta.dirname, 'ports/targets.ts'), 'utf8');

/** A claim and what follows it are one step of the model, which has no `waiting_for_lock`. */
const WITHOUT_OWN_STATE: readonly string[] = ['claim'];

function namesBy(...macros: string[]): readonly string[] {
  const calls = MODEL.matchAll(new RegExp(`\\b(?:${macros.join('|')})\\((\\w+)[,)]`, 'g'));
  // The macros themselves are written with `name`.
  return [...new Set([...calls].map(([, name]) => name as string))].filter((name) => name !== 'name').sort();
}

function leftOut(title: string): readonly string[] {
  const section = MODEL.split(`Left out of ${title}:\n`)[1]?.split('\n *\n')[0] ?? '';
  const lines = section.split('\n').filter((line) => line.includes(': '));
  return lines.flatMap((line) => line.slice(0, line.indexOf(':')).match(/\w+/g) ?? []).sort();
}

function methodsOf(port: string): readonly string[] {
  const [, body = ''] = new RegExp(`export interface ${port} \\{([^]*?)\\n\\}`).exec(PORTS) ?? [];
  return [...body.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name as string);
}

const both = (...lists: (readonly string[])[]): readonly string[] => [...new Set(lists.flat())].sort();
const inBoth = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.filter((name) => other.includes(name));

/** Each place where a step is taken, with the state that its action has given the row. */
function stepsTaken(): readonly { readonly name: string; readonly to: string }[] {
  const places = [...MODEL.matchAll(/\bstep\((\w+)\)/g)].filter(([, name]) => name !== 'name');
  return places.map(({ 1: name = '', index }) => {
    const action =
      MODEL.slice(0, index)
        .split(/->|\bstep\(/)
        .at(-1) ?? '';
    const [, to] = [...action.matchAll(/\b[CM]\.st = (\w+)/g)].at(-1) ?? [];
    return { name, to: to ?? 'same' };
  });
}

describe('the model of the commit protocol', () => {
  it('has every step of the run machine, or says that it leaves it out', () => {
    const modelled = namesBy('step');
    const missing = leftOut('the run machine');
    expect(inBoth(modelled, missing)).toEqual([]);
    expect(both(modelled, missing)).toEqual(Object.keys(RUN_STEPS).sort());
  });

  it('has every statement at a database, or says that it leaves it out', () => {
    const modelled = namesBy('at', 'atWith');
    const missing = leftOut('the ports of a database');
    expect(inBoth(modelled, missing)).toEqual([]);
    expect(both(modelled, missing)).toEqual(both(methodsOf('ParticipantSession'), methodsOf('Settlement')));
  });

  it('takes each step to where the run machine does', () => {
    const taken = stepsTaken().filter(({ name }) => !WITHOUT_OWN_STATE.includes(name));
    expect(taken.length).toBeGreaterThan(RUN_STATES.length);
    expect(taken).toEqual(taken.map(({ name }) => ({ name, to: RUN_STEPS[name as RunStepName].to })));
  });
});
