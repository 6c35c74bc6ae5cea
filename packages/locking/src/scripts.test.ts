import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { KEY_ROLES } from './names.js';
import { BATCH_SCRIPT, LOCK_SCRIPTS, WITHDRAW_SCRIPT } from './scripts.js';

const FOLDER = new URL('../lua/', import.meta.url);
/** But for that which runs the others. */
const FILES = readdirSync(FOLDER).filter((file) => file !== 'batch.lua');

/** What Redlock hands over: the value, and the duration where there is one. `withdraw` gets the claim. */
const ARGUMENTS: Readonly<Record<string, number>> = { acquire: 2, extend: 2, hand: 2, release: 1, withdraw: 1 };

function parts(file: string): { header: string; body: string } {
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  const end = text.search(/^[^-\n]/m);
  return { header: text.slice(0, end), body: text.slice(end).replaceAll(/--.*$/gm, '') };
}

function mentions(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([mention]) => mention.replaceAll(' ', '')))].sort();
}

describe.each(FILES)('the header of %s', (file) => {
  const { header, body } = parts(file);
  const declared = [...header.matchAll(/^-- KEYS\[(i[+0-9]*)\] +(\w+) +(.+)$/gm)].map(([, index, role, meaning]) => ({
    key: `KEYS[${index}]`,
    role,
    isUsed: meaning !== 'unused',
  }));

  it('names the four keys in the order in which they are handed over', () => {
    expect(declared.map(({ role }) => role)).toEqual(KEY_ROLES);
    expect(declared.map(({ key }) => key)).toEqual(['KEYS[i]', 'KEYS[i+1]', 'KEYS[i+2]', 'KEYS[i+3]']);
  });

  it('calls unused exactly those keys that the script does not touch', () => {
    const used = declared.filter(({ isUsed }) => isUsed).map(({ key }) => key);
    expect(mentions(body, /KEYS\[i[ +0-9]*\]/g)).toEqual(used.sort());
  });

  it('names the arguments that the script reads and that it is given', () => {
    const named = mentions(header, /ARGV\[\d\]/g);
    expect(mentions(body, /ARGV\[\d\]/g)).toEqual(named);
    expect(named).toHaveLength(ARGUMENTS[file.split(/[-.]/)[0] ?? ''] ?? NaN);
  });

  it('says what is returned: the number of keys, or 0 where something can be refused', () => {
    const returned = mentions(body.replaceAll(/local function[\s\S]*?\nend\n/g, ''), /return [^\n]+/g);
    const refuses = header.includes('0 = ');
    expect(header).toMatch(/^-- Returns {4}#KEYS/m);
    expect(returned).toEqual(refuses ? ['return#KEYS', 'return0'] : ['return#KEYS']);
  });
});

describe('the script that runs several', () => {
  it('has the text of each that a lock asks for', () => {
    for (const text of Object.values(LOCK_SCRIPTS).flatMap((scripts) => Object.values(scripts))) {
      expect(BATCH_SCRIPT).toContain(text);
    }
  });
});

describe('the scripts', () => {
  it('are all loaded', () => {
    const loaded = [...Object.values(LOCK_SCRIPTS).flatMap((scripts) => Object.values(scripts)), WITHDRAW_SCRIPT];
    const onDisk = FILES.map((file) => readFileSync(new URL(file, FOLDER), 'utf8'));
    expect([...loaded].sort()).toEqual([...onDisk].sort());
  });
});
