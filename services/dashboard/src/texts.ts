/*
 * Every English text of the dashboard. What the service says (its errors, findings, reasons) is shown as it says it.
 */

const STATES: Readonly<Record<string, string>> = {
  Pending: 'Pending',
  'In Progress': 'In progress',
  Completed: 'Completed',
  Failed: 'Failed',
  'Rolled Back': 'Rolled back',
  queued: 'Queued',
  waiting_for_lock: 'Waiting for the lock',
  running: 'Running',
  paused: 'Paused',
  prepared: 'Prepared',
  committing: 'Committing',
  succeeded: 'Succeeded',
  failed: 'Failed',
  aborting: 'Undoing',
  compensating: 'Taking back',
  cancelled: 'Cancelled',
  in_doubt: 'In doubt',
  pending: 'Pending',
  rolled_back: 'Rolled back',
  applied: 'Applied',
  changed: 'Changed',
  missing: 'Missing',
  refused: 'Refused',
};

interface BatchesText {
  readonly template: string;
  readonly database: string;
  readonly rows: number;
  readonly estimated: number | null;
  readonly waits: string | null;
}

export const TEXTS = {
  product: 'Eden',
  navigation: 'Pages',
  menu: 'Menu',
  skip: 'Skip to the content',
  loading: 'Reading…',
  working: 'Working…',
  close: 'Close',
  back: 'Go back',
  none: '–',
  states: STATES,

  menus: { work: 'Releases', definitions: 'Definitions', access: 'Access' },

  live: {
    connecting: 'Connecting…',
    live: 'Live',
    lost: 'Reconnecting…',
  },

  theme: { label: 'Theme', system: 'System', light: 'Light', dark: 'Dark' },

  time: {
    now: 'just now',
    ago: (what: string) => `${what} ago`,
  },

  keys: {
    title: 'Keys',
    help: 'Show these keys',
    search: 'Search this list',
    next: 'Next row',
    previous: 'Row before',
    goTo: (page: string) => `Go to ${page}`,
  },

  login: {
    title: 'Log in',
    again: 'Log in again',
    againWhy:
      'Your session has ended. The page behind this stays as it is, and what you were doing goes on afterwards.',
    organization: 'Organization',
    username: 'User',
    password: 'Password',
    submit: 'Log in',
    out: 'Log out',
    provider: (host: string) => `Log in by ${host}`,
  },

  errors: {
    unreachable: 'The service does not answer.',
    unreachableAdvice: 'It may be restarting. Nothing that you see here is lost; try again in a moment.',
    retry: 'Try again',
    reload: 'Load the page anew',
    request: 'request',
    crash: 'This page has a mistake and cannot be shown.',
    crashAdvice: 'The other pages work. Load this one anew; if it stays, tell whoever operates the service.',
  },

  tooLow: {
    title: 'Not for your level',
    what: (level: string) => `This page needs the level ${level}.`,
    advice: 'Ask somebody who administers the organization for it.',
  },

  nowhere: {
    title: 'Nothing here',
    what: 'There is no page at this address.',
    home: 'To the migrations',
  },

  fields: {
    id: 'Name',
    idHint: 'Letters, digits, _ . and -, beginning with a letter or digit. It cannot be changed.',
    uuid: 'UUID',
    description: 'Description',
    noJson: (label: string, why: string) => `${label} is no JSON: ${why}`,
    noObject: (label: string) => `${label} has to be an object: { … }`,
  },

  listing: {
    noMatch: 'Nothing fits these filters.',
    showAll: 'Show all',
    askAnAdmin: 'Somebody with the level Admin can make one.',
  },

  rows: { remove: 'Remove', up: 'Move up' },

  findings: {
    severities: { warning: 'Warning', danger: 'Danger' },
    silenced: 'Silenced',
  },

  copied: { verb: 'Copy', done: 'Copied.' },

  secret: {
    once: 'This is shown once. Keep it where you keep secrets; if it is lost, rotate it.',
    kept: 'I have kept it',
  },

  definition: {
    create: 'Create',
    change: 'Change',
    changeTitle: (id: string) => `Change ${id}`,
    save: 'Save',
    changed: (id: string) => `${id}: changed.`,
    changedByOthers: (what: readonly string[]) =>
      `Somebody else has changed its ${what.join(', ')} since this page was opened. Go back to look at that; to put yours in its place, save once more.`,
    delete: 'Delete',
    deleteTitle: (id: string) => `Delete ${id}?`,
    deleted: (id: string) => `${id} is deleted.`,
    made: 'Made',
    lastChanged: 'Changed',
  },

  leaving: {
    title: 'Leave this page?',
    consequences: ['What you have written here is not saved, and is lost.'],
    verb: 'Leave it',
  },

  endpoints: {
    title: 'Endpoints',
    list: 'Endpoints, the newest first',
    search: 'Search names and hosts',
    columns: { id: 'Endpoint', kind: 'Kind', place: 'Leads to', answer: 'Answers in', age: 'Changed' },
    kinds: { Postgres: 'PostgreSQL', MySQL: 'MariaDB', Http: 'HTTP' },
    anyKind: 'Any kind',
    empty: 'There are no endpoints yet.',
    emptyAdvice: 'An endpoint is a database, or a service, that migrations reach. Make one above.',
    create: {
      verb: 'New endpoint',
      title: 'New endpoint',
      what: [
        'Its credentials are stored encrypted, and never shown again.',
        'It is not connected to before somebody tests it, or a migration is synced.',
      ],
      done: (id: string) => `${id} is made. Test whether it answers.`,
    },
    deleteWhat: [
      'Eden forgets it, with its credentials. Nothing in the database is touched.',
      'While templates or sources use it, it is refused.',
    ],
    config: {
      url: 'URL',
      host: 'Host',
      port: 'Port',
      database: 'Database',
      username: 'User',
      ssl_mode: 'TLS',
      pool_size: 'Connections',
      base_url: 'Base URL',
      headers: 'Headers',
      timeout_ms: 'Limit of one try (ms)',
      other_hosts: 'Other hosts',
      target_session_attrs: 'Takes which host',
    } as Readonly<Record<string, string>>,
    usedBy: 'Templates that use it',
    unused: 'No template uses it.',
    form: {
      kind: 'Kind',
      way: 'How it is reached',
      ways: { url: 'By URL', fields: 'By fields' },
      url: 'URL',
      host: 'Host',
      port: 'Port',
      database: 'Database',
      username: 'User',
      password: 'Password',
      ssl: 'TLS',
      pool: 'Connections',
      poolHint: 'That executions of APIs may hold at once, for each gateway.',
      secretHint: 'Or env:NAME or file:PATH, which stay with the service.',
      baseUrl: 'Base URL',
      headers: 'Headers',
      headersHint: 'One to a line. A value may be env:NAME or file:PATH.',
      timeout: 'Limit of one try (ms)',
      badHeader: (line: string) => `No header: ${line}. It is written as Name: value.`,
      move: 'Change how it is reached',
      changeWhat: ['Only the description changes. Plans stay as they are.'],
      moveWhat: [
        'What you give here takes the place of the whole configuration: give the password again.',
        'Plans that were made with it are void: their migrations have to be synced again.',
        'While a run uses it, it is refused.',
      ],
    },
    testAll: {
      verb: (count: number) => (count === 1 ? 'Test this one' : `Test these ${count}`),
      waiting: 'asked',
      result: (good: number, bad: number, all: number) =>
        `${good} of ${all} answer${bad === 0 ? '' : `, ${bad} ${bad === 1 ? 'does' : 'do'} not`}.`,
    },
    test: {
      title: 'What it can promise',
      verb: 'Test the connection',
      notYet: 'Nobody has tested it here yet. A test connects, asks the server what it can, and changes nothing.',
      connection: 'Connection',
      connected: 'Connected',
      latency: 'Answers in',
      version: 'Server',
      promise: 'Best level of a migration',
      preparing: 'Prepared transactions',
      slots: (free: number, all: number) => `${free} of ${all} free`,
      notPossible: 'not possible',
    },
  },

  templates: {
    title: 'Templates',
    list: 'Templates, the newest first',
    search: 'Search names and descriptions',
    columns: { id: 'Template', kind: 'Kind', endpoint: 'Endpoint', rollback: 'Rollback', age: 'Changed' },
    kinds: {
      Read: 'Reads',
      Write: 'Writes',
      Transaction: 'Transaction',
      TwoPhaseTransaction: 'Two-phase transaction',
    },
    anyKind: 'Any kind',
    anyEndpoint: 'Any endpoint',
    hasRollback: 'has one',
    empty: 'There are no templates yet.',
    emptyAdvice:
      'A template is a statement with placeholders, for one endpoint. APIs and migrations are made of them; folders of SQL need none.',
    create: { verb: 'New template', title: 'New template', done: (id: string) => `${id} is made.` },
  },

  template: {
    endpoint: 'Endpoint',
    chooseEndpoint: 'Choose one',
    parameters: 'Parameters',
    kind: 'Kind',
    kindHints: {
      Read: 'Changes nothing: the level Read may run it.',
      Write: 'One text, of one statement or several.',
      Transaction: 'Several operations, all or none.',
      TwoPhaseTransaction: 'As a transaction, and refused where it could not be prepared.',
    },
    text: 'Text',
    textOf: (id: string) => `Text of ${id}`,
    operation: (number: number) => `operation ${number}`,
    addOperation: (label: string) => `${label}: one operation more`,
    rollback: 'Rollback',
    rollbackOf: (id: string) => `Rollback of ${id}`,
    rollbackHint: 'What undoes it, with the same parameters. Empty: nothing does.',
    noRollback: 'Nothing undoes it: a migration with it cannot be rolled back.',
    requestHint: 'The request as JSON: method, path, headers, body.',
    settings: 'Settings',
    settingsHint:
      'As JSON: defaults, outputs, expect, batch, timeout_ms, lock_timeout_ms, retries, transactional. Empty: none.',
    values: 'Values for the preview',
    valuesHint: 'As JSON. They are not kept.',
    plain: 'Take the text as it is, without placeholders',
    beside: 'Parameters of the driver, and batch',
    besideOf: (label: string) => `More of ${label.toLowerCase()}`,
    besideHint: 'As JSON: params, batch.',
    usedBy: 'APIs that use it',
    unused: 'No API uses it.',
    changeWhat: [
      'APIs that use it run the new text from now on.',
      'Plans that were made with it are void: their migrations have to be synced again.',
      'While a run uses it, it is refused.',
    ],
    deleteWhat: ['Eden forgets it. Nothing in a database is touched.', 'While APIs use it, it is refused.'],
    tryTitle: (id: string) => `Run ${id}?`,
    tryWhat: [
      'It runs now, for real, and commits. There is no way back but its rollback.',
      'It is no part of a migration.',
    ],
    preview: {
      title: 'What it becomes',
      nothing: 'Choose an endpoint and write a text: the statement stands here as it would run.',
      statement: (number: number) => `Statement ${number}, rendered`,
      params: 'Parameters of the driver:',
      wanted: (parameter: string) => `Give a value for ${parameter} to see it rendered, or a default in the settings.`,
      findings: 'Findings',
      noFindings: 'Nothing dangerous found',
      classes: {
        '2pc': 'Takes part in a transaction over several databases',
        'one-phase': 'Takes part in the transaction of its database, which has to be the last',
        compensable: 'Runs outside the transaction, and can be taken back',
        irreversible: 'Runs outside the transaction, and cannot be taken back',
      },
    },
  },

  apis: {
    title: 'APIs',
    list: 'APIs, the newest first',
    search: 'Search names and descriptions',
    columns: { id: 'API', fields: 'Fields', bindings: 'Bindings', migration: 'Migration', age: 'Changed' },
    kind: 'Which',
    own: 'Without those of folders',
    withSources: 'With those of folders',
    ofSource: 'of a folder of a migration',
    empty: 'There are no APIs yet.',
    emptyAdvice:
      'An API is an input and the templates that it runs. Make one here, or describe it in eden.yaml and apply that; migrations from folders need none.',
    emptyCommand: 'npx eden apply',
    create: { verb: 'New API', title: 'New API', done: (id: string) => `${id} is made.` },
  },

  api: {
    fields: 'Fields',
    noFields: 'It takes no input.',
    required: 'required',
    types: { String: 'text', Number: 'number', Boolean: 'yes or no', Object: 'object', Array: 'list' },
    bindings: 'Bindings, in their order',
    noBindings: 'It runs nothing by itself.',
    addField: 'Add a field',
    fieldName: 'Field',
    fieldNameHint: 'A path, such as customer.id; items.id speaks of each of items.',
    fieldType: 'Type',
    fieldRequired: 'It has to be given',
    addBinding: 'Add a binding',
    template: 'Template',
    chooseTemplate: 'Choose one',
    values: 'Values',
    valuesOf: (number: number) => `Values of binding ${number}`,
    valuesHint: (parameters: readonly string[]) =>
      `As JSON: for each parameter a path into the input, or {"literal": …}.${parameters.length === 0 ? '' : ` It needs ${parameters.join(', ')}.`}`,
    changeWhat: [
      'Applications that call it get the new definition from now on; executions that are under way are waited for.',
      'What a migration does with it stays as it is: that has bindings of its own.',
      'While a run has it, the change waits, and is refused when that takes long.',
    ],
    membership: 'Migration',
    noMembership: 'It is in no migration.',
    migration: 'In',
    stage: 'Stage',
    synced: 'Synced',
    isSynced: 'as it is now',
    isNotSynced: 'not yet',
    migrationBindings: (count: number) =>
      count === 1 ? '1 binding in the migration' : `${count} bindings in the migration`,
    next: 'What it becomes when the migration commits',
    deleteWhat: [
      'Applications that call it get 404 from now on.',
      'Its templates stay. While a migration has it, it is refused.',
    ],
    tryTitle: (id: string) => `Run ${id}?`,
    tryWhat: [
      'It runs now, for real: its bindings in their order, in one transaction for each endpoint, which commits.',
      'Its templates write. There is no way back.',
    ],
  },

  tryIt: {
    title: 'Try it',
    input: 'Input',
    reads: 'As JSON. It only reads.',
    writes: 'As JSON. It writes: you are asked before it runs.',
    verb: 'Run it',
    rows: (count: number) => (count === 1 ? '1 row' : `${count} rows`),
    rowsOf: (name: string) => `Rows of ${name}`,
    further: (count: number) => `and ${count} more, which are not shown`,
  },

  grants: {
    title: 'Grants',
    titleOn: (id: string) => `Grants on ${id}`,
    what: 'A grant stands in place of the level in the organization, above or below it, on this alone.',
    list: (id: string) => `Grants on ${id}, by name`,
    columns: { subject: 'Who', level: 'Level here' },
    levels: {
      None: 'None: kept from it',
      Read: 'Read',
      Write: 'Write',
      Admin: 'Admin',
      SuperAdmin: 'SuperAdmin',
    },
    empty: 'There are no grants on it.',
    emptyAdvice: 'Everybody has here the level that they have in the organization.',
    subjectHint: 'A user, a robot, or provider:<sub> for a subject of the identity provider.',
    give: {
      verb: 'Give a level',
      title: (id: string) => `Give a level on ${id}`,
      change: (subject: string) => `Change the level of ${subject}`,
      consequences: [
        'It counts from the next request on, in place of the level in the organization.',
        'Nobody gives a level above their own.',
      ],
      done: (subject: string) => `${subject} has another level here.`,
    },
    take: {
      verb: 'Take away',
      title: (subject: string) => `Take the grant of ${subject} away?`,
      what: ['From the next request on, the level in the organization holds here again.'],
      done: (subject: string) => `${subject} has the level of the organization again.`,
    },
  },

  audit: {
    title: 'Audit',
    list: 'Entries of the audit, the newest first',
    columns: { action: 'What', subject: 'On what', actor: 'Who', result: 'Result', at: 'When' },
    since: 'Since',
    until: 'Until',
    filter: 'Filter',
    results: { success: 'Done', succeeded: 'Done' } as Readonly<Record<string, string>>,
    empty: 'Nothing has been done yet.',
    origin: 'From',
    request: 'Request',
    link: 'Place in the chain',
    noLink: 'not yet',
    data: 'What stands in the entry beside it',
    export: 'Export JSONL',
    exportFailed: (why: string) => `The export has failed: ${why}`,
    verify: {
      verb: 'Verify',
      title: 'Verify the audit',
      what: 'Looks at every entry of the organization: whether one was changed, removed or inserted since it was written.',
      known: 'Earlier head',
      knownHint: 'As <position>:<hash>, kept elsewhere: whether the chain still leads through it. May be empty.',
      intact: 'Intact: nothing was found',
      notIntact: 'Not intact: somebody has touched it',
      links: 'Entries',
      waiting: 'Without a place yet',
      checkpoint: 'Pruned up to',
      at: (position: number) => `at ${position}`,
      further: (count: number) => `and ${count} more`,
      head: 'Head of the chain. Keep it elsewhere, and verify with it later.',
    },
  },

  users: {
    title: 'Users',
    list: 'Users, the newest first',
    search: 'Search names and descriptions',
    columns: { name: 'Name', level: 'Level', age: 'Made' },
    levels: {
      Read: 'Read: sees everything, changes nothing',
      Write: 'Write: also runs what writes',
      Admin: 'Admin: also defines, migrates, and manages Read and Write',
      SuperAdmin: 'SuperAdmin: also manages Admins',
    },
    anyLevel: 'Any level',
    empty: 'There are no users.',
    nameHint: 'A name or an e-mail address. Users and robots share one set of names; it cannot be changed.',
    password: 'Password',
    newPassword: 'New password',
    newPasswordHint: 'At least 8 characters. Empty: it stays.',
    create: {
      verb: 'New user',
      title: 'New user',
      what: ['They can log in at once with this password. Tell it to them by other means.'],
      done: (name: string) => `${name} can log in.`,
    },
    changeWhat: [
      'A level counts from the next request on, also for whoever is logged in.',
      'A new password takes the place of the old one at once.',
    ],
    deleteWhat: [
      'They are logged out, and cannot log in any more. Their grants go with them.',
      'What they have done stays in the audit.',
    ],
    audit: 'What they have done',
  },

  revocations: {
    title: 'Revocations',
    list: 'Subjects of the identity provider that are not let in, the latest first',
    search: 'Search subjects and reasons',
    columns: { subject: 'Subject', reason: 'Why', who: 'By', age: 'Since' },
    empty: 'Nobody is kept out.',
    emptyAdvice:
      'Whoever the identity provider knows is let in by the claims of their token. Revoke those who are not to be, whatever their token says; users are deleted instead.',
    subjectHint: 'The sub of their token, without provider: in front.',
    revoke: {
      verb: 'Revoke',
      title: 'Revoke a subject',
      what: [
        'Whoever has this sub is refused from the next request on, and their sessions end.',
        'Whatever the identity provider says of them.',
      ],
      done: (subject: string) => `${subject} is let in no more.`,
    },
    end: {
      verb: 'Let in again',
      title: (subject: string) => `Let ${subject} in again?`,
      what: ['They may log in again, with the level that their token claims.'],
      done: (subject: string) => `${subject} may log in again.`,
    },
  },

  robots: {
    title: 'Robots',
    list: 'Robots, the newest first',
    search: 'Search names and descriptions',
    columns: { name: 'Name', level: 'Level', scopes: 'May be used for', end: 'Key is good until', age: 'Made' },
    scopes: {
      read: 'Read: reads what there is',
      execute: 'Execute: runs templates and APIs',
      migrate: 'Migrate: defines and migrates',
      approve: 'Approve: approves plans',
      gate: 'Gate: waits until a migration is done',
    },
    empty: 'There are no robots yet.',
    emptyAdvice: 'A robot is a program with a key of its own: a pipeline, an operator, an application.',
    forEver: 'for ever',
    asBefore: 'as long as the key before',
    expired: 'Expired',
    days: (days: number) => `${days} days`,
    key: 'Key',
    keyOf: (name: string) => `Key of ${name}`,
    create: {
      verb: 'New robot',
      title: 'New robot',
      what: ['Its key is shown once, now. Eden keeps only a hash of it.'],
    },
    rotate: {
      verb: 'Rotate the key',
      title: (name: string) => `Rotate the key of ${name}?`,
      what: ['The key that it has ends at once: whatever uses it is refused until it has the new one.'],
    },
    deleteWhat: ['Its key ends at once. Its grants go with it.', 'What it has done stays in the audit.'],
  },

  hooks: {
    title: 'Deploy hooks',
    list: 'Deploy hooks, the newest first',
    search: 'Search names and migrations',
    columns: { id: 'Hook', migrations: 'Migrations', actions: 'May', who: 'By', age: 'Changed' },
    all: 'all',
    allMigrations: 'All, also those to come.',
    actions: { sync: 'sync', migrate: 'migrate', sync_and_migrate: 'sync and migrate' },
    actionsLegend: 'What it may do; none chosen: everything',
    migrationsHint: 'Names, with spaces between them. Empty: all, also those to come.',
    empty: 'There are no deploy hooks yet.',
    emptyAdvice:
      'A hook is an address that a deployment calls, signed with a secret, to start a run. It can do nothing else.',
    secret: 'Secret',
    secretOf: (id: string) => `Secret of ${id}`,
    previous: 'Secret before is good until',
    address: 'Where it is called',
    addressHint: 'With X-Eden-Signature: t=<unix time>,v1=<hex HMAC-SHA256 of "t.body">.',
    create: {
      verb: 'New hook',
      title: 'New deploy hook',
      what: ['Its secret is shown once, now. Whoever has it can start the runs that you allow here.'],
    },
    rotate: {
      verb: 'Rotate the secret',
      title: (id: string) => `Rotate the secret of ${id}?`,
      what: [
        'A new secret is shown once.',
        'The one before stays good for as long as you say, so that no call is refused.',
      ],
      overlap: 'The one before is good for',
      hours: (hours: number) =>
        hours === 0
          ? 'nothing: it ends at once'
          : hours < 48
            ? hours === 1
              ? '1 hour'
              : `${hours} hours`
            : `${hours / 24} days`,
    },
    deleteWhat: ['Calls with its secret are refused from now on. Runs that it has started go on.'],
  },

  webhooks: {
    title: 'Webhooks',
    list: 'Webhooks, the newest first',
    search: 'Search hosts and events',
    columns: { url: 'Leads to', format: 'Format', events: 'Events', who: 'By', age: 'Made' },
    formats: { json: 'JSON', slack: 'Slack' },
    events: {
      'run.queued': 'A run is accepted',
      'run.started': 'A run has started',
      'run.succeeded': 'A run has succeeded',
      'run.failed': 'A run has failed',
      'run.cancelled': 'A run was cancelled',
      'run.in_doubt': 'A run is in doubt',
      'run.blocked': 'A run waits for a lock of somebody else',
      'approval.wanted': 'A migration awaits approval',
    },
    noEvents: 'Choose at least one event.',
    empty: 'There are no webhooks yet.',
    emptyAdvice: 'A webhook tells Slack, or a program, of runs: when they fail, wait, or need a person.',
    address: 'URL',
    addressHint: 'Stored encrypted; only its host is shown afterwards. The operator says which hosts may be reached.',
    secret: 'Secret',
    secretTitle: 'Secret of the webhook',
    create: {
      verb: 'New webhook',
      title: 'New webhook',
      what: [
        'From now on it is told of these events of all migrations.',
        'The secret that signs what is sent is shown once, now.',
      ],
    },
    test: {
      verb: 'Send a test',
      title: (url: string) => `Send a test to ${url}?`,
      what: ['One event webhook.test is sent. How that goes stands among the deliveries.'],
      done: 'The test is on its way.',
    },
    deleteWhat: ['It is told of nothing any more. What is on its way to it is gone.'],
  },

  deliveries: {
    title: 'Deliveries',
    list: 'Deliveries, the newest first',
    columns: { type: 'Event', state: 'State', answer: 'Answer', attempts: 'Tries', age: 'When' },
    states: { pending: 'On its way', delivered: 'Delivered', dead: 'Given up' },
    look: 'Look again',
    empty: 'It has been told of nothing yet.',
    emptyAdvice: 'Send a test to see whether it arrives.',
    next: 'Next try',
    finished: 'Finished',
    id: 'Id of the event',
    body: 'What is sent',
    again: {
      verb: 'Send again',
      title: (type: string) => `Send ${type} again?`,
      what: ['It is sent once more, with the same id, and tried for another day.'],
      done: 'It is on its way again.',
    },
  },

  releases: {
    title: 'Migrations',
    list: 'Migrations, the newest first',
    search: 'Search ids and descriptions',
    all: 'All',
    columns: {
      id: 'Migration',
      state: 'State',
      run: 'Latest run',
      level: 'Level',
      progress: 'Progress',
      who: 'By',
      age: 'Changed',
    },
    empty: 'There are no migrations yet.',
    emptyAdvice: 'A migration is made by the command line, from your folders of SQL:',
    emptyCommand: 'npx eden init\nnpx eden apply',
    never: 'never run',
    anyLevel: 'Any level',
  },

  runs: {
    title: 'Runs',
    list: 'Runs, the newest first',
    search: 'Search by migration',
    columns: {
      migration: 'Migration',
      kind: 'Kind',
      state: 'State',
      progress: 'Progress',
      took: 'Took',
      who: 'By',
      age: 'Asked for',
    },
    kinds: { sync: 'Sync', migrate: 'Migrate', rollback: 'Rollback' } as Readonly<Record<string, string>>,
    all: 'Any state',
    anyKind: 'Any kind',
    state: 'State',
    kind: 'Kind',
    empty: 'Nothing has run yet.',
    emptyAdvice:
      'A run begins with a sync, which makes the plan of a migration; a migrate then does what stands in it.',
  },

  run: {
    title: (kind: string, migration: string) => `${kind} of ${migration}`,
    timeline: 'Timeline',
    leftOut: (time: string) => `${time} in which nothing happened are left out`,
    waitsFor: (who: string) => `Waits for ${who}`,
    notBegun: 'has not begun here',
    steps: (count: number) => `${count} steps`,
    progress: 'Bindings that are through',
    facts: {
      state: 'State',
      kind: 'Kind',
      by: 'Asked for by',
      cancelledBy: 'Cancelled by',
      asked: 'Asked for',
      took: 'Took',
      lock: 'Waited for the lock',
      attempt: 'Attempt',
      progress: 'Progress',
      trace: 'Trace',
    },
    stepList: 'Steps, in their order',
    stepsTitle: 'Steps',
    stepColumns: { name: 'Step', place: 'Database', state: 'State', rows: 'Rows', took: 'Took', tries: 'Tries' },
    noSteps: 'It has no steps yet: they are known when it starts.',
    noStepsSync: 'A sync looks at everything and changes nothing: what it has found is the plan.',
    outside: 'Outside the transaction',
    before: 'before it',
    after: 'after the commit',
    tries: 'Tries before',
    attempts: 'Attempts before',
    attempt: (number: number) => `Attempt ${number}`,
    log: 'What happened',
    logList: 'Events of the run, the latest first',
    logColumns: { at: 'At', what: 'What' },
    selected: 'Chosen step',
    rows: 'Rows',
    began: 'Began',
    api: 'API',
    file: 'Version',
  },

  events: {
    queued: (kind: string, actor: string, behind: boolean) =>
      `${actor} asked for a ${kind}${behind ? ', behind the sync that runs' : ''}`,
    waitingForLock: 'Waits for the lock',
    waiting: (reason: string, endpoint: string | undefined) =>
      `${endpoint === undefined ? '' : `${endpoint}: `}waits: ${reason}`,
    approvalWanted: (plan: string) => `Plan ${plan} waits for approval`,
    rehearsing: (databases: number, apis: number) =>
      `Rehearses in ${databases} databases; the gates of ${apis} APIs are closed meanwhile`,
    batches: ({ template, database, rows, estimated, waits }: BatchesText) =>
      `${database}: ${template} has done ${rows}${estimated === null ? '' : ` of about ${Math.round(estimated)}`} rows${waits === null ? '' : `; waits: ${waits}`}`,
    paused: (actor: string) => `Paused by ${actor}`,
    resumed: (actor: string) => `Resumed by ${actor}`,
    tuned: (actor: string, tuning: Readonly<Record<string, number | null | undefined>>) =>
      `Pace changed by ${actor}: ${Object.entries(tuning)
        .map(([name, value]) => `${name} ${value ?? 'none'}`)
        .join(', ')}`,
    started: (attempt: number, waited: string) => `Attempt ${attempt} has started, after ${waited} for the lock`,
    apiFinished: (api: string, state: string, rows: number, took: string) =>
      `${api}: ${state.toLowerCase()}, ${rows} rows in ${took}`,
    blocked: (endpoint: string, who: string) => `${endpoint} waits for ${who}`,
    notice: (endpoint: string, severity: string, message: string) => `${endpoint} says ${severity}: ${message}`,
    furtherNotices: (count: number) => `${count} more notices, which are not kept`,
    identified: (endpoint: string, change: string) =>
      change === 'moved'
        ? `${endpoint} is a database that was elsewhere before`
        : `${endpoint} is a copy, and has an id of its own now`,
    prepared: (count: number) => `All ${count} databases are prepared`,
    deciding: 'All databases but the last are prepared; that one commits now, and decides',
    decided: 'The commit point is passed: it will commit everywhere',
    committed: (endpoint: string) => `${endpoint} has committed`,
    inDoubt: 'In doubt: a person has to decide',
    stepsStarted: (count: number, phase: string) =>
      `${count} steps ${phase === 'before' ? 'before the transaction' : 'after the commit'} begin`,
    step: (template: string, endpoint: string, state: string, reason: string | undefined) =>
      `${endpoint}: ${template} ${state}${reason === undefined ? '' : `: ${reason}`}`,
    stepsFinished: (phase: string) =>
      `All steps ${phase === 'before' ? 'before the transaction' : 'after the commit'} are done`,
    compensating: 'It has failed: what was done outside the transaction is taken back',
    aborting: (outcome: string, reason: string | undefined) =>
      `${outcome === 'requeue' ? 'Is undone, to be tried again' : 'Is undone: nothing of it will stay'}${reason === undefined ? '' : ` (${reason})`}`,
    contradicted: (endpoint: string, details: string) => `${endpoint} says otherwise than the run: ${details}`,
    requeued: (attempt: number, reason: string | undefined) =>
      `Attempt ${attempt} follows${reason === undefined ? '' : `: ${reason}`}`,
    recovered: (worker: string | undefined) =>
      `Another worker goes on with it${worker === undefined ? '' : `: ${worker} ended without a word`}`,
    finished: (state: string, error: string | undefined) => (error === undefined ? state : `${state}: ${error}`),
  },

  failure: {
    title: 'What has failed',
    on: (place: string) => `on ${place}`,
    message: 'Error',
    place: 'Where',
    at: (statement: number, line: number | undefined, column: number | undefined) =>
      `statement ${statement}${line === undefined ? '' : `, line ${line}`}${column === undefined ? '' : `, column ${column}`}`,
    line: (line: number) => `line ${line}`,
    sqlstate: 'SQLSTATE',
    detail: 'DETAIL',
    hint: 'HINT',
    context: 'CONTEXT',
    constraint: 'Constraint',
    blockers: 'Waited for',
    suggestion: 'Suggestion',
    statement: (number: number) => `Statement ${number}`,
    whatToDo: 'What to do:',
    advice: {
      otherwise: 'Nothing has changed in any database. Mend what is named above, sync, and migrate again.',
      codes: {
        SOURCE_REFUSED: 'Nothing has changed. Mend the files that are named, put the source again, and sync.',
        SOURCE_CHANGED:
          'Somebody has changed the history in the database since the sync. Nothing was changed: sync again and read the new plan.',
        ATOMICITY_REFUSED:
          'Nothing has changed. Take the steps that are named out of this migration, or set its atomicity to "best" and read in the plan what is promised then.',
        PLAN_OUT_OF_DATE: 'Something that the plan was made from has changed. Sync again and read the new plan.',
        LOCK_TIMEOUT: 'Somebody else had the lock for too long. Wait until their run has ended, then try again.',
        ENDPOINT_UNAVAILABLE:
          'A database cannot be reached. Nothing has changed: see that it is up and its endpoint is right, then try again.',
        TARGET_RIGHTS_MISSING: 'The user of the endpoint lacks a right. Grant it in the database, then sync again.',
        EXPECTATION_FAILED:
          'A check of the migration has not found what it expects. Nothing has changed: look at the data it names.',
        RUN_CANCELLED: 'It was cancelled, and nothing of it stays. Migrate again when it may run.',
      } as Readonly<Record<string, string>>,
      sqlstates: {
        '23505':
          'Rows that must be unique are not. Nothing has changed: mend the rows that DETAIL names, then migrate again.',
        '23503':
          'A row refers to one that is not there. Nothing has changed: mend the rows that DETAIL names, then migrate again.',
        '23502':
          'A column that may not be empty is, in some row. Nothing has changed: fill it first, then migrate again.',
        '23514': 'A row breaks a check. Nothing has changed: mend the rows, or the check, then migrate again.',
        '42P01':
          'The table is not there. Nothing has changed: see whether an earlier file makes it, or the search_path is another.',
        '42P07':
          'It is there already. Nothing has changed: somebody may have made it by hand; drop it, or use IF NOT EXISTS.',
        '42701': 'The column is there already. Nothing has changed: somebody may have added it by hand.',
        '42703': 'The column is not there. Nothing has changed: mend the name, then put the file again and sync.',
        '42601': 'The statement has a mistake in it. Nothing has changed: mend it, put the file again and sync.',
        '55P03':
          'Somebody held a lock on the table for longer than it waits. Nothing has changed: end what stands above, or try again at a quieter time.',
        '57014':
          'The statement took longer than its time limit. Nothing has changed: raise timeout_ms, or do the work in batches.',
        '40': 'Two transactions got into each other’s way. Nothing has changed: migrate again.',
        '42501':
          'The user of the endpoint lacks a right. Nothing has changed: grant it in the database, then migrate again.',
      } as Readonly<Record<string, string>>,
    },
  },

  doubt: {
    title: 'In doubt: a person has to decide',
    decided: 'The commit point was passed: every database that is not named here has committed.',
    undecided: 'The commit point was not passed: no database that is not named here has anything of it.',
    ledger: (state: string) => `ledger ${state}`,
    what: 'At least one database is neither prepared nor committed as far as anybody can tell. Nothing more happens until somebody has looked.',
    advice:
      'Look into each database that is named. If what it should have is there, or has been brought there by hand, resolve by commit; if nothing of it is there anywhere, by abort.',
  },

  blocked: {
    title: 'Waits',
    waits: (endpoint: string) => `${endpoint} waits for somebody else`,
    statementOf: (pid: number | null) => `Statement of ${pid ?? 'the session'}`,
    advice:
      'It goes on by itself as soon as they end. If they do not, end their session in the database, or cancel this run: nothing of it will stay.',
  },

  migration: {
    up: 'Migrations',
    tabs: { run: 'Run', plan: 'Plan', sources: 'Sources', history: 'History', settings: 'Settings', drift: 'Drift' },
    parts: 'Parts of this migration',
    made: 'made by',
    level: {
      atomic: 'Atomic',
      compensated: 'Compensated',
      'best effort': 'Best effort',
      none: 'Level unknown before a sync',
    } as Readonly<Record<string, string>>,
    levelWhat: {
      atomic: 'Either all databases have it or none.',
      compensated: 'What cannot be in the transaction is taken back when the rest fails.',
      'best effort': 'It is done in parts: some may stay when a later one fails.',
    } as Readonly<Record<string, string>>,
    noRun: 'It has not run yet.',
    noRunAdvice: 'Sync it: that looks at every database, changes nothing, and makes the plan.',
    noPlan: 'There is no plan.',
    noPlanAdvice: 'A sync makes it. What has changed since the last one has made that void.',
    planStale: 'The migration has changed since this plan was made. Sync again before you migrate.',
    planHash: 'Hash',
    findings: (count: number) => (count === 1 ? '1 finding' : `${count} findings`),
    noFindings: 'none',
    findingsTitle: 'Findings',
    databases: 'Databases',
    database: { role: 'as', version: 'server', last: 'Commits last, by itself' },
    estimated: (rows: number) => `about ${rows} rows`,
    statements: (count: number) => (count === 1 ? '1 statement' : `${count} statements`),
    fields: 'Fields',
    rehearsed: 'Rehearsed',
    notRehearsed: 'not this plan: nobody knows what it locks',
    rehearsedStep: (rows: number, took: string) => `rehearsed: ${rows === 1 ? '1 row' : `${rows} rows`} in ${took}`,
    gatesClosed: 'APIs would wait',
    locks: (count: number) => (count === 1 ? '1 lock in the rehearsal' : `${count} locks in the rehearsal`),
    held: (time: string) => `for ${time}`,
    vote: (time: string, log: string | null) => `Prepared in ${time}${log === null ? '' : `; ${log} of log written`}`,
    approval: {
      title: 'Approval',
      awaited: 'Awaits approval',
      by: (who: string) => `By ${who}`,
    },
    outside: (phase: string) => (phase === 'before' ? 'outside, before the transaction' : 'outside, after the commit'),
    undo: 'Taken back by',
    noUndo: 'Nothing takes it back.',
    later: 'Later parts, which cannot commit together with these',
    emptyPlan: 'There is nothing to do.',
    noSources: 'This migration has no folders.',
    noSourcesAdvice: 'Its work is in the bindings of its APIs. Folders of SQL come by the command line:',
    files: 'Files, in their order',
    fileColumns: { file: 'File', state: 'State', reason: 'Why', size: 'Size' },
    checked: 'looked at',
    live: 'Look now',
    looking: 'Looking…',
    fileText: (file: string) => `Text of ${file}`,
    parameters: 'Parameters',
    options: 'Options',
    labels: 'Labels',
    notes: 'Notes',
    apis: 'APIs',
    noApis: 'It has no APIs yet.',
    stage: 'Stage',
    bindings: (count: number) => (count === 1 ? '1 binding' : `${count} bindings`),
    lock: 'Lock',
    lockHolder: 'holds it',
    lockReader: 'reads',
    lockWaiting: 'waits',
    lockFree: 'Nobody holds or waits for it.',
    lockOf: (kind: string) => (kind === 'migration' ? 'the migration' : 'an API of it'),
    since: 'since',
    drift: {
      what: 'Schemas against those that the last run has left. What is the same in several databases stands here once;',
      none: 'No drift: the schemas are as the last run has left them.',
      list: 'Differences, object by object',
      columns: { object: 'Object', databases: 'In', diff: 'Was, and is' },
      changes: { added: 'Added', changed: 'Changed', removed: 'Removed' },
      databases: (ids: readonly string[]) =>
        ids.length === 1 ? (ids[0] ?? '') : `${ids.length} databases: ${ids.join(', ')}`,
    },
  },

  actions: {
    sync: {
      verb: 'Sync',
      title: (id: string) => `Sync ${id}?`,
      what: [
        'Reaches every database, checks every file and binding, and makes the plan.',
        'Changes nothing in any database but its own bookkeeping (_eden).',
        'Executions of its APIs wait while it takes the lock.',
      ],
      done: 'The sync has begun.',
    },
    rehearse: {
      verb: 'Rehearse',
      title: (id: string) => `Rehearse ${id}?`,
      what: [
        'Runs everything in transactions that are rolled back, and notes locks, rows and time.',
        'Takes the write lock and the gates as the real run does: executions of its APIs wait meanwhile.',
        'Sequences advance and are not set back.',
      ],
      done: 'The rehearsal has begun.',
    },
    migrate: {
      verb: 'Migrate',
      title: (id: string) => `Migrate ${id}?`,
      what: [
        'Executions of its APIs wait from the moment it starts until it has ended.',
        'It can be cancelled until its commit point; nothing of it stays then.',
      ],
      promise: {
        atomic: 'It commits in all databases or in none.',
        compensated: 'Its steps outside the transaction are taken back if the rest fails.',
        'best effort': 'It is done in parts: what was committed before a failure stays.',
      } as Readonly<Record<string, string>>,
      done: 'The migration has begun.',
    },
    approve: {
      verb: 'Approve',
      title: (id: string) => `Approve the plan of ${id}?`,
      plan: 'The plan with the hash',
      what: ['You approve this very plan: when it changes, the approval is void.', 'From then on it may be migrated.'],
      done: 'The plan is approved.',
      unread: 'The plan has not been read yet: nobody approves what they have not seen.',
    },
    pause: {
      verb: 'Pause',
      title: (id: string) => `Pause ${id}?`,
      what: [
        'It stops between two batches, or before its atomic part, and keeps what is done so far.',
        'Inside the atomic part it cannot be paused.',
      ],
      done: 'It will pause.',
    },
    resume: {
      verb: 'Resume',
      title: (id: string) => `Resume ${id}?`,
      what: ['It goes on where it has stopped.'],
      done: 'It goes on.',
    },
    cancel: {
      verb: 'Cancel the run',
      title: (id: string) => `Cancel the run of ${id}?`,
      what: [
        'What it has done so far is undone everywhere: nothing of it stays.',
        'The migration is then as it was before the run.',
      ],
      done: 'The run is being cancelled.',
    },
    rollback: {
      verb: 'Roll back',
      title: (id: string) => `Roll ${id} back?`,
      what: [
        'Runs the rollbacks of its templates and files in reverse order, in all databases or in none.',
        'Its APIs get their earlier definitions back.',
        'What was written into the databases since is not looked at: data in dropped columns is gone.',
      ],
      done: 'The rollback has begun.',
    },
    resolve: {
      verb: 'Resolve',
      title: (id: string) => `Resolve the run of ${id}?`,
      what: [
        'Says how the run counts. It touches no database: what is missing there, or too much, is yours to mend.',
        'It stands in the audit with your name and reason.',
      ],
      decision: 'How it counts',
      decisions: {
        commit: 'Commit: as done everywhere',
        abort: 'Abort: as not done anywhere',
        retry: 'Retry: its steps are tried again',
      },
      reason: 'What you have found, and mended by hand',
      done: 'The run is resolved.',
    },
    delete: {
      verb: 'Delete',
      title: (id: string) => `Delete ${id}?`,
      what: [
        'Its plan, its sources and its place in the lists are gone; its runs stay in the audit.',
        'No database is touched: what it has done there stays.',
      ],
      done: 'The migration is deleted.',
    },
  },
} as const;
