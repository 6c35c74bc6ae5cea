/**
 * A load generator in a process of its own, as cheap as it can be, because it shares the cores with what it measures:
 * every request is bytes made in advance, and of an answer only its status and length are read.
 * `{ port, requests, connections }` starts it, each further message asks for what happened since the one before.
 */
import { connect } from 'node:net';

const HEADER_END = '\r\n\r\n';
let figures = newFigures();

process.once('message', ({ port, requests, connections }) => {
  for (let n = 0; n < connections; n += 1) keepAsking(port, requests, n);
  process.on('message', () => {
    process.send(figures);
    figures = newFigures();
  });
  process.send('started');
});

function newFigures() {
  return { latenciesMs: [], failures: {} };
}

/** One connection: the next request goes out when the answer to the one before is in. */
function keepAsking(port, requests, first) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let next = first;
  let askedAt = 0;
  let received = '';
  const ask = () => {
    askedAt = performance.now();
    socket.write(requests[next++ % requests.length]);
  };
  socket.setEncoding('latin1').on('connect', ask);
  socket.on('data', (chunk) => {
    received += chunk;
    if (!isComplete(received)) return;
    count(performance.now() - askedAt, received.slice(9, 12));
    received = '';
    ask();
  });
  socket.on('close', () => count(performance.now() - askedAt, 'closed'));
  socket.on('error', () => undefined);
}

function isComplete(received) {
  const end = received.indexOf(HEADER_END);
  if (end === -1) return false;
  const [, length] = /content-length: (\d+)/i.exec(received) ?? [];
  return received.length >= end + HEADER_END.length + Number(length);
}

function count(latencyMs, status) {
  figures.latenciesMs.push(latencyMs);
  if (status !== '200') figures.failures[status] = (figures.failures[status] ?? 0) + 1;
}
