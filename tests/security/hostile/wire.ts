/** Messages of PostgreSQL's protocol as a server sends them, right and wrong ones. */

export const text = (value: string): Buffer => Buffer.from(`${value}\0`, 'utf8');

export const int16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value & 0xffff);
  return bytes;
};

export const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

/** A code and a length, whatever follows. */
export const header = (code: string, length: number): Buffer =>
  Buffer.concat([Buffer.from(code, 'latin1'), int32(length)]);

export const message = (code: string, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([header(code, body.length + 4), body]);
};

export const authentication = (request: number, ...more: readonly Buffer[]): Buffer =>
  message('R', int32(request), ...more);

export const authenticationOk = authentication(0);
export const ready = message('Z', Buffer.from('I'));
export const readyInTransaction = message('Z', Buffer.from('T'));
export const complete = (tag: string): Buffer => message('C', text(tag));
export const notice = message('N', Buffer.from('S'), text('NOTICE'), Buffer.from('M'), text('hello'), Buffer.from([0]));
export const setting = message('S', text('application_name'), text('x'));

export const error = (words: string, sqlstate = '22012'): Buffer =>
  message(
    'E',
    Buffer.from('S'),
    text('ERROR'),
    Buffer.from('C'),
    text(sqlstate),
    Buffer.from('M'),
    text(words),
    Buffer.from([0]),
  );

/** Text columns, unless `type` is the oid of another one. */
export const columns = (names: readonly string[], type = 25, format = 0): Buffer =>
  message('T', int16(names.length), ...names.map((name) => column(name, type, format)));

export const column = (name: string, type = 25, format = 0): Buffer =>
  Buffer.concat([text(name), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(format)]);

export const row = (...values: readonly (string | Buffer)[]): Buffer =>
  message('D', int16(values.length), ...values.map(value));

const value = (given: string | Buffer): Buffer => {
  const bytes = Buffer.from(given);
  return Buffer.concat([int32(bytes.length), bytes]);
};

/** What comes before the rows of an extended query. */
export const bound = Buffer.concat([message('1'), message('2')]);

/** What comes before the rows of a lone read: BEGIN and its two settings. */
export const begun = Buffer.concat([complete('BEGIN'), complete('SET'), complete('SET')]);
