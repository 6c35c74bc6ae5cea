import { describe, expect, it } from '@jest/globals';
import { withSessionOptions } from './session-settings.js';

function optionsOf(url: string): string | null {
  return new URL(withSessionOptions(url)).searchParams.get('options');
}

describe('withSessionOptions', () => {
  it('puts our settings behind those that the connection string brings', () => {
    expect(optionsOf('postgresql://u@h/d?options=-c%20work_mem%3D8MB')).toMatch(/^-c work_mem=8MB -c TimeZone=UTC /);
    expect(optionsOf('postgresql://u@h/d')).toMatch(/^-c TimeZone=UTC /);
  });

  it('leaves everything else as it is', () => {
    const url = 'postgresql://us%40er:p%2Fa%3Ass@host:6543/data%20base?sslmode=require';
    const changed = new URL(withSessionOptions(url));
    changed.searchParams.delete('options');
    expect(changed.toString()).toBe(url);
  });
});
