import { register } from 'node:module';
import { guardNamed } from './guards.js';

/** Imported before everything else, with the guard's name in the query: takes the guard out of what is loaded then. */
const name = new URL(import.meta.url).searchParams.get('guard') ?? '';
register('./mutation-hooks.js', import.meta.url, { data: guardNamed(name).mutation });
