/** Our side of a comparison with other tools: the same steps as templates, an endpoint and an API per database. */
export class OurFleet {
  constructor(client, fleet) {
    this.client = client;
    this.fleet = fleet;
  }

  /** Describes the fleet to the service. `settings` are those of every template. */
  static async describe(client, fleet, steps, settings = {}) {
    const ours = new OurFleet(client, fleet);
    for (const { name, url } of fleet) {
      await client.post('/endpoints', { id: name, kind: 'Postgres', config: { url } });
      for (const [at, query] of steps.entries()) {
        const template = { endpoint: name, endpoint_kind: 'Postgres', kind: 'Write', template: { query } };
        await client.post('/templates', { id: `${name}.${at + 1}`, template, ...settings });
      }
      await client.post('/apis', { id: name, fields: [], bindings: [] });
    }
    ours.steps = steps.length;
    return ours;
  }

  /** The first so many of its databases. */
  ofFirst(databases) {
    return Object.assign(new OurFleet(this.client, this.fleet.slice(0, databases)), { steps: this.steps });
  }

  /** A new migration of the whole fleet, ready for its sync. */
  async create(id, options = {}) {
    await this.client.post('/migrations', { id, options });
    for (const { name } of this.fleet) {
      const bindings = Array.from({ length: this.steps }, (_, at) => ({ template: `${name}.${at + 1}`, fields: {} }));
      await this.client.post(`/migrations/${id}/add_api`, { id: name, bindings });
    }
    return id;
  }

  /** Asks for a sync or migrate and does not wait for it; answers the run's uuid. */
  async request(id, kind) {
    const { url, token } = this.client;
    const headers = { authorization: `Bearer ${token}`, prefer: 'respond-async' };
    const answer = await fetch(`${url}/api/v1/migrations/${id}/${kind}`, { method: 'POST', headers });
    if (answer.status === 202) return answer.headers.get('location').split('/').at(-1);
    if (answer.status !== 200) throw new Error(`${kind} ${id}: ${answer.status} ${await answer.text()}`);
    // It was over before the answer was written.
    const [latest] = (await this.client.get(`/migrations/${id}/runs?limit=1`)).data;
    return latest.uuid;
  }

  async run(uuid) {
    return (await this.client.get(`/runs/${uuid}`)).data;
  }
}
