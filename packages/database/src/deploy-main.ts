import process, { env } from 'node:process';
import { deployControlSchema } from './deploy.js';

/** `npm run db:deploy`: DATABASE_URL → the current schema; one line either way. */
async function main(url: string | undefined): Promise<void> {
  if (url === undefined || url === '') throw new Error('DATABASE_URL is missing: expected postgresql://…');
  const { applied } = await deployControlSchema(url);
  const outcome = applied.length === 0 ? 'is up to date' : `applied ${applied.join(', ')}`;
  process.stdout.write(`control database: ${outcome}\n`);
}

try {
  await main(env['DATABASE_URL']);
} catch (error) {
  process.stderr.write(`db:deploy failed: ${firstLine(error)}\n`);
  process.exitCode = 1;
}

/** Never the connection string: neither pg nor the engine put it into a message. */
function firstLine(error: unknown): string {
  const { message, code } = error as { message?: string; code?: string };
  return (message || code || String(error)).split('\n').join(' ');
}
