import process, { argv, env } from 'node:process';
import { adoptAsCopy, adoptPlace, readPlaces, type KnownPlaces, type PlaceOptions } from './places/adoption.js';
import { placeNames } from './places/place.js';
import { commandLine, placeOptions } from './command-line.js';

const CHOICE = [
  '  --yes      the control database has moved here, or this is a second address of it',
  '  --as-copy  it is a copy, or is restored beside an original that stays: it begins as an installation of its own',
].join('\n');

/** `npm run db:adopt`: without a choice it says where this is, and changes nothing. */
async function adopt(choices: readonly string[], options: PlaceOptions): Promise<string> {
  const places = await readPlaces(options);
  const here = placeNames(places.here);
  switch (choices.join(' ')) {
    case '--yes':
      await adoptPlace(options);
      return places.isKnown
        ? `${here} is a place of this installation already`
        : `${here} is a place of this installation now`;
    case '--as-copy': {
      const { cancelledRuns, runsInDoubt } = await adoptAsCopy(options);
      const runs = `${cancelledRuns} runs that had touched nothing are cancelled, ${runsInDoubt} that had begun are left alone and marked in doubt`;
      return `${here} is an installation of its own now; ${runs}`;
    }
    default:
      throw new Error(`choose one\n${describe(places)}\n${CHOICE}`);
  }
}

function describe({ here, known, isKnown }: KnownPlaces): string {
  const places = placeNames(known) || 'none';
  return `  here is ${placeNames(here)}, ${isKnown ? 'a known place' : 'an unknown place'}; places of the installation: ${places}`;
}

await commandLine('db:adopt', async () => {
  const line = await adopt(argv.slice(2), placeOptions(env));
  process.stdout.write(`control database: ${line}\n`);
});
