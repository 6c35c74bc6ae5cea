import { startHttpService, type HttpServiceUnderTest } from '@eden/testkit';
import { describeConformance } from '../testing/conformance/conformance.js';
import type { DatabaseUnderTest, KindUnderTest } from '../testing/conformance/kind-under-test.js';
import { sql } from '../testing/fixtures.js';
import { httpAdapter } from '../testing/http-target.js';

const SECRET = 'c0nformance-t0ken';
/** Longer than anything takes that is answered, on a busy machine too. */
const ANSWER_MS = 3000;

/** A service keeps items as a database does, and has no transactions: cases that need them are not meant for it. */
const KIND: KindUnderTest = {
  name: 'Http',
  class: 'compensable',
  createAdapter: ({ connectMs: connectTimeoutMs }) => httpAdapter({ http: { connectTimeoutMs } }),
  createDatabase: async () => underTest(await startHttpService()),
  language: {
    insert: (id) => sql(`POST /items\n\n{"id":${id}}`),
    remove: (id) => sql(`DELETE /items/${id}`),
    readAll: sql('GET /items'),
    lockTable: sql('GET /items'),
    failing: sql('DELETE /items/0'),
    slow: sql('GET /slow'),
    slowish: sql('GET /items'),
    notParsed: sql('FETCH the items'),
    endsTransaction: sql('GET /items'),
  },
  replies: { prepare: () => false, commitPrepared: () => false, commit: () => false },
};

describeConformance(KIND);

function underTest(service: HttpServiceUnderTest): DatabaseUnderTest {
  const none = (): never => {
    throw new Error('a service has no sessions and no locks');
  };
  return {
    port: service.port,
    secret: SECRET,
    configAt: (host, port) => ({
      base_url: `http://${host}:${port}`,
      headers: { Authorization: `Bearer ${SECRET}` },
      timeout_ms: ANSWER_MS,
    }),
    freshTable: () => {
      service.reset();
      return Promise.resolve();
    },
    ids: () => Promise.resolve(service.items()),
    holdTable: none,
    waiting: none,
    endSessions: none,
  };
}
