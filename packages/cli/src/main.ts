import { homedir } from 'node:os';
import process from 'node:process';
import { outliveReader } from './outlive-reader.js';
import { runProgram } from './program.js';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort());
for (const stream of [process.stdout, process.stderr]) outliveReader(stream);

process.exitCode = await runProgram(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  interrupt: interrupt.signal,
});
