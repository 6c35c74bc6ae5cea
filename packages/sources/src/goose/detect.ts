import { byFolder } from '../detection.js';
import type { DetectedSource, NamedFile } from '../detection.js';

/** Numbered `.sql` files with the annotation `-- +goose Up`. */
export function detectGoose(files: readonly NamedFile[]): DetectedSource[] {
  const own = files.filter(({ name, text }) => /^\d+_.*\.sql$/.test(name) && /^--\s*\+goose up\s*$/im.test(text ?? ''));
  return byFolder('goose', own, '-- +goose Up');
}
