import type { DestinationStream } from 'pino';
import { destination as openDestination } from 'pino';

let opened: DestinationStream | undefined;

/**
 * Standard output, which takes what is said in one turn of the event loop with one write: a busy gateway would otherwise spend
 * more on the system's calls than on the lines. At the end of the process, also by an error, nothing is left unwritten.
 */
export function standardOutput(): DestinationStream {
  opened ??= open();
  return opened;
}

function open(): DestinationStream {
  const output = openDestination({ fd: process.stdout.fd, sync: true });
  let lines = '';
  const write = (): void => {
    const text = lines;
    lines = '';
    if (text !== '') output.write(text);
  };
  process.once('exit', write);
  return {
    write: (line) => {
      if (lines === '') setImmediate(write);
      lines += line;
    },
  };
}
