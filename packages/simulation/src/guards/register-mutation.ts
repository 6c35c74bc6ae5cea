import { breakageNamed } from './guards.js';
import { takeAway } from './take-away.js';

/** Imported before everything else, with the guards' names in the query. */
takeAway(breakageNamed(new URL(import.meta.url).searchParams.get('guards') ?? ''));
