import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';

/**
 * Reads what it has to guard, line by line. Its input ends when the owner closes it or dies, however it dies; then
 * whatever is left is ended (SIGINT: PostgreSQL's fast and Redis' orderly shutdown) and the folders are removed.
 */
const SCRIPT = `
runs() { kill -0 "$1" && ! grep -qs ') Z ' "/proc/$1/stat"; }
processes=
while read -r verb value; do
  case $verb in
    watch) processes="$processes $value" ;;
    forget) kept=; for pid in $processes; do [ "$pid" = "$value" ] || kept="$kept $pid"; done; processes=$kept ;;
    folder) set -- "$@" "$value" ;;
  esac
done
exec 2>/dev/null
for pid in $processes; do kill -INT "$pid"; kill -CONT "$pid"; done
for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
  running=
  for pid in $processes; do runs "$pid" && running=yes; done
  [ -z "$running" ] && break
  sleep 0.1
done
for pid in $processes; do kill -KILL "$pid"; done
rm -rf -- "$@"
`;

/** A shell in a session of its own that outlives its owner just long enough to tidy up after it, even after kill -9. */
export class Guard {
  private constructor(private readonly shell: ChildProcess) {}

  static async start(): Promise<Guard> {
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    await once(shell, 'spawn');
    shell.unref();
    const input = shell.stdin as Socket;
    // Else an owner that has nothing left to do could never exit.
    input.unref();
    // Somebody ended the guard. What it guarded is still in the owner record, for the next start.
    input.on('error', () => input.destroy());
    return new Guard(shell);
  }

  watch(pid: number): void {
    this.tell(`watch ${pid}`);
  }

  forget(pid: number): void {
    this.tell(`forget ${pid}`);
  }

  removeAtEnd(folder: string): void {
    this.tell(`folder ${folder}`);
  }

  /** Ends the guard's duty now and waits until it has tidied up. */
  async dismiss(): Promise<void> {
    if (this.shell.exitCode !== null || this.shell.signalCode !== null) return;
    const exited = once(this.shell, 'exit');
    this.shell.ref();
    this.shell.stdin?.end();
    await exited;
  }

  private tell(line: string): void {
    this.shell.stdin?.write(`${line}\n`);
  }
}
