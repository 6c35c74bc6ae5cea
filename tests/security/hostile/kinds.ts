import type { Operation } from './caller-main.js';
import type { Place } from './hostile-server.js';
import {
  converse,
  cut,
  drip,
  hangUp,
  say,
  sayAndHangUp,
  sayAndServe,
  sayOften,
  sayWithoutEnd,
  silence,
} from './misbehaviour.js';
import type { Misbehaviour } from './misbehaviour.js';
import {
  authentication,
  authenticationOk,
  begun,
  bound as plainlyBound,
  column,
  columns,
  complete,
  error,
  header,
  int16,
  int32,
  message,
  notice,
  ready,
  readyInTransaction,
  row,
  setting,
  text,
} from './wire.js';

/** One way to answer wrongly, and what whoever asked must be told. */
export interface Kind {
  readonly name: string;
  readonly operation: Operation;
  readonly place: Place;
  readonly misbehave: Misbehaviour;
  /** `done` where nothing is wrong in the end. */
  readonly expected: string;
  readonly ssl: boolean;
}

const UNAVAILABLE = 'ENDPOINT_UNAVAILABLE';
const TOO_LARGE = 'RESULT_TOO_LARGE';
const FAILED = 'TEMPLATE_EXECUTION_FAILED';

type Wrong = readonly [name: string, misbehave: Misbehaviour, expected?: string];
type Where = Pick<Kind, 'operation' | 'place'> & { readonly phase: string; readonly ssl?: boolean };

function kinds({ phase, ssl = false, ...where }: Where, wrongs: readonly Wrong[]): Kind[] {
  return wrongs.map(([name, misbehave, expected = UNAVAILABLE]) => {
    return { ...where, ssl, misbehave, expected, name: `${phase}: ${name}` };
  });
}

const ZEROES = Buffer.alloc(1024);
const SALT = Buffer.from('salt');
const MIB = 1024 * 1024;
const nothing = Buffer.alloc(0);
/** An execution's BEGIN and settings travel in front of its first statement; a participant's only with their limits. */
const bound = Buffer.concat([begun, readyInTransaction, plainlyBound]);
const described = Buffer.concat([bound, columns(['one'])]);
const bindingDescribed = Buffer.concat([complete('SET'), readyInTransaction, plainlyBound, columns(['one'])]);
const readDescribed = Buffer.concat([begun, columns(['one'])]);
/** The statements that give the session of a read back as it was opened. */
const reset = Array.from({ length: 9 }, () => complete('RESET'));
const finished = Buffer.concat([complete('SELECT 1'), readyInTransaction]);
const endless = (body: Buffer): Buffer => Buffer.concat([header('E', 0x7fffffff), body]);

const scram =
  (after: string): ((asked: Buffer) => Buffer) =>
  (asked) => {
    const nonce = /r=([^,]+)/.exec(asked.toString('latin1'))?.[1] ?? '';
    return authentication(11, Buffer.from(after.replace('NONCE', `${nonce}more`)));
  };
const sasl = authentication(10, text('SCRAM-SHA-256'), Buffer.from([0]));

const TLS = kinds({ phase: 'tls request', operation: 'inspect', place: { at: 'tls request' }, ssl: true }, [
  ['silence', silence],
  ['a letter that is neither S nor N', say(Buffer.from('X'))],
  ['S and more in the same breath', say(Buffer.from('SR'), authenticationOk)],
  ['an error message', say(error('no'))],
  ['no TLS', say(Buffer.from('N'))],
  ['S, then no handshake', say(Buffer.from('S'))],
  ['S, then a broken handshake', converse(Buffer.from('S'), () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
  ['S, then a handshake without end', converse(Buffer.from('S'), () => Buffer.from([22, 3, 3, 0x40, 0]))],
  ['letters without end', sayWithoutEnd(nothing, Buffer.from('SSSS'))],
]);

const INSIDE_TLS = kinds({ phase: 'inside tls', operation: 'inspect', place: { at: 'startup' }, ssl: true }, [
  ['a length of 0', say(header('R', 0))],
  ['GSSAPI', say(authentication(7))],
  ['an error without an end', say(endless(text('SERROR')))],
]);

const STARTUP = kinds({ phase: 'startup', operation: 'inspect', place: { at: 'startup' } }, [
  ['silence', silence],
  ['hanging up', hangUp],
  ['a reset', cut],
  ['a length of 0', say(header('R', 0), ZEROES)],
  ['a length of 3', say(header('R', 3), ZEROES)],
  ['a negative length', say(header('R', -1), ZEROES)],
  ['the smallest length', say(header('E', -0x80000000), ZEROES)],
  ['a length of 2 GiB, then silence', say(header('E', 0x7fffffff))],
  ['a length of 2 GiB and as many bytes', sayWithoutEnd(header('E', 0x7fffffff), ZEROES)],
  ['an unknown code', say(message('?'))],
  ['code 0', say(ZEROES)],
  ['HTTP', sayAndHangUp(Buffer.from('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'))],
  ['SSH', say(Buffer.from('SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'))],
  ['another protocol version', say(message('v', int32(0), int32(0)))],
  ['an error without its end', say(message('E', Buffer.from('S'), text('ERROR')), ZEROES.subarray(0, 1))],
  ['an error whose text has no end', say(message('E', Buffer.from('SERROR')))],
  ['an empty error', say(message('E'))],
  ['an error, and the connection stays open', say(error('go away', '28000'))],
  ['errors without end', sayWithoutEnd(nothing, error('go away', '28000'))],
  ['notices without end', sayWithoutEnd(nothing, notice)],
  ['one byte now and then', drip(nothing, endless(text('SERROR')))],
  ['ready at once', say(ready)],
  ['a row at once', say(row('x'))],
]);

const AUTHENTICATION = kinds({ phase: 'authentication', operation: 'inspect', place: { at: 'startup' } }, [
  ['an unknown request', say(authentication(99))],
  ['a negative request', say(authentication(-1))],
  ['no request', say(message('R'))],
  ['Kerberos', say(authentication(2))],
  ['SCM credentials', say(authentication(6))],
  ['GSSAPI', say(authentication(7))],
  ['GSSAPI, the second message', say(authentication(8, SALT))],
  ['SSPI', say(authentication(9))],
  ['MD5 without a salt', say(authentication(5))],
  ['a plain password, with more', say(authentication(3, SALT))],
  ['a plain password, twice', say(authentication(3), authentication(3))],
  ['SASL without mechanisms', say(authentication(10, Buffer.from([0])))],
  ['SASL whose list has no end', say(authentication(10, Buffer.from('SCRAM-SHA-256')))],
  ['SASL with another mechanism', say(authentication(10, text('PLAIN'), Buffer.from([0])))],
  ['SASL goes on before it has begun', say(authentication(11, Buffer.from('r=x,s=eA==,i=1')))],
  ['SASL ends before it has begun', say(authentication(12, Buffer.from('v=eA==')))],
  ['SASL with nonsense', converse(sasl, scram('nonsense'))],
  ['SASL with a foreign nonce', converse(sasl, scram('r=foreign,s=c2FsdA==,i=4096'))],
  ['SASL with two billion rounds', converse(sasl, scram('r=NONCE,s=c2FsdA==,i=2000000000'))],
  ['SASL with a thousand challenges', converse(sasl, (asked) => manyChallenges(asked))],
  [
    'SASL with a wrong signature',
    converse(sasl, scram('r=NONCE,s=c2FsdA==,i=1'), () => authentication(12, Buffer.from('v=eA=='))),
  ],
  ['OK, then another request', say(authenticationOk, authentication(3))],
]);

function manyChallenges(asked: Buffer): Buffer {
  const challenge = scram('r=NONCE,s=c2FsdA==,i=100000')(asked);
  return Buffer.concat(Array.from({ length: 1000 }, () => challenge));
}

const OPENING = kinds({ phase: 'opening', operation: 'inspect', place: { at: 'startup' } }, [
  ['silence behind OK', say(authenticationOk)],
  ['settings without end', sayWithoutEnd(authenticationOk, setting)],
  ['a setting whose text has no end', say(authenticationOk, message('S', text('a'), Buffer.from('b')))],
  ['half a key', say(authenticationOk, message('K', int16(1)))],
  ['keys without end', sayWithoutEnd(authenticationOk, message('K', int32(1), int32(2)))],
  ['ready in no state', say(authenticationOk, message('Z', Buffer.from('?')))],
  ['ready without a state', say(authenticationOk, message('Z'))],
  ['a command that nobody gave', say(authenticationOk, complete('SELECT 1'))],
  ['an answer behind ready', say(authenticationOk, ready, complete('SELECT 1'))],
  ['COPY', say(authenticationOk, message('G', Buffer.from([0]), int16(0)))],
]);

const QUESTION: Place = { at: 'question', marker: '/* here */' };

const READ = kinds({ phase: 'simple query', operation: 'read', place: QUESTION }, [
  ['silence', silence],
  ['a reset', cut],
  ['too few answers', say(begun, ready)],
  ['no answer but ready', say(ready)],
  ['ready twice', say(begun, ready, ready)],
  ['rows without a description', say(begun, row('x'), complete('SELECT 1'), ready)],
  ['a row of too many values', say(readDescribed, row('x', 'y'), complete('SELECT 1'), ready)],
  ['commands without end', sayWithoutEnd(nothing, complete('SELECT 1'))],
  ['empty commands without end', sayWithoutEnd(nothing, message('I'))],
  [
    'a million notices',
    sayOften(
      nothing,
      notice,
      1_000_000,
      Buffer.concat([readDescribed, row('x'), complete('SELECT 1'), ...reset, complete('COMMIT'), ready]),
    ),
    'done',
  ],
  ['notices without end', sayWithoutEnd(nothing, notice), TOO_LARGE],
  ['rows without end', sayWithoutEnd(readDescribed, row('x'.repeat(100))), TOO_LARGE],
  ['empty rows without end', sayWithoutEnd(Buffer.concat([begun, columns([])]), row()), TOO_LARGE],
  ['a row of 600 MiB', sayWithoutEnd(Buffer.concat([readDescribed, header('D', 600 * MIB)]), ZEROES), TOO_LARGE],
  ['COPY to us', say(begun, message('H', Buffer.from([0]), int16(0)))],
]);

const EXECUTE = kinds(
  { phase: 'extended query', operation: 'execute', place: { at: 'question', marker: 'BEGIN ISOLATION' } },
  [
    ['a byte now and then', drip(described, Buffer.concat([row('x'), notice]))],
    ['COPY from us', say(bound, message('G', Buffer.from([0]), int16(0)))],
    ['COPY both ways', say(bound, message('W', Buffer.from([0]), int16(0)))],
    ['COPY data without end', sayWithoutEnd(bound, message('d', ZEROES))],
    ['a portal that is suspended', say(described, row('x'), message('s'))],
    ['a description of parameters', say(message('t', int16(1), int32(25)))],
    ['a negative number of columns', say(bound, message('T', int16(-1)))],
    ['fewer columns than announced', say(bound, message('T', int16(9), column('one')))],
    ['a column whose name has no end', say(bound, message('T', int16(1), Buffer.alloc(40, 'x')))],
    ['65535 columns', say(bound, message('T', int16(65535), ...Array.from({ length: 65535 }, () => column(''))))],
    ['descriptions without end', sayWithoutEnd(bound, columns(['one', 'two']))],
    ['binary values', say(bound, columns(['one'], 25, 1), row('x'), finished)],
    ['a row of a negative number of values', say(described, message('D', int16(-1)))],
    ['a value of a negative length', say(described, message('D', int16(1), int32(-2)))],
    ['a value beyond its row', say(described, message('D', int16(1), int32(100), SALT))],
    ['a row with more behind its values', say(described, message('D', int16(0), SALT))],
    ['a tag without an end', say(described, message('C', Buffer.from('SELECT 1')), readyInTransaction)],
    ['another tag', sayAndServe(described, row('x'), complete('NONSENSE'), readyInTransaction), 'done'],
    ['a row behind an error', say(bound, error('no'), row('x'), readyInTransaction), FAILED],
    ['two errors', say(bound, error('no'), error('no again'), readyInTransaction), FAILED],
    ['errors without end', sayWithoutEnd(bound, error('no')), FAILED],
    ['an error of 2 GiB', sayWithoutEnd(header('E', 0x7fffffff), ZEROES), TOO_LARGE],
    ['a request for the password', say(authentication(3))],
    ['another key', say(message('K', int32(1), int32(2)))],
    ['JSON that is none', say(bound, columns(['one'], 114), row('{"a":'), finished)],
    ['an array that is none', say(bound, columns(['one'], 1007), row('{{{'), finished)],
    ['an array a hundred thousand deep', say(bound, columns(['one'], 1007), row('{'.repeat(100_000)), finished)],
    [
      'an array of four million texts',
      say(bound, columns(['one'], 1009), row(`{${'x,'.repeat(4_000_000)}x}`), finished),
      TOO_LARGE,
    ],
    [
      'an array of 200 000 texts',
      sayAndServe(bound, columns(['one'], 1009), row(`{${'x,'.repeat(200_000)}x}`), finished),
      'done',
    ],
    [
      'JSON of two million arrays',
      say(bound, columns(['one'], 114), row(`[${'[],'.repeat(2_000_000)}1]`), finished),
      TOO_LARGE,
    ],
    [
      'JSON of 120 000 arrays',
      sayAndServe(bound, columns(['one'], 114), row(`[${'[],'.repeat(120_000)}1]`), finished),
      'done',
    ],
    [
      'JSON a million deep',
      say(bound, columns(['one'], 114), row('['.repeat(MIB) + ']'.repeat(MIB)), finished),
      TOO_LARGE,
    ],
    ['a zero byte in a text', say(described, row('a\0b'), finished)],
    ['texts that are not UTF-8', sayAndServe(described, row(Buffer.from([0xff, 0xfe, 0xc0])), finished), 'done'],
    ['notifications without end', sayWithoutEnd(described, message('A', int32(1), text('x'), text('y'))), TOO_LARGE],
  ],
);

/** The last statement of an execution's last message. */
const COMMIT_QUERY = '; COMMIT\0';
/** SET CONSTRAINTS, and two more for what writes have left in the session. */
const beforeCommit = [...reset, ...Array.from({ length: 3 }, () => complete('DISCARD'))];

const COMMIT = kinds({ phase: 'commit', operation: 'execute', place: { at: 'question', marker: COMMIT_QUERY } }, [
  ['ROLLBACK', sayAndServe(...beforeCommit, complete('ROLLBACK'), ready)],
  ['COMMIT and nothing before', sayAndServe(complete('COMMIT'), ready)],
  ['a session that cannot be told to be reset', sayAndServe(...beforeCommit, complete('COMMIT'), ready), 'done'],
  [
    'something else than the prepared statements',
    sayAndServe(
      ...beforeCommit.slice(1),
      columns(['other']),
      row('x'),
      complete('SELECT 1'),
      complete('COMMIT'),
      ready,
    ),
    'done',
  ],
  ['no tag', sayAndServe(ready)],
  ['silence', silence],
  ['an empty tag', say(message('C'), ready)],
]);

const PREPARE = kinds(
  { phase: 'prepare', operation: 'participate', place: { at: 'question', marker: 'PREPARE TRANSACTION' } },
  [
    ['ROLLBACK', sayAndServe(complete('ROLLBACK'), ready), FAILED],
    ['a length of 0', say(header('C', 0))],
    ['a row', say(row('x'))],
    ['an error of 2 GiB', sayWithoutEnd(header('E', 0x7fffffff), ZEROES), TOO_LARGE],
  ],
);

const FENCE = kinds({ phase: 'begin', operation: 'participate', place: { at: 'question', marker: '_eden.fence' } }, [
  ['nothing but ready', say(ready), 'FENCED'],
  ['an unknown code', say(message('?'))],
]);

const BINDING = kinds(
  { phase: 'binding', operation: 'participate', place: { at: 'question', marker: 'statement_timeout = 500' } },
  [
    ['a length of 0', say(header('D', 0))],
    ['rows without end', sayWithoutEnd(bindingDescribed, row('x'.repeat(100))), TOO_LARGE],
  ],
);

const SETTLE = kinds(
  { phase: 'commit prepared', operation: 'settle', place: { at: 'question', marker: 'ROLLBACK PREPARED' } },
  [
    ['silence', silence],
    ['a length of 0', say(header('C', 0))],
    ['GSSAPI', say(authentication(7))],
  ],
);

const LIST = kinds(
  {
    phase: 'list of prepared transactions',
    operation: 'settle',
    place: { at: 'question', marker: 'pg_prepared_xacts' },
  },
  [
    ['rows of other columns', say(plainlyBound, columns(['other']), row('x'), complete('SELECT 1'), ready)],
    ['rows without end', sayWithoutEnd(Buffer.concat([plainlyBound, columns(['gid'])]), row('eden_test_x'))],
  ],
);

const ADMISSION = kinds(
  { phase: 'admission', operation: 'inspect', place: { at: 'question', marker: 'pg_advisory_xact_lock' } },
  [
    ['silence', silence],
    ['no answers', say(ready)],
    ['an unknown code', say(message('?'))],
    [
      'rows without end',
      sayWithoutEnd(Buffer.concat([complete('BEGIN'), readyInTransaction, plainlyBound, columns(['x'])]), row('x')),
    ],
  ],
);

const IDENTITY = kinds(
  { phase: 'inspection', operation: 'inspect', place: { at: 'question', marker: 'SET LOCAL search_path' } },
  [
    ['no answers', say(ready)],
    ['one answer', say(complete('BEGIN'), ready)],
    ['the right number of answers without rows', say(...Array.from({ length: 8 }, () => complete('SELECT 0')), ready)],
  ],
);

const IDLE = kinds({ phase: 'idle', operation: 'idle', place: { at: 'answer', marker: COMMIT_QUERY } }, [
  ['ready', say(ready), 'done'],
  ['an unknown code', say(message('?')), 'done'],
  ['a length of 0', say(header('N', 0)), 'done'],
  ['a row', say(row('x')), 'done'],
  ['an error', say(error('terminated', '57P01')), 'done'],
  ['notices without end', sayWithoutEnd(nothing, notice), 'done'],
  ['notifications without end', sayWithoutEnd(nothing, message('A', int32(1), text('x'), text('y'))), 'done'],
]);

const GOODBYE = kinds({ phase: 'goodbye', operation: 'execute', place: { at: 'question', marker: 'X\0\0\0\u0004' } }, [
  ['silence', silence, 'done'],
  ['notices without end', sayWithoutEnd(nothing, notice), 'done'],
  ['an unknown code', say(message('?')), 'done'],
]);

export const KINDS: readonly Kind[] = [
  ...TLS,
  ...INSIDE_TLS,
  ...STARTUP,
  ...AUTHENTICATION,
  ...OPENING,
  ...READ,
  ...EXECUTE,
  ...COMMIT,
  ...FENCE,
  ...BINDING,
  ...PREPARE,
  ...SETTLE,
  ...LIST,
  ...ADMISSION,
  ...IDENTITY,
  ...IDLE,
  ...GOODBYE,
];
