import process, { env } from 'node:process';
import { commandLine, placeOptions } from './command-line.js';
import { deployControlSchema } from './deploy.js';
import { readPlaces } from './places/adoption.js';
import { placeNames } from './places/place.js';

/** `npm run db:deploy`: DATABASE_DIRECT_URL or DATABASE_URL → the current schema; one line either way, and one more at an unknown place. */
await commandLine('db:deploy', async () => {
  const { url, ...options } = placeOptions(env);
  const { applied } = await deployControlSchema(url, options);
  const outcome = applied.length === 0 ? 'is up to date' : `applied ${applied.join(', ')}`;
  process.stdout.write(`control database: ${outcome}\n`);
  const { here, isKnown } = await readPlaces({ url, ...options });
  if (isKnown) return;
  process.stdout.write(
    `control database: its installation does not know ${placeNames(here)}, and nothing works here until db:adopt\n`,
  );
});
