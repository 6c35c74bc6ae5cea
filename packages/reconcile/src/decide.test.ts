import { describe, expect, it } from '@jest/globals';
import type { Api, Endpoint, Run, Template, VerboseMigration } from '@eden/client';
import { describeAction } from './actions.js';
import { decideDefinitions } from './decide-definitions.js';
import { decideRelease, type ReleaseDecision } from './decide-release.js';
import type { ApiEntry, TemplateEntry } from './entries.js';
import type { Actual, Desired } from './state.js';

const AT = '2026-11-26T12:00:00.000Z';
const NOTHING_PENDING = { hasPendingFiles: false };

function desired(parts: Partial<Desired> = {}): Desired {
  return {
    line: 'shop',
    id: undefined,
    description: undefined,
    endpoints: [],
    templates: [],
    apis: [],
    sources: [],
    parameters: {},
    options: {},
    ...parts,
  };
}

function actual(parts: Partial<Actual> = {}): Actual {
  return { endpoints: new Map(), templates: new Map(), apis: new Map(), releases: [], others: [], ...parts };
}

function entry(id: string, template = 't', parts: Partial<ApiEntry> = {}): ApiEntry {
  return { id, stage: 0, bindings: [{ template }], ...parts };
}

/** An API as it stands in a release that has the entry. */
function member({ id, stage, bindings, next }: ApiEntry): Api {
  const uuids = bindings.map(({ template, fields = {} }) => ({ template: `uuid-${template}`, fields }));
  return { id, uuid: `uuid-${id}`, migration: { stage, bindings: uuids, next: next ?? null } } as unknown as Api;
}

function release(
  id: string,
  state: VerboseMigration['state'],
  apis: readonly ApiEntry[] = [],
  run: Partial<Run> | null = null,
) {
  return {
    id,
    uuid: `uuid-${id}`,
    state,
    description: null,
    labels: { 'eden.dev/line': 'shop' },
    parameters: {},
    options: {},
    apis: apis.map(member),
    run,
    created_at: AT,
  } as unknown as VerboseMigration;
}

const templates = new Map(['t', 't2'].map((id) => [id, { id, uuid: `uuid-${id}` } as unknown as Template]));

function decide(want: Partial<Desired>, has: Partial<Actual>, outlook = NOTHING_PENDING): ReleaseDecision {
  return decideRelease(desired(want), actual({ templates, ...has }), outlook);
}

function linesOf(decision: ReleaseDecision): string[] {
  return decision.kind === 'migrate' ? decision.actions.map(describeAction) : [];
}

describe('the release that is applied', () => {
  const a = entry('a');
  const b = entry('b');

  it('is the line itself at first', () => {
    const decision = decide({ apis: [a, b] }, {});
    expect(decision).toMatchObject({ kind: 'migrate', release: 'shop' });
    expect(linesOf(decision)).toEqual(['+ migration shop', '+ api a of migration shop', '+ api b of migration shop']);
  });

  it.each(['Pending', 'Failed', 'Rolled Back'] as const)('is brought up to date in place when it is %s', (state) => {
    const changed = entry('a', 't2');
    const decision = decide(
      { apis: [changed, b], parameters: { tier: 'gold' } },
      { releases: [release('shop', state, [a, entry('gone')])] },
    );
    expect(decision).toMatchObject({ kind: 'migrate', release: 'shop' });
    expect(linesOf(decision)).toEqual([
      '~ migration shop: parameters',
      '- api a of migration shop',
      '- api gone of migration shop',
      '+ api a of migration shop',
      '+ api b of migration shop',
    ]);
  });

  it('has nothing to be changed when it is as the file says', () => {
    const decision = decide({ apis: [a, b] }, { releases: [release('shop', 'Pending', [a, b])] });
    expect(decision).toEqual({ kind: 'migrate', release: 'shop', actions: [] });
  });

  it('is none when the newest is completed and nothing is new', () => {
    const releases = [release('shop', 'Completed', [a]), release('shop-2', 'Completed', [b])];
    expect(decide({ apis: [a, b] }, { releases })).toEqual({ kind: 'nothing', release: 'shop-2' });
  });

  it('is the next of the line when something is new, with that alone', () => {
    const releases = [release('shop', 'Completed', [a])];
    const decision = decide({ apis: [a, b] }, { releases });
    expect(decision).toMatchObject({ kind: 'migrate', release: 'shop-2' });
    expect(linesOf(decision)).toEqual(['+ migration shop-2', '+ api b of migration shop-2']);
  });

  it('is the next of the line when files are pending, also without a new API', () => {
    const decision = decide({}, { releases: [release('shop', 'Completed')] }, { hasPendingFiles: true });
    expect(decision).toMatchObject({ kind: 'migrate', release: 'shop-2' });
  });

  it('has the name that --id gives to the next, and is found again by it', () => {
    const first = decide({ id: 'june', apis: [a] }, { releases: [release('shop', 'Completed')] });
    expect(first).toMatchObject({ kind: 'migrate', release: 'june' });
    const again = decide(
      { id: 'june', apis: [a] },
      { releases: [release('shop', 'Completed'), release('june', 'Failed', [a])] },
    );
    expect(again).toEqual({ kind: 'migrate', release: 'june', actions: [] });
  });

  it('goes on behind the name that --id gives where a part of it is left, and finds that part again', () => {
    const releases = [release('shop', 'Completed'), release('june', 'Completed')];
    const more = { hasPendingFiles: true };
    expect(decide({ id: 'june' }, { releases }, more)).toMatchObject({ kind: 'migrate', release: 'june-2' });
    const failed = [...releases, release('june-2', 'Failed')];
    expect(decide({ id: 'june' }, { releases: failed }, more)).toMatchObject({ kind: 'migrate', release: 'june-2' });
    const done = [...releases, release('june-2', 'Completed')];
    expect(decide({ id: 'june' }, { releases: done })).toEqual({ kind: 'nothing', release: 'june-2' });
  });

  it('runs an API again only when the last completed release that had it ran something else', () => {
    const older = { ...release('shop', 'Completed', [a]), created_at: '2026-01-01T00:00:00.000Z' };
    const newer = release('shop-2', 'Completed', [entry('a', 't2')]);
    expect(decide({ apis: [entry('a', 't2')] }, { releases: [older, newer] })).toMatchObject({ kind: 'nothing' });
    expect(decide({ apis: [a] }, { releases: [older, newer] })).toMatchObject({ release: 'shop-3' });
  });

  it('counts what a completed migration outside the line ran, and not what one that failed has', () => {
    const releases = [release('shop', 'Completed')];
    expect(decide({ apis: [a] }, { releases, others: [release('june', 'Completed', [a])] })).toMatchObject({
      kind: 'nothing',
    });
    expect(decide({ apis: [a] }, { releases, others: [release('june', 'Failed', [a])] })).toMatchObject({
      release: 'shop-2',
    });
  });

  it('is of the line, however alike those of others are called', () => {
    const own = { ...release('orders', 'Completed', [a]), labels: { 'eden.dev/line': 'orders' } };
    const others = { ...release('orders-2024', 'Pending', [b]), labels: { 'eden.dev/line': 'orders-2024' } };
    const releases = [own, others];
    expect(decide({ line: 'orders', apis: [a] }, { releases })).toEqual({ kind: 'nothing', release: 'orders' });
    expect(linesOf(decide({ line: 'orders', apis: [a, b] }, { releases }))).toEqual([
      '+ migration orders-2',
      '+ api b of migration orders-2',
    ]);
    expect(decide({ line: 'orders-2024', apis: [b] }, { releases })).toMatchObject({ release: 'orders-2024' });
  });

  it('says its line in a label, beside those of the file or those that it has', () => {
    const settings = (want: Partial<Desired>, releases: readonly VerboseMigration[]) => {
      const decision = decide(want, { releases });
      return decision.kind === 'migrate' && decision.actions.map((action) => 'settings' in action && action.settings);
    };
    const line = { 'eden.dev/line': 'shop' };
    const labels = { team: 'checkout' };
    expect(settings({ labels }, [])).toMatchObject([{ labels: { ...line, ...labels } }]);
    const byHand = { ...release('shop', 'Pending'), labels };
    expect(settings({}, [byHand])).toEqual([{ labels: { ...line, ...labels } }]);
    expect(settings({ labels: {} }, [byHand])).toEqual([{ labels: line }]);
    expect(settings({ labels }, [{ ...byHand, labels: { ...line, ...labels } }])).toEqual([]);
  });

  it('leaves the APIs of sources to the service', () => {
    const pending = release('shop', 'Pending', [a]);
    const apis = [...pending.apis, { ...member(entry('shop.users')), managed: true }];
    expect(linesOf(decide({ apis: [a] }, { releases: [{ ...pending, apis }] }))).toEqual([]);
  });

  it('takes an API that is called like one of a source for what it is', () => {
    const releases = [release('shop', 'Pending', [entry('shop.orders')])];
    expect(linesOf(decide({ apis: [entry('shop.orders')] }, { releases }))).toEqual([]);
    expect(linesOf(decide({}, { releases }))).toEqual(['- api shop.orders of migration shop']);
  });

  it.each([
    ['running', 'migrate'],
    ['queued', 'migrate'],
    ['in_doubt', 'migrate'],
    ['aborting', 'rollback'],
  ] as const)('is watched while a run is %s (%s)', (state, kind) => {
    const releases = [release('shop', 'In Progress', [a], { uuid: 'r', state, kind })];
    expect(decide({ apis: [a] }, { releases })).toMatchObject({ kind: 'watch', run: { uuid: 'r' } });
  });

  it('joins a sync that is under way when nothing is to be changed, and waits for it otherwise', () => {
    const releases = [release('shop', 'Pending', [a], { uuid: 'r', state: 'running', kind: 'sync' })];
    expect(decide({ apis: [a] }, { releases })).toMatchObject({ kind: 'migrate', actions: [] });
    expect(decide({ apis: [a, b] }, { releases })).toMatchObject({ kind: 'watch' });
  });

  it('is not another one for what an API becomes, if that is the same', () => {
    const next = { fields: [{ name: 'id', type: 'Number' as const, required: true }] };
    const apis = [entry('a', 't', { next })];
    expect(decide({ apis }, { releases: [release('shop', 'Completed', apis)] })).toMatchObject({ kind: 'nothing' });
    expect(decide({ apis }, { releases: [release('shop', 'Completed', [a])] })).toMatchObject({ release: 'shop-2' });
  });
});

describe('endpoints, templates and APIs', () => {
  const url = 'postgresql://ann:secret@db:5433/shop';
  const users = { id: 'users', kind: 'Postgres' as const, config: { url } };
  const known = (config: object): Actual['endpoints'] =>
    new Map([['users', { id: 'users', uuid: 'uuid-users', description: null, config } as unknown as Endpoint]]);
  const same = { host: 'db', port: 5433, database: 'shop', username: 'ann', ssl_mode: 'disable', pool_size: 10 };

  it('are created when they are not there', () => {
    const template = { id: 't9', template: { endpoint: 'users', kind: 'Read', template: { query: 'SELECT 1' } } };
    const actions = decideDefinitions(
      desired({ endpoints: [users], templates: [template as TemplateEntry], apis: [entry('a')] }),
      actual(),
    );
    expect(actions.map(describeAction)).toEqual(['+ endpoint users', '+ template t9', '+ api a']);
  });

  it('an endpoint is left alone when it leads to the same place', () => {
    expect(decideDefinitions(desired({ endpoints: [users] }), actual({ endpoints: known(same) }))).toEqual([]);
  });

  it.each([
    ['postgres', 5432],
    ['postgresql', 5432],
    ['mysql', 3306],
    ['mariadb', 3306],
  ])('an endpoint whose URL begins with %s:// is compared by what the URL says', (scheme, port) => {
    const endpoint = { ...users, config: { url: `${scheme}://ann:secret@d%62/shop` } };
    const decided = (has: object) =>
      decideDefinitions(desired({ endpoints: [endpoint] }), actual({ endpoints: known(has) }));
    expect(decided({ ...same, port })).toEqual([]);
    expect(decided({ ...same, port: 5433 })).toMatchObject([{ changed: ['port'] }]);
  });

  it('an endpoint that leads elsewhere says from where to where, without its password', () => {
    const [action] = decideDefinitions(
      desired({ endpoints: [users] }),
      actual({ endpoints: known({ ...same, host: 'old' }) }),
    );
    expect(action).toMatchObject({ do: 'update endpoint', changed: ['host'], address: { from: 'ann@old:5433/shop' } });
    expect(describeAction(action as never)).toBe('~ endpoint users: from ann@old:5433/shop to ann@db:5433/shop');
    const pool = { ...users, config: { url, pool_size: 3 } };
    const [other] = decideDefinitions(desired({ endpoints: [pool] }), actual({ endpoints: known(same) }));
    expect(other).toMatchObject({ changed: ['pool_size'], address: null });
  });

  it('an endpoint of several hosts is left alone when they are the same', () => {
    const list = 'postgresql://ann:secret@db:5433,db2:5434/shop?target_session_attrs=primary';
    const several = { ...users, config: { url: list } };
    const has = { ...same, other_hosts: ['db2:5434'], target_session_attrs: 'primary' };
    expect(decideDefinitions(desired({ endpoints: [several] }), actual({ endpoints: known(has) }))).toEqual([]);
    const [moved] = decideDefinitions(desired({ endpoints: [several] }), actual({ endpoints: known(same) }));
    expect(moved).toMatchObject({ changed: ['target_session_attrs', 'other_hosts'] });
    expect(describeAction(moved as never)).toContain('from ann@db:5433/shop to ann@db:5433,db2:5434/shop');
    const { url: _, ...fields } = { ...several.config, ...has };
    const inFields = { ...users, config: fields };
    expect(decideDefinitions(desired({ endpoints: [inFields] }), actual({ endpoints: known(has) }))).toEqual([]);
    const other = { ...has, other_hosts: ['db3:5434'] };
    const [otherHosts] = decideDefinitions(desired({ endpoints: [inFields] }), actual({ endpoints: known(other) }));
    expect(otherHosts).toMatchObject({ changed: ['other_hosts'] });
  });

  it.each(['postgresql://ann:sec/ret@db:5433/shop', 'postgresql://ann:sec#ret@db/shop', 'ann:sec ret@db'])(
    'an address that cannot be read is sent, so that the service says what is wrong, and never shown (%s)',
    (text) => {
      const [action] = decideDefinitions(
        desired({ endpoints: [{ ...users, config: { url: text } }] }),
        actual({ endpoints: known(same) }),
      );
      expect(action).toMatchObject({ do: 'update endpoint' });
      expect(describeAction(action as never)).not.toMatch(/sec|ret/);
    },
  );

  it('a template is compared key by key, and loses what the file has no more', () => {
    const text = { query: 'SELECT 1' };
    const service = {
      id: 't',
      uuid: 'u',
      description: null,
      template: { endpoint_uuid: 'uuid-users', endpoint_kind: 'Postgres', kind: 'Read', template: text },
      defaults: { a: 1 },
      retries: 3,
    } as unknown as Template;
    const has = actual({ endpoints: known(same), templates: new Map([['t', service]]) });
    const inFile = (parts: object): TemplateEntry =>
      ({
        id: 't',
        template: { endpoint: 'users', kind: 'Read', template: text },
        defaults: { a: 1 },
        retries: 3,
        ...parts,
      }) as TemplateEntry;
    const changed = (parts: object): unknown =>
      decideDefinitions(desired({ templates: [inFile(parts)] }), has).map(
        (action) => (action as { changed: unknown }).changed,
      );
    expect(changed({})).toEqual([]);
    expect(changed({ defaults: { a: 2 } })).toEqual([['defaults']]);
    expect(changed({ retries: undefined })).toEqual([['retries']]);
    expect(changed({ template: { endpoint: 'orders', kind: 'Read', template: text } })).toEqual([['template']]);
    expect(changed({ template: { endpoint: 'users', kind: 'Read', template: { query: 'SELECT 2' } } })).toEqual([
      ['template'],
    ]);
  });
});
