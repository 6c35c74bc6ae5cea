import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const TRIES = 120;
const PAUSE_MS = 1000;

/** Requests as a user of the stack sends them, through its load balancer. */
export class Api {
  #number = 0;

  constructor(address, token) {
    this.address = address;
    this.token = token;
  }

  /** @param secrets What `development-secrets show` prints: a token and the bodies of endpoints. */
  static async begin(address, secrets) {
    const creator = new Api(address, /^NEW_ORG_TOKEN=(\S+)$/m.exec(secrets)?.[1]);
    const id = `org-${randomUUID()}`;
    const admin = { username: 'admin', password: randomUUID() };
    await creator.post('/new', { id, super_admins: [admin] });
    const basic = Buffer.from(`${admin.username}:${admin.password}`).toString('base64');
    const { token } = await creator.post('/auth/login', { id }, { authorization: `Basic ${basic}` });
    const api = new Api(address, token);
    for (const [, body] of secrets.matchAll(/^POST \/api\/v1\/endpoints (.*)$/gm))
      await api.#describe(JSON.parse(body));
    await api.post('/apis', { id: 'customers', bindings: api.#bindings('count') });
    return api;
  }

  /** A column more in both databases, after a pause in each, or in none. */
  async migrate(id, pauseSeconds = 0) {
    const column = `column_${(this.#number += 1)}`;
    await this.post('/migrations', { id, parameters: { column, pause: pauseSeconds } });
    await this.post(`/migrations/${id}/add_api`, { id: 'customers', bindings: this.#bindings('add') });
    await this.post(`/migrations/${id}/sync`);
    await this.post(`/migrations/${id}/migrate`);
    await this.#untilCompleted(id);
  }

  /** A run whose worker dies begins anew, and may take longer than a request waits. */
  async #untilCompleted(id) {
    for (let tries = 1; ; tries += 1) {
      const { data } = await this.send('GET', `/migrations/${id}`);
      if (data.state === 'Completed') return;
      if (data.state === 'Failed' || tries === TRIES) throw new Error(`${id} is ${data.state}`);
      await delay(PAUSE_MS);
    }
  }

  post(path, body = {}, headers = {}) {
    return this.send('POST', path, body, { 'idempotency-key': randomUUID(), ...headers });
  }

  /** What fails because of the moment is tried again, as clients do. @throws Error with the answer of anything else */
  async send(method, path, body, headers = {}) {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#once(method, path, body, headers);
      if (answer.status < 300) return answer.body;
      const isOfTheMoment = answer.status >= 502 || answer.body?.code === 'IDEMPOTENCY_KEY_IN_USE';
      if (!isOfTheMoment || tries === TRIES)
        throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      await delay(PAUSE_MS);
    }
  }

  /** A connection that was closed instead of an answer has the status 502: a load balancer leaves the choice to the client. */
  async #once(method, path, body, headers) {
    try {
      return await this.#answerTo(method, path, body, headers);
    } catch (error) {
      return { status: 502, body: { details: String(error.cause ?? error) } };
    }
  }

  async #answerTo(method, path, body, headers) {
    const response = await fetch(`${this.address}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  async #describe(endpoint) {
    await this.post('/endpoints', endpoint);
    const template = (kind, query) => ({ endpoint: endpoint.id, endpoint_kind: 'Postgres', kind, template: { query } });
    await this.post('/templates', {
      id: `count_${endpoint.id}`,
      template: template('Read', 'SELECT count(*) FROM customers'),
    });
    const query = 'SELECT pg_sleep({{pause}}); ALTER TABLE customers ADD COLUMN {{ident column}} int';
    await this.post('/templates', { id: `add_${endpoint.id}`, template: template('Write', query) });
  }

  #bindings(what) {
    const fields = what === 'add' ? { column: 'migration.column', pause: 'migration.pause' } : {};
    return ['target-a', 'target-b'].map((target) => ({ template: `${what}_${target}`, fields }));
  }
}

/** An organization may ask 6 000 times a minute, and a quiet machine answers faster than that. */
const BETWEEN_READS_MS = 20;

/** GETs without end, each sent once. */
export class Reads {
  #sent = 0;
  #failed = [];
  #stopped = false;
  #loop;

  constructor(api) {
    this.#loop = this.#readOn(api);
  }

  async stop() {
    this.#stopped = true;
    await this.#loop;
    return { sent: this.#sent, failed: this.#failed };
  }

  async #readOn({ address, token }) {
    while (!this.#stopped) {
      this.#sent += 1;
      try {
        const { status } = await fetch(`${address}/api/v1/migrations`, {
          headers: { authorization: `Bearer ${token}` },
        });
        if (status !== 200) this.#failed.push(status);
      } catch (error) {
        this.#failed.push(String(error.cause ?? error));
      }
      await delay(BETWEEN_READS_MS);
    }
  }
}
