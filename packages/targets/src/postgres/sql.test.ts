import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { milliseconds, readSql } from './sql.js';

const FOLDER = new URL('../../sql/postgres/', import.meta.url);
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.sql$/, ''));

function parts(name: string): { header: string; body: string } {
  const lines = readSql(name).split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return { header: lines.slice(0, end).join('\n'), body: lines.slice(end).join('\n') };
}

function parametersIn(text: string): readonly string[] {
  return [...new Set(text.match(/\$\d+/g))].sort();
}

describe.each(NAMES)('sql/postgres/%s.sql', (name) => {
  it('says in its header which parameters it takes', () => {
    const { header, body } = parts(name);
    expect(parametersIn(header)).toEqual(parametersIn(body));
    if (parametersIn(body).length === 0) expect(header).toContain('Takes nothing');
  });

  it('says what it gives', () => {
    expect(parts(name).header).toMatch(/Gives (one row|rows|nothing)/);
  });

  it('is used', () => {
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    const uses = sources.filter((file) =>
      readFileSync(join(import.meta.dirname, file), 'utf8').includes(`readSql('${name}')`),
    );
    expect(uses).toHaveLength(1);
  });
});

describe('a number of milliseconds in a SET LOCAL', () => {
  it.each([-1, 1.5, Number.NaN, 3_000_000_000])('is refused: %d', (value) => {
    expect(() => milliseconds(value)).toThrow(RangeError);
  });
});
