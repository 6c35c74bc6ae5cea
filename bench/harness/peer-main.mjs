/**
 * One process of another tool, to be killed: node peer-main.mjs <tool> <folder of its steps> <url>…, database after
 * database, going on with the others when one fails. Ends with 1 when any has failed, and says why.
 */
import process from 'node:process';
import { PEERS } from './peers.mjs';

const [name, folder, ...urls] = process.argv.slice(2);
for (const url of urls) {
  try {
    await PEERS[name].migrate(url, folder);
  } catch (error) {
    console.error(error.stderr || error.message);
    process.exitCode = 1;
  }
}
