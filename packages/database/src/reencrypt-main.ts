import process, { env } from 'node:process';
import { commandLine, placeOptions } from './command-line.js';
import { reencrypt } from './reencrypt.js';

/** `npm run keys:reencrypt`: after a new ENCRYPTION_KEY was put before the old one, and before the old one goes. */
await commandLine('keys:reencrypt', async () => {
  const { changed, current, unreadable } = await reencrypt({
    ...placeOptions(env),
    keys: keysOf(env['ENCRYPTION_KEY']),
  });
  process.stdout.write(`${changed} re-encrypted, ${current} were under the first key already\n`);
  if (unreadable.length === 0) return;
  throw new Error(`none of the keys opens these: ${unreadable.join(', ')}`);
});

/** As the processes read it: the new key, a comma, the old one. */
function keysOf(text: string | undefined): Buffer[] {
  if (text === undefined || text === '') throw new Error('ENCRYPTION_KEY is missing: expected new,old in base64');
  const keys = text.split(',').map((key) => Buffer.from(key.trim(), 'base64'));
  if (keys.length < 2) throw new Error('ENCRYPTION_KEY has one key: put the new one before the old one, new,old');
  return keys;
}
